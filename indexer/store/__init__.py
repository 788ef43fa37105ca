"""The mirror's own database tables and their history.

It owns `tables`, `fold_tables`, `audit_tables` and `outbox_tables` (the shapes), `history` (how a
database gets there), `migrations` (each step), and a module for the statements on each. It refuses
to decide anything: what is canonical is the reorg logic's business, and the tables obey. Nothing of
the market that is kept here is the only copy; all of it can be rebuilt from the chain.
"""
