"""Refusals in states that no function of the contract reaches yet: they are written by hand.

Owns the places of rules, credits, held money and seat words in storage. Refuses eth-tester, whose
storage nobody can write.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from eth_utils.crypto import keccak

from marketplace.bindings import reverts
from marketplace.domain.addresses import ZERO_ADDRESS
from marketplace.domain.drop import DropState
from marketplace.domain.money import Wei
from marketplace.domain.words import RulesWord, SeatFlag, SeatWord
from tests.integration.marketplace.refusals import Refusal, Scenario, cooling_down, seller_is_buyer
from tests.integration.marketplace.steering import NodeSteering
from tests.integration.marketplace.world import DAY, Market, address_of

if TYPE_CHECKING:
    from marketplace.domain.errors import ContractReverted

SEATS_SLOT: Final = 2
DROPS, HELD, CREDITS = SEATS_SLOT + 5, SEATS_SLOT + 6, SEATS_SLOT + 7
"""Slots of `_seats` and of its mappings; tests/contracts/snapshots/storage-layout.json."""

SOLADY_SEED: Final = bytes.fromhex("7d882553")
MAX_EPOCH: Final = 2**32 - 1


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


def bought(market: Market, error: ContractReverted) -> Refusal:
    return replace(seller_is_buyer(market), who="bo", error=error)


def minting_paused(market: Market) -> Refusal:
    until = market.now + DAY
    change_rules(market, paused_until=until)
    error = reverts.SeatDropsPaused(market.drop, until)
    return Refusal("bo", market.mint_call(market.drop, "bo"), error)


def selling_paused(market: Market) -> Refusal:
    until = market.now + DAY
    change_rules(market, paused_until=until)
    return bought(market, reverts.SeatMarketPaused(market.drop, until))


def mint_of_a_cancelled_drop(market: Market) -> Refusal:
    change_rules(market, state=DropState.CANCELLED)
    error = reverts.NotLive(market.drop, DropState.CANCELLED)
    return Refusal("bo", market.mint_call(market.drop, "bo"), error)


def sale_in_a_cancelled_drop(market: Market) -> Refusal:
    change_rules(market, state=DropState.CANCELLED)
    return bought(market, reverts.DropImmovable(market.drop, DropState.CANCELLED))


def sale_of_a_granted_seat(market: Market) -> Refusal:
    change_seat(market, flags=SeatFlag.GRANTED)
    return bought(market, reverts.Granted(market.seat))


def gift_of_a_checked_in_seat(market: Market) -> Refusal:
    change_seat(market, flags=SeatFlag.CHECKED_IN)
    return replace(cooling_down(market), error=reverts.Locked(market.seat))


def seat_that_moved_too_often(market: Market) -> Refusal:
    change_seat(market, epoch=MAX_EPOCH)
    cancelled = market.contract.cancel_listings(market.seat)
    return Refusal("ada", cancelled, reverts.EpochExhausted(market.seat))


def held_too_large(market: Market) -> Refusal:
    most = Wei(2**96 - 1)
    write(market, in_mapping(market.seat, HELD), most)
    royalty = Wei(10**16)
    return bought(market, reverts.HeldTooLarge(market.seat, most, royalty))


def payment_refused(market: Market) -> Refusal:
    currency = in_mapping(int(ZERO_ADDRESS, 16), CREDITS)
    write(market, in_mapping(int(address_of("bo"), 16), currency), 5)
    write_balance(market)
    refusing = market.deployment.renderer
    error = reverts.PaymentRefused(refusing, Wei(5))
    return Refusal("bo", market.contract.withdraw(refusing, Wei(5)), error)


def write_balance(market: Market) -> None:
    assert isinstance(market.steering, NodeSteering)
    market.steering.set_balance(market.contract.address, 10**18)


BY_HAND: Final[tuple[Scenario, ...]] = (
    minting_paused,
    selling_paused,
    mint_of_a_cancelled_drop,
    sale_in_a_cancelled_drop,
    sale_of_a_granted_seat,
    gift_of_a_checked_in_seat,
    seat_that_moved_too_often,
    held_too_large,
    payment_refused,
)
"""The development chain and anvil reach these."""
