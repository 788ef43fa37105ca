"""Allowlists: who may mint in a phase, as a file for people and as a Merkle tree for the chain.

Owns the tree, whose root is the phase's gate data and whose proofs are what `mint` is given, and
reading a list of accounts. Refuses to keep lists or to ask the chain: whoever has the file can make
every proof again.
"""
