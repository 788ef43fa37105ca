"""The addresses of wait-lists.

Owns paths and which problems each route names. Refuses rules, and API keys: a person waits.
"""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path, Query
from pydantic import BeforeValidator

from api.answers import documented
from api.auth.caller import (
    CALLER_PROBLEMS,
    CurrentPrincipal,
    SignedInCaller,
)
from api.market import audience
from api.market.routes import CALLER_PROBLEMS as PRINCIPAL_PROBLEMS
from api.market.routes import STORED_PROBLEMS, MinBlock
from api.places import DropInPath, seat_of, whole
from api.requests import ApiParts, JsonRoute, json_only
from api.waiting import places
from api.waiting.bodies import OwnPlacesAnswer, WaitListAnswer
from api.wire import Uint256In  # noqa: TC001 - FastAPI reads the annotations
from marketplace.domain.ids import MAX_TIER, SeatId, TierIndex

_ASKED: Final = (
    *STORED_PROBLEMS,
    "invalid_request",
    "mirror_behind",
    "not_found",
    "terms_unpublished",
)

TierInPath = Annotated[
    int,
    Path(ge=0, le=MAX_TIER, description="The tier's number in the drop, from 0."),
    BeforeValidator(whole),
]
"""The number of a tier of a drop."""


def _seat(
    seat: Annotated[
        Uint256In, Query(description="Token id of the seat of the turn: nothing else is passed on.")
    ],
) -> SeatId:
    return seat_of(seat)


SeatAsked = Annotated[SeatId, Depends(_seat)]
"""`?seat=`: the seat of the turn; 404 when there can be none."""

_PATH: Final = "/drops/{drop}/wait-lists/{tier}"

router = APIRouter(
    prefix="/v1", tags=["wait-lists"], dependencies=[Depends(json_only)], route_class=JsonRoute
)


@router.get(
    "/me/places",
    responses=documented(*CALLER_PROBLEMS, *STORED_PROBLEMS),
)
def show_my_places(caller: SignedInCaller, parts: ApiParts) -> OwnPlacesAnswer:
    """List your places in all wait-lists: also those that ended in the last 60 days."""
    return OwnPlacesAnswer.of(places.of_account(parts, caller.account))


@router.get(_PATH, responses=documented(*PRINCIPAL_PROBLEMS, *_ASKED))
def show_wait_list(
    drop: DropInPath,
    tier: TierInPath,
    principal: CurrentPrincipal,
    parts: ApiParts,
    min_block: MinBlock = 0,
) -> WaitListAnswer:
    """Show a tier's wait-list: how many wait and, to whoever is signed in, their own place."""
    audience.require_level(parts, min_block)
    waiting = places.existing(parts, drop, TierIndex(tier))
    viewer = audience.viewer_of(principal)
    seen = places.look(parts, waiting, TierIndex(tier), viewer)
    return WaitListAnswer.of(seen, parts.clock())


@router.delete(f"{_PATH}/turn", responses=documented(*CALLER_PROBLEMS, *_ASKED), status_code=204)
def pass_turn_on(
    drop: DropInPath,
    tier: TierInPath,
    seat: SeatAsked,
    caller: SignedInCaller,
    parts: ApiParts,
    min_block: MinBlock = 0,
) -> None:
    """Let the next have the seat of your turn. Your place stays where it is.

    Sent again, it ends no turn on another seat.
    """
    audience.require_level(parts, min_block)
    waiting = places.existing(parts, drop, TierIndex(tier))
    places.pass_on(parts, waiting, TierIndex(tier), caller.account, seat)


@router.put(
    f"{_PATH}/place",
    responses=documented(
        *CALLER_PROBLEMS,
        *_ASKED,
        "wait_list_closed",
        "seat_held",
        "wait_list_full",
        "too_many_places",
    ),
)
def join_wait_list(
    drop: DropInPath,
    tier: TierInPath,
    caller: SignedInCaller,
    parts: ApiParts,
    min_block: MinBlock = 0,
) -> WaitListAnswer:
    """Take a place in a tier's wait-list, behind all others. Who has one keeps it: repeatable.

    One for each account and tier, and none for an account that has such a seat.
    """
    audience.require_level(parts, min_block)
    waiting = places.existing(parts, drop, TierIndex(tier))
    places.join(parts, waiting, TierIndex(tier), caller.account)
    seen = places.look(parts, waiting, TierIndex(tier), caller.account)
    return WaitListAnswer.of(seen, parts.clock())


@router.delete(f"{_PATH}/place", responses=documented(*CALLER_PROBLEMS, *_ASKED), status_code=204)
def leave_wait_list(
    drop: DropInPath,
    tier: TierInPath,
    caller: SignedInCaller,
    parts: ApiParts,
    min_block: MinBlock = 0,
) -> None:
    """Give up your place in a wait-list, and the turn that it has. Repeatable.

    Where another drop has the number by now, the place in the first one's wait-list is given up.
    """
    audience.require_level(parts, min_block)
    places.leave(parts, drop, TierIndex(tier), caller.account)
