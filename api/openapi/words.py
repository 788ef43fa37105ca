"""What members are that many schemas have, and that mean the same in all of them.

Owns those words, once. A member that means something of its own is described beside its field, and
that goes before. Refuses words for what only one member is called.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from api.openapi.schemas import members_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.openapi.schemas import Json

_AMOUNT: Final = "in the smallest unit of the drop's currency (wei where that is ETH), as digits"

WORDS: Final[Mapping[str, str]] = {
    # Where on the chain an answer is at home.
    "as_of_block": "Number of the block that this rests on.",
    "block_hash": "Hash of that block: `0x` and 64 lower-case hex digits.",
    "block_number": "Number of the block in which it happened.",
    "chain_id": "EIP-155 id of the chain.",
    "contract": "Address of the market's contract, with its ERC-55 checksum.",
    "hash": "Hash of the block: `0x` and 64 lower-case hex digits.",
    # Which thing it is about.
    "drop": "The drop's number in the contract, from 1.",
    "tier": "The tier's number in its drop, from 0 to 9.",
    "phase": "The phase's number in its drop, from 0 to 15.",
    "session": "The session's number in its drop's terms, from 1.",
    "seat": "The seat's token id, as digits: 7200013 is drop 7, tier 2, seat 13.",
    "product": "Id of the product: `0x` and 64 hex digits, the same on every chain.",
    "listing": "Id of the listing: its EIP-712 digest; of one that the chain keeps, its seat, a "
    "dash and the digest.",
    "offer": "Id of the offer: its EIP-712 digest, `0x` and 64 hex digits.",
    # Who has a part in it: every account is 0x and 40 hex digits.
    "mentor": "Account of the mentor, who created the drop, with its ERC-55 checksum.",
    "seller": "Account that sells the seat and is paid, with its ERC-55 checksum.",
    "buyer": "Account that pays and gets the seat, with its ERC-55 checksum.",
    "recipient": "Account that gets what is given away.",
    # What was promised when a drop was created.
    "state": "How far the drop is.",
    "policy": "How the drop's seats may change hands.",
    "terms_hash": "keccak256 of the drop's published terms: `0x` and 64 hex digits.",
    "terms_version": "Version of the drop's terms, which a postponement raises: what was signed "
    "for another one is dead.",
    "starts_at": "When the first session of the drop begins, in UTC.",
    "ends_at": "When the last session of the drop ends, in UTC.",
    "deliver_by": "The last second in which the mentor may report delivery, in UTC.",
    "refund_until": "The last second in which a seat may be given back, in UTC.",
    "challenge_days": "Days after the report of delivery in which holders may object.",
    "gift_cooldown_s": "Seconds for which a seat must have been held before it is given away.",
    "gate": "What opens the phase.",
    "opens_at": "The first second in which the phase sells, in UTC.",
    "closes_at": "The last second in which the phase sells, in UTC.",
    "cap": "How many seats of the tier may live at once; it can only fall.",
    "live": "How many seats there are now: issued, and not given back.",
    "issued": "How many seats were ever minted or granted; those given back count.",
    "quantity": "How many seats.",
    "prices": "The list price of each tier.",
    # Money is digits in a string: a uint256 is more than a JSON number holds.
    "price_wei": f"Price of a seat, {_AMOUNT}.",
    "list_price_wei": f"The most that a seat of the tier costs in any phase, {_AMOUNT}.",
    "royalty_wei": f"The mentor's part of the price, rounded down, {_AMOUNT}.",
    "seller_net_wei": f"What the seller receives: the price less the royalty, {_AMOUNT}.",
    "face_wei": f"What was paid for the seat at its mint, {_AMOUNT}; 0: it was granted.",
    "escrow_wei": f"What waits in escrow until delivery, {_AMOUNT}.",
    # What is signed: uint256 as digits.
    "price": f"The price that is signed, {_AMOUNT}.",
    "least_face": f"A seat for which less was paid at its mint does not do, {_AMOUNT}.",
    "epoch": "The seat's epoch as digits, which rises with each change of owner and each "
    "cancelling: what was signed for another one is dead.",
    "counter": "The signer's counter as digits, which `POST /v1/tx/bump-counter` raises: what was "
    "signed for another one is dead.",
    "nonce": "Number of the buyer's choice as digits, used up by the sale or by "
    "`POST /v1/tx/cancel-offer`.",
    "expiry": "Unix second as digits, the last at which the signature counts.",
    "digest": "EIP-712 digest that is signed: `0x` and 64 hex digits.",
    "typed_data": "The message to be signed, as it is.",
    "expires_in_s": "Seconds from now for which it counts: from a minute to 30 days.",
    # What an answer adds for whoever reads it.
    "summary": "What is signed, in words for people.",
    "sentence": "The same in a sentence for people.",
    "warnings": "What to think about before signing; empty: nothing.",
    "decision": "What the gate has said, and on which block.",
    "condition": "What the seat still contains at the answer's block.",
    "title": "What people call it: one line of text, never markup.",
    "format": "What kind of thing is taught, as `drop session`.",
    "created_at": "When it was made, in UTC.",
    "expires_at": "From when on it opens nothing, in UTC; it may be ended earlier.",
    "joined_at": "When the place was taken, in UTC.",
    "ended": "What has ended the place; null: it goes on.",
    "url": "Address that messages are sent to: https, on a public host.",
    "events": "What it is told of.",
}
"""By the member's name."""


def say_members(document: Json) -> None:
    """Describe every member that its model leaves undescribed and that the words know."""
    for _, name, member in members_of(document):
        if not member.get("description") and name in WORDS:
            member["description"] = WORDS[name]
