"""The typed data of a listing, as wallets and libraries take it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from eth_account.messages import encode_typed_data
from eth_utils.crypto import keccak

from marketplace.domain.ids import MAX_UINT256
from marketplace.domain.listing import Listing
from marketplace.domain.money import Wei
from tests.integration.api.trading import (
    FACE,
    Members,
    list_seat,
    market_of_two,
    members,
    prepared_list,
    signed,
)
from tests.integration.marketplace.steering import NodeSteering
from tests.integration.marketplace.world import address_of

if TYPE_CHECKING:
    from tests.integration.api.live import Live


def digest_by_library(typed_data: Members) -> str:
    message = encode_typed_data(full_message=typed_data)
    hashed = keccak(b"\x19" + message.version + message.header + message.body)
    return f"0x{hashed.hex()}"


def test_a_library_and_the_contract_hash_the_typed_data_alike(live: Live) -> None:
    seat, _ = market_of_two(live)
    for changes in ({}, {"taker": address_of("bo")}):
        prepared = prepared_list(live, "ada", seat, FACE, **changes)
        message = prepared["listing"]
        listing = Listing(
            seat=seat,
            price=Wei(int(message["price"])),
            epoch=int(message["epoch"]),
            seller=address_of("ada"),
            counter=int(message["counter"]),
            terms_version=int(message["terms_version"]),
            taker=message["taker"],
            expiry=int(message["expiry"]),
        )
        on_chain = live.market.contract.digest_of(listing)
        assert prepared["digest"] == f"0x{on_chain.hex()}"
        assert digest_by_library(prepared["typed_data"]) == prepared["digest"]


def test_a_wallet_signs_the_typed_data_as_it_is(live: Live) -> None:
    seat, _ = market_of_two(live)
    prepared = prepared_list(live, "ada", seat)
    steering = live.market.steering
    assert isinstance(steering, NodeSteering)
    text = json.dumps(prepared["typed_data"])
    signature = steering.ask("eth_signTypedData_v4", address_of("ada"), text)
    body = prepared["listing"] | {"signature": signature}
    members(live.api.post("/v1/listings", json=body), 201)


def test_no_number_of_the_message_is_a_json_number(live: Live) -> None:
    """A counter has up to 224 bits, and a JSON number is a float to half of its readers."""
    market_of_two(live)
    live.market.send("ada", live.market.contract.bump_counter())
    live.mirror()
    prepared = prepared_list(live, "ada", 1_000_001)
    typed = prepared["typed_data"]
    assert int(typed["message"]["counter"]) > 2**64
    assert all(isinstance(value, str) for value in typed["message"].values())
    assert set(typed) == {"types", "primaryType", "domain", "message"}
    assert set(typed["types"]) == {"EIP712Domain", typed["primaryType"]}
    named = [one["name"] for one in typed["types"]["EIP712Domain"]]
    assert named == list(typed["domain"]) == ["name", "version", "chainId", "verifyingContract"]
    assert [one["name"] for one in typed["types"]["Listing"]] == list(typed["message"])
    assert digest_by_library(typed) == prepared["digest"]
    members(live.api.post("/v1/listings", json=signed(prepared, "ada")), 201)


def test_amounts_are_strings_everywhere(live: Live) -> None:
    seat, _ = market_of_two(live)
    listed = list_seat(live, "ada", seat)
    for name in ("seat", "price_wei", "royalty_wei", "face_wei"):
        assert isinstance(listed[name], str), name
    assert all(isinstance(value, str) for value in listed["message"].values())
    assert int(listed["message"]["price"]) <= MAX_UINT256
