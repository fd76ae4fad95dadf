"""The rules of each stage of a deal. No rule module knows another; `decide.py` brings them together."""
