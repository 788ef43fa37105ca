from __future__ import annotations

import pytest

from marketplace.bindings.names import error_class_names, snake_name


@pytest.mark.parametrize(
    ("solidity", "python"),
    [
        ("seat", "seat"),
        ("maxTotal", "max_total"),
        ("from", "from_"),
        ("tokenURI", "token_uri"),
        ("SeatMarket_ListingExpired", "seat_market_listing_expired"),
        ("TransferToNonERC721ReceiverImplementer", "transfer_to_non_erc721_receiver_implementer"),
    ],
)
def test_a_name_is_written_in_snake_case(solidity: str, python: str) -> None:
    assert snake_name(solidity) == python


def test_a_room_is_named_only_where_two_rooms_share_a_name() -> None:
    names = ("SeatDrops_Paused", "SeatMarket_Paused", "SeatMarket_Granted", "Reentrancy")
    assert error_class_names(names) == {
        "SeatDrops_Paused": "SeatDropsPaused",
        "SeatMarket_Paused": "SeatMarketPaused",
        "SeatMarket_Granted": "Granted",
        "Reentrancy": "Reentrancy",
    }
