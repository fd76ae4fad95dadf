"""Mutation testing of the rules and the books: small faults are planted one by one, and a test has to notice each.

`python -m scripts.mutation [--sample N] [--seed S] [--only PATH]`. What is planted is in `faults.py`. Each mutant runs in a
forked child against the tests that come by its lines (`reaching.py`), the quickest first, until one of them fails. A fault in a
function is put into the function as it lies in memory; one at the level of a module is imported with it (`anew.py`).
"""
