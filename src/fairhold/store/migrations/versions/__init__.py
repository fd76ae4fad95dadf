"""One module a migration, the oldest first."""
