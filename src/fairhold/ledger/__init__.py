"""The books: accounts, transfers, and how events become them. Pure."""
