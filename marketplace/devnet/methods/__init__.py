"""Owns the table of JSON-RPC methods, by topic one module each; `table` joins them.

Refuses behaviour of its own: a method decodes arguments, asks the chain and encodes the answer.
"""
