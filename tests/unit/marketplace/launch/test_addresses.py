from __future__ import annotations

import pytest

from marketplace.launch.addresses import read_address
from marketplace.launch.units import Unclear


@pytest.mark.parametrize(
    "value",
    [
        5,
        "",
        "0x",
        "ada.eth",
        "0x23618e81E3f5cdF7f54C3d65f7FBc0aBf5B21E8",
        "23618e81E3f5cdF7f54C3d65f7FBc0aBf5B21E8f",
        "0x23618e81e3f5cdf7f54c3d65f7fbc0abf5b21e8f",
    ],
)
def test_what_is_not_surely_an_address_is_refused(value: object) -> None:
    with pytest.raises(Unclear):
        read_address(value)
