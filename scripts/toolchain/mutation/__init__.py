"""Mutation testing of the contracts: small faults, one at a time, that a test must notice.

Owns the whole of `make mutate`, described in docs/mutation.md. Refuses to touch the working tree:
every fault lives in a copy below `.cache/mutation`.
"""
