"""The contract toolchain: compiler, artifacts, Foundry and static analysis.

Owns how Solidity becomes committed artifacts and how the external tools are called. Refuses
anything at run time: no other package imports it, and running the product needs no compiler.
"""
