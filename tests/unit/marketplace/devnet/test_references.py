from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from marketplace.devnet.errors import InvalidParams
from marketplace.devnet.references import TAGS, BlockHash, read_number_or_tag, read_reference

if TYPE_CHECKING:
    from marketplace.devnet.quantities import Json

HASH = "0x" + "ab" * 32


@pytest.mark.parametrize("tag", TAGS)
def test_a_tag_stands_for_itself(tag: str) -> None:
    assert read_reference(tag, "block") == tag


@pytest.mark.parametrize(
    "value", [HASH, {"blockHash": HASH}, {"blockHash": HASH, "requireCanonical": True}]
)
def test_a_hash_may_stand_alone_or_in_an_object(value: Json) -> None:
    reference = read_reference(value, "block")
    assert isinstance(reference, BlockHash)
    assert reference.value == bytes.fromhex("ab" * 32)


@pytest.mark.parametrize("value", ["0x1f", {"blockNumber": "0x1f"}])
def test_a_number_may_stand_alone_or_in_an_object(value: Json) -> None:
    assert read_reference(value, "block") == 31


@pytest.mark.parametrize(
    "value",
    ["newest", "31", 31, None, {}, {"blockHash": HASH, "blockNumber": "0x1"}, {"number": "0x1"}],
)
def test_anything_else_is_refused(value: Json) -> None:
    with pytest.raises(InvalidParams):
        read_reference(value, "block")


def test_a_hash_is_no_number() -> None:
    with pytest.raises(InvalidParams):
        read_number_or_tag({"blockHash": HASH}, "block number")
