"""How letters leave: to the console, to a folder, or by SMTP."""
