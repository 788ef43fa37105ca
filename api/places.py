"""Numbers that addresses and queries name: drops, sessions, tiers, seats, blocks, pages.

Owns how they are spelled and which of them anything could be known of. A number that the contract
could give and no mirror can hold is one that there is not; any other is no number of the kind.
Refuses to look anything up.
"""

from __future__ import annotations

import re
from typing import Annotated, Final

from fastapi import Depends, Path, Query
from pydantic import BeforeValidator, Field, WithJsonSchema

from api.errors import NotFound
from api.programme.numbers import MAX_MIRRORED_DROP, MAX_MIRRORED_SEAT
from api.wire import Uint256In  # noqa: TC001 - FastAPI reads the annotations
from marketplace.domain.ids import MAX_DROP, MAX_TIER, DropId, SeatId

MAX_PAGE: Final = 100
"""Things in one page, at most."""

DEFAULT_PAGE: Final = 50

_DIGITS: Final = re.compile(r"0|[1-9][0-9]{0,19}")


def whole(value: object) -> object:
    """Read a whole number in its one spelling; anything but text passes as it is."""
    # int() would also take spaces, signs, underscores and the digits of other scripts.
    if isinstance(value, str) and not _DIGITS.fullmatch(value):
        raise ValueError("write a whole number in decimal digits")
    return int(value) if isinstance(value, str) else value


def _between(least: int, most: int) -> WithJsonSchema:
    # Beside a validator of ours, pydantic cannot say a bound in JSON schema's own words.
    return WithJsonSchema({"type": "integer", "minimum": least, "maximum": most})


MAX_BLOCK: Final = 2**53 - 1
"""The largest number that a JSON number holds exactly."""

MAX_SESSION: Final = 10_000

DropNumber = Annotated[int, BeforeValidator(whole), _between(1, MAX_DROP)]
"""The number of a drop, in a request."""

SessionNumber = Annotated[int, Field(ge=1, le=MAX_SESSION), BeforeValidator(whole)]
"""The number of a session in its drop's terms, in a request."""

BlockNumber = Annotated[int, Field(ge=0, le=MAX_BLOCK), BeforeValidator(whole)]
"""The number of a block, in a request."""

TierNumber = Annotated[int, Field(ge=0, le=MAX_TIER), BeforeValidator(whole)]
"""The number of a tier, in a request."""


def drop_of(number: int) -> DropId:
    """The drop of a number. Raises NotFound for one that no mirror can hold."""
    if not 1 <= number <= MAX_MIRRORED_DROP:
        raise NotFound("drop")
    return DropId(number)


def seat_of(number: int) -> SeatId:
    """The seat of a token id. Raises NotFound for one that no mirror can hold."""
    if not 1 <= number <= MAX_MIRRORED_SEAT:
        raise NotFound("seat")
    return SeatId(number)


def _drop(
    drop: Annotated[DropNumber, Path(ge=0, le=MAX_DROP, description="The drop's number, from 1.")],
) -> DropId:
    return drop_of(drop)


def _seat(
    seat: Annotated[Uint256In, Path(description="The seat's token id, as digits.")],
) -> SeatId:
    return seat_of(seat)


def _seats_after(
    after: Annotated[
        Uint256In | None, Query(description="Begin behind the seat with this token id, as digits.")
    ] = None,
) -> SeatId:
    # Nothing comes after a seat beyond the last.
    return SeatId(min(after or 0, MAX_MIRRORED_SEAT))


def _drops_after(
    after: Annotated[
        int,
        BeforeValidator(whole),
        _between(0, MAX_DROP),
        Query(ge=0, le=MAX_DROP, description="Begin behind the drop with this number."),
    ] = 0,
) -> DropId:
    return DropId(min(after, MAX_MIRRORED_DROP))


DropInPath = Annotated[DropId, Depends(_drop)]
"""The drop that an address names as `{drop}`; 404 when there can be none."""

SeatInPath = Annotated[SeatId, Depends(_seat)]
"""The seat that an address names as `{seat}`; 404 when there can be none."""

AfterSeat = Annotated[SeatId, Depends(_seats_after)]
"""`?after=`: the last seat of the page before."""

AfterDrop = Annotated[DropId, Depends(_drops_after)]
"""`?after=`: the last drop of the page before."""

PageLimit = Annotated[
    int,
    BeforeValidator(whole),
    _between(1, MAX_PAGE),
    Query(ge=1, le=MAX_PAGE, description="How many things the page has at most."),
]
"""`?limit=`: the most things in one page."""
