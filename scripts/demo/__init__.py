"""The demo: a development chain with a market on it, and a short story played there.

Owns the stage, the acts and their figures. Refuses shortcuts: everything goes through JSON-RPC
over HTTP with signed transactions, as it would on any chain.
"""
