from __future__ import annotations

import base64
import json

import pytest

from marketplace.bindings.pictures import PictureUnreadable, image_of, metadata_of

SVG = "<svg xmlns='http://www.w3.org/2000/svg'><text>é</text></svg>"


def data_address(kind: str, octets: bytes) -> str:
    """A `data:` address as the contract writes it."""
    return f"data:{kind};base64,{base64.b64encode(octets).decode()}"


METADATA = json.dumps({"image": data_address("image/svg+xml", SVG.encode())})
TOKEN_URI = data_address("application/json", METADATA.encode())


def test_metadata_and_picture_are_decoded() -> None:
    assert metadata_of(TOKEN_URI) == METADATA
    assert image_of(METADATA) == SVG


@pytest.mark.parametrize(
    "address",
    [
        "",
        "https://example.org/1",
        "data:text/plain;base64,eA==",
        "data:application/json;base64,e*==",
        "data:application/json;base64,é",
        data_address("application/json", b"\xff"),
    ],
)
def test_another_kind_of_address_is_refused(address: str) -> None:
    with pytest.raises(PictureUnreadable, match="The contract gave no application/json"):
        metadata_of(address)


@pytest.mark.parametrize(
    "metadata", ["", "[]", "{}", '{"image": 1}', '{"image": "https://example.org/1.svg"}']
)
def test_metadata_without_a_picture_of_its_own_is_refused(metadata: str) -> None:
    with pytest.raises(PictureUnreadable, match=r"The contract gave no image/svg\+xml"):
        image_of(metadata)
