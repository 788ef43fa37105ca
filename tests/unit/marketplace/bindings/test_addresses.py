from __future__ import annotations

import pytest

from marketplace.bindings.addresses import InvalidAddress, checksum_address, parse_address

ADA = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC"


@pytest.mark.parametrize("text", [ADA, ADA.lower(), f"0x{ADA[2:].upper()}"])
def test_an_address_gets_its_checksum(text: str) -> None:
    assert parse_address(text) == ADA
    assert checksum_address(bytes.fromhex(text[2:])) == ADA


@pytest.mark.parametrize("text", ["", "ada.eth", ADA[2:], ADA[:-1], f"{ADA}0", "0x" + "g" * 40])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(InvalidAddress, match="it is not 0x and 40 hex digits"):
        parse_address(text)


def test_a_mistyped_digit_is_found_by_the_checksum() -> None:
    with pytest.raises(InvalidAddress, match="its checksum is wrong"):
        parse_address(ADA.replace("3C44", "3C45"))
