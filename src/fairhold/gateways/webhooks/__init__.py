"""Requests to servers of the marketplace, wherever it says they are."""
