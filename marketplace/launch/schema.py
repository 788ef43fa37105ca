"""Owns the sections and fields of a launch file: their names, types and which may be left out.

Refuses rules between fields (`checks`) and everything that needs the time of the launch
(`calendar`). A field without a default must be written: what the file does not say is not promised.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo

from marketplace.domain.addresses import ChecksumAddress
from marketplace.domain.denomination import ETHER, Denomination
from marketplace.domain.ids import MAX_DROP, DropId
from marketplace.domain.money import Bps, Wei
from marketplace.launch.addresses import read_address
from marketplace.launch.forms import (
    GateTerm,
    ListFile,
    SeatsMove,
    read_currency,
    read_gate_or_list,
)
from marketplace.launch.units import (
    Unclear,
    When,
    read_amount,
    read_duration,
    read_share,
    read_text,
    read_when,
    shown,
)

Format = Literal["drop session", "sprint cohort"]

Audience = Literal["anyone", "holders", "wait_list"] | tuple[DropId, ...]
"""Who sees seats on resale: everybody, holders of this drop, or these and those of other drops; or
whoever waits for one, one account after the other, and then everybody."""

MAX_AUDIENCE = 16
MAX_TEXT = 4_000
MAX_LINE = 120
SHORTEST_TURN = timedelta(minutes=15)
LONGEST_TURN = timedelta(days=2)


def read_line(value: object) -> str:
    """Read a text of one line.

    Raises:
        Unclear: If it is too long or has several lines.
    """
    text = read_text(value)
    if "\n" in text or len(text) > MAX_LINE:
        raise Unclear(f"this is for one line of at most {MAX_LINE} letters", "shorten it")
    return text


def read_prose(value: object) -> str:
    """Read a text of any number of lines.

    Raises:
        Unclear: If it is too long.
    """
    text = read_text(value)
    if len(text) > MAX_TEXT:
        raise Unclear(f"the text is longer than {MAX_TEXT:,} letters", "shorten it")
    return text


def read_audience(value: object) -> Audience:
    """Read to whom seats on resale are shown; numbers of drops come sorted.

    Raises:
        Unclear: If it is none of the words and no list of 1 to 16 drops, each named once.
    """
    if value == "anyone":
        return "anyone"
    if value == "holders":
        return "holders"
    if value == "wait_list":
        return "wait_list"
    if not isinstance(value, list):
        remedy = (
            'write "anyone", "holders", "wait_list", or a list of drops by number, as in [1, 5]'
        )
        raise Unclear(f"{shown(value)} is no audience", remedy)
    if not 1 <= len(value) <= MAX_AUDIENCE:
        remedy = f'name 1 to {MAX_AUDIENCE}; "holders" stands for this drop alone'
        raise Unclear(f"there are {len(value)} drops in the list", remedy)
    for number in value:
        if not isinstance(number, int) or isinstance(number, bool) or not 1 <= number <= MAX_DROP:
            remedy = "write whole numbers from 1, without quotes"
            raise Unclear(f"{shown(number)} is no number of a drop", remedy)
    drops = tuple(DropId(number) for number in sorted(value))
    for one, next_one in pairwise(drops):
        if one == next_one:
            raise Unclear(f"drop {one} stands in the list twice", "name it once")
    return drops


def read_turn(value: object) -> timedelta:
    """Read how long each account of a wait-list has a seat on resale to itself.

    Raises:
        Unclear: If it is no duration, or not between 15 minutes and 2 days.
    """
    span = read_duration(value)
    if not SHORTEST_TURN <= span <= LONGEST_TURN:
        why = f"{shown(value)} is {'too short' if span < SHORTEST_TURN else 'too long'} for a turn"
        raise Unclear(why, 'write "15 minutes" to "2 days"; people sleep, and sellers wait')
    return span


def _read_amount(value: object, info: ValidationInfo) -> Wei:
    """Read an amount of the currency that the reader of the file has found in it."""
    return read_amount(value, info.context or ETHER)


Amount = Annotated[Wei, BeforeValidator(_read_amount)]
Share = Annotated[Bps, BeforeValidator(read_share)]
Span = Annotated[timedelta, BeforeValidator(read_duration)]
Time = Annotated[When, BeforeValidator(read_when)]
Line = Annotated[str, BeforeValidator(read_line)]
Prose = Annotated[str, BeforeValidator(read_prose)]
Address = Annotated[ChecksumAddress, BeforeValidator(read_address)]
PaidIn = Annotated[Denomination, BeforeValidator(read_currency)]
Opened = Annotated[GateTerm | ListFile, BeforeValidator(read_gate_or_list)]
Count = Annotated[int, Field(strict=True, ge=1, le=99_999)]
Listeners = Annotated[Audience, BeforeValidator(read_audience)]
Turn = Annotated[timedelta, BeforeValidator(read_turn)]
Lines = Annotated[tuple[Line, ...], Field(min_length=1, max_length=20)]


class Section(BaseModel):
    """A table of the file; keys that it does not know are faults, not surprises."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Product(Section):
    """What is taught, for whom, and how anybody can tell that it was delivered."""

    format: Format
    title: Line
    mentor: Line
    summary: Prose
    contains: Lines
    success: Lines


class Terms(Section):
    """Who gets and who decides, and by when the mentor must have delivered."""

    currency: PaidIn
    deliver_by: Time
    highest_fee: Share
    seats_move: SeatsMove = "by sale or gift"
    payout: Address | None = None
    verifier: Address | None = None


class Session(Section):
    """One meeting."""

    title: Line
    kind: Literal["session", "workshop", "office hour"]
    starts: Time
    lasts: Span
    tiers: Lines | None = None


class Tier(Section):
    """One class of seats."""

    name: Line
    price: Amount
    seats: Count
    includes: Lines


class Phase(Section):
    """A window in which one tier is sold at one price."""

    name: Line
    tier: Line
    gate: Opened
    price: Amount
    opens: Time
    closes: Time
    seats: Count | None = None
    reserved: Annotated[bool, Field(strict=True)] = False
    per_wallet: Annotated[int, Field(strict=True, ge=1, le=65_535)] | None = None


class Refund(Section):
    """Until when a holder gets the money back without asking, and what that costs."""

    until: Time
    penalty: Share
    policy: Prose


class Resale(Section):
    """What the mentor earns when seats change hands, and what a seat may cost then."""

    royalty: Share
    toll: Share
    highest_price: Share
    gift_cooldown: Span
    audience: Listeners = "anyone"
    turn: Turn | None = None


class Dispute(Section):
    """Who decides if holders say that the promise was not kept."""

    resolver: Address
    objection_days: Annotated[int, Field(strict=True)]
    default_split: Share


SECTIONS: dict[str, type[Section]] = {
    "product": Product,
    "terms": Terms,
    "refund": Refund,
    "resale": Resale,
    "dispute": Dispute,
}
"""Tables that stand once."""

LISTS: dict[str, tuple[type[Section], int]] = {
    "sessions": (Session, 60),
    "tiers": (Tier, 10),
    "phases": (Phase, 16),
}
"""Tables that stand once for each entry, `[[tiers]]`, at least one; with the most there may be."""
