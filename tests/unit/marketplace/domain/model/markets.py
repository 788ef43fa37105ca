"""Small markets for the model's unit tests.

Owns one drop with two phases and a few accounts. Refuses assertions.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from marketplace.domain.addresses import ETH, ChecksumAddress
from marketplace.domain.drop import DropTerms, MintRequest, NewDrop, PhaseTerms, TierTerms
from marketplace.domain.ids import DropId, PhaseIndex, TierIndex
from marketplace.domain.model.admission import NOTHING
from marketplace.domain.model.creating import create_drop
from marketplace.domain.model.minting import mint
from marketplace.domain.model.state import Call, Market
from marketplace.domain.money import Bps, Wei

if TYPE_CHECKING:
    from marketplace.domain.model.refusals import Refused

NOW = 1_000_000
DAY = 24 * 60 * 60
PRICE = Wei(1_001)
CHEAP = Wei(99)
FEE = Bps(250)
DROP = DropId(1)


def account(number: int) -> ChecksumAddress:
    return ChecksumAddress(f"0x{number:040x}")


MENTOR, RESOLVER, ADA, BO, TREASURY, SEATS, COIN = (account(number) for number in range(1, 8))
WRAPPED = account(8)


def offer() -> NewDrop:
    return NewDrop(
        terms=DropTerms(
            resolver=RESOLVER,
            royalty=Bps(1_000),
            toll=Bps(500),
            resale_cap=Bps(12_000),
            gift_cooldown=0,
            starts_at=NOW + 10 * DAY,
            ends_at=NOW + 11 * DAY,
            deliver_by=NOW + 20 * DAY,
            refund_until=NOW + 10 * DAY,
            penalty=Bps(1_000),
            challenge_days=3,
            default_split=Bps(5_000),
            terms_hash=bytes(32),
        ),
        tiers=(TierTerms(list_price=Wei(2_000), cap=20),),
        phases=(
            PhaseTerms(tier=TierIndex(0), price=PRICE, opens=NOW, closes=NOW + 9 * DAY),
            PhaseTerms(
                tier=TierIndex(0),
                price=CHEAP,
                opens=NOW,
                closes=NOW + DAY,
                supply=2,
                reserved=True,
            ),
        ),
    )


def empty() -> Market:
    """A platform without drops; everybody has ether."""
    return Market(
        address=SEATS,
        wrapped_ether=WRAPPED,
        owner=TREASURY,
        treasury=TREASURY,
        fee=FEE,
        balances={(ETH, one): Wei(10**9) for one in (MENTOR, ADA, BO)},
    )


def done(outcome: Market | Refused) -> Market:
    assert isinstance(outcome, Market), outcome
    return outcome


def opened() -> Market:
    return done(create_drop(empty(), Call(sender=MENTOR, now=NOW), offer()))


def minted(market: Market, buyer: ChecksumAddress, phase: int = 0, quantity: int = 1) -> Market:
    price = offer().phases[phase].price
    total = Wei(price * quantity)
    request = MintRequest(
        drop=DROP,
        phase=PhaseIndex(phase),
        recipient=buyer,
        quantity=quantity,
        max_total=total,
    )
    return done(mint(market, Call(sender=buyer, now=NOW, value=total), request, NOTHING))


def with_terms(made: NewDrop, **changes: object) -> NewDrop:
    return replace(made, terms=replace(made.terms, **changes))  # type: ignore[arg-type] # tests name fields
