"""Reads the text of a review, in Russian or English, for what leads the reader elsewhere: links, contacts, another language.

It imports nothing of Fairhold. What is found is said with its place in the text; what follows from it, others decide.
"""
