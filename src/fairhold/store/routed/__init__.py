"""Several PostgreSQL databases as one store: each owns lanes, and nothing spans two lanes."""
