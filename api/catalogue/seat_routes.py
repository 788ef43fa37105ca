"""The addresses of seats.

Owns paths, headers and which problems each route names. Refuses rules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final

from fastapi import APIRouter, Header, Response

from api.answers import documented
from api.auth.caller import CALLER_PROBLEMS, SignedInCaller
from api.catalogue import pictures
from api.catalogue.drop_routes import MIRROR_PROBLEMS
from api.catalogue.looking import AskedAt, look_at
from api.catalogue.seat_bodies import HistoryAnswer, SeatAnswer, SeatsAnswer
from api.cursors import CursorGiven, opened, sealed
from api.errors import NotFound
from api.etags import has_current, quoted
from api.places import DEFAULT_PAGE, AfterSeat, DropInPath, PageLimit, SeatInPath
from api.requests import ApiParts  # noqa: TC001 - FastAPI reads the annotations
from indexer.queries import (
    Level,
    drop_terms,
    ownership_history,
    sales_of,
    seat_values,
    seats_of_drop,
    seats_of_owner,
)
from indexer.queries import seat as seat_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.catalogue.looking import BlockLook
    from api.catalogue.pictures import Picture
    from indexer.queries import LogPlace, Seat, SeatValue

_LISTED: Final = documented(*MIRROR_PROBLEMS, "invalid_request")
_SHOWN: Final = documented(*MIRROR_PROBLEMS, "not_found", "invalid_request", "mirror_behind")
_KEPT: Final = "public, max-age=10"
"""A seat's picture changes with its state, and is drawn anew for whoever asks."""

_DRAWING_CSP: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
)
"""Opened by itself, an SVG is a document: it runs nothing and loads nothing."""

router = APIRouter(prefix="/v1", tags=["catalogue"])


@router.get("/drops/{drop}/seats", responses=_SHOWN)
def list_seats(
    drop: DropInPath,
    parts: ApiParts,
    at: AskedAt,
    after: AfterSeat,
    limit: PageLimit = DEFAULT_PAGE,
) -> SeatsAnswer:
    """List a drop's seats, burned ones too, by rising id."""
    with look_at(parts, at) as seen:
        block = seen.number
        if drop_terms(seen.connection, seen.mirror, drop, block) is None:
            raise NotFound(seen.what("drop"))
        page = seats_of_drop(
            seen.connection, seen.mirror, drop, block, after=after, limit=limit + 1
        )
        values = _values(seen, page)
    return SeatsAnswer.of(page, values, seen, limit)


@router.get("/me/seats", responses=_LISTED | documented(*CALLER_PROBLEMS))
def list_own_seats(
    caller: SignedInCaller, parts: ApiParts, after: AfterSeat, limit: PageLimit = DEFAULT_PAGE
) -> SeatsAnswer:
    """List the seats that the caller owns, by rising id."""
    account = caller.session.account
    with look_at(parts, Level.LATEST) as seen:
        page = seats_of_owner(
            seen.connection, seen.mirror, account, seen.number, after=after, limit=limit + 1
        )
        values = _values(seen, page)
    return SeatsAnswer.of(page, values, seen, limit)


@router.get("/seats/{seat}", responses=_SHOWN)
def show_seat(seat: SeatInPath, parts: ApiParts, at: AskedAt) -> SeatAnswer:
    """Show a seat: whose it is, what was paid for it, what it gives back."""
    with look_at(parts, at) as seen:
        found = seat_in(seen.connection, seen.mirror, seat, seen.number)
        if found is None:
            raise NotFound(seen.what("seat"))
        (value,) = _values(seen, (found,))
    return SeatAnswer.of(found, value, seen)


@router.get("/seats/{seat}/history", responses=_SHOWN)
def show_history(
    seat: SeatInPath,
    parts: ApiParts,
    at: AskedAt,
    after: CursorGiven = None,
    limit: PageLimit = DEFAULT_PAGE,
) -> HistoryAnswer:
    """Show a seat's changes of owner and its resales, with their blocks, the earliest first."""
    kind = f"history of {seat}"
    place = None if after is None else _place_of(opened(parts, kind, after))
    with look_at(parts, at) as seen:
        block = seen.number
        found = ownership_history(
            seen.connection, seen.mirror, seat, block, after=place, limit=limit + 1
        )
        owners = found[:limit]
        last = (owners[-1].block.number, owners[-1].log_index) if len(found) > limit else None
        sales = sales_of(seen.connection, seen.mirror, seat, block, after=place, until=last)
    if not owners and place is None:
        raise NotFound(seen.what("seat"))
    behind = None if last is None else f"{last[0]}-{last[1]}"
    return HistoryAnswer.of(seat, owners, sales, sealed(parts, kind, behind), seen)


def _values(seen: BlockLook, found: Sequence[Seat]) -> tuple[SeatValue | None, ...]:
    if seen.kept is None:
        return (None,) * len(found)
    # The contract judges by its block's own second.
    now = seen.kept.timestamp_s
    return seat_values(seen.connection, seen.mirror, found, now, seen.number)


def _place_of(cursor: str) -> LogPlace:
    # Sealed by this API: it has this form.
    block, _, log_index = cursor.partition("-")
    return int(block), int(log_index)


def _drawn(media_type: str) -> dict[int | str, dict[str, Any]]:
    return {
        200: {"description": "As the contract gives it", "content": {media_type: {}}},
        304: {"description": "The client has it already"},
        **documented(
            *MIRROR_PROBLEMS,
            "not_found",
            "invalid_request",
            "chain_unavailable",
            "mirror_inconsistent",
        ),
    }


@router.get("/seats/{seat}/metadata", response_class=Response, responses=_drawn("application/json"))
def show_metadata(
    seat: SeatInPath, parts: ApiParts, if_none_match: Annotated[str | None, Header()] = None
) -> Response:
    """Give a living seat's metadata: the contract's own bytes."""
    return _answer(pictures.metadata(parts, seat), "application/json", if_none_match, {})


@router.get("/seats/{seat}/image", response_class=Response, responses=_drawn("image/svg+xml"))
def show_image(
    seat: SeatInPath, parts: ApiParts, if_none_match: Annotated[str | None, Header()] = None
) -> Response:
    """Give a living seat's picture: the contract's own bytes."""
    headers = {
        "Content-Security-Policy": _DRAWING_CSP,
        # Pages of other sites show it, as they show any seat's picture.
        "Cross-Origin-Resource-Policy": "cross-origin",
    }
    return _answer(pictures.image(parts, seat), "image/svg+xml", if_none_match, headers)


def _answer(
    picture: Picture, media_type: str, if_none_match: str | None, headers: dict[str, str]
) -> Response:
    tag = quoted(picture.digest)
    given = headers | {
        "ETag": tag,
        "Cache-Control": _KEPT,
        # The bytes are the contract's own, so the block that they are of stands here.
        "Seats-As-Of-Block": str(picture.at.number),
        "Seats-Block-Hash": picture.at.hash,
    }
    if has_current(if_none_match, tag):
        return Response(status_code=304, headers=given)
    return Response(picture.octets, media_type=media_type, headers=given)
