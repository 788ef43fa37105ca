"""Values that rows of tests are made of."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

Row: TypeAlias = "Mapping[str, object]"

NOBODY: Final = "0x" + "0" * 40
BUYER: Final = "0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045"
NOON: Final = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)
SET: Final = {"chain_id": 131277322940537, "contract_set": "seats"}


def word(number: int) -> str:
    """Return a hash that is easy to recognise."""
    return f"0x{number:064x}"


AT: Final = {"block_number": 7, "log_index": 0, "block_hash": word(7)}
