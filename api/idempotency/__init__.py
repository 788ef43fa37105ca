"""Doing a thing once, however often it is asked for under one key.

It owns what is kept of requests with an `Idempotency-Key`: who is doing it now, and what was
answered. It refuses to know what is done: a room calls what it was given in the transaction in
which it makes something, and the answer is kept or lost with the thing.
"""
