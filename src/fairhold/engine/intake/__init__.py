"""What people send in beside commands: photos, texts, reports of reviews."""
