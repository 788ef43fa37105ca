"""Asking a node: JSON-RPC over HTTP in, typed values out, every failure sorted.

It owns the connection (`transport`), JSON-RPC (`client`), the reading of answers (`reading`), the
questions (`node`), what makes logs believable (`consistency`) and the checks at the start
(`probe`). It refuses to remember a chain: what an answer means for the mirror is `indexer.sync`'s
business.
"""
