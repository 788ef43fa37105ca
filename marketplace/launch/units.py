"""Owns the units of a launch file: amounts, shares, durations, moments, plain text.

Refuses anything that two people could read differently: numbers with a point that are not quoted,
a time without its zone, a bare number for a share. Nothing here passes through a float.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final, Literal

from marketplace.domain.denomination import ETHER, Denomination
from marketplace.domain.money import Bps, Wei
from marketplace.launch.source import PointNumber

Anchor = Literal["launch", "start", "end"]

_SHARE: Final = re.compile(r"(\d{1,4}(?:\.\d{1,2})?) ?%", re.ASCII)
_SECONDS: Final = {"second": 1, "minute": 60, "hour": 3_600, "day": 86_400, "week": 604_800}
_PIECE: Final = r"\d{1,6} (?:second|minute|hour|day|week)s?"
_DURATION: Final = re.compile(rf"{_PIECE}(?: {_PIECE})*", re.ASCII)
_ONE_PIECE: Final = re.compile(r"(\d+) (second|minute|hour|day|week)s?", re.ASCII)
_RELATIVE: Final = re.compile(rf"(launch|start|end)(?: ([+-]) ({_PIECE}(?: {_PIECE})*))?", re.ASCII)
_FIRST_YEAR: Final = 2020
_LAST_YEAR: Final = 2200
_LONGEST: Final = 3_650 * 86_400
# Marks that change the order in which the rest of a line is read.
_REORDERING: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class Unclear(ValueError):
    """A value that cannot be read.

    Attributes:
        why: What is wrong, as a clause.
        remedy: What to write instead, as a clause.
    """

    def __init__(self, why: str, remedy: str) -> None:
        super().__init__(f"{why}; {remedy}")
        self.why = why
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class Moment:
    """A time that counts from an event of the drop.

    Attributes:
        anchor: The launch, the start of the first session or the end of the last.
        seconds: After it; negative before it.
    """

    anchor: Anchor
    seconds: int


When = datetime | Moment


def read_amount(value: object, paid_in: Denomination = ETHER) -> Wei:
    """Read an amount such as "0.05" exactly.

    Raises:
        Unclear: If it is no quoted decimal of at most so many places as the currency has.
    """
    ether = "ether" if paid_in.is_ether else "the currency"
    units = "wei" if paid_in.is_ether else "its smallest units"
    if isinstance(value, PointNumber):
        raise Unclear("a number with a point is rounded by some readers", f'write "{value.text}"')
    if isinstance(value, int) and not isinstance(value, bool):
        why = f"a bare number does not say {ether} or {units}"
        raise Unclear(why, f'write "{value}" for {ether}')
    places = f"at most {paid_in.decimals} places" if paid_in.decimals else "no places"
    example = "0.05" if paid_in.decimals > 1 else "25"
    remedy = f'write it in quotes with a point and {places}, as in "{example}"'
    if not isinstance(value, str):
        raise Unclear(f"{shown(value)} is no amount of {ether}", remedy)
    try:
        return paid_in.read(value)
    except ValueError as error:
        raise Unclear(f"{shown(value)} is no amount of {ether}", remedy) from error


def read_share(value: object) -> Bps:
    """Read a share such as "10%" or "2.5%" as basis points.

    Raises:
        Unclear: If it is no quoted percentage of at most two places.
    """
    if isinstance(value, PointNumber) or (isinstance(value, int) and not isinstance(value, bool)):
        number = value.text if isinstance(value, PointNumber) else value
        raise Unclear(
            "a bare number does not say of what", f'write "{number}%" if you mean percent'
        )
    found = _SHARE.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise Unclear(
            f"{shown(value)} is no share",
            'write a percentage in quotes with at most two places, as in "10%" or "2.5%"',
        )
    return Bps(int(Decimal(found[1]).scaleb(2)))


def read_duration(value: object) -> timedelta:
    """Read a duration such as "90 minutes" or "1 week 2 days".

    Raises:
        Unclear: If it is none.
    """
    if not isinstance(value, str) or not _DURATION.fullmatch(value):
        raise Unclear(
            f"{shown(value)} is no duration",
            'write a number and a unit in quotes, as in "7 days" or "1 hour 30 minutes"',
        )
    return timedelta(seconds=_seconds(value))


def read_when(value: object) -> When:
    """Read a date-time with its zone, or a moment such as "start - 2 days".

    Raises:
        Unclear: If it is neither.
    """
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise Unclear(
                "the time names no zone",
                f"add one, as in {value.isoformat()}Z or {value.isoformat()}+02:00",
            )
        if value.microsecond:
            raise Unclear("the chain counts whole seconds", "leave the fraction out")
        if not _FIRST_YEAR <= value.year <= _LAST_YEAR:
            raise Unclear(f"the year {value.year} cannot be meant", "check the date")
        return value.astimezone(UTC)
    found = _RELATIVE.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise Unclear(
            f"{shown(value)} is no time",
            "write a date-time with its zone and without quotes, as in 2030-05-01T17:00:00Z, "
            'or a moment in quotes, as in "launch + 10 days", "start - 1 hour" or "end"',
        )
    seconds = _seconds(found[3]) if found[3] else 0
    anchors: dict[str, Anchor] = {"launch": "launch", "start": "start", "end": "end"}
    return Moment(anchors[found[1]], -seconds if found[2] == "-" else seconds)


def read_text(value: object) -> str:
    """Read text for people: in composed form, without marks that hide or reorder anything.

    Raises:
        Unclear: If it is no text, blank, or carries such marks.
    """
    if not isinstance(value, str):
        raise Unclear(f"{shown(value)} is no text", "put it in quotes")
    text = unicodedata.normalize("NFC", value.strip())
    if not text:
        raise Unclear("the text is blank", "write it, or leave the field out if it is optional")
    for mark in text:
        if mark in _REORDERING or (unicodedata.category(mark) == "Cc" and mark != "\n"):
            raise Unclear(
                f"the text holds the invisible mark U+{ord(mark):04X}", "type that place again"
            )
    return text


def duration(span: timedelta) -> str:
    """Write a duration of whole seconds in the largest units that fit: 1 day 12 hours."""
    left = int(span.total_seconds())
    parts = []
    for unit in ("day", "hour", "minute", "second"):
        count, left = divmod(left, _SECONDS[unit])
        if count:
            parts.append(f"{count} {unit}" if count == 1 else f"{count} {unit}s")
    return " ".join(parts) or "0 seconds"


def instant(time: datetime) -> str:
    """Write a time as ISO 8601 in UTC: 2030-05-01T17:00:00Z."""
    return time.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def shown(value: object) -> str:
    """A value of the file in a message, short."""
    text = value.text if isinstance(value, PointNumber) else str(value)
    if isinstance(value, dict | list):
        return "a table" if isinstance(value, dict) else "a list"
    text = text.replace("\n", " ")
    clipped = text if len(text) <= 40 else f"{text[:40]}…"  # noqa: PLR2004 - a line's worth
    return f'"{clipped}"' if isinstance(value, str) else clipped


def _seconds(text: str) -> int:
    seconds = sum(int(count) * _SECONDS[unit] for count, unit in _ONE_PIECE.findall(text))
    if seconds > _LONGEST:
        raise Unclear("that is longer than ten years", "check the number and the unit")
    return seconds
