"""Where the contract keeps its words, and reading and writing them by hand.

Owns the places; tests/contracts/snapshots/storage-layout.json says the same. Refuses eth-tester,
whose storage nobody can write.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from eth_utils.crypto import keccak

from marketplace.domain.words import RulesWord, SeatWord
from tests.integration.marketplace.steering import NodeSteering

if TYPE_CHECKING:
    from tests.integration.marketplace.world import Market

SEATS_SLOT: Final = 2
DROPS, HELD, CREDITS = SEATS_SLOT + 5, SEATS_SLOT + 6, SEATS_SLOT + 7
"""Slots of `_seats` and of its mappings; tests/contracts/snapshots/storage-layout.json."""

SOLADY_SEED: Final = bytes.fromhex("7d882553")


def in_mapping(key: int, slot: int) -> int:
    """Where Solidity keeps the value of a key."""
    return int.from_bytes(keccak(key.to_bytes(32, "big") + slot.to_bytes(32, "big")), "big")


def seat_slot(seat: int) -> int:
    """Where Solady keeps owner and word of a token."""
    mixed = keccak(seat.to_bytes(32, "big")[:28] + SOLADY_SEED)
    return (2 * seat + int.from_bytes(mixed, "big")) % 2**256


def write(market: Market, slot: int, word: int) -> None:
    assert isinstance(market.steering, NodeSteering)
    market.steering.set_storage(market.contract.address, slot, word)


def read(market: Market, slot: int) -> int:
    kept = market.web3.eth.get_storage_at(
        market.web3.to_checksum_address(market.contract.address), slot
    )
    return int.from_bytes(kept, "big")


def change_rules(market: Market, **changes: int) -> None:
    slot = in_mapping(market.drop, DROPS)
    rules = RulesWord.decode(read(market, slot))
    write(market, slot, replace(rules, **changes).encode())  # type: ignore[arg-type] # scenarios name fields


def change_seat(market: Market, **changes: int) -> None:
    slot = seat_slot(market.seat)
    kept = read(market, slot)
    word = replace(SeatWord.decode(kept >> 160), **changes)  # type: ignore[arg-type] # scenarios name fields
    write(market, slot, word.encode() << 160 | kept & (1 << 160) - 1)
