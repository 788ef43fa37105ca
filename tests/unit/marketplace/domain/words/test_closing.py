from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.domain.money import Bps, Wei
from marketplace.domain.words import ClosingWord, WordError


@given(
    st.builds(
        ClosingWord,
        asserted_at=st.integers(0, 2**40 - 1),
        disputed_at=st.integers(0, 2**40 - 1),
        open_face=st.integers(0, 2**104 - 1).map(Wei),
        split=st.integers(0, 2**16 - 1).map(Bps),
    )
)
def test_the_end_of_a_drop_survives_packing(closing: ClosingWord) -> None:
    assert ClosingWord.decode(closing.encode()) == closing


def test_each_field_stands_in_its_place() -> None:
    closing = ClosingWord(asserted_at=1, disputed_at=2, open_face=Wei(3), split=Bps(4))
    assert closing.encode() == 1 | 2 << 40 | 3 << 80 | 4 << 184


@pytest.mark.parametrize("word", [1 << 200, 1 << 256])
def test_a_word_of_another_version_is_refused(word: int) -> None:
    with pytest.raises(WordError):
        ClosingWord.decode(word)
