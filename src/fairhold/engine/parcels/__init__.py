"""Parcels: whose they are, and who is asked about them when."""
