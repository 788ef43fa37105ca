"""Owns the arguments of one JSON-RPC request and the rule of how many there may be.

Refuses to interpret them: `quantities` and `references` decode values.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from marketplace.devnet.errors import InvalidParams

if TYPE_CHECKING:
    from collections.abc import Sequence

    from marketplace.devnet.quantities import Json


@dataclass(frozen=True, slots=True)
class Params:
    """Positional arguments."""

    values: Sequence[Json]

    def __len__(self) -> int:
        return len(self.values)

    def at(self, index: int, name: str) -> Json:
        """A required argument.

        Raises:
            InvalidParams: If it is missing.
        """
        if index >= len(self.values):
            raise InvalidParams(f"missing value for required argument {index}: {name}.")
        return self.values[index]

    def get(self, index: int, default: Json = None) -> Json:
        """An optional argument; null counts as left out."""
        value = self.values[index] if index < len(self.values) else None
        return default if value is None else value

    def at_most(self, count: int) -> None:
        """Refuse superfluous arguments.

        Raises:
            InvalidParams: If there are more than `count`.
        """
        if len(self.values) > count:
            raise InvalidParams(
                f"too many arguments: want at most {count}, got {len(self.values)}."
            )
