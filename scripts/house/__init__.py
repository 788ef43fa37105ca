"""Keeps the repository in order: set-up, the parts of `make test`, import rules, change notes.

Refuses: anything a mentor, a buyer or an operator runs (scripts.commands), and anything
that touches the compiler or Foundry (scripts.toolchain).
"""
