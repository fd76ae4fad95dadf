"""Stripe Connect, with separate charges and transfers: the platform's account holds the money, sellers have connected accounts.

What it depends on in Stripe's dashboard: payouts of the platform's own account are manual (automatic ones would carry the held
money to the platform's bank), and webhooks are sent by two endpoints, one for the account and one for connected accounts, each
with a secret of its own.
"""
