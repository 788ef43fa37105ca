from __future__ import annotations

import pytest

from indexer.folds.folding import FoldContradicted
from indexer.folds.states import DropState, PhaseState, TierState
from marketplace.bindings import events
from marketplace.domain.addresses import ZERO_ADDRESS
from marketplace.domain.errors import MirrorInconsistent
from marketplace.domain.ids import TierIndex
from tests.unit.indexer.folds.events_of import (
    ADA,
    BO,
    CREATED,
    DROP,
    MENTOR,
    PRICE,
    RESOLVER,
    ROOT,
    folded,
    minted,
    of,
)


def test_a_creation_spells_out_the_terms() -> None:
    (drop,) = of(DropState, folded([CREATED]))

    assert (drop.mentor, drop.resolver, drop.payout, drop.verifier) == (
        *(MENTOR, RESOLVER, ZERO_ADDRESS, ZERO_ADDRESS),
    )
    assert (drop.royalty_bps, drop.toll_bps, drop.resale_cap_bps, drop.fee_bps) == (
        *(750, 100, 10_000, 500),
    )
    assert (drop.penalty_bps, drop.default_split_bps, drop.challenge_days) == (300, 5_000, 7)
    assert (drop.starts_at, drop.ends_at, drop.deliver_by, drop.refund_until) == (95, 100, 110, 96)
    assert (drop.state, drop.policy, drop.gift_cooldown_s) == (1, 0, 60)
    assert drop.terms_hash == "0x" + "aa" * 32


def test_a_creation_gives_each_tier_and_phase() -> None:
    rows = folded([CREATED])

    assert [(tier.tier, tier.list_price, tier.cap) for tier in of(TierState, rows)] == [
        (0, PRICE, 20),
        (1, PRICE, 20),
    ]
    public, allowlist = of(PhaseState, rows)
    assert (public.tier, public.gate, public.gate_data) == (0, 0, "0x" + "00" * 32)
    assert (allowlist.tier, allowlist.gate, allowlist.gate_data) == (1, 1, "0x" + ROOT.hex())


def test_payout_and_verifier_are_named_later() -> None:
    rows = folded([CREATED, events.PayoutSet(DROP, ADA)], [events.VerifierSet(DROP, BO)])

    states = of(DropState, rows)
    assert [(state.payout, state.verifier) for state in states] == [
        (ZERO_ADDRESS, ZERO_ADDRESS),
        (ADA, ZERO_ADDRESS),
        (ADA, BO),
    ]


def test_a_cap_is_lowered_to_no_less_than_what_lives() -> None:
    lowered = events.CapLowered(DROP, TierIndex(1), 3)

    tier = of(TierState, folded([CREATED], minted(3), [lowered]))[-1]

    assert (tier.tier, tier.cap, tier.live) == (1, 3, 3)
    for cap in (2, 20):
        with pytest.raises(FoldContradicted, match="no lower cap"):
            folded([CREATED], minted(3), [events.CapLowered(DROP, TierIndex(1), cap)])


def test_a_pause_is_known_until_its_last_second() -> None:
    rows = folded([CREATED], [events.DropPaused(DROP, 50)], [events.DropPaused(DROP, 2)])

    assert [drop.paused_until for drop in of(DropState, rows)] == [0, 50, 2]


def test_postponing_sets_times_kills_listings_and_ends_the_penalty() -> None:
    later = events.DropPostponed(DROP, 195, 200, 210, 196)

    drop = of(DropState, folded([CREATED], [later]))[-1]

    assert (drop.starts_at, drop.ends_at, drop.deliver_by, drop.refund_until) == (
        *(195, 200, 210, 196),
    )
    assert (drop.terms_version, drop.postponements, drop.penalty_bps) == (1, 1, 0)
    assert (drop.first_deliver_by, drop.state) == (110, 1)


def test_a_drop_is_created_once() -> None:
    with pytest.raises(FoldContradicted, match="exists already"):
        folded([CREATED], [CREATED])


def test_a_drop_that_was_never_created_has_no_verifier() -> None:
    with pytest.raises(FoldContradicted, match="never created"):
        folded([events.VerifierSet(DROP, BO)])


def test_words_that_name_another_mentor_stop_the_fold() -> None:
    with pytest.raises(FoldContradicted, match="another mentor"):
        folded([events.DropCreated(DROP, ADA, CREATED.terms_hash, CREATED.words)])


def test_words_of_another_version_stop_the_fold() -> None:
    with pytest.raises(MirrorInconsistent):
        folded([events.DropCreated(DROP, MENTOR, CREATED.terms_hash, CREATED.words[:-1])])
