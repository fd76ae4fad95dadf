"""PostgreSQL: any number of processes, each batch one transaction in one lane, sent as one pipeline."""
