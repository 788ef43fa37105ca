"""Signing in with an account's key or contract (EIP-4361), and the sessions that follow.

It owns the attempt (one nonce, one browser or client, one try), what a message must say, and who
a request comes from. It refuses to say what an account holds: a session proves who somebody is,
and the gate asks the chain's mirror each time. What a contract wallet has proved is asked of it
again while it is used.
"""
