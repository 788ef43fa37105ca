from __future__ import annotations

from dataclasses import replace

import pytest
from eth_account import Account
from eth_account.messages import encode_typed_data

from marketplace.chain.keys import signer_of_key
from marketplace.devnet.accounts import account_named
from marketplace.domain.addresses import ChecksumAddress
from marketplace.domain.ids import SeatId
from marketplace.domain.listing import Listing
from marketplace.domain.money import Wei
from marketplace.orders.listings import (
    is_signed_by_seller,
    listing_digest,
    sign_listing,
    signer_of,
    typed_listing,
)

ADA = signer_of_key(account_named("ada").private_key)
BO = signer_of_key(account_named("bo").private_key)
CHAIN = 31337
MARKET = ChecksumAddress("0x9fE46736679d2D9a65F0992F2272dE9f3c7fa6e0")
LISTING = Listing(
    seat=SeatId(7_200_013),
    price=Wei(10**17),
    epoch=3,
    seller=ADA.address,
    counter=2**128 + 5,
    terms_version=1,
    expiry=1_800_000_000,
)
SIGNATURE = sign_listing(ADA, LISTING, CHAIN, MARKET)
ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141


def test_the_sellers_signature_is_recognised() -> None:
    assert len(SIGNATURE) == 65
    assert signer_of(LISTING, SIGNATURE, CHAIN, MARKET) == ADA.address
    assert is_signed_by_seller(LISTING, SIGNATURE, CHAIN, MARKET)


def test_somebody_elses_signature_is_not_the_sellers() -> None:
    forged = sign_listing(BO, LISTING, CHAIN, MARKET)
    assert signer_of(LISTING, forged, CHAIN, MARKET) == BO.address
    assert not is_signed_by_seller(LISTING, forged, CHAIN, MARKET)


@pytest.mark.parametrize(
    "changed",
    [
        replace(LISTING, seat=SeatId(7_200_014)),
        replace(LISTING, price=Wei(1)),
        replace(LISTING, epoch=4),
        replace(LISTING, counter=0),
        replace(LISTING, terms_version=2),
        replace(LISTING, expiry=LISTING.expiry + 1),
        replace(LISTING, taker=BO.address),
    ],
)
def test_a_changed_listing_has_another_digest_and_no_signature(changed: Listing) -> None:
    assert listing_digest(changed, CHAIN, MARKET) != listing_digest(LISTING, CHAIN, MARKET)
    assert not is_signed_by_seller(changed, SIGNATURE, CHAIN, MARKET)


def test_a_signature_counts_on_one_chain_and_one_contract() -> None:
    assert not is_signed_by_seller(LISTING, SIGNATURE, CHAIN + 1, MARKET)
    assert not is_signed_by_seller(LISTING, SIGNATURE, CHAIN, BO.address)


def high_s(signature: bytes) -> bytes:
    """The other signature that the same key could have given for the same digest."""
    s = ORDER - int.from_bytes(signature[32:64], "big")
    return signature[:32] + s.to_bytes(32, "big") + bytes([55 - signature[64]])


@pytest.mark.parametrize(
    "signature",
    [
        b"",
        SIGNATURE[:64],
        SIGNATURE + b"\0",
        SIGNATURE[:64] + bytes([SIGNATURE[64] - 27]),
        SIGNATURE[:64] + bytes([29]),
        high_s(SIGNATURE),
        bytes(64) + b"\x1b",
        b"\xff" * 32 + SIGNATURE[32:],
    ],
    ids=["empty", "compact", "long", "v0", "v29", "high s", "zero", "r beyond the order"],
)
def test_a_form_that_the_contract_refuses_is_nobodys_signature(signature: bytes) -> None:
    assert signer_of(LISTING, signature, CHAIN, MARKET) is None


def test_the_message_is_what_a_wallet_is_given() -> None:
    data = typed_listing(LISTING, CHAIN, MARKET)
    full = {
        "types": {
            "EIP712Domain": [
                {"name": "name", "type": "string"},
                {"name": "version", "type": "string"},
                {"name": "chainId", "type": "uint256"},
                {"name": "verifyingContract", "type": "address"},
            ],
            **data.member_dicts(),
        },
        "primaryType": "Listing",
        "domain": dict(data.domain),
        "message": dict(data.message),
    }
    signable = encode_typed_data(full_message=full)
    assert Account.recover_message(signable, signature=SIGNATURE) == ADA.address
