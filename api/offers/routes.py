"""The addresses of offers.

Owns paths, parameters and which problems each route names. Refuses rules.
"""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path, Query, Response

from api.actions.answers import PreparedAnswer, prepared_answer
from api.actions.routes import BODY_PROBLEMS, TRYING_PROBLEMS
from api.actions.steps import Step
from api.actions.trying import site_of, tried
from api.answers import documented
from api.attendance.looking import contents_now
from api.auth.caller import (  # noqa: TC001 - FastAPI reads the annotations
    CurrentPrincipal,
    ResaleViewer,
)
from api.cursors import CursorGiven, not_a_cursor, opened, sealed
from api.errors import FieldFault, InvalidRequest
from api.gate.values import Holder
from api.idempotency.asking import REPEAT_PROBLEMS, OnceForAnybody
from api.market import audience, restriction
from api.market.routes import (
    CALLER_PROBLEMS,
    GATED_PROBLEMS,
    STORED_PROBLEMS,
    VIEWER_PROBLEMS,
    MinBlock,
    TierAsked,
)
from api.offers import answers, bidders, book, preparing
from api.offers.bodies import (
    OFFER_ID,
    AcceptAnswer,
    AcceptOrder,
    OfferOrder,
    OffersAnswer,
    PreparedOfferAnswer,
    SignedOfferBody,
    WholeOfferAnswer,
    WrapOrder,
)
from api.offers.values import OfferPlace
from api.places import DEFAULT_PAGE, DropInPath, PageLimit, drop_of, seat_of
from api.requests import ApiParts, JsonRoute, json_only
from api.wire import Uint256In  # noqa: TC001 - FastAPI reads the annotations
from marketplace.domain.ids import SeatId, TierIndex
from marketplace.domain.money import Wei
from marketplace.orders.bidding import place_of

_ASKED: Final = (*CALLER_PROBLEMS, *GATED_PROBLEMS, *STORED_PROBLEMS)

router = APIRouter(
    prefix="/v1", tags=["offers"], dependencies=[Depends(json_only)], route_class=JsonRoute
)


@router.post(
    "/tx/offer",
    responses=documented(
        *BODY_PROBLEMS, *TRYING_PROBLEMS, *_ASKED, "another_account", "offer_dead"
    ),
)
def prepare_offer(
    body: OfferOrder, principal: CurrentPrincipal, parts: ApiParts, min_block: MinBlock = 0
) -> PreparedOfferAnswer:
    """Prepare an offer for a seat, or for any of a tier: typed data to be signed.

    The account must hold the price and have allowed the market to take it. Where the drop's resales
    are not for everybody, it must be the one that is signed in, and one that may see them.
    """
    number = SeatId(body.seat).drop if body.seat is not None else body.drop or 0
    admitted = audience.may_buy(parts, principal, body.account, drop_of(number), min_block)
    warned = restriction.warnings_for_bidder(admitted.resales)
    seat = None if body.seat is None else SeatId(body.seat)
    contents = None if seat is None else contents_now(parts, (seat,)).get(seat)
    with parts.chain.turn():
        prepared = preparing.offer(parts, body)
        return answers.prepared_offer_answer(parts, prepared, contents, warned)


@router.post("/tx/wrap", responses=documented(*BODY_PROBLEMS, *TRYING_PROBLEMS))
def prepare_wrapping(body: WrapOrder, parts: ApiParts) -> PreparedAnswer:
    """Prepare a transaction that turns ETH into wrapped ether: offers are paid in it."""
    with parts.chain.turn():
        site = site_of(parts)
        wrapped = parts.chain.currency(site.seats.wrapped_ether(site.head.hash))
        step = Step(wrapped.wrap(Wei(body.amount_wei)))
        return prepared_answer(parts, tried(site, step, body.account))


@router.post(
    "/tx/accept-offer",
    responses=documented(*BODY_PROBLEMS, *TRYING_PROBLEMS, *_ASKED, "offer_dead", "bidder_denied"),
)
def prepare_acceptance(
    body: AcceptOrder, principal: CurrentPrincipal, parts: ApiParts, min_block: MinBlock = 0
) -> AcceptAnswer:
    """Prepare a transaction that sells one of the account's seats to a bidder.

    For those to whom the drop's terms show its resales. The bidder must be one of them too, as for
    a purchase. Whether the buyer can still pay is found here.
    """
    found = book.existing(parts, body.offer, min_block)
    admitted = audience.may_see(parts, principal, found.drop, min_block)
    bidders.require_admitted(parts, admitted.resales, found.offer.buyer, min_block)
    book.require_for_drop(parts, found)
    seat = None if body.seat is None else SeatId(body.seat)
    with parts.chain.turn():
        acceptance = preparing.accept(parts, found, body.account, seat)
        return answers.acceptance_answer(parts, found, acceptance)


@router.post(
    "/offers",
    responses=documented(
        *BODY_PROBLEMS,
        *TRYING_PROBLEMS,
        *GATED_PROBLEMS,
        *STORED_PROBLEMS,
        "offer_dead",
        "offer_signature_refused",
        "wallet_unanswered",
        *REPEAT_PROBLEMS,
    )
    | {200: {"model": WholeOfferAnswer, "description": "It was kept already"}},
    status_code=201,
)
def receive_offer(
    body: SignedOfferBody,
    response: Response,
    parts: ApiParts,
    once: OnceForAnybody,
    min_block: MinBlock = 0,
) -> WholeOfferAnswer:
    """Keep a signed offer whose buyer can pay now. The same one again changes nothing.

    The signature says who asks, and the drop's resales must be for them. What is not of the buyer's
    key is shown to the buyer's contract, if there is one (ERC-1271), but for what nobody could
    take: that is refused before.
    """
    offer, signature = body.signed, bytes.fromhex(body.signature[2:])
    # The signature says who asks. Whether the resales are for them follows from what the chain
    # shows everybody, and is seen before a wallet is asked.
    drop = drop_of(place_of(offer)[0])
    audience.may_see(parts, Holder(offer.buyer), drop, min_block)

    def answer(received: book.ReceivedOffer) -> WholeOfferAnswer:
        return answers.whole_offer_answer(received.living, received.moment)

    along = once.keeping(answer, status=lambda one: 201 if one.new else 200)
    received = book.receive(parts, offer, signature, along)
    if not received.new:
        response.status_code = 200
    return answer(received)


@router.get(
    "/drops/{drop}/offers",
    responses=documented(*VIEWER_PROBLEMS, *GATED_PROBLEMS, *STORED_PROBLEMS, "invalid_request"),
)
def show_offers(  # noqa: PLR0913, PLR0917 - a page has that many parameters, each named
    drop: DropInPath,
    principal: ResaleViewer,
    parts: ApiParts,
    tier: TierAsked = None,
    seat: Annotated[
        Uint256In | None, Query(description="Token id of a seat: only what its owner could take.")
    ] = None,
    after: CursorGiven = None,
    limit: PageLimit = DEFAULT_PAGE,
    min_block: MinBlock = 0,
) -> OffersAnswer:
    """Show a drop's living offers: the dearest first.

    For those to whom the drop's terms show its resales, and for programs of those who run the
    platform (API key with `resales:read`). Offers of those who are not among them any more are left
    out. A page may be shorter than `limit`, or empty, and still have a `next`.
    """
    admitted = audience.may_see(parts, principal, drop, min_block)
    kind = f"offers of {drop}, tier {tier}, seat {seat}"
    asked = book.AskedOffers(
        drop=drop,
        tier=None if tier is None else TierIndex(tier),
        seat=None if seat is None else _seat_in(drop, seat),
        resales=admitted.resales,
        least_block=min_block,
        after=None if after is None else _place(opened(parts, kind, after)),
        limit=limit,
    )
    page = book.page(parts, asked)
    behind = None if page.behind is None else page.behind.cursor
    return answers.offers_answer(page, admitted, sealed(parts, kind, behind))


@router.get(
    "/offers/{offer}",
    responses=documented(*_ASKED, "invalid_request", "offer_dead", "bidder_denied"),
)
def show_offer(
    offer: Annotated[str, Path(pattern=OFFER_ID, description="Its id, as the book has it.")],
    principal: CurrentPrincipal,
    parts: ApiParts,
    min_block: MinBlock = 0,
) -> WholeOfferAnswer:
    """Show a living offer with its signature.

    For those to whom the drop's terms show its resales, and while its buyer is one of them. What
    the contract would refuse is `offer_dead`, with the contract's error as `cause`.
    """
    found = book.existing(parts, offer, min_block)
    admitted = audience.may_see(parts, principal, found.drop, min_block)
    bidders.require_admitted(parts, admitted.resales, found.offer.buyer, min_block)
    living, moment = book.alive(parts, found)
    return answers.whole_offer_answer(living, moment)


def _seat_in(drop: int, seat: int) -> SeatId:
    found = seat_of(seat)
    if found.drop != drop:
        raise InvalidRequest((FieldFault("/query/seat", "it is of another drop"),))
    return found


def _place(text: str) -> OfferPlace:
    place = OfferPlace.parse(text)
    if place is None:
        raise not_a_cursor()
    return place
