from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.domain.addresses import ChecksumAddress
from marketplace.domain.ids import DropId, PhaseIndex
from marketplace.domain.money import Bps, Wei
from marketplace.domain.words import HeldWord, PlatformWord, SeatFlag, SeatWord, WordError


def plain(octets: bytes) -> ChecksumAddress:
    """An address without its checksum: these tests compare numbers."""
    return ChecksumAddress(f"0x{octets.hex()}")


addresses = st.binary(min_size=20, max_size=20).map(plain)


@given(
    st.builds(
        SeatWord,
        moved_at=st.integers(0, 2**40 - 1),
        epoch=st.integers(0, 2**32 - 1),
        phase=st.integers(0, 255).map(PhaseIndex),
        flags=st.integers(0, 31).map(SeatFlag),
    )
)
def test_a_seat_survives_packing(seat: SeatWord) -> None:
    assert SeatWord.decode(seat.encode()) == seat


@given(st.builds(HeldWord, amount=st.integers(0, 2**96 - 1).map(Wei), beneficiary=addresses))
def test_what_is_held_survives_packing(held: HeldWord) -> None:
    assert HeldWord.decode(held.encode(), plain) == held


@given(
    st.builds(
        PlatformWord,
        treasury=addresses,
        fee=st.integers(0, 2**16 - 1).map(Bps),
        drop_count=st.integers(0, 2**64 - 1).map(DropId),
    )
)
def test_the_platform_survives_packing(platform: PlatformWord) -> None:
    assert PlatformWord.decode(platform.encode(), plain) == platform


@pytest.mark.parametrize("word", [1 << 88, 32 << 80, 1 << 96])
def test_a_seat_of_another_version_is_refused(word: int) -> None:
    with pytest.raises(WordError):
        SeatWord.decode(word)


def test_spare_bits_of_the_platform_are_refused() -> None:
    with pytest.raises(WordError, match="Spare bits"):
        PlatformWord.decode(1 << 240, plain)
