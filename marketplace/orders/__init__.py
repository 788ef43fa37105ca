"""Offers to sell, signed off the chain or stored on it.

Owns the EIP-712 form of a listing, its signature, its form for transport, and whether the contract
would sell by it at a moment. Refuses to keep or match listings: an order book does that, and the
contract judges each one anew.
"""
