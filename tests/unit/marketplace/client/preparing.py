"""What an honest API prepares, as JSON; tests spoil one member of it.

Owns one seat, one listing and one market. Refuses to read them: tests do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from marketplace.bindings.actions import SeatsActions
from marketplace.domain.addresses import ETH
from marketplace.domain.drop import MintRequest
from marketplace.domain.ids import DropId, PhaseIndex, SeatId
from marketplace.domain.listing import Listing
from marketplace.domain.money import Wei
from marketplace.orders.listings import listing_digest, sign_listing, typed_listing
from tests.unit.marketplace.client.told import ADA, BLOCK_HASH, BO, LATER, MARKET

if TYPE_CHECKING:
    from marketplace.bindings.transactions import PreparedTransaction
    from marketplace.domain.addresses import ChecksumAddress

ACTIONS: Final = SeatsActions(MARKET.contract)
DROP: Final = DropId(1)
PHASE: Final = PhaseIndex(0)
SEAT: Final = SeatId(1_000_001)
PRICE: Final = Wei(5 * 10**16)
LISTING: Final = Listing(
    seat=SEAT, price=PRICE, epoch=1, seller=ADA.address, counter=0, terms_version=1, expiry=2**31
)
SIGNATURE: Final = sign_listing(ADA, LISTING, MARKET.chain_id, MARKET.contract)
DIGEST: Final = f"0x{listing_digest(LISTING, MARKET.chain_id, MARKET.contract).hex()}"
MINT: Final = ACTIONS.mint(
    MintRequest(drop=DROP, phase=PHASE, recipient=BO.address, quantity=2, max_total=PRICE), PRICE
)
BUY: Final = ACTIONS.buy(LISTING, SIGNATURE)

Json = dict[str, object]


def in_ether(amount: int) -> Json:
    """An amount of ETH as the API writes it."""
    return {"amount": str(amount), "currency": ETH}


def prepared(
    transaction: PreparedTransaction, sender: ChecksumAddress = BO.address, **more: object
) -> Json:
    """A transaction as the API prepares it."""
    body: Json = {
        "chain_id": MARKET.chain_id,
        "from": sender,
        "to": transaction.to,
        "data": f"0x{transaction.data.hex()}",
        "value_wei": str(transaction.value),
        "summary": "Whatever the API says",
        "expires_at": LATER,
        "total_wei": str(transaction.value),
        "pays": [in_ether(transaction.value)] if transaction.value else [],
        "as_of_block": 7,
        "block_hash": BLOCK_HASH,
    }
    return body | more


def condition() -> Json:
    """What a seat contains as the API writes it."""
    return {
        "checked_in": False,
        "face_wei": "1",
        "held_wei": "0",
        "refund_wei": "1",
        "refund_until": LATER,
        "on_failure_wei": "1",
        "claimable_wei": "0",
        "programme": {
            "in_all": 1,
            "attended": 1,
            "past": 0,
            "to_come": 0,
            "office_hours": {"in_all": 0, "used": 0, "left": 0},
            "recordings": 2,
            "binding_session": 1,
            "sessions": [
                {
                    "session": 1,
                    "title": "The evening",
                    "kind": "session",
                    "starts_at": LATER,
                    "ends_at": LATER,
                    "state": "attended",
                    "attended_at": LATER,
                    "recordings": 2,
                }
            ],
        },
    }


def bought(**more: object) -> Json:
    """A purchase as the API prepares it."""
    figures = {
        "listing": DIGEST,
        "seat": str(int(SEAT)),
        "seller": ADA.address,
        "price_wei": str(PRICE),
        "royalty_wei": "1",
        "face_wei": "1",
        "held_wei": "0",
        "condition": condition(),
        "warnings": [],
    }
    return prepared(BUY) | figures | more


def message(listing: Listing = LISTING) -> dict[str, str]:
    """The members of a listing as the API writes them."""
    return {
        "seat": str(int(listing.seat)),
        "price": str(listing.price),
        "epoch": str(listing.epoch),
        "seller": listing.seller,
        "counter": str(listing.counter),
        "terms_version": str(listing.terms_version),
        "taker": listing.taker,
        "expiry": str(listing.expiry),
    }


def typed(listing: Listing = LISTING, chain_id: int = MARKET.chain_id) -> Json:
    """The message of a listing as `eth_signTypedData_v4` takes it."""
    data = typed_listing(listing, chain_id, MARKET.contract)
    domain = {
        "name": "string",
        "version": "string",
        "chainId": "uint256",
        "verifyingContract": "address",
    }
    types = {"EIP712Domain": tuple(domain.items()), **data.types}
    return {
        "types": {
            name: [{"name": member, "type": kind} for member, kind in members]
            for name, members in types.items()
        },
        "primaryType": "Listing",
        "domain": dict(data.domain),
        "message": {name: str(value) for name, value in data.message.items()},
    }


def listed(*, stored: bool = False, **more: object) -> Json:
    """A listing as the API prepares it."""
    body: Json = {
        "id": DIGEST,
        "digest": DIGEST,
        "listing": message(),
        "typed_data": None if stored else typed(),
        "transaction": prepared(ACTIONS.list_seat(LISTING), ADA.address) if stored else None,
        "summary": "Whatever the API says",
        "price_wei": str(PRICE),
        "royalty_wei": "1",
        "seller_net_wei": "1",
        "face_wei": "1",
        "warnings": [{"name": "below_face", "sentence": "Less than what was paid."}],
        "expires_at": LATER,
        "as_of_block": 7,
        "block_hash": BLOCK_HASH,
    }
    return body | more


def kept() -> Json:
    """A listing that the order book has taken."""
    return {
        "listing": DIGEST,
        "seat": str(int(SEAT)),
        "tier": 0,
        "price_wei": str(PRICE),
        "royalty_wei": "1",
        "face_wei": "1",
        "seller": ADA.address,
        "taker": None,
        "expires_at": LATER,
        "stored": False,
        "condition": condition(),
        "signer": "key",
        "wallet_asked_at": None,
        "turn": None,
        "message": message(),
        "signature": f"0x{SIGNATURE.hex()}",
        "as_of_block": 7,
        "block_hash": BLOCK_HASH,
    }
