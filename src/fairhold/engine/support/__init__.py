"""Conversations between people and the staff about an order."""
