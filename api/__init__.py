"""Answers over HTTP who may do what, now; owns the tables that the chain cannot rebuild.

Refuses: reading the mirror other than through `indexer.queries`, and signing for a wallet.
"""
