"""Our judgement of a listing beside the contract's own, and the mirror's facts beside the chain's.

The contract stands on a real chain; states that no function reaches yet are written by hand.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import pytest

from api.market.facts import facts_on_chain, mirrored_sales
from marketplace.bindings.node import call
from marketplace.bindings.reverts import Granted, Locked
from marketplace.chain.heads import head_of
from marketplace.domain.drop import DropState, TransferPolicy
from marketplace.domain.errors import ContractReverted
from marketplace.domain.ids import SeatId
from marketplace.domain.money import Wei
from marketplace.domain.words import SeatFlag
from marketplace.orders.judging import MOVABLE, refusal_of
from marketplace.storage.transactions import reading
from tests.integration.api.live import SESSION
from tests.integration.api.trading import FACE, market_of_two
from tests.integration.marketplace.storage import change_rules, change_seat
from tests.integration.marketplace.world import DAY, Market, address_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from marketplace.domain.listing import Listing
    from tests.integration.api.live import Live


@dataclass(frozen=True)
class Both:
    """What the contract answers to a purchase, and what we would."""

    contract: ContractReverted | None
    ours: ContractReverted | None


def both(market: Market, listing: Listing) -> Both:
    head = head_of(market.web3)
    facts = facts_on_chain(market.contract, listing.seat, listing.seller, head.hash)
    ours = refusal_of(listing, facts, int(head.time.timestamp()))
    purchase = market.contract.buy(listing, market.sign(listing, "ada"))
    try:
        call(market.web3, purchase, address_of("cleo"), head.hash)
    except ContractReverted as error:
        return Both(error, ours)
    return Both(None, ours)


def require_agreed(market: Market, listing: Listing) -> ContractReverted | None:
    """Both say the same; gives what."""
    found = both(market, listing)
    assert found.ours == found.contract
    return found.contract


def seller_of_one(live: Live) -> Market:
    market_of_two(live)
    return replace(live.market, drop=SESSION, seat=SeatId(1_000_001))


CHANGED: Final[dict[str, Callable[[Listing, int], Listing]]] = {
    "nothing": lambda one, _: one,
    "epoch": lambda one, _: replace(one, epoch=one.epoch + 1),
    "counter": lambda one, _: replace(one, counter=one.counter + 1),
    "terms version": lambda one, _: replace(one, terms_version=1),
    "ends now": lambda one, now: replace(one, expiry=now),
    "ended a second ago": lambda one, now: replace(one, expiry=now - 1),
    "ends in 30 days": lambda one, now: replace(one, expiry=now + 30 * DAY),
    "ends later": lambda one, now: replace(one, expiry=now + 30 * DAY + 1),
    "least price": lambda one, _: replace(one, price=Wei(10**15)),
    "below the least": lambda one, _: replace(one, price=Wei(10**15 - 1)),
    "highest price": lambda one, _: replace(one, price=Wei(6 * 10**16)),
    "above the highest": lambda one, _: replace(one, price=Wei(6 * 10**16 + 1)),
    "somebody else's": lambda one, _: replace(one, seat=SeatId(1_000_002)),
}


def test_we_refuse_what_the_contract_refuses_with_its_own_error(live: Live) -> None:
    market = seller_of_one(live)
    listing = market.listing(market.seat, "ada", Wei(FACE))
    refused = {
        name: require_agreed(market, change(listing, market.now))
        for name, change in CHANGED.items()
    }
    alive = {name for name, refusal in refused.items() if refusal is None}
    assert alive == {"nothing", "ends now", "ends in 30 days", "least price", "highest price"}


def test_we_agree_in_every_state_and_under_every_policy(live: Live) -> None:
    market = seller_of_one(live)
    listing = market.listing(market.seat, "ada", Wei(FACE))
    # There is no drop in the state NONE, so no seat of one either.
    for state in set(DropState) - {DropState.NONE}:
        change_rules(market, state=state)
        assert (require_agreed(market, listing) is None) == (state in MOVABLE), state
    change_rules(market, state=DropState.LIVE)
    for policy in (TransferPolicy.MARKET_ONLY, TransferPolicy.BOUND):
        change_rules(market, policy=policy)
        assert (require_agreed(market, listing) is None) == (policy is TransferPolicy.MARKET_ONLY)


@pytest.mark.parametrize("after", [0, 1])
def test_we_agree_on_the_last_second_of_a_pause_and_of_delivery(live: Live, after: int) -> None:
    market = seller_of_one(live)
    listing = market.listing(market.seat, "ada", Wei(FACE))
    change_rules(market, paused_until=market.now - after)
    assert (require_agreed(market, listing) is None) == (after == 1)
    change_rules(market, paused_until=0, deliver_by=market.now - after)
    assert (require_agreed(market, listing) is None) == (after == 0)


def test_we_agree_on_a_seat_that_was_checked_in(live: Live) -> None:
    market = seller_of_one(live)
    listing = market.listing(market.seat, "ada", Wei(FACE))
    change_seat(market, flags=SeatFlag.CHECKED_IN)
    assert require_agreed(market, listing) == Locked(market.seat)


def test_we_agree_on_a_seat_that_was_granted(live: Live) -> None:
    market = seller_of_one(live)
    change_seat(market, flags=SeatFlag.GRANTED)
    listing = market.listing(market.seat, "ada", Wei(FACE))
    assert require_agreed(market, listing) == Granted(market.seat)


def test_the_mirror_tells_the_same_facts_as_the_chain(live: Live) -> None:
    seat, other = market_of_two(live)
    live.resell(seat, "ada", "cleo")
    live.market.send("bo", live.market.contract.bump_counter())
    live.market.send("bo", live.market.contract.cancel_listings(other))
    live.mirror()
    head = head_of(live.market.web3)
    with reading(live.parts.reads) as connection:
        sales = mirrored_sales(connection, live.parts.mirror_id, SESSION)
        assert sales is not None
        for named, seller in ((seat, "cleo"), (other, "bo")):
            account = address_of(seller)
            on_chain = facts_on_chain(live.market.contract, named, account, head.hash)
            assert sales.of(named, account) == on_chain
