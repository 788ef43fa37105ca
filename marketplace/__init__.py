"""Seats, drops and money: the domain, and everything that speaks to the chain.

Refuses: SQL, which belongs to `indexer` and `api`, and any import from those packages.
"""
