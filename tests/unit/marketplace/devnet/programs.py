"""Holds hand-assembled contracts, small enough to read, so that no test waits for a compiler."""

from __future__ import annotations

from typing import Final

ECHO_REVERT: Final = bytes.fromhex("365f5f37365ffd")
"""Reverts with its calldata."""

ECHO: Final = bytes.fromhex("365f5f37365ff3")
"""Returns its calldata."""

EMITTER: Final = bytes.fromhex("365f5f376020355f3560206040a200")
"""Logs topics calldata[0:32] and calldata[32:64] with data calldata[64:96]."""

STORE: Final = bytes.fromhex("6020355f355500")
"""Writes calldata[32:64] to slot calldata[0:32]."""

LOAD: Final = bytes.fromhex("5f35545f5260205ff3")
"""Returns slot calldata[0:32]."""

SURROUNDINGS: Final = bytes.fromhex(
    "465f52486020523a60405242606052436080523360a0523460c05260e05ff3"
)
"""Returns chain id, base fee, gas price, timestamp, number, caller and value as seven words."""

ONCE: Final = bytes.fromhex("5f54600a5760015f55005b5f5ffd")
"""Writes slot 0 the first time and reverts afterwards."""

ENDLESS: Final = bytes.fromhex("5b5f56")
"""Loops until its gas is gone."""


def word(number: int) -> bytes:
    """A uint256 as 32 bytes."""
    return number.to_bytes(32, "big")


def creation_of(runtime: bytes) -> bytes:
    """Init code that deploys this runtime code."""
    size = len(runtime).to_bytes(2, "big")
    return bytes.fromhex("61") + size + bytes.fromhex("80600a5f395ff3") + runtime
