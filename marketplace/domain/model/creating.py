"""Creating a drop: the first of its terms that is refused, or the drop.

Owns the order in which the contract looks at terms. The bounds are those of
`marketplace.domain.bounds`, which finds all broken terms at once. Refuses nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from marketplace.domain import bounds
from marketplace.domain.addresses import ETH, ZERO_ADDRESS
from marketplace.domain.drop import Gate, TransferPolicy
from marketplace.domain.ids import MAX_NUMBER, MAX_UINT256, DropId
from marketplace.domain.model.refusals import Refused, refused
from marketplace.domain.model.state import Drop, Market, Phase, Tier
from marketplace.domain.money import WHOLE_BPS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from marketplace.domain.drop import DropTerms, NewDrop, PhaseTerms, TierTerms
    from marketplace.domain.model.state import Call

_MAX_ADDRESS: Final = 2**160 - 1


def create_drop(market: Market, call: Call, offer: NewDrop) -> Market | Refused:
    """Create a drop whose mentor is the caller."""
    refusal = next(_refusals(market, call, offer), None)
    if refusal is not None:
        return refusal
    drop = Drop(
        mentor=call.sender,
        terms=offer.terms,
        fee=market.fee,
        first_deliver_by=offer.terms.deliver_by,
        currency_index=market.currency_index(offer.terms.currency),
        tiers=tuple(Tier(list_price=one.list_price, cap=one.cap) for one in offer.tiers),
        phases=tuple(Phase(terms=one) for one in offer.phases),
    )
    return market.with_drop(next_drop(market), drop)


def next_drop(market: Market) -> DropId:
    """The id that the next drop will get."""
    return DropId(len(market.drops) + 1)


def _refusals(market: Market, call: Call, offer: NewDrop) -> Iterator[Refused]:
    terms = offer.terms
    yield from _of_parties(terms, call)
    yield from _of_shares(terms)
    yield from _of_times(terms, call.now)
    yield from _of_moving(terms)
    yield from _outside("tiers", len(offer.tiers), 1, bounds.MAX_TIERS)
    yield from _outside("phases", len(offer.phases), 1, bounds.MAX_PHASES)
    if terms.currency != ETH and terms.currency not in market.allowed:
        yield refused("SeatDrops_CurrencyNotAllowed", terms.currency)
    if market.fee > terms.max_fee:
        yield refused("SeatDrops_FeeAboveMax", market.fee, terms.max_fee)
    for tier in offer.tiers:
        yield from _outside("cap", tier.cap, 1, MAX_NUMBER)
        yield from _outside("listPrice", tier.list_price, 0, bounds.MAX_PRICE)
    for index, phase in enumerate(offer.phases):
        yield from _of_phase(offer, phase, call.now)
        yield from _of_gate(phase, index, next_drop(market))
    yield from _of_reserves(offer.phases, offer.tiers)


def _of_parties(terms: DropTerms, call: Call) -> Iterator[Refused]:
    if terms.resolver in {ZERO_ADDRESS, call.sender, terms.payout}:
        yield refused("SeatDrops_ResolverNotNeutral", terms.resolver)
    if terms.verifier == call.sender:
        yield refused("SeatDrops_VerifierIsMentor", terms.verifier)


def _of_shares(terms: DropTerms) -> Iterator[Refused]:
    yield from _outside("royalty", terms.royalty, 0, bounds.MAX_ROYALTY)
    yield from _outside("toll", terms.toll, 0, bounds.MAX_TOLL)
    yield from _outside("resaleCap", terms.resale_cap, 0, bounds.MAX_RESALE_CAP)
    yield from _outside("penalty", terms.penalty, 0, WHOLE_BPS)
    yield from _outside("defaultSplit", terms.default_split, 0, WHOLE_BPS)


def _of_times(terms: DropTerms, now: int) -> Iterator[Refused]:
    yield from _outside("startsAt", terms.starts_at, now, terms.ends_at)
    yield from _outside("deliverBy", terms.deliver_by, 0, now + bounds.MAX_DELIVERY_SECONDS)
    yield from _outside("endsAt", terms.ends_at, terms.starts_at, max(terms.deliver_by - 1, 0))
    yield from _outside("refundUntil", terms.refund_until, 0, terms.ends_at)


def _of_moving(terms: DropTerms) -> Iterator[Refused]:
    """An OPEN seat is an ordinary token, which nothing holds back."""
    is_open = terms.policy is TransferPolicy.OPEN
    longest = 0 if is_open else bounds.MAX_DELIVERY_SECONDS
    yield from _outside("giftCooldown", terms.gift_cooldown, 0, longest)
    if is_open:
        yield from _outside("toll", terms.toll, 0, 0)
    yield from _outside(
        "challengeDays", terms.challenge_days, bounds.MIN_CHALLENGE_DAYS, bounds.MAX_CHALLENGE_DAYS
    )


def _of_phase(offer: NewDrop, phase: PhaseTerms, now: int) -> Iterator[Refused]:
    yield from _outside("tier", phase.tier, 0, len(offer.tiers) - 1)
    tier = offer.tiers[phase.tier]
    yield from _outside("price", phase.price, 0, tier.list_price)
    yield from _outside("closes", phase.closes, now, offer.terms.ends_at)
    yield from _outside("opens", phase.opens, 0, phase.closes)
    yield from _outside("supply", phase.supply, 0, tier.cap)
    yield from _outside("walletLimit", phase.wallet_limit, 0, bounds.MAX_WALLET_LIMIT)


def _of_gate(phase: PhaseTerms, index: int, drop: DropId) -> Iterator[Refused]:
    """Another drop is one that exists: its number is below this one's."""
    most = {
        Gate.ALLOWLIST: MAX_UINT256,
        Gate.PASS: _MAX_ADDRESS,
        Gate.SEAT: drop - 1,
    }.get(phase.gate)
    if most is not None and not 0 < int.from_bytes(phase.gate_data, "big") <= most:
        yield refused("SeatDrops_GateDataUnfit", index, phase.gate, phase.gate_data)


def _of_reserves(phases: tuple[PhaseTerms, ...], tiers: tuple[TierTerms, ...]) -> Iterator[Refused]:
    """What phases of one tier hold back together fits its cap."""
    promised = [0] * len(tiers)
    for phase in phases:
        if not phase.reserved:
            continue
        cap = tiers[phase.tier].cap
        if not phase.supply:
            yield _refusal("supply", 0, 1, cap)
        promised[phase.tier] += phase.supply
        yield from _outside("reserved", promised[phase.tier], 1, cap)


def _outside(field: str, value: int, least: int, most: int) -> Iterator[Refused]:
    if not least <= value <= most:
        yield _refusal(field, value, least, most)


def _refusal(field: str, value: int, least: int, most: int) -> Refused:
    """The contract keeps a field's name in 32 bytes."""
    name = field.encode().ljust(32, b"\0")
    return refused("SeatDrops_TermOutOfBounds", name, value, least, most)
