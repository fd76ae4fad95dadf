"""Fairhold holds a buyer's money until the goods are in hand, and then passes it on."""

__version__ = "0.2.0"
