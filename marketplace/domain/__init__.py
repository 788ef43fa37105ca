"""The market's values and rules: ids, money, drops, seats, listings, packed words, errors.

Owns what is true without a chain: the same words, bounds and arithmetic as the contracts, held to
them by tests. Refuses everything outside the standard library: no keccak (addresses arrive
checksummed), no clock (`now` is an argument), no I/O.
"""
