from __future__ import annotations

from dataclasses import replace

import pytest

from marketplace.domain.addresses import ZERO_ADDRESS, ChecksumAddress
from marketplace.domain.bounds import (
    BrokenTerm,
    CurrencyNotAllowed,
    FeeAboveMax,
    GateDataUnfit,
    ResolverNotNeutral,
    TermOutOfBounds,
    VerifierIsMentor,
    broken_terms,
)
from marketplace.domain.drop import (
    DropTerms,
    Gate,
    NewDrop,
    PhaseTerms,
    TierTerms,
    TransferPolicy,
)
from marketplace.domain.ids import TierIndex
from marketplace.domain.money import Bps, Wei

NOW = 1_800_000_000
DAY = 24 * 60 * 60
MENTOR, RESOLVER, TOKEN = (ChecksumAddress(f"0x{n:040d}") for n in (1, 2, 3))
OFFER = NewDrop(
    terms=DropTerms(
        resolver=RESOLVER,
        royalty=Bps(1_000),
        toll=Bps(500),
        resale_cap=Bps(10_000),
        gift_cooldown=DAY,
        starts_at=NOW + 10 * DAY,
        ends_at=NOW + 11 * DAY,
        deliver_by=NOW + 20 * DAY,
        refund_until=NOW + 10 * DAY,
        penalty=Bps(1_000),
        challenge_days=7,
        default_split=Bps(5_000),
        terms_hash=bytes(32),
    ),
    tiers=(TierTerms(list_price=Wei(100), cap=10),),
    phases=(PhaseTerms(tier=TierIndex(0), price=Wei(90), opens=NOW, closes=NOW + 9 * DAY),),
)


def terms(**changes: object) -> NewDrop:
    return replace(OFFER, terms=replace(OFFER.terms, **changes))  # type: ignore[arg-type] # tests name fields


def phase(**changes: object) -> NewDrop:
    return replace(OFFER, phases=(replace(OFFER.phases[0], **changes),))  # type: ignore[arg-type] # tests name fields


def tier(**changes: object) -> NewDrop:
    return replace(OFFER, tiers=(replace(OFFER.tiers[0], **changes),))  # type: ignore[arg-type] # tests name fields


def test_good_terms_are_not_broken() -> None:
    assert broken_terms(OFFER, MENTOR, NOW) == ()


def test_every_policy_and_gate_can_be_had() -> None:
    data = {
        Gate.PUBLIC: bytes(32),
        Gate.ALLOWLIST: b"\xff" * 32,
        Gate.PASS: bytes(12) + b"\xff" * 20,
        Gate.SEAT: (1).to_bytes(32, "big"),
    }
    for gate in Gate:
        assert broken_terms(phase(gate=gate, gate_data=data[gate]), MENTOR, NOW) == ()
    for policy in TransferPolicy:
        offer = terms(policy=policy, toll=Bps(0), gift_cooldown=0)
        assert broken_terms(offer, MENTOR, NOW) == ()


@pytest.mark.parametrize(
    ("offer", "broken"),
    [
        (terms(royalty=Bps(2_001)), TermOutOfBounds("terms.royalty", 2_001, 0, 2_000)),
        (terms(toll=Bps(-1)), TermOutOfBounds("terms.toll", -1, 0, 2_000)),
        (terms(resale_cap=Bps(50_001)), TermOutOfBounds("terms.resale_cap", 50_001, 0, 50_000)),
        (terms(penalty=Bps(10_001)), TermOutOfBounds("terms.penalty", 10_001, 0, 10_000)),
        (
            terms(default_split=Bps(10_001)),
            TermOutOfBounds("terms.default_split", 10_001, 0, 10_000),
        ),
        (terms(challenge_days=2), TermOutOfBounds("terms.challenge_days", 2, 3, 30)),
        (terms(challenge_days=31), TermOutOfBounds("terms.challenge_days", 31, 3, 30)),
        (
            terms(gift_cooldown=731 * DAY),
            TermOutOfBounds("terms.gift_cooldown", 731 * DAY, 0, 730 * DAY),
        ),
        (
            terms(starts_at=NOW - 1),
            TermOutOfBounds("terms.starts_at", NOW - 1, NOW, NOW + 11 * DAY),
        ),
        (
            terms(deliver_by=NOW + 731 * DAY),
            TermOutOfBounds("terms.deliver_by", NOW + 731 * DAY, 0, NOW + 730 * DAY),
        ),
        (
            terms(deliver_by=NOW + 11 * DAY),
            TermOutOfBounds("terms.ends_at", NOW + 11 * DAY, 0, NOW + 11 * DAY - 1),
        ),
        (
            terms(refund_until=NOW + 12 * DAY),
            TermOutOfBounds("terms.refund_until", NOW + 12 * DAY, 0, NOW + 11 * DAY),
        ),
        (terms(resolver=MENTOR), ResolverNotNeutral(MENTOR)),
        (terms(resolver=ZERO_ADDRESS), ResolverNotNeutral(ZERO_ADDRESS)),
        (terms(payout=RESOLVER), ResolverNotNeutral(RESOLVER)),
        (terms(verifier=MENTOR), VerifierIsMentor(MENTOR)),
        (terms(currency=TOKEN), CurrencyNotAllowed(TOKEN)),
        (
            terms(policy=TransferPolicy.OPEN, toll=Bps(0)),
            TermOutOfBounds("terms.gift_cooldown", DAY, 0, 0),
        ),
        (
            terms(policy=TransferPolicy.OPEN, gift_cooldown=0),
            TermOutOfBounds("terms.toll", 500, 0, 0),
        ),
        (tier(cap=0), TermOutOfBounds("tiers[0].cap", 0, 1, 99_999)),
        (tier(cap=100_000), TermOutOfBounds("tiers[0].cap", 100_000, 1, 99_999)),
        (
            tier(list_price=Wei(2**80)),
            TermOutOfBounds("tiers[0].list_price", 2**80, 0, 2**80 - 1),
        ),
        (phase(price=Wei(101)), TermOutOfBounds("phases[0].price", 101, 0, 100)),
        (phase(supply=11), TermOutOfBounds("phases[0].supply", 11, 0, 10)),
        (phase(reserved=True), TermOutOfBounds("phases[0].supply", 0, 1, 10)),
        (phase(tier=TierIndex(1)), TermOutOfBounds("phases[0].tier", 1, 0, 0)),
        (
            phase(opens=NOW + 10 * DAY),
            TermOutOfBounds("phases[0].opens", NOW + 10 * DAY, 0, NOW + 9 * DAY),
        ),
        (
            phase(closes=NOW + 12 * DAY),
            TermOutOfBounds("phases[0].closes", NOW + 12 * DAY, NOW, NOW + 11 * DAY),
        ),
        (
            phase(wallet_limit=65_536),
            TermOutOfBounds("phases[0].wallet_limit", 65_536, 0, 65_535),
        ),
        *(
            (
                phase(gate=gate, gate_data=data),
                GateDataUnfit(gate, data, "phases[0].gate_data"),
            )
            for gate, data in (
                (Gate.ALLOWLIST, bytes(32)),
                (Gate.PASS, bytes(32)),
                (Gate.PASS, b"\x01".rjust(12, b"\0") + bytes(20)),
                (Gate.SEAT, bytes(32)),
                (Gate.SEAT, (2**64).to_bytes(32, "big")),
            )
        ),
        (replace(OFFER, phases=()), TermOutOfBounds("phases", 0, 1, 16)),
        (replace(OFFER, phases=OFFER.phases * 17), TermOutOfBounds("phases", 17, 1, 16)),
        (replace(OFFER, tiers=OFFER.tiers * 11), TermOutOfBounds("tiers", 11, 1, 10)),
    ],
)
def test_each_broken_term_is_named_with_its_bounds(offer: NewDrop, broken: object) -> None:
    assert broken_terms(offer, MENTOR, NOW) == (broken,)


def test_all_broken_terms_are_found_at_once() -> None:
    offer = terms(royalty=Bps(9_999), toll=Bps(9_999), resolver=MENTOR, challenge_days=0)
    found = {fault.path for fault in broken_terms(offer, MENTOR, NOW)}
    assert found == {"terms.royalty", "terms.toll", "terms.resolver", "terms.challenge_days"}


def test_promises_of_one_tier_fit_its_cap_together() -> None:
    held_back = replace(OFFER.phases[0], reserved=True, supply=6)
    offer = replace(OFFER, phases=(held_back, held_back))
    assert broken_terms(offer, MENTOR, NOW) == (TermOutOfBounds("tiers[0].reserved", 12, 0, 10),)


def test_an_allowed_currency_and_an_accepted_fee_are_not_broken() -> None:
    assert broken_terms(terms(currency=TOKEN), MENTOR, NOW, {TOKEN}, Bps(1_000)) == ()


def test_a_fee_above_what_the_mentor_accepts_is_broken() -> None:
    broken = broken_terms(terms(max_fee=Bps(100)), MENTOR, NOW, fee=Bps(250))
    assert broken == (FeeAboveMax(Bps(250), Bps(100)),)


def test_every_broken_term_says_what_would_be_right() -> None:
    faults: tuple[BrokenTerm, ...] = (
        TermOutOfBounds("terms.royalty", 2_001, 0, 2_000),
        TermOutOfBounds("terms.ends_at", 5, 0, -1),
        ResolverNotNeutral(MENTOR),
        VerifierIsMentor(MENTOR),
        CurrencyNotAllowed(TOKEN),
        GateDataUnfit(Gate.PASS, bytes(32), "phases[0].gate_data"),
        FeeAboveMax(Bps(250), Bps(100)),
    )
    for fault in faults:
        assert fault.sentence.startswith(fault.path)
        assert fault.sentence.endswith(".")
