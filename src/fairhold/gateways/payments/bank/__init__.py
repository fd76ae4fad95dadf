"""Bank transfers behind the port of payment providers: people look at the bank's statement and say what came and went."""
