"""The addresses of seats.

Owns paths, headers and which problems each route names. Refuses rules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter, Response

from api.answers import documented
from api.attendance.looking import Wanted, contents_of_page
from api.auth.caller import CALLER_PROBLEMS, SignedInCaller
from api.catalogue import pictures
from api.catalogue.drop_routes import MIRROR_PROBLEMS
from api.catalogue.looking import AskedAt, look_at
from api.catalogue.seat_bodies import HistoryAnswer, SeatAnswer, SeatsAnswer, Worth
from api.cursors import CursorGiven, opened, sealed
from api.errors import NotFound
from api.etags import TagKept, has_current, quoted
from api.places import DEFAULT_PAGE, AfterSeat, DropInPath, PageLimit, SeatInPath
from api.requests import ApiParts  # noqa: TC001 - FastAPI reads the annotations
from indexer.queries import (
    Level,
    drop_terms,
    drops_named,
    ownership_history,
    sales_of,
    seat_values,
    seats_of_drop,
    seats_of_owner,
)
from indexer.queries import seat as seat_in

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from api.catalogue.looking import BlockLook
    from api.catalogue.pictures import Picture
    from api.parts import Parts
    from indexer.queries import DropTerms, LogPlace, Seat

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
    """List a drop's seats by rising id: burned ones too.

    A page may be shorter than `limit` and still have a `next`: it ends before its seats have more
    than 600 sessions.
    """
    with look_at(parts, at) as seen:
        block = seen.number
        mirrored = drop_terms(seen.connection, seen.mirror, drop, block)
        if mirrored is None:
            raise NotFound(seen.what("drop"))
        page = seats_of_drop(
            seen.connection, seen.mirror, drop, block, after=after, limit=limit + 1
        )
        worth = _worth(seen, page, (mirrored,))
    return SeatsAnswer.of(page, worth(parts), seen, limit)


@router.get("/me/seats", responses=_LISTED | documented(*CALLER_PROBLEMS))
def list_own_seats(
    caller: SignedInCaller, parts: ApiParts, after: AfterSeat, limit: PageLimit = DEFAULT_PAGE
) -> SeatsAnswer:
    """List the seats that you own, by rising id.

    A page may be shorter than `limit` and still have a `next`: it ends before its seats have more
    than 600 sessions.
    """
    account = caller.session.account
    with look_at(parts, Level.LATEST) as seen:
        page = seats_of_owner(
            seen.connection, seen.mirror, account, seen.number, after=after, limit=limit + 1
        )
        worth = _worth(seen, page, _drops_of(seen, page))
    return SeatsAnswer.of(page, worth(parts), seen, limit)


@router.get("/seats/{seat}", responses=_SHOWN)
def show_seat(seat: SeatInPath, parts: ApiParts, at: AskedAt) -> SeatAnswer:
    """Show a seat: whose it is, what was paid for it, what it gives back and still contains."""
    with look_at(parts, at) as seen:
        found = seat_in(seen.connection, seen.mirror, seat, seen.number)
        if found is None:
            raise NotFound(seen.what("seat"))
        worth = _worth(seen, (found,), _drops_of(seen, (found,)))
    return SeatAnswer.of(found, worth(parts), seen)


@router.get("/seats/{seat}/history", responses=_SHOWN)
def show_history(
    seat: SeatInPath,
    parts: ApiParts,
    at: AskedAt,
    after: CursorGiven = None,
    limit: PageLimit = DEFAULT_PAGE,
) -> HistoryAnswer:
    """Show a seat's changes of owner and its resales: with their blocks, the earliest first."""
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


def _drops_of(seen: BlockLook, found: Sequence[Seat]) -> tuple[DropTerms, ...]:
    numbers = sorted({one.drop for one in found})
    return drops_named(seen.connection, seen.mirror, numbers, seen.number)


def _worth(
    seen: BlockLook, found: Sequence[Seat], drops: Sequence[DropTerms]
) -> Callable[[Parts], Worth]:
    """What seats are worth as of a look; what they contain is asked for once the look is over."""
    kept = seen.kept
    if kept is None:
        return lambda _: Worth({}, {}, len(found))
    # The contract judges by its block's own second.
    values = seat_values(seen.connection, seen.mirror, found, kept.timestamp_s, seen.number)
    latest = seen.level is Level.LATEST

    def worth(parts: Parts) -> Worth:
        wanted = Wanted(
            seats=[one.id for one in found],
            # Rooms open by the clock: a chain may make no block for a while.
            now=parts.now if latest else kept.timestamp_s,
            until=None if latest else seen.number,
            burned=[one.id for one in found if one.burned],
        )
        by_id = {one.id: value for one, value in zip(found, values, strict=True)}
        room, contents = contents_of_page(parts, drops, wanted)
        return Worth(by_id, contents, room)

    return worth


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
def show_metadata(seat: SeatInPath, parts: ApiParts, if_none_match: TagKept = None) -> Response:
    """Give a living seat's metadata: the contract's own bytes.

    Made by the contract on the state after the mirror's head.
    """
    return _answer(pictures.metadata(parts, seat), "application/json", if_none_match, {})


@router.get("/seats/{seat}/image", response_class=Response, responses=_drawn("image/svg+xml"))
def show_image(seat: SeatInPath, parts: ApiParts, if_none_match: TagKept = None) -> Response:
    """Give a living seat's picture: the contract's own bytes.

    Drawn by the contract on the state after the mirror's head.
    """
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
