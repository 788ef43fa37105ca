"""Refusals in states that no function of the contract reaches yet: they are written by hand.

Owns the scenarios; `storage` knows the places. Refuses eth-tester, whose storage nobody can write.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from marketplace.bindings import reverts
from marketplace.domain.addresses import ZERO_ADDRESS
from marketplace.domain.drop import DropState
from marketplace.domain.money import Wei
from marketplace.domain.words import SeatFlag
from tests.integration.marketplace.refusals import Refusal, Scenario, cooling_down, seller_is_buyer
from tests.integration.marketplace.steering import NodeSteering
from tests.integration.marketplace.storage import (
    CREDITS,
    HELD,
    change_rules,
    change_seat,
    in_mapping,
    write,
)
from tests.integration.marketplace.world import DAY, Market, address_of

if TYPE_CHECKING:
    from marketplace.domain.errors import ContractReverted

MAX_EPOCH: Final = 2**32 - 1


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
