"""Money on its way to sellers: what they are due, what is in the way, and each payout from its day to the bank."""
