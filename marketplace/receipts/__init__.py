"""Decisions of the gate that were signed, so that they can be checked long afterwards.

Owns what a receipt says, its EIP-712 form and signature, its JSON, and holding it against a chain.
Refuses to decide, and to let a receipt open a door: it says what was true at one block.
"""
