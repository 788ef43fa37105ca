"""What dan and eve sign: a listing, two offers, a check-in and a pass.

Owns the messages and what follows from them by the project's own rules: typed data, digests and
the transactions that carry them. Signatures only look like such: no key is known here. Refuses
answers: `market` and its neighbours have them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from api.actions.answers import AmountAnswer, PreparedAnswer
from api.actions.steps import Amount
from api.actions.trying import QUOTE_S
from api.actions.typed_data import TypedDataAnswer
from api.openapi.examples.story import (
    CHAIN_ID,
    CONTRACT,
    COUNTER,
    CURRENCY,
    DAN,
    DROP,
    EPOCH,
    EVE,
    EVENING,
    EXPIRY,
    FACE,
    GUESTS,
    HEAD,
    NOW,
    OFFER_NONCE,
    PRICE,
    SEAT,
    TERMS_VERSION,
    TIER,
    block_hash,
    signed,
)
from api.wire import moment
from marketplace.bindings.actions import SeatsActions
from marketplace.domain.admission import CheckIn, Pass
from marketplace.domain.listing import Listing
from marketplace.domain.offer import SeatOffer, TierOffer
from marketplace.orders.check_ins import typed_check_in
from marketplace.orders.listings import typed_listing
from marketplace.orders.messages import digest_of
from marketplace.orders.offers import typed_offer
from marketplace.orders.passes import typed_pass

if TYPE_CHECKING:
    from api.openapi.examples.story import Object
    from marketplace.bindings.transactions import PreparedTransaction
    from marketplace.chain.keys import TypedData
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.money import Wei

CALLS: Final = SeatsActions(CONTRACT)
"""Every action of the contract, as a transaction to be signed."""

LISTING: Final = Listing(
    seat=SEAT,
    price=PRICE,
    epoch=EPOCH,
    seller=DAN,
    counter=COUNTER,
    terms_version=TERMS_VERSION,
    expiry=EXPIRY,
)
SEAT_OFFER: Final = SeatOffer(
    seat=SEAT,
    price=PRICE,
    epoch=EPOCH,
    buyer=EVE,
    counter=COUNTER,
    terms_version=TERMS_VERSION,
    nonce=OFFER_NONCE,
    expiry=EXPIRY,
)
TIER_OFFER: Final = TierOffer(
    drop=DROP,
    tier=TIER,
    least_face=FACE,
    price=PRICE,
    buyer=EVE,
    counter=COUNTER,
    terms_version=TERMS_VERSION,
    nonce=OFFER_NONCE + 1,
    expiry=EXPIRY,
)
CHECK_IN: Final = CheckIn(seat=SEAT, epoch=EPOCH + 1, expiry=EVENING + 600)
PASS: Final = Pass(
    drop=DROP, phase=GUESTS, account=EVE, quantity=1, nonce=OFFER_NONCE, expiry=EXPIRY
)

LISTING_SIGNATURE: Final = signed("dan lists seat 7200013")
OFFER_SIGNATURE: Final = signed("eve offers for seat 7200013")
TIER_OFFER_SIGNATURE: Final = signed("eve offers for any seat of tier 2")
VERIFIER_SIGNATURE: Final = signed("eve came")
PASS_SIGNATURE: Final = signed("eve may mint")


def octets(text: str) -> bytes:
    """Bytes that are written in hex."""
    return bytes.fromhex(text[2:])


def digest(typed: TypedData) -> str:
    """The digest of a message, as answers name orders."""
    return f"0x{digest_of(typed).hex()}"


def typed_json(typed: TypedData, name: str) -> Object:
    """A message as wallets take it."""
    found: Object = TypedDataAnswer.of(typed, name).model_dump(mode="json", by_alias=True)
    return found


@cache
def of_listing() -> TypedData:
    """The listing's message."""
    return typed_listing(LISTING, CHAIN_ID, CONTRACT)


@cache
def of_offer() -> TypedData:
    """The message of the offer for the one seat."""
    return typed_offer(SEAT_OFFER, CHAIN_ID, CONTRACT)


@cache
def of_tier_offer() -> TypedData:
    """The message of the offer for any seat of the tier."""
    return typed_offer(TIER_OFFER, CHAIN_ID, CONTRACT)


@cache
def of_check_in() -> TypedData:
    """The message that holder and verifier sign."""
    return typed_check_in(CHECK_IN, CHAIN_ID, CONTRACT)


@cache
def of_pass() -> TypedData:
    """The message of the pass."""
    return typed_pass(PASS, CHAIN_ID, CONTRACT)


@dataclass(frozen=True, slots=True)
class Act:
    """An action of the contract that is prepared for somebody.

    Attributes:
        body: What is asked, beside whose action it is.
        pays: What leaves the account besides gas.
        gets: What comes to it.
        now: The Unix second at which it is asked.
        block: The newest block then.
    """

    account: ChecksumAddress
    body: Object
    transaction: PreparedTransaction
    pays: tuple[Amount, ...] = ()
    gets: tuple[Amount, ...] = ()
    now: int = NOW
    block: int = HEAD

    @property
    def asked(self) -> Object:
        """The request's body."""
        return {"account": self.account, **self.body}

    @property
    def prepared(self) -> Object:
        """The transaction as it is answered."""
        made = self.transaction
        answer = PreparedAnswer(
            chain_id=CHAIN_ID,
            from_=self.account,
            to=made.to or CONTRACT,
            data=f"0x{made.data.hex()}",
            value_wei=made.value,
            summary=made.summary,
            expires_at=moment(self.now + QUOTE_S),
            total_wei=made.value,
            pays=AmountAnswer.of(self.pays),
            gets=AmountAnswer.of(self.gets),
            as_of_block=self.block,
            block_hash=block_hash(self.block),
        )
        found: Object = answer.model_dump(mode="json", by_alias=True)
        return found


def in_currency(amount: Wei, currency: ChecksumAddress = CURRENCY) -> tuple[Amount, ...]:
    """Money of one currency."""
    return (Amount(amount, currency),)
