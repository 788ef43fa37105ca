"""Seats, drops and money: the domain, and everything that speaks to the chain.

Refuses: tables, which belong to `indexer` and `api` (`storage` only holds what both stores stand
on), and any import from those packages.
"""
