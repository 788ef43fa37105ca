"""Whether a published text says what the drop does.

A mentor could put the hash of one text on the chain beside the terms of another. Nothing there
compares them, so it is done here, before a text is taken and each time it is used. Owns that
comparison. Refuses to compare what a mentor may change later (payout, verifier). Once a drop was
postponed the times that it had are on the chain no more: then a text must name such as the contract
could have taken, and have moved to those that there are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketplace.domain.addresses import ETH
from marketplace.domain.bounds import MAX_DELIVERY_SECONDS
from marketplace.domain.drop import Gate
from marketplace.launch.forms import POLICIES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from indexer.queries import DropState, DropTerms, PhaseState
    from marketplace.launch.published import PublishedPhase, PublishedTerms


def contradiction(terms: PublishedTerms, mirrored: DropTerms) -> str | None:
    """The first place where a text says something else than its drop; None when there is none."""
    for place, holds in _comparisons(terms, mirrored):
        if not holds:
            return place
    return None


def _comparisons(terms: PublishedTerms, mirrored: DropTerms) -> Iterator[tuple[str, bool]]:
    drop, currency = mirrored.drop, terms.terms.currency.address
    # Index 0 is ETH and nothing else is: both are asked, and a currency that is not known is none.
    yield "terms.currency", (drop.currency_index == 0) == (currency == ETH)
    yield "terms.currency", mirrored.currency == currency
    yield "terms.highest_fee", drop.fee_bps <= terms.terms.highest_fee
    yield "terms.seats_move", drop.policy == POLICIES[terms.terms.seats_move]
    yield "resale.royalty", drop.royalty_bps == terms.resale.royalty
    yield "resale.toll", drop.toll_bps == terms.resale.toll
    yield "resale.highest_price", drop.resale_cap_bps == terms.resale.highest_price
    yield "resale.gift_cooldown", drop.gift_cooldown_s == terms.resale.gift_cooldown
    yield "dispute.resolver", drop.resolver == terms.dispute.resolver
    yield "dispute.objection_days", drop.challenge_days == terms.dispute.objection_days
    yield "dispute.default_split", drop.default_split_bps == terms.dispute.default_split
    yield "terms.deliver_by", drop.first_deliver_by == terms.terms.deliver_by
    yield from _of_postponed_times(terms, drop) if drop.postponements else _of_times(terms, drop)
    yield from _of_lists(terms, mirrored)


def _of_times(terms: PublishedTerms, drop: DropState) -> Iterator[tuple[str, bool]]:
    yield "sessions", drop.starts_at == min(one.starts for one in terms.sessions)
    yield "sessions", drop.ends_at == max(one.ends for one in terms.sessions)
    yield "refund.until", drop.refund_until == terms.refund.until
    yield "refund.penalty", drop.penalty_bps == terms.refund.penalty


def _of_postponed_times(terms: PublishedTerms, drop: DropState) -> Iterator[tuple[str, bool]]:
    starts = min(one.starts for one in terms.sessions)
    ends = max(one.ends for one in terms.sessions)
    # When a drop is made, sales end before it and delivery is due after, within two years.
    yield "sessions", drop.first_deliver_by - MAX_DELIVERY_SECONDS <= starts
    yield "sessions", max(one.closes for one in terms.phases) <= ends < drop.first_deliver_by
    # Nothing ever moves to an earlier time.
    yield "sessions", starts <= drop.starts_at and ends <= drop.ends_at
    until = terms.refund.until
    yield "refund.until", until <= min(ends, drop.refund_until)
    # It moves with the start. More notice lengthens it no further than to the start, and the drop's
    # end, which lies after that, cuts it.
    first, last = sorted((until + drop.starts_at - starts, drop.starts_at))
    yield "refund.until", first <= drop.refund_until <= last


def _of_lists(terms: PublishedTerms, mirrored: DropTerms) -> Iterator[tuple[str, bool]]:
    yield "tiers", len(mirrored.tiers) == len(terms.tiers)
    yield "phases", len(mirrored.phases) == len(terms.phases)
    for number, (tier, state) in enumerate(zip(terms.tiers, mirrored.tiers, strict=False), 1):
        yield f"tiers[{number}].price", state.list_price == tier.price
        # A cap can only fall.
        yield f"tiers[{number}].seats", state.cap <= tier.seats
    for number, (said, phase) in enumerate(zip(terms.phases, mirrored.phases, strict=False), 1):
        for field, holds in _of_phase(terms, said, phase):
            yield f"phases[{number}].{field}", holds


def _of_phase(
    terms: PublishedTerms, said: PublishedPhase, phase: PhaseState
) -> Iterator[tuple[str, bool]]:
    yield "tier", phase.tier == terms.tier_index(said.tier)
    yield "gate", phase.gate == said.gate.gate
    # Of a phase for everybody the contract keeps no data.
    yield "gate", said.gate.gate is Gate.PUBLIC or phase.gate_data == said.gate.data_text
    yield "price", phase.price == said.price
    yield "opens", phase.opens == said.opens
    yield "closes", phase.closes == said.closes
    yield "seats", phase.supply == (said.seats or 0)
    yield "per_wallet", phase.wallet_limit == (said.per_wallet or 0)
    yield "reserved", bool(phase.reserves >> phase.phase & 1) == said.reserved
