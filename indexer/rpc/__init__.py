"""Asking a node: JSON-RPC over HTTP in, typed values out, every failure sorted.

It owns the connection (`transport`), JSON-RPC (`client`), the reading of answers (`reading`) into
`values`, the questions (`node`), what makes logs believable (`consistency`), the checks at the
start (`probe`), word of new heads (`heads`) and the `errors` of all that. It refuses to remember a
chain: what an answer means for the mirror is `indexer.sync`'s business.
"""
