"""The JSON of drops.

Owns the shapes. Refuses rules: how many seats are left is `supply`'s, what a text promises
`api.programme`'s.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from api.catalogue.dated import Dated, Levelled
from api.catalogue.names import GATES, POLICIES, STATES, GateName, Policy, State
from api.catalogue.programme_bodies import (
    Audience,
    PlannedSession,
    ProductAnswer,
    audience_of,
    turn_of,
)
from api.catalogue.supply import is_open, left_in
from api.wire import Account, Moment, Uint256Out, WireModel, moment
from marketplace.domain.addresses import ETH, ZERO_ADDRESS
from marketplace.domain.denomination import ETHER
from marketplace.domain.drop import DropState, Gate, TransferPolicy
from marketplace.orders.passes import drop_of_gate_data, signer_of_gate_data

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from api.catalogue.looking import Look
    from api.programme.values import Programme
    from indexer.queries import DropTerms, PhaseState, TierState
    from marketplace.domain.ids import DropId


class DropSummary(WireModel):
    """A drop in a list."""

    drop: int
    state: State
    mentor: Account
    title: str | None
    """The mentor's own words; null while the terms have not been published."""

    format: str | None
    """What kind of thing is taught, as `drop session`; null while the terms have not been
    published."""

    starts_at: Moment
    ends_at: Moment
    lowest_price_wei: Uint256Out
    """The lowest of its tiers' list prices, in the smallest unit of `currency`, as decimal
    digits."""

    currency: Account
    """What its seats are paid in; the zero address: ETH."""

    cap: int
    """How many seats of all tiers may live at once."""

    issued: int
    live: int
    terms_hash: str

    @classmethod
    def of(cls, mirrored: DropTerms, programme: Programme | None) -> Self:
        """Write a drop."""
        drop, tiers = mirrored.drop, mirrored.tiers
        product = None if programme is None else programme.terms.product
        return cls(
            drop=drop.drop_id,
            state=STATES[DropState(drop.state)],
            mentor=drop.mentor,
            title=None if product is None else product.title,
            format=None if product is None else product.format,
            starts_at=moment(drop.starts_at),
            ends_at=moment(drop.ends_at),
            lowest_price_wei=min((tier.list_price for tier in tiers), default=0),
            currency=mirrored.currency,
            cap=sum(tier.cap for tier in tiers),
            issued=sum(tier.issued for tier in tiers),
            live=sum(tier.live for tier in tiers),
            terms_hash=drop.terms_hash,
        )


class DropsAnswer(Dated):
    """Drops by rising number."""

    drops: list[DropSummary]
    """A page of them."""

    next: int | None
    """The next page's `after`; null: this is the last."""


class TierAnswer(WireModel):
    """A tier and its sales."""

    tier: int
    name: str | None
    """What the mentor calls it; null while the terms have not been published."""

    list_price_wei: Uint256Out
    cap: int
    issued: int
    live: int
    escrow_wei: Uint256Out

    @classmethod
    def of(cls, tier: TierState, programme: Programme | None) -> Self:
        """Write a tier; its name is the one that stands in its place in the text."""
        return cls(
            tier=tier.tier,
            name=None if programme is None else programme.terms.tiers[tier.tier].name,
            list_price_wei=tier.list_price,
            cap=tier.cap,
            issued=tier.issued,
            live=tier.live,
            escrow_wei=tier.escrowed,
        )


class PhaseAnswer(WireModel):
    """A phase and its sales."""

    phase: int
    name: str | None
    """What the mentor calls it; null while the terms have not been published."""

    tier: int
    gate: GateName
    allowlist_root: str | None
    """The Merkle root of the list that opens it, `0x` and 64 hex digits; null: no list does."""

    pass_signer: Account | None
    """Whose passes open it; null: none do."""

    opening_drop: int | None
    """Number of the drop whose seats open it, each once; null: none do."""

    price_wei: Uint256Out
    opens_at: Moment
    closes_at: Moment
    supply: int | None
    """How many seats of it may live at once; null: as many as the tier has."""

    reserved: bool
    """Whether what is unsold of its supply is held back from every other phase until it closes."""

    sold: int
    """How many seats of it live."""

    left: int
    """How many it could still sell now, before what one wallet may have."""

    wallet_limit: int | None
    """How many seats one account may mint in it; null: no limit. A courtesy in a public phase: one
    person can have many accounts."""

    open: bool
    """Whether it sells now, as long as some are left."""

    @classmethod
    def of(
        cls, phase: PhaseState, mirrored: DropTerms, programme: Programme | None, now: int
    ) -> Self:
        """Write a phase as it is at a Unix second."""
        gate, data = Gate(phase.gate), bytes.fromhex(phase.gate_data.removeprefix("0x"))
        return cls(
            phase=phase.phase,
            name=None if programme is None else programme.terms.phases[phase.phase].name,
            tier=phase.tier,
            gate=GATES[gate],
            allowlist_root=phase.gate_data if gate is Gate.ALLOWLIST else None,
            pass_signer=signer_of_gate_data(data) if gate is Gate.PASS else None,
            opening_drop=drop_of_gate_data(data) if gate is Gate.SEAT else None,
            price_wei=phase.price,
            opens_at=moment(phase.opens),
            closes_at=moment(phase.closes),
            supply=phase.supply or None,
            # Among the phases that hold back seats of its tier is it itself, where it does.
            reserved=bool(phase.reserves >> phase.phase & 1),
            sold=phase.sold,
            left=left_in(mirrored, phase, now),
            wallet_limit=phase.wallet_limit or None,
            open=is_open(mirrored, phase, now),
        )


class DropAnswer(Levelled):
    """A drop: terms, sales, and what its mentor has published.

    What its mentor publishes is null while the terms have not been published.
    """

    drop: int
    state: State
    mentor: Account
    payout: Account
    """Account that released money goes to."""

    verifier: Account | None
    """Account that checks people in; null: nobody yet."""

    resolver: Account
    """Account that decides a dispute."""

    currency: Account
    """What its seats are paid in; the zero address: ETH."""

    decimals: int | None
    """Digits behind the point in amounts of `currency`; null: nobody has said so here."""

    policy: Policy
    terms_hash: str
    terms_version: int
    royalty_bps: int
    """The mentor's share of a resale, in hundredths of a percent."""

    toll_bps: int
    """What a gift pays, of the tier's list price, in hundredths of a percent."""

    resale_cap_bps: int
    """The highest resale price, in hundredths of a percent of the seat's own face; 0: no resale."""

    penalty_bps: int
    """What a refund costs, of the seat's face, in hundredths of a percent."""

    fee_bps: int
    """The platform's fee of released money, in hundredths of a percent."""

    gift_cooldown_s: int
    starts_at: Moment
    ends_at: Moment
    deliver_by: Moment
    refund_until: Moment
    challenge_days: int
    default_split_bps: int
    """The holders' share of a wide dispute that nobody decides, in hundredths of a percent."""

    paused_until: Moment | None
    """Until then, in UTC, seats are neither minted nor sold; null: it was never paused."""

    escrow_wei: Uint256Out
    tiers: list[TierAnswer]
    """Its tiers, by number."""

    phases: list[PhaseAnswer]
    """Its phases, by number."""

    product: ProductAnswer | None
    """What is taught; null while the terms have not been published."""

    refund_policy: str | None
    """What the mentor says about refunds, for people; null while the terms have not been
    published."""

    sessions: list[PlannedSession] | None
    """Its sessions in the terms' order; null while the terms have not been published."""

    audience: Audience | None
    """Who is shown its resales: `anyone`, `holders` of its seats, the `wait_list`, or numbers of
    drops whose holders are shown them too; null while the terms have not been published."""

    turn_s: int | None
    """Seconds that each account of the wait-list has a seat on resale to itself; null: no turns."""

    @classmethod
    def of(cls, mirrored: DropTerms, programme: Programme | None, seen: Look, now: int) -> Self:
        """Write a drop as it was at a look, with its phases as they are at a Unix second."""
        drop = mirrored.drop
        return cls(
            drop=drop.drop_id,
            state=STATES[DropState(drop.state)],
            mentor=drop.mentor,
            payout=drop.mentor if drop.payout == ZERO_ADDRESS else drop.payout,
            verifier=None if drop.verifier == ZERO_ADDRESS else drop.verifier,
            resolver=drop.resolver,
            currency=mirrored.currency,
            decimals=_decimals(mirrored, programme),
            policy=POLICIES[TransferPolicy(drop.policy)],
            terms_hash=drop.terms_hash,
            terms_version=drop.terms_version,
            royalty_bps=drop.royalty_bps,
            toll_bps=drop.toll_bps,
            resale_cap_bps=drop.resale_cap_bps,
            penalty_bps=drop.penalty_bps,
            fee_bps=drop.fee_bps,
            gift_cooldown_s=drop.gift_cooldown_s,
            starts_at=moment(drop.starts_at),
            ends_at=moment(drop.ends_at),
            deliver_by=moment(drop.deliver_by),
            refund_until=moment(drop.refund_until),
            challenge_days=drop.challenge_days,
            default_split_bps=drop.default_split_bps,
            paused_until=moment(drop.paused_until) if drop.paused_until else None,
            escrow_wei=mirrored.escrowed,
            tiers=[TierAnswer.of(tier, programme) for tier in mirrored.tiers],
            phases=[PhaseAnswer.of(one, mirrored, programme, now) for one in mirrored.phases],
            product=None if programme is None else ProductAnswer.of(programme.terms.product),
            refund_policy=None if programme is None else programme.terms.refund.policy,
            sessions=None
            if programme is None
            else [PlannedSession.of(session) for session in programme.sessions],
            audience=None if programme is None else audience_of(programme),
            turn_s=None if programme is None else turn_of(programme),
            level=seen.level,
            as_of_block=seen.at.number,
            block_hash=seen.at.hash,
        )


def _decimals(mirrored: DropTerms, programme: Programme | None) -> int | None:
    if programme is not None:
        return programme.terms.terms.currency.decimals
    return ETHER.decimals if mirrored.currency == ETH else None


def drops_answer(
    page: Sequence[DropTerms],
    programmes: Mapping[DropId, Programme],
    seen: Look,
    limit: int,
) -> DropsAnswer:
    """Write a page; it was read with one more than the limit, to know whether another follows."""
    shown = page[:limit]
    return DropsAnswer(
        drops=[DropSummary.of(one, programmes.get(one.drop.drop_id)) for one in shown],
        next=shown[-1].drop.drop_id if len(page) > limit else None,
        as_of_block=seen.at.number,
        block_hash=seen.at.hash,
    )
