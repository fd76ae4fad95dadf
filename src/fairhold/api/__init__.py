"""The JSON face of Fairhold: a table of routes, and what turns a request into a command and an order into an answer."""
