"""The subcommands of `seats`, one module each; scripts.cli puts them together.

Refuses: business rules, which belong to `marketplace`, `indexer` and `api`.
"""
