"""What happens to drops: created with tiers and phases, steered by mentor and guardian.

Owns the steps of `DropCreated`, `PayoutSet`, `VerifierSet`, `CapLowered`, `DropPaused` and
`DropPostponed`. The words of a creation are read by `marketplace.domain.words`; how a drop ends is
in `closings`. Refuses to judge terms: the contract has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from indexer.folds.accounts import platform, platform_needs
from indexer.folds.states import DropState, PhaseState, State, TierState
from marketplace.bindings.addresses import checksum_address
from marketplace.domain.addresses import ZERO_ADDRESS
from marketplace.domain.ids import DropId, PhaseIndex, TierIndex
from marketplace.domain.money import Bps
from marketplace.domain.words import DropWords

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from indexer.folds.folding import Key, Known, Occurrence
    from marketplace.bindings import events


def drop_key(drop: DropId) -> Key:
    """The drop of a number."""
    return DropState, (drop,)


def creation_needs(event: events.DropCreated) -> Iterable[Key]:
    """The drop, which must not exist, and the platform, which must."""
    return (drop_key(event.drop), *platform_needs(event))


def created(event: events.DropCreated, at: Occurrence, known: Known) -> Iterator[State]:
    """Spell out the words: the drop, each tier, each phase."""
    platform(at, known)
    if known.find(DropState, event.drop) is not None:
        raise at.contradicted(f"drop {event.drop} exists already")
    words = DropWords.decode(event.words, checksum_address)
    if words.schedule.mentor != event.mentor:
        raise at.contradicted("its words name another mentor")
    yield _terms(event, words)
    for index, tier in enumerate(words.tiers):
        yield TierState(
            drop_id=event.drop,
            tier=TierIndex(index),
            list_price=tier.list_price,
            cap=tier.cap,
            issued=tier.issued,
            live=tier.live,
            escrowed=tier.escrowed,
        )
    for index, (phase, data) in enumerate(zip(words.phases, words.gate_data, strict=True)):
        yield PhaseState(
            drop_id=event.drop,
            phase=PhaseIndex(index),
            tier=phase.tier,
            gate=int(phase.gate),
            price=phase.price,
            opens=phase.opens,
            closes=phase.closes,
            supply=phase.supply,
            sold=phase.sold,
            wallet_limit=phase.wallet_limit,
            reserves=phase.reserves,
            gate_data=f"0x{data.hex()}",
        )


def payout_needs(event: events.PayoutSet) -> Iterable[Key]:
    """The drop that pays."""
    return (drop_key(event.drop),)


def payout_set(event: events.PayoutSet, at: Occurrence, known: Known) -> Iterator[State]:
    """Name who is paid."""
    yield replace(existing(event.drop, at, known), payout=event.payout)


def verifier_needs(event: events.VerifierSet) -> Iterable[Key]:
    """The drop that people are checked in to."""
    return (drop_key(event.drop),)


def verifier_set(event: events.VerifierSet, at: Occurrence, known: Known) -> Iterator[State]:
    """Name who checks people in."""
    yield replace(existing(event.drop, at, known), verifier=event.verifier)


def lowering_needs(event: events.CapLowered) -> Iterable[Key]:
    """The tier."""
    return ((TierState, (event.drop, event.tier)),)


def cap_lowered(event: events.CapLowered, at: Occurrence, known: Known) -> Iterator[State]:
    """Let fewer seats of the tier live."""
    tier = known.find(TierState, event.drop, event.tier)
    if tier is None:
        raise at.contradicted(f"drop {event.drop} has no tier {event.tier}")
    if not tier.live <= event.cap < tier.cap:
        raise at.contradicted(f"{event.cap} is no lower cap for {tier.live} of {tier.cap} seats")
    yield replace(tier, cap=event.cap)


def pause_needs(event: events.DropPaused) -> Iterable[Key]:
    """The drop, in any state."""
    return (drop_key(event.drop),)


def paused(event: events.DropPaused, at: Occurrence, known: Known) -> Iterator[State]:
    """Pause minting and sales; a second that is over ends a pause."""
    yield replace(existing(event.drop, at, known), paused_until=event.until)


def postponement_needs(event: events.DropPostponed) -> Iterable[Key]:
    """The drop that gets other times."""
    return (drop_key(event.drop),)


def postponed(event: events.DropPostponed, at: Occurrence, known: Known) -> Iterator[State]:
    """Set the new times; listings and offers of the old terms are dead, and no refund costs."""
    drop = existing(event.drop, at, known)
    yield replace(
        drop,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        deliver_by=event.deliver_by,
        refund_until=event.refund_until,
        terms_version=drop.terms_version + 1,
        postponements=drop.postponements + 1,
        penalty_bps=Bps(0),
    )


def _terms(event: events.DropCreated, words: DropWords) -> DropState:
    rules, schedule, arbitration = words.rules, words.schedule, words.arbitration
    return DropState(
        drop_id=event.drop,
        mentor=event.mentor,
        payout=ZERO_ADDRESS,
        verifier=ZERO_ADDRESS,
        resolver=arbitration.resolver,
        state=int(rules.state),
        policy=int(rules.policy),
        currency_index=rules.currency_index,
        terms_version=rules.terms_version,
        postponements=arbitration.postponements,
        tier_count=rules.tier_count,
        phase_count=rules.phase_count,
        royalty_bps=rules.royalty,
        toll_bps=rules.toll,
        resale_cap_bps=rules.resale_cap,
        penalty_bps=arbitration.penalty,
        default_split_bps=arbitration.default_split,
        fee_bps=schedule.fee,
        gift_cooldown_s=rules.gift_cooldown,
        challenge_days=arbitration.challenge_days,
        starts_at=schedule.starts_at,
        ends_at=rules.ends_at,
        deliver_by=rules.deliver_by,
        first_deliver_by=arbitration.first_deliver_by,
        refund_until=schedule.refund_until,
        paused_until=rules.paused_until,
        terms_hash=f"0x{event.terms_hash.hex()}",
    )


def existing(drop: DropId, at: Occurrence, known: Known) -> DropState:
    """A drop that was created; anything else contradicts the event."""
    found = known.find(DropState, drop)
    if found is None:
        raise at.contradicted(f"drop {drop} was never created")
    return found
