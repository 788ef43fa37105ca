"""Offers to sell, signed off the chain.

Owns the EIP-712 form of a listing, its signature and its form for transport. Refuses to keep or
match listings: an order book does that, and the contract judges each one anew.
"""
