"""What people sign off the chain: listings, offers, passes and check-ins.

Owns the EIP-712 forms and their signatures, a listing's form for transport, and whether the
contract would sell by it at a moment. Refuses to keep or match anything: an order book does that,
and the contract judges each message anew.
"""
