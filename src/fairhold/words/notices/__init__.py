"""Notices in words: what each says to whom."""
