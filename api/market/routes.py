"""The addresses of buying and selling.

Owns paths, parameters and which problems each route names. Refuses rules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final, Literal, TypeVar

from fastapi import APIRouter, Depends, Path, Query, Response

from api.actions.routes import BODY_PROBLEMS, TRYING_PROBLEMS
from api.answers import documented
from api.attendance.contents import room_for
from api.attendance.looking import contents_now
from api.auth.caller import CALLER_PROBLEMS as SIGNED_IN_PROBLEMS
from api.auth.caller import WALLET_PROBLEMS, CurrentPrincipal, ResaleViewer
from api.cursors import CursorGiven, not_a_cursor, opened, sealed
from api.idempotency.asking import REPEAT_PROBLEMS, OnceForAnybody
from api.market import answers, audience, baskets, book, newest, pages, preparing, restriction
from api.market.bodies import (
    LISTING_ID,
    BookAnswer,
    BuyAnswer,
    BuyManyAnswer,
    BuyManyOrder,
    BuyOrder,
    ListAnswer,
    ListOrder,
    SignedListingBody,
    WholeListingAnswer,
)
from api.market.values import Age, Place
from api.places import (
    DEFAULT_PAGE,
    BlockNumber,
    DropInPath,
    PageLimit,
    TierNumber,
)
from api.requests import ApiParts, JsonRoute, json_only
from api.waiting import courtesy
from marketplace.domain.ids import TierIndex

if TYPE_CHECKING:
    from api.market.book import Living
    from api.market.looking import Page
    from api.market.values import BookListing

_BODY: Final = BODY_PROBLEMS
STORED_PROBLEMS: Final = (
    "storage",
    "storage_unreachable",
    "storage_locked",
    "mirror_missing",
    "mirror_incomplete",
)
CALLER_PROBLEMS: Final = tuple(code for code in SIGNED_IN_PROBLEMS if code != "sign_in_required")
VIEWER_PROBLEMS: Final = (*CALLER_PROBLEMS, "api_key_ended")
"""Of a page that operators see too."""

UNSHOWN_PROBLEMS: Final = ("mirror_behind", "not_found", "terms_unpublished")
GATED_PROBLEMS: Final = ("access_denied", *UNSHOWN_PROBLEMS)

router = APIRouter(
    prefix="/v1", tags=["market"], dependencies=[Depends(json_only)], route_class=JsonRoute
)

_P = TypeVar("_P")

Sort = Annotated[Literal["price", "newest"], Query(description="What comes first.")]

TierAsked = Annotated[TierNumber | None, Query(description="Only of the tier with this number.")]

MinBlock = Annotated[
    BlockNumber,
    Query(description="The newest block that you know of: nothing is said by an older one."),
]
"""Nothing is judged by an older block."""


@router.post(
    "/tx/list",
    responses=documented(
        *_BODY, *TRYING_PROBLEMS, *UNSHOWN_PROBLEMS, *STORED_PROBLEMS, "listing_dead"
    ),
)
def prepare_listing(body: ListOrder, parts: ApiParts) -> ListAnswer:
    """Prepare a listing: typed data to be signed, or a transaction that stores it.

    The account must own the seat, and the price must lie between the toll and the drop's cap.
    Nothing is kept before `POST /v1/listings` brings the signature.
    """
    with parts.chain.turn():
        prepared = preparing.listing(parts, body)
    seat, taker = prepared.listing.seat, prepared.listing.taker
    warned = (
        *restriction.warnings_for_seller(prepared.resales, taker),
        *courtesy.warnings_for_seller(parts, seat.drop, seat.tier, taker),
    )
    return answers.list_answer(parts, prepared, warned)


@router.post(
    "/tx/buy",
    responses=documented(
        *_BODY,
        *TRYING_PROBLEMS,
        *CALLER_PROBLEMS,
        *GATED_PROBLEMS,
        *STORED_PROBLEMS,
        "another_account",
        "turn_of_another",
    ),
)
def prepare_purchase(
    body: BuyOrder, principal: CurrentPrincipal, parts: ApiParts, min_block: MinBlock = 0
) -> BuyAnswer:
    """Prepare a transaction that buys a listed seat for exactly its price.

    Where the drop's resales are not for everybody, the `account` must be the one that is signed in,
    and one that may see them. While the seat is somebody's turn it is for them alone.
    """
    found = audience.existing(parts, body.listing, min_block)
    audience.require_visible(found, principal)
    drop = found.listing.seat.drop
    audience.may_buy(parts, principal, body.account, drop, min_block)
    turns = courtesy.turns_of(parts, drop)
    turns.require_buyer(found, audience.viewer_of(principal), body.account, parts.now)
    seat = found.listing.seat
    contents = contents_now(parts, (seat,)).get(seat)
    with parts.chain.turn():
        sale = preparing.buy(parts, found, body.account)
        return answers.buy_answer(parts, found, sale, turns, contents)


@router.post(
    "/tx/buy-many",
    responses=documented(
        *_BODY,
        *TRYING_PROBLEMS,
        *CALLER_PROBLEMS,
        *GATED_PROBLEMS,
        *STORED_PROBLEMS,
        "another_account",
        "listing_dead",
    ),
)
def prepare_basket(
    body: BuyManyOrder, principal: CurrentPrincipal, parts: ApiParts, min_block: MinBlock = 0
) -> BuyManyAnswer:
    """Prepare a transaction that buys several listed seats.

    What cannot be bought is left out and said in `skipped`; what is not paid for is refused. Each
    listing is for whom buying it alone is for.
    """
    found, missing = audience.those_existing(parts, body.listings, principal, min_block)
    found, refused = audience.those_open_to(parts, principal, body.account, found, min_block)
    drops = dict.fromkeys(one.listing.seat.drop for one in found)
    turns = {drop: courtesy.turns_of(parts, drop) for drop in drops}
    viewer = audience.viewer_of(principal)
    found, held_back = courtesy.those_of(turns, found, viewer, body.account, parts.now)
    contents = contents_now(parts, {one.listing.seat for one in found})
    with parts.chain.turn():
        basket = baskets.buy_many(parts, found, (*missing, *refused, *held_back), body.account)
        return answers.basket_answer(parts, basket, contents)


@router.post(
    "/listings",
    responses=documented(
        *_BODY,
        *STORED_PROBLEMS,
        *UNSHOWN_PROBLEMS,
        "listing_dead",
        "listing_signature_refused",
        *WALLET_PROBLEMS,
        *REPEAT_PROBLEMS,
    )
    | {200: {"model": WholeListingAnswer, "description": "It was kept already"}},
    status_code=201,
)
def receive_listing(
    body: SignedListingBody,
    response: Response,
    parts: ApiParts,
    once: OnceForAnybody,
    min_block: MinBlock = 0,
) -> WholeListingAnswer:
    """Keep a signed listing in the book. The same one again changes nothing.

    The signature says who asks. What is not of the seller's key is shown to the seller's contract,
    if there is one (ERC-1271), but for what nobody could buy: that is refused before.
    """
    listing = body.listing
    audience.require_level(parts, min_block)
    # Before the transaction that keeps the listing and its answer.
    looked = answers.Looked(listing.seller, parts.now, contents_now(parts, (listing.seat,)))

    def answer(received: book.Received) -> WholeListingAnswer:
        return answers.whole_answer(received.living, received.moment, looked)

    along = once.keeping(answer, status=lambda one: 201 if one.new else 200)
    received = book.receive(parts, listing, bytes.fromhex(body.signature[2:]), along)
    if not received.new:
        response.status_code = 200
    # At once, though whoever looks next would do it too.
    courtesy.give_turns(parts, listing.seat.drop)
    return answer(received)


@router.get(
    "/drops/{drop}/listings",
    responses=documented(*VIEWER_PROBLEMS, *GATED_PROBLEMS, *STORED_PROBLEMS, "invalid_request"),
)
def show_book(  # noqa: PLR0913, PLR0917 - a page has that many parameters, each named
    drop: DropInPath,
    principal: ResaleViewer,
    parts: ApiParts,
    tier: TierAsked = None,
    after: CursorGiven = None,
    limit: PageLimit = DEFAULT_PAGE,
    sort: Sort = "price",
    min_block: MinBlock = 0,
) -> BookAnswer:
    """Show a drop's living listings: by price, or the newest first.

    What is signed and stored with the same values stands once, where it came first.

    For those to whom the drop's terms show its resales, and for programs of those who run the
    platform (API key with `resales:read`). One with a `taker` is shown to the taker
    and the seller alone. A page may be shorter than `limit`, or empty, and still have a `next`.
    """
    admitted = audience.may_see(parts, principal, drop, min_block)
    kind = f"listings of {drop}, tier {tier}, by {sort}"
    text = None if after is None else opened(parts, kind, after)
    tier_asked = None if tier is None else TierIndex(tier)
    viewer = audience.viewer_of(principal)
    now, turns = parts.now, courtesy.turns_of(parts, drop, must=False)
    limit = room_for([admitted.programme] * limit)

    def may_show(one: BookListing) -> bool:
        return turns.shows(one, viewer)

    found: Page[Living, Place] | Page[Living, Age]
    if sort == "newest":
        age = None if text is None else _named(Age.parse(text))
        found = newest.newest(
            parts,
            newest.AskedNewest(drop, tier_asked, viewer, after=age, limit=limit, may_show=may_show),
        )
    else:
        place = None if text is None else _named(Place.parse(text))
        found = pages.page(
            parts,
            pages.Asked(drop, tier_asked, viewer, after=place, limit=limit, may_show=may_show),
        )
    contents = contents_now(parts, {one.found.listing.seat for one in found.found})
    looked = answers.Looked(viewer, now, contents, turns)
    behind = None if found.behind is None else found.behind.cursor
    return answers.book_answer(
        found.found, found.moment, admitted, sealed(parts, kind, behind), looked
    )


@router.get(
    "/listings/{listing}",
    responses=documented(
        *CALLER_PROBLEMS,
        *GATED_PROBLEMS,
        *STORED_PROBLEMS,
        "invalid_request",
        "listing_dead",
        "turn_of_another",
    ),
)
def show_listing(
    listing: Annotated[str, Path(pattern=LISTING_ID, description="Its id, as the book has it.")],
    principal: CurrentPrincipal,
    parts: ApiParts,
    min_block: MinBlock = 0,
) -> WholeListingAnswer:
    """Show a living listing with its signature.

    For those to whom the drop's terms show its resales. What the contract would refuse is
    `listing_dead`, with the contract's error as `cause`.
    """
    found = audience.existing(parts, listing, min_block)
    audience.require_visible(found, principal)
    drop = found.listing.seat.drop
    audience.may_see(parts, principal, drop, min_block)
    viewer = audience.viewer_of(principal)
    now, turns = parts.now, courtesy.turns_of(parts, drop)
    turns.require(found, viewer, now)
    living, moment = book.alive(parts, found)
    looked = answers.Looked(viewer, now, contents_now(parts, (found.listing.seat,)), turns)
    return answers.whole_answer(living, moment, looked)


def _named(place: _P | None) -> _P:
    if place is None:
        raise not_a_cursor()
    return place
