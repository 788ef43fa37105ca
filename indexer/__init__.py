"""Mirrors the chain into SQL; owns the tables whose truth is on-chain.

Refuses: deciding who may do what (`api`), and holding anything that the chain could not rebuild,
but for notes about its own work (who leads, what was audited, how far readers of the outbox are).
Other packages read the mirror through `indexer.queries`.
"""
