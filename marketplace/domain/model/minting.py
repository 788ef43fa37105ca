"""Minting: from the request to new seats and their face in escrow.

Owns the order of a mint's checks, and bundles of mints. Refuses to open gates itself:
`marketplace.domain.model.admission` does.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from marketplace.domain.addresses import ETH, ZERO_ADDRESS
from marketplace.domain.drop import DropState, MintRequest
from marketplace.domain.ids import DropId, SeatId, TierIndex
from marketplace.domain.model import money
from marketplace.domain.model.admission import refusals_of_gate, use_up
from marketplace.domain.model.refusals import Refused, refused
from marketplace.domain.model.state import Drop, Seat, drop_state
from marketplace.domain.money import NO_MONEY, Wei
from marketplace.domain.phases import held_back, is_open, left_of_phase, left_of_tier

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from marketplace.domain.model.admission import Authorisation
    from marketplace.domain.model.state import Account, Call, Market


def mint(
    market: Market, call: Call, request: MintRequest, authorisation: Authorisation
) -> Market | Refused:
    """Mint seats for exactly their price."""
    return mint_many(market, call, [request], [authorisation])


def mint_many(
    market: Market,
    call: Call,
    requests: Sequence[MintRequest],
    authorisations: Sequence[Authorisation],
) -> Market | Refused:
    """Mint several times, all or nothing; the ether is the sum of all that is paid in it."""
    if len(requests) != len(authorisations):
        return refused("SeatDrops_LengthsDiffer", len(requests), len(authorisations))
    market = money.receive_ether(market, call)
    for request, authorisation in zip(requests, authorisations, strict=True):
        refusal = next(_refusals(market, call, request, authorisation), None)
        if refusal is not None:
            return refusal
        market = _minted(market, call, request, authorisation)
    return _paid(market, call, requests)


def new_seats(market: Market, drop: DropId, tier: TierIndex, quantity: int, blank: Seat) -> Market:
    """So many more seats of a tier, which look like `blank`; numbers are never given out twice."""
    kept = market.drops[drop]
    sales = kept.tiers[tier]
    first = SeatId.of(drop, tier, sales.issued + 1)
    minted = replace(
        sales,
        issued=sales.issued + quantity,
        live=sales.live + quantity,
        escrowed=Wei(sales.escrowed + kept.face(blank) * quantity),
    )
    market = market.with_drop(drop, kept.with_tier(tier, minted))
    fresh = {SeatId(first + step): blank for step in range(quantity)}
    return replace(market, seats={**market.seats, **fresh})


def _refusals(
    market: Market, call: Call, request: MintRequest, authorisation: Authorisation
) -> Iterator[Refused]:
    state = drop_state(market, request.drop)
    if state is not DropState.LIVE:
        yield refused("SeatDrops_NotLive", request.drop, state)
        return
    drop = market.drops[request.drop]
    if call.now <= drop.paused_until:
        yield refused("SeatDrops_Paused", request.drop, drop.paused_until)
    if request.phase >= len(drop.phases):
        yield refused("SeatDrops_PhaseUnknown", request.drop, request.phase)
        return
    terms = drop.phases[request.phase].terms
    if not is_open(terms.opens, terms.closes, call.now):
        yield refused("SeatDrops_PhaseClosed", terms.opens, terms.closes, call.now)
    if not request.quantity or request.recipient in {ZERO_ADDRESS, market.address}:
        yield refused("SeatDrops_EmptyMint", request.quantity, request.recipient)
    left = _left(drop, request, call.now)
    if request.quantity > left:
        yield refused("SeatDrops_SoldOut", request.drop, request.phase, request.quantity, left)
    total = terms.price * request.quantity
    if total > request.max_total:
        yield refused("SeatDrops_AboveMaxTotal", total, request.max_total)
    yield from refusals_of_gate(market, call, request, authorisation)
    already = drop.mint_counts.get((request.phase, call.sender), 0)
    if terms.wallet_limit and already + request.quantity > terms.wallet_limit:
        yield refused(
            "SeatDrops_WalletLimit", call.sender, already, request.quantity, terms.wallet_limit
        )


def _left(drop: Drop, request: MintRequest, now: int) -> int:
    """A phase does not hold back from itself."""
    phase = drop.phases[request.phase]
    tier = drop.tiers[phase.terms.tier]
    held = held_back(drop.reserves(phase.terms.tier, besides=request.phase), now)
    of_tier = left_of_tier(tier.cap, tier.live, tier.issued, held)
    return left_of_phase(of_tier, phase.terms.supply, phase.sold)


def _minted(
    market: Market, call: Call, request: MintRequest, authorisation: Authorisation
) -> Market:
    drop = use_up(market.drops[request.drop], request, authorisation)
    phase = drop.phases[request.phase]
    if phase.terms.supply:
        drop = drop.with_phase(request.phase, replace(phase, sold=phase.sold + request.quantity))
    if phase.terms.wallet_limit:
        # Counts never fall, not even by a refund.
        place = (request.phase, call.sender)
        count = drop.mint_counts.get(place, 0) + request.quantity
        drop = replace(drop, mint_counts={**drop.mint_counts, place: count})
    blank = Seat(owner=request.recipient, phase=request.phase, moved_at=call.now)
    market = market.with_drop(request.drop, drop)
    return new_seats(market, request.drop, phase.terms.tier, request.quantity, blank)


def _paid(market: Market, call: Call, requests: Sequence[MintRequest]) -> Market | Refused:
    bills = [(_currency(market, one), _total(market, one)) for one in requests]
    due = sum(total for currency, total in bills if currency == ETH)
    if call.value != due:
        return refused("SeatDrops_WrongPayment", due, call.value)
    payer: Account = call.sender
    for currency, total in bills:
        if currency == ETH:
            continue
        refusal = next(money.refusals_of_taking(market, currency, payer, total), None)
        if refusal is not None:
            return refusal
        market = money.take(market, currency, payer, total)
    return market


def _currency(market: Market, request: MintRequest) -> Account:
    return market.drops[request.drop].terms.currency


def _total(market: Market, request: MintRequest) -> Wei:
    price = market.drops[request.drop].phases[request.phase].terms.price
    return Wei(price * request.quantity) if price else NO_MONEY
