from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest

from marketplace.bindings import reverts
from marketplace.bindings.addresses import checksum_address
from marketplace.domain.addresses import ETH, ZERO_ADDRESS
from marketplace.domain.drop import DropState, TransferPolicy
from marketplace.domain.ids import DropId, SeatId
from marketplace.domain.listing import MAX_LISTING_SECONDS, Listing
from marketplace.domain.money import Bps, Wei
from marketplace.orders.judging import MOVABLE, SaleFacts, SaleTerms, SeatOnSale, refusal_of

if TYPE_CHECKING:
    from marketplace.bindings.reverts import DeclaredRevert

NOW: Final = 1_800_000_000
SEAT: Final = SeatId(7_200_013)
DROP: Final = DropId(7)
ADA: Final = checksum_address(b"\xad" * 20)
BO: Final = checksum_address(b"\xb0" * 20)

LISTING: Final = Listing(
    seat=SEAT,
    price=Wei(1_000),
    epoch=3,
    seller=ADA,
    counter=2,
    terms_version=1,
    expiry=NOW + 100,
)
FACTS: Final = SaleFacts(
    seat=SeatOnSale(owner=ADA, epoch=3, face=Wei(1_000), held=Wei(0), locked=False, granted=False),
    terms=SaleTerms(
        state=DropState.LIVE,
        policy=TransferPolicy.MARKET_ONLY,
        terms_version=1,
        royalty=Bps(1_000),
        toll=Bps(500),
        resale_cap=Bps(12_000),
        penalty=Bps(1_000),
        list_price=Wei(2_000),
        deliver_by=NOW + 1_000,
        refund_until=NOW + 500,
        paused_until=0,
        currency=ETH,
    ),
    counter=2,
)


def seat(**changes: object) -> SaleFacts:
    return replace(FACTS, seat=replace(FACTS.seat, **changes))  # type: ignore[arg-type] # tests name fields


def terms(**changes: object) -> SaleFacts:
    return replace(FACTS, terms=replace(FACTS.terms, **changes))  # type: ignore[arg-type] # tests name fields


def listed(**changes: object) -> Listing:
    return replace(LISTING, **changes)  # type: ignore[arg-type] # tests name fields


def test_a_listing_that_fits_its_facts_is_alive() -> None:
    assert refusal_of(LISTING, FACTS, NOW) is None


LATEST: Final = NOW + MAX_LISTING_SECONDS
REFUSED: Final[tuple[tuple[Listing, SaleFacts, DeclaredRevert], ...]] = (
    (LISTING, seat(owner=ZERO_ADDRESS), reverts.SeatTokenUnknown(SEAT)),
    (LISTING, seat(owner=BO), reverts.SellerNotOwner(SEAT, ADA, BO)),
    (LISTING, seat(epoch=4), reverts.EpochPassed(SEAT, 3, 4)),
    (LISTING, replace(FACTS, counter=9), reverts.CounterPassed(ADA, 2, 9)),
    (LISTING, terms(terms_version=2), reverts.TermsChanged(SEAT, 1, 2)),
    (listed(expiry=NOW - 1), FACTS, reverts.ListingExpired(NOW - 1, NOW)),
    (listed(expiry=LATEST + 1), FACTS, reverts.ExpiryTooFar(LATEST + 1, LATEST)),
    (LISTING, terms(paused_until=NOW), reverts.SeatMarketPaused(DROP, NOW)),
    (LISTING, seat(locked=True), reverts.Locked(SEAT)),
    (LISTING, terms(policy=TransferPolicy.BOUND), reverts.Bound(SEAT)),
    (LISTING, terms(deliver_by=NOW - 1), reverts.DeliveryOverdue(DROP, NOW - 1)),
    (LISTING, seat(granted=True), reverts.Granted(SEAT)),
    (
        listed(price=Wei(99)),
        FACTS,
        reverts.PriceOutOfBounds(Wei(99), Wei(100), Wei(1_200)),
    ),
    (
        listed(price=Wei(1_201)),
        FACTS,
        reverts.PriceOutOfBounds(Wei(1_201), Wei(100), Wei(1_200)),
    ),
)


@pytest.mark.parametrize(
    ("listing", "facts", "refusal"), REFUSED, ids=[one.code for _, _, one in REFUSED]
)
def test_whatever_the_contract_would_refuse_is_refused_with_its_own_error(
    listing: Listing, facts: SaleFacts, refusal: DeclaredRevert
) -> None:
    assert refusal_of(listing, facts, NOW) == refusal


@pytest.mark.parametrize(
    ("listing", "facts"),
    [
        (listed(expiry=NOW), FACTS),
        (listed(expiry=LATEST), FACTS),
        (LISTING, terms(paused_until=NOW - 1)),
        (LISTING, terms(deliver_by=NOW)),
        (listed(price=Wei(100)), FACTS),
        (listed(price=Wei(1_200)), FACTS),
    ],
)
def test_the_last_second_and_the_last_wei_still_count(listing: Listing, facts: SaleFacts) -> None:
    assert refusal_of(listing, facts, NOW) is None


@pytest.mark.parametrize("state", list(DropState))
def test_only_some_states_of_a_drop_let_seats_move(state: DropState) -> None:
    refusal = refusal_of(LISTING, terms(state=state), NOW)
    expected = None if state in MOVABLE else reverts.DropImmovable(DROP, state)
    assert refusal == expected


@pytest.mark.parametrize("state", sorted(MOVABLE - {DropState.LIVE}))
def test_a_delivered_drop_has_no_deadline(state: DropState) -> None:
    assert refusal_of(LISTING, terms(state=state, deliver_by=NOW - 1), NOW) is None


def test_without_a_toll_a_seat_still_costs_a_wei() -> None:
    free = terms(toll=Bps(0))
    assert refusal_of(listed(price=Wei(1)), free, NOW) is None
    assert refusal_of(listed(price=Wei(0)), free, NOW) == reverts.PriceOutOfBounds(
        Wei(0), Wei(1), Wei(1_200)
    )


def test_of_several_reasons_the_first_of_the_contracts_order_is_given() -> None:
    """Each change makes one reason more, from the contract's last to its first."""
    listing, facts = LISTING, FACTS
    told = []
    for changed in (
        {"price": Wei(0)},
        {"granted": True},
        {"deliver_by": NOW - 1},
        {"state": DropState.FAILED},
        {"policy": TransferPolicy.BOUND},
        {"locked": True},
        {"paused_until": NOW},
        {"expiry": LATEST + 1},
        {"expiry": NOW - 1},
        {"terms_version": 2},
        {"counter": 9},
        {"epoch": 9},
        {"owner": BO},
        {"owner": ZERO_ADDRESS},
    ):
        listing, facts = applied(listing, facts, **changed)
        refusal = refusal_of(listing, facts, NOW)
        assert refusal is not None
        told.append(refusal.solidity.rpartition("_")[2])
    assert told == [
        "PriceOutOfBounds",
        "Granted",
        "DeliveryOverdue",
        "DropImmovable",
        "Bound",
        "Locked",
        "Paused",
        "ExpiryTooFar",
        "ListingExpired",
        "TermsChanged",
        "CounterPassed",
        "EpochPassed",
        "SellerNotOwner",
        "Unknown",
    ]


def applied(listing: Listing, facts: SaleFacts, **change: object) -> tuple[Listing, SaleFacts]:
    (name,) = change
    if name in {"price", "expiry"}:
        return replace(listing, **change), facts  # type: ignore[arg-type] # tests name fields
    if name == "counter":
        return listing, replace(facts, **change)  # type: ignore[arg-type] # tests name fields
    part = "seat" if name in {"granted", "locked", "epoch", "owner"} else "terms"
    changed = replace(getattr(facts, part), **change)
    return listing, replace(facts, **{part: changed})
