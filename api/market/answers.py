"""How what was prepared and found is written.

Owns the way from the book's and the preparing functions' values to their JSON. Refuses rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from api.actions.answers import prepared_answer
from api.actions.typed_data import TypedDataAnswer
from api.gate.answers import DecisionAnswer
from api.market import bodies
from api.market.restriction import courtesy_of
from api.market.values import listing_id
from api.seat_condition import ConditionAnswer, programme_answer
from api.waiting.courtesy import NO_TURNS
from api.waiting.values import COURTESY
from api.wire import moment
from marketplace.domain.addresses import ZERO_ADDRESS, ChecksumAddress
from marketplace.domain.escrow import can_still_fail
from marketplace.domain.money import NO_MONEY
from marketplace.orders.advice import refund_value, warnings_for_buyer, warnings_for_seller
from marketplace.orders.listings import PRIMARY_TYPE, typed_listing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from api.attendance.contents import Contents
    from api.market.audience import Admitted
    from api.market.baskets import PreparedBasket
    from api.market.book import Living
    from api.market.preparing import PreparedListing, PreparedSale
    from api.market.values import BookListing
    from api.parts import Parts
    from api.waiting.courtesy import Turns
    from indexer.queries import Moment
    from marketplace.domain.ids import SeatId
    from marketplace.orders.advice import Warned
    from marketplace.orders.judging import SaleFacts


def buy_answer(
    parts: Parts,
    found: BookListing,
    sale: PreparedSale,
    turns: Turns,
    contents: Contents | None,
) -> bodies.BuyAnswer:
    """Write a purchase to be signed, of a seat with these contents."""
    listing, facts = found.listing, sale.facts
    warned = (
        *warnings_for_buyer(listing, facts, sale.now),
        *(() if contents is None else contents.warnings_for_buyer),
        *turns.warnings_for_buyer(found),
    )
    return bodies.BuyAnswer(
        **dict(prepared_answer(parts, sale.prepared)),
        listing=found.id,
        seat=int(listing.seat),
        seller=listing.seller,
        price_wei=listing.price,
        royalty_wei=facts.terms.split(listing.price).royalty,
        face_wei=facts.seat.face,
        held_wei=facts.seat.held,
        condition=condition_answer(facts, sale.now, contents),
        warnings=[bodies.WarningAnswer.of(one) for one in warned],
    )


def basket_answer(
    parts: Parts, basket: PreparedBasket, contents: Mapping[SeatId, Contents]
) -> bodies.BuyManyAnswer:
    """Write a purchase of several to be signed."""
    return bodies.BuyManyAnswer(
        **dict(prepared_answer(parts, basket.prepared)),
        bought=[
            bodies.BoughtAnswer(
                listing=one.found.id,
                seat=int(one.found.listing.seat),
                seller=one.found.listing.seller,
                price_wei=one.found.listing.price,
                condition=condition_answer(
                    one.facts, basket.now, contents.get(one.found.listing.seat)
                ),
            )
            for one in basket.bought
        ],
        skipped=[
            bodies.SkippedAnswer(listing=one.listing, cause=one.cause, sentence=one.sentence)
            for one in basket.skipped
        ],
    )


def list_answer(
    parts: Parts, prepared: PreparedListing, more: tuple[Warned, ...]
) -> bodies.ListAnswer:
    """Write a listing that waits for its seller; `more` are warnings that no figures give."""
    listing, facts, head = prepared.listing, prepared.facts, prepared.head
    split, stored = facts.terms.split(listing.price), prepared.stored
    contract = ChecksumAddress(parts.settings.contract)
    typed = typed_listing(listing, parts.settings.chain_id, contract)
    return bodies.ListAnswer(
        id=listing_id(listing, prepared.digest, stored=stored is not None),
        digest=prepared.digest,
        listing=bodies.ListingMessage.of(listing),
        typed_data=None if stored else TypedDataAnswer.of(typed, PRIMARY_TYPE),
        transaction=None if stored is None else prepared_answer(parts, stored),
        summary=prepared.summary,
        price_wei=listing.price,
        royalty_wei=split.royalty,
        seller_net_wei=split.seller_net,
        face_wei=facts.seat.face,
        warnings=[
            bodies.WarningAnswer.of(one)
            for one in (*warnings_for_seller(listing, facts, prepared.now), *more)
        ],
        expires_at=moment(prepared.expires_at),
        as_of_block=head.number,
        block_hash=f"0x{head.hash.hex()}",
    )


@dataclass(frozen=True, slots=True)
class Looked:
    """How somebody looks at listings.

    Attributes:
        viewer: Who; None: nobody in particular.
        now: Unix second.
        contents: What the seats contain, where that is known.
        turns: That there are.
    """

    viewer: ChecksumAddress | None
    now: int
    contents: Mapping[SeatId, Contents]
    turns: Turns = NO_TURNS


def listing_answer(living: Living, looked: Looked) -> bodies.ListingAnswer:
    """Write a listing of a book, with what its seat is worth as somebody looks."""
    found, facts = living.found, living.facts
    listing = found.listing
    return bodies.ListingAnswer(
        listing=found.id,
        seat=int(listing.seat),
        tier=listing.seat.tier,
        price_wei=listing.price,
        royalty_wei=facts.terms.split(listing.price).royalty,
        face_wei=facts.seat.face,
        seller=listing.seller,
        taker=None if listing.taker == ZERO_ADDRESS else listing.taker,
        expires_at=moment(listing.expiry),
        stored=found.stored,
        signer=None if found.stored else signer_name(found.wallet_asked_at),
        wallet_asked_at=None if found.stored else found.wallet_asked_at,
        condition=condition_answer(facts, looked.now, looked.contents.get(listing.seat)),
        turn=_turn_answer(found, looked),
    )


def signer_name(wallet_asked_at: datetime | None) -> Literal["key", "wallet"]:
    """What signed an order, as a stable name."""
    return "key" if wallet_asked_at is None else "wallet"


def _turn_answer(found: BookListing, looked: Looked) -> bodies.ListingTurnAnswer | None:
    turn = looked.turns.on(found)
    if turn is None or turn.ends_at is None:
        return None
    yours = turn.account == looked.viewer
    return bodies.ListingTurnAnswer(yours=yours, until=turn.ends_at, courtesy=COURTESY)


def condition_answer(facts: SaleFacts, now: int, contents: Contents | None) -> ConditionAnswer:
    """Write what a seat still contains that is for sale, and so was never checked in."""
    seat, terms = facts.seat, facts.terms
    may_fail = can_still_fail(terms.state, living=True, objected=seat.locked, claimed=False)
    return ConditionAnswer(
        checked_in=seat.locked,
        face_wei=seat.face,
        held_wei=seat.held,
        refund_wei=refund_value(facts, now),
        refund_until=moment(terms.refund_until),
        on_failure_wei=seat.face + seat.held if may_fail else NO_MONEY,
        # What has a claim does not change hands.
        claimable_wei=NO_MONEY,
        programme=programme_answer(contents),
    )


def whole_answer(living: Living, judged_at: Moment, looked: Looked) -> bodies.WholeListingAnswer:
    """Write a listing with its signature."""
    found = living.found
    signature = b"" if found.stored else found.signature or b""
    return bodies.WholeListingAnswer(
        **dict(listing_answer(living, looked)),
        message=bodies.ListingMessage.of(found.listing),
        signature=f"0x{signature.hex()}",
        as_of_block=judged_at.number,
        block_hash=judged_at.hash,
    )


def book_answer(
    listings: Iterable[Living],
    judged_at: Moment,
    admitted: Admitted,
    behind: str | None,
    looked: Looked,
) -> bodies.BookAnswer:
    """Write a page of a drop's book; `behind` is the next page's cursor."""
    return bodies.BookAnswer(
        listings=[listing_answer(one, looked) for one in listings],
        decision=DecisionAnswer.of(admitted.granted),
        courtesy=courtesy_of(admitted.resales),
        next=behind,
        as_of_block=judged_at.number,
        block_hash=judged_at.hash,
    )
