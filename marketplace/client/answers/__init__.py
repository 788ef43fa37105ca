"""What the API answers, as frozen dataclasses: a module for each part of it.

Owns the shapes. Refuses behaviour: these objects only carry. Times are aware moments, amounts are
wei, and every answer about the chain says which block it rests on.
"""
