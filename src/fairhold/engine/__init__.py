"""The engine: takes commands that wait, decides them on loaded orders, and writes each batch in one transaction."""
