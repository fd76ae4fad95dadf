"""What each address answers: read the form, ask the engine or its queries, show a page. Nothing is decided here."""
