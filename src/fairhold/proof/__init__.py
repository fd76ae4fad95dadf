"""What proves a history to somebody who does not trust us: commitments, chains, trees, signatures, and checking them offline.

It imports nothing of Fairhold, so that whoever checks depends on nothing that is being checked.
"""
