"""Telling others what the chain says, as soon as the mirror knows it.

Owns the streams of events. The indexer's outbox is the truth and in order; nothing here is kept
that could not be read from it again. Refuses rules of access: `api.gate` decides.
"""
