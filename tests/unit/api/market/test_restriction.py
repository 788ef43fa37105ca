"""When it is said that the order book alone keeps a drop's audience."""

from __future__ import annotations

from typing import Final

from api.gate.values import Resource
from api.market.restriction import (
    COURTESY,
    courtesy_of,
    warnings_for_bidder,
    warnings_for_seller,
)
from marketplace.domain.addresses import ZERO_ADDRESS, ChecksumAddress
from marketplace.domain.ids import DropId

SOME: Final = Resource("resale 7", DropId(7))
ALL: Final = Resource("resale 7", DropId(7), open_to_all=True)
TAKER: Final = ChecksumAddress(f"0x{1:040x}")


def test_where_resales_are_for_some_all_are_told_what_that_is_worth() -> None:
    assert courtesy_of(SOME) == COURTESY
    for (warned,) in (warnings_for_seller(SOME, ZERO_ADDRESS), warnings_for_bidder(SOME)):
        assert warned.name == "audience_is_a_courtesy"
        assert COURTESY in warned.sentence


def test_where_resales_are_for_everybody_there_is_nothing_to_say() -> None:
    assert courtesy_of(ALL) is None
    assert warnings_for_seller(ALL, ZERO_ADDRESS) == warnings_for_bidder(ALL) == ()


def test_what_the_contract_holds_is_not_called_a_courtesy() -> None:
    assert warnings_for_seller(SOME, TAKER) == ()
