from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.domain.addresses import ChecksumAddress
from marketplace.domain.drop import NO_GATE_DATA, DropState, Gate, TransferPolicy
from marketplace.domain.errors import MirrorInconsistent
from marketplace.domain.ids import TierIndex
from marketplace.domain.money import Bps, Wei
from marketplace.domain.words import (
    ArbitrationWord,
    DropWords,
    PhaseWord,
    RulesWord,
    ScheduleWord,
    TierWord,
    WordError,
)


def plain(octets: bytes) -> ChecksumAddress:
    """An address without its checksum: these tests compare numbers."""
    return ChecksumAddress(f"0x{octets.hex()}")


def bits(width: int) -> st.SearchStrategy[int]:
    return st.integers(0, 2**width - 1)


addresses = st.binary(min_size=20, max_size=20).map(plain)
rules_words = st.builds(
    RulesWord,
    state=st.sampled_from(DropState),
    policy=st.sampled_from(TransferPolicy),
    currency_index=bits(8),
    terms_version=bits(8),
    royalty=bits(16).map(Bps),
    toll=bits(16).map(Bps),
    resale_cap=bits(16).map(Bps),
    tier_count=bits(8),
    phase_count=bits(8),
    gift_cooldown=bits(32),
    paused_until=bits(40),
    ends_at=bits(40),
    deliver_by=bits(40),
)
schedule_words = st.builds(
    ScheduleWord,
    mentor=addresses,
    starts_at=bits(40),
    refund_until=bits(40),
    fee=bits(16).map(Bps),
)
arbitration_words = st.builds(
    ArbitrationWord,
    resolver=addresses,
    first_deliver_by=bits(40),
    challenge_days=bits(8),
    postponements=bits(8),
    penalty=bits(16).map(Bps),
    default_split=bits(16).map(Bps),
)


@given(rules_words)
def test_rules_survive_packing(rules: RulesWord) -> None:
    assert RulesWord.decode(rules.encode()) == rules


@given(schedule_words)
def test_the_schedule_survives_packing(schedule: ScheduleWord) -> None:
    assert ScheduleWord.decode(schedule.encode(), plain) == schedule


@given(arbitration_words)
def test_the_arbitration_survives_packing(arbitration: ArbitrationWord) -> None:
    assert ArbitrationWord.decode(arbitration.encode(), plain) == arbitration


RULES = RulesWord(
    state=DropState.LIVE,
    policy=TransferPolicy.BOUND,
    currency_index=0,
    terms_version=0,
    royalty=Bps(1_000),
    toll=Bps(500),
    resale_cap=Bps(10_000),
    tier_count=1,
    phase_count=2,
    gift_cooldown=3_600,
    paused_until=0,
    ends_at=1_000,
    deliver_by=2_000,
)
PHASE = PhaseWord(
    price=Wei(5),
    opens=1,
    closes=900,
    supply=3,
    sold=1,
    wallet_limit=2,
    tier=TierIndex(0),
    gate=Gate.PUBLIC,
    reserves=0,
)
GATED = PhaseWord(
    price=Wei(4),
    opens=1,
    closes=900,
    supply=0,
    sold=0,
    wallet_limit=0,
    tier=TierIndex(0),
    gate=Gate.ALLOWLIST,
    reserves=1,
)
DROP = DropWords(
    rules=RULES,
    schedule=ScheduleWord(mentor=plain(bytes(20)), starts_at=1, refund_until=2, fee=Bps(250)),
    arbitration=ArbitrationWord(
        resolver=plain(b"\x01" * 20),
        first_deliver_by=2_000,
        challenge_days=7,
        postponements=0,
        penalty=Bps(0),
        default_split=Bps(5_000),
    ),
    tiers=(TierWord(list_price=Wei(9), escrowed=Wei(5), cap=10, issued=2, live=1),),
    phases=(PHASE, GATED),
    gate_data=(NO_GATE_DATA, bytes(range(32))),
)


def test_rules_lie_where_the_contract_puts_them() -> None:
    assert RULES.encode() == (
        1
        | 2 << 8
        | 1_000 << 32
        | 500 << 48
        | 10_000 << 64
        | 1 << 80
        | 2 << 88
        | 3_600 << 96
        | 1_000 << 168
        | 2_000 << 208
    )


def test_the_words_of_a_drop_survive_publication() -> None:
    words = DROP.encode()
    assert len(words) == 3 + 1 + 2 + 1
    assert DropWords.decode(words, plain) == DROP


@pytest.mark.parametrize("count", [0, 2, 5, 8])
def test_another_number_of_words_is_refused(count: int) -> None:
    words = (*DROP.encode(), bytes(32))[:count]
    with pytest.raises(WordError, match="words"):
        DropWords.decode(words, plain)


@pytest.mark.parametrize(
    ("word", "said"),
    [
        (1 << 248, "Spare bits"),
        (len(DropState), "choice of another version"),
        (len(TransferPolicy) << 8, "choice of another version"),
        (1 << 256, "not a word of 256 bits"),
        (-1, "not a word of 256 bits"),
    ],
)
def test_a_word_of_another_version_stops_the_reader(word: int, said: str) -> None:
    with pytest.raises(MirrorInconsistent, match=said):
        RulesWord.decode(word)


def test_a_value_that_does_not_fit_is_refused() -> None:
    too_wide = ScheduleWord(mentor=plain(bytes(20)), starts_at=2**40, refund_until=0, fee=Bps(0))
    with pytest.raises(WordError, match="does not fit 40 bits"):
        too_wide.encode()
