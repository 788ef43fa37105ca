from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from marketplace.domain.drop import Gate
from marketplace.domain.ids import TierIndex
from marketplace.domain.money import Wei
from marketplace.domain.words import PhaseWord, TierWord

prices = st.integers(0, 2**80 - 1).map(Wei)
counts = st.integers(0, 2**24 - 1)
seconds = st.integers(0, 2**40 - 1)


@given(
    st.builds(
        TierWord,
        list_price=prices,
        escrowed=st.integers(0, 2**104 - 1).map(Wei),
        cap=counts,
        issued=counts,
        live=counts,
    )
)
def test_a_tier_survives_packing(tier: TierWord) -> None:
    assert TierWord.decode(tier.encode()) == tier


@given(
    st.builds(
        PhaseWord,
        price=prices,
        opens=seconds,
        closes=seconds,
        supply=counts,
        sold=counts,
        wallet_limit=st.integers(0, 2**16 - 1),
        tier=st.integers(0, 255).map(TierIndex),
        gate=st.sampled_from(Gate),
        reserves=st.integers(0, 2**16 - 1),
    )
)
def test_a_phase_survives_packing(phase: PhaseWord) -> None:
    assert PhaseWord.decode(phase.encode()) == phase


def test_a_phase_lies_where_the_contract_puts_it() -> None:
    phase = PhaseWord(
        price=Wei(5),
        opens=6,
        closes=7,
        supply=8,
        sold=1,
        wallet_limit=9,
        tier=TierIndex(2),
        gate=Gate.SEAT,
        reserves=4,
    )
    assert phase.encode() == (
        5 | 6 << 80 | 7 << 120 | 8 << 160 | 1 << 184 | 9 << 208 | 2 << 224 | 3 << 232 | 4 << 240
    )
