from __future__ import annotations

import pytest

from api.etags import has_current, quoted

TAG = quoted("0xab")


@pytest.mark.parametrize(
    "header", ['"0xab"', 'W/"0xab"', '"x", "0xab"', ' "x" ,W/"0xab","y"', "*", " * "]
)
def test_a_client_that_names_the_tag_has_the_bytes(header: str) -> None:
    assert has_current(header, TAG)


@pytest.mark.parametrize(
    "header", [None, "", "0xab", '"0xa"', '"0xabc"', '"x", "y"', '"0xab', "**"]
)
def test_any_other_client_does_not(header: str | None) -> None:
    assert not has_current(header, TAG)
