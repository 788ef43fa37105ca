"""The only way on to a chain: connections, keys, fees, nonces, sending and waiting.

Owns everything between a prepared transaction and the block that holds it. Refuses to know what a
transaction means: that is the bindings' and the market's. `connection` opens a node, `keys` finds a
signer, `sender` sends.
"""
