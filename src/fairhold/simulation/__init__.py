"""Proof by play: real engines on a virtual clock under seeded faults, and an auditor that is a separate model."""
