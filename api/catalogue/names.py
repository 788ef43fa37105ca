"""The words that stand for the contract's numbers in JSON.

Owns the words: clients compare them, so they are written out and never made from a class's names.
Refuses numbers of another version of the contract.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from marketplace.domain.drop import DropState, Gate, TransferPolicy

if TYPE_CHECKING:
    from collections.abc import Mapping

State = Literal[
    "none",
    "live",
    "asserted",
    "disputed_narrow",
    "disputed_wide",
    "split_narrow",
    "split_wide",
    "settled",
    "cancelled",
    "failed",
]
Policy = Literal["market_only", "open", "bound"]
GateName = Literal["public", "allowlist", "pass", "seat"]

STATES: Final[Mapping[DropState, State]] = {
    DropState.NONE: "none",
    DropState.LIVE: "live",
    DropState.ASSERTED: "asserted",
    DropState.DISPUTED_NARROW: "disputed_narrow",
    DropState.DISPUTED_WIDE: "disputed_wide",
    DropState.SPLIT_NARROW: "split_narrow",
    DropState.SPLIT_WIDE: "split_wide",
    DropState.SETTLED: "settled",
    DropState.CANCELLED: "cancelled",
    DropState.FAILED: "failed",
}
POLICIES: Final[Mapping[TransferPolicy, Policy]] = {
    TransferPolicy.MARKET_ONLY: "market_only",
    TransferPolicy.OPEN: "open",
    TransferPolicy.BOUND: "bound",
}
GATES: Final[Mapping[Gate, GateName]] = {
    Gate.PUBLIC: "public",
    Gate.ALLOWLIST: "allowlist",
    Gate.PASS: "pass",
    Gate.SEAT: "seat",
}
