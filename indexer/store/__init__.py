"""The mirror's own database tables and their history.

It owns `tables` (the shape), `history` (how a database gets there) and `migrations` (each step).
It refuses to decide anything: what is canonical is the reorg logic's business, and the tables
obey. Nothing kept here is the only copy; all of it can be rebuilt from the chain.
"""
