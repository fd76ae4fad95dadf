"""Clients of payment providers, each behind the port in engine/payment_ports.py."""
