"""Of which version each fold is: a table that an older one made is folded again.

Owns the numbers. Whoever changes what a step makes of an event raises the number of every table
whose rows would be others; the process that starts next builds those from the ledger, and asks the
chain for nothing. A table that is new is built in the same way. Refuses to know tables: a fold is
named by the class of its rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from indexer.folds.states import State

FIRST: Final = 1
CHANGED: Final[dict[type[State], int]] = {}
"""Folds that have changed since their table came, with their version; all others are FIRST."""


def version_of(kind: type[State]) -> int:
    """The version of the fold that makes rows of a class."""
    return CHANGED.get(kind, FIRST)
