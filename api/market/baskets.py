"""Buying several listings in one transaction: what lives of them, and why the others do not.

Owns trying each listing alone, so that what cannot be bought is left out with its reason, and then
all of the rest together. Refuses to say who may look: `api.market.audience` does.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from api.actions.steps import Amount, Step
from api.actions.trying import require_paying, site_of, tried
from api.chain import NotEnoughEther
from api.errors import FieldFault, InvalidRequest
from api.market.book import Living
from api.market.errors import BasketDead
from api.market.facts import facts_on_chain
from api.market.preparing import in_first_way, last_of, require_living
from api.market.values import Skipped
from marketplace.bindings.actions import ARTIFACT
from marketplace.bindings.interface import interface_of
from marketplace.bindings.reverts import PaymentMissing
from marketplace.bindings.values import sequence, truth
from marketplace.domain.errors import ContractReverted
from marketplace.domain.listing import Purchase

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.actions.steps import Site
    from api.actions.trying import Prepared
    from api.market.values import BookListing
    from api.parts import Parts
    from marketplace.domain.addresses import ChecksumAddress

MAX_LISTINGS: Final = 20
"""Listings of one basket: each is tried alone first."""


@dataclass(frozen=True, slots=True)
class PreparedBasket:
    """A purchase of several, with the facts that each rests on, and what was left out of it."""

    prepared: Prepared
    bought: tuple[Living, ...]
    skipped: tuple[Skipped, ...]
    now: int


@dataclass(frozen=True, slots=True)
class _Candidate:
    living: Living
    purchase: Purchase
    last: int

    @property
    def price(self) -> Amount:
        return Amount(self.purchase.listing.price, self.purchase.currency)


def buy_many(
    parts: Parts,
    found: Sequence[BookListing],
    left_out: Sequence[Skipped],
    account: ChecksumAddress,
) -> PreparedBasket:
    """Prepare a purchase of all that can be bought; `left_out` is what the account may not buy.

    Raises:
        InvalidRequest: two of them are of one seat, which is bought once.
        BasketDead: nothing of it can be bought.
        NotEnoughEther, NotEnoughCurrency, AllowanceMissing: as for any payment, of the sum.
        ChainUnavailable, WrongNode: nothing can be said.
    """
    _require_each_seat_once(found)
    site = site_of(parts)
    skipped = list(left_out)
    living: list[_Candidate] = []
    for one in found:
        try:
            living.append(_candidate(site, one, account))
        except ContractReverted as error:
            skipped.append(Skipped.by(one.id, error))
    if not living:
        raise BasketDead(tuple(skipped))
    pays = tuple(one.price for one in living)
    # A basket leaves out what is not paid for, so a missing allowance would go unnoticed.
    require_paying(site, pays, account)
    step = Step(
        site.seats.buy_many([one.purchase for one in living]),
        pays=pays,
        last=min(one.last for one in living),
    )
    prepared = tried(site, step, account)
    _require_all_bought(prepared, living)
    bought = tuple(one.living for one in living)
    return PreparedBasket(prepared, bought, tuple(skipped), site.now)


def _candidate(site: Site, found: BookListing, account: ChecksumAddress) -> _Candidate:
    """A listing that the account could buy alone. Raises ContractReverted."""
    listing = found.listing
    facts = facts_on_chain(site.seats, listing.seat, listing.seller, site.head.hash)
    require_living(listing, facts, site.now)
    currency = site.drop(listing.seat.drop).currency

    def bought(signature: bytes) -> Purchase:
        # The sum is what has to be there, and is looked at once.
        with suppress(NotEnoughEther, PaymentMissing):
            tried(site, Step(site.seats.buy(listing, signature, currency)), account)
        return Purchase(listing=listing, signature=signature, currency=currency)

    purchase = in_first_way(found, bought)
    return _Candidate(Living(found, facts), purchase, last_of(listing, facts))


def _require_each_seat_once(found: Sequence[BookListing]) -> None:
    seats = [one.listing.seat for one in found]
    for place, seat in enumerate(seats):
        if seat in seats[:place]:
            fault = f"seat {seat} is in the basket already: buy it by one listing"
            raise InvalidRequest((FieldFault("/body/listings", fault),))


def _require_all_bought(prepared: Prepared, living: Sequence[_Candidate]) -> None:
    (answer,) = interface_of(ARTIFACT).functions["buyMany"].decode_result(prepared.returned)
    left_out = [
        one.living.found.id
        for one, bought in zip(living, sequence(answer), strict=True)
        if not truth(bought)
    ]
    if left_out:
        # Each alone could be bought and paid for, and together they cannot.
        why = "it cannot be bought together with the others: buy it alone"
        raise BasketDead(tuple(Skipped(one, "not_together", why) for one in left_out))
