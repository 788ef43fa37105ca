from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.bindings.addresses import checksum_address
from marketplace.bindings.reverts import SignatureInvalid
from marketplace.domain.ids import MAX_UINT256, SeatId
from marketplace.domain.listing import Listing
from marketplace.domain.money import Wei
from marketplace.orders.listings import is_signed_by_seller, listing_digest
from marketplace.orders.transport import SignedListing, listing_from_json, listing_to_json
from tests.integration.marketplace.world import Market, address_of

words = st.integers(0, MAX_UINT256)
addresses = st.binary(min_size=20, max_size=20).map(checksum_address)
listings = st.builds(
    Listing,
    seat=words.map(SeatId),
    price=words.map(Wei),
    epoch=words,
    seller=addresses,
    counter=words,
    terms_version=words,
    expiry=words,
    taker=addresses,
)


@settings(max_examples=settings().max_examples // 2)
@given(listing=listings)
def test_any_listing_has_the_contracts_own_digest(
    devnet_deployed: Market, listing: Listing
) -> None:
    contract = devnet_deployed.contract
    digest = listing_digest(listing, devnet_deployed.chain_id, contract.address)
    assert digest == contract.digest_of(listing)


def test_a_digest_is_the_same_on_every_chain(market: Market) -> None:
    listing = market.listing(market.seat, "ada")
    digest = listing_digest(listing, market.chain_id, market.contract.address)
    assert digest == market.contract.digest_of(listing)


def test_a_listing_is_bought_after_its_journey(market: Market) -> None:
    listing = market.listing(market.seat, "ada")
    text = listing_to_json(SignedListing(listing, market.sign(listing, "ada")))
    arrived = listing_from_json(text)
    market.send("bo", market.contract.buy(arrived.listing, arrived.signature))
    assert market.contract.owner_of(market.seat) == address_of("bo")


def test_contract_and_library_refuse_the_same_signatures(devnet: Market) -> None:
    listing = devnet.listing(devnet.seat, "ada")
    good = devnet.sign(listing, "ada")
    other = devnet.sign(replace(listing, epoch=1), "ada")
    order = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
    mirrored = (order - int.from_bytes(good[32:64], "big")).to_bytes(32, "big")
    refused = {
        "compact": good[:64],
        "v of 0 or 1": good[:64] + bytes([good[64] - 27]),
        "high s": good[:32] + mirrored + bytes([55 - good[64]]),
        "too long": good + b"\0",
        "another listing's": other,
        "somebody else's": devnet.sign(listing, "bo"),
    }
    for form, signature in refused.items():
        known = is_signed_by_seller(listing, signature, devnet.chain_id, devnet.contract.address)
        assert not known, form
        with pytest.raises(SignatureInvalid):
            devnet.sender("bo").simulate(devnet.contract.buy(listing, signature))
    assert is_signed_by_seller(listing, good, devnet.chain_id, devnet.contract.address)
    devnet.sender("bo").simulate(devnet.contract.buy(listing, good))
