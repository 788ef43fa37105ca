"""The addresses of buying and selling.

Owns paths, parameters and which problems each route names. Refuses rules.
"""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path, Query, Response

from api.answers import documented
from api.auth.caller import CALLER_PROBLEMS, CurrentPrincipal
from api.errors import FieldFault, InvalidRequest
from api.market import answers, audience, book, pages, preparing
from api.market.bodies import (
    LISTING_ID,
    BookAnswer,
    BuyAnswer,
    BuyOrder,
    CancelOrder,
    ListAnswer,
    ListOrder,
    MintOrder,
    PreparedAnswer,
    SignedListingBody,
    WholeListingAnswer,
)
from api.market.values import Place
from api.places import (
    DEFAULT_PAGE,
    BlockNumber,
    DropInPath,
    PageLimit,
    TierNumber,
)
from api.requests import ApiParts, JsonRoute, json_only
from marketplace.domain.ids import SeatId, TierIndex

_BODY: Final = (
    "malformed_body",
    "body_too_large",
    "body_too_slow",
    "unsupported_media_type",
    "invalid_request",
)
_STORED: Final = ("storage", "storage_unreachable", "storage_locked", "mirror_missing")
_CALLER: Final = tuple(code for code in CALLER_PROBLEMS if code != "sign_in_required")
_CHAIN: Final = ("chain_unavailable", "wrong_node", "mirror_inconsistent")
_GATED: Final = ("access_denied", "mirror_behind", "not_found", "terms_unpublished")

router = APIRouter(
    prefix="/v1", tags=["market"], dependencies=[Depends(json_only)], route_class=JsonRoute
)

MinBlock = Annotated[BlockNumber, Query(description="The newest block that you know of.")]
"""Nothing is judged by an older block."""


@router.post(
    "/tx/mint",
    responses=documented(*_BODY, *_CHAIN, "contract_reverted", "rule_violated"),
)
def prepare_mint(body: MintOrder, parts: ApiParts) -> PreparedAnswer:
    """Prepare a transaction that mints seats for exactly their price."""
    with parts.chain.turn():
        return answers.prepared_answer(parts, preparing.mint(parts, body))


@router.post(
    "/tx/list",
    responses=documented(*_BODY, *_CHAIN, "contract_reverted", "rule_violated", "listing_dead"),
)
def prepare_listing(body: ListOrder, parts: ApiParts) -> ListAnswer:
    """Prepare a listing: typed data to be signed, or a transaction that stores it."""
    with parts.chain.turn():
        return answers.list_answer(parts, preparing.listing(parts, body))


@router.post(
    "/tx/buy",
    responses=documented(
        *_BODY,
        *_CHAIN,
        *_CALLER,
        *_GATED,
        *_STORED,
        "another_account",
        "contract_reverted",
        "rule_violated",
    ),
)
def prepare_purchase(
    body: BuyOrder, principal: CurrentPrincipal, parts: ApiParts, min_block: MinBlock = 0
) -> BuyAnswer:
    """Prepare a transaction that buys a listed seat for exactly its price."""
    found = audience.existing(parts, body.listing, min_block)
    audience.require_visible(found, principal)
    audience.may_buy(parts, principal, body.account, found.listing.seat.drop, min_block)
    with parts.chain.turn():
        return answers.buy_answer(parts, found, preparing.buy(parts, found, body.account))


@router.post(
    "/tx/cancel-listings",
    responses=documented(*_BODY, *_CHAIN, "contract_reverted", "rule_violated"),
)
def prepare_cancelling(body: CancelOrder, parts: ApiParts) -> PreparedAnswer:
    """Prepare a transaction that kills every listing of a seat, signed or stored."""
    with parts.chain.turn():
        prepared = preparing.cancel_listings(parts, SeatId(body.seat), body.account)
        return answers.prepared_answer(parts, prepared)


@router.post(
    "/listings",
    responses=documented(
        *_BODY, *_STORED, "listing_dead", "listing_signature_refused", "mirror_behind"
    )
    | {200: {"model": WholeListingAnswer, "description": "It was kept already"}},
    status_code=201,
)
def receive_listing(
    body: SignedListingBody, response: Response, parts: ApiParts, min_block: MinBlock = 0
) -> WholeListingAnswer:
    """Keep a signed listing in the book. The same one again changes nothing."""
    listing = body.listing
    audience.require_level(parts, min_block)
    received = book.receive(parts, listing, bytes.fromhex(body.signature[2:]))
    if not received.new:
        response.status_code = 200
    return answers.whole_answer(received.living, received.moment)


@router.get(
    "/drops/{drop}/listings",
    responses=documented(*_CALLER, *_GATED, *_STORED, "invalid_request"),
)
def show_book(
    drop: DropInPath,
    principal: CurrentPrincipal,
    parts: ApiParts,
    tier: TierNumber | None = None,
    after: Annotated[str | None, Query(max_length=200)] = None,
    limit: PageLimit = DEFAULT_PAGE,
    min_block: MinBlock = 0,
) -> BookAnswer:
    """Show a drop's living listings by price, to those who may see them."""
    granted = audience.may_see(parts, principal, drop, min_block)
    asked = pages.Asked(
        drop=drop,
        tier=None if tier is None else TierIndex(tier),
        viewer=audience.viewer_of(principal),
        after=_place(after),
        limit=limit,
    )
    return answers.book_answer(pages.page(parts, asked), granted)


@router.get(
    "/listings/{listing}",
    responses=documented(*_CALLER, *_GATED, *_STORED, "invalid_request", "listing_dead"),
)
def show_listing(
    listing: Annotated[str, Path(pattern=LISTING_ID)],
    principal: CurrentPrincipal,
    parts: ApiParts,
    min_block: MinBlock = 0,
) -> WholeListingAnswer:
    """Show a living listing with its signature, to those who may see it."""
    found = audience.existing(parts, listing, min_block)
    audience.require_visible(found, principal)
    audience.may_see(parts, principal, found.listing.seat.drop, min_block)
    living, moment = book.alive(parts, found)
    return answers.whole_answer(living, moment)


def _place(after: str | None) -> Place | None:
    if after is None:
        return None
    place = Place.parse(after)
    if place is None:
        raise InvalidRequest((FieldFault("/query/after", "it is no `next` of such a list"),))
    return place
