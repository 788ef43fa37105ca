"""The conformance suite: one list of cases, run by three Ethereum clients on two chains.

It owns the cases, the clients that run them and the processes they need. It refuses to know how
either chain works inside: everything is seen through JSON-RPC.
"""
