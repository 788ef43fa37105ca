"""Owns reading canonical terms back: from the one text that was hashed to values.

Refuses every text but the one that `canonical` would have written: other spellings of the same
values would be other terms with another hash. Refuses to say that a drop carries the text's hash,
or that the chain holds the same figures: whoever has the drop compares.

`__pydantic_config__` lets pydantic read the text straight into these dataclasses.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, ClassVar, Final, Literal, TypeVar, cast

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    ValidationInfo,
)

from marketplace.domain.addresses import ChecksumAddress
from marketplace.domain.denomination import Denomination
from marketplace.domain.errors import RuleViolated, typed_error
from marketplace.domain.ids import MAX_DROP, DropId, TierIndex
from marketplace.domain.money import Bps, Wei, percent_text
from marketplace.launch.addresses import read_address
from marketplace.launch.forms import (
    FIRST,
    Form,
    GateTerm,
    SeatsMove,
    form_of,
    read_currency,
    read_gate,
    spelled_currency,
    spelled_gate,
)
from marketplace.launch.schema import (
    LISTS,
    Count,
    Format,
    read_line,
    read_prose,
    read_turn,
)
from marketplace.launch.units import duration, instant, read_duration, read_share

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MAX_AUDIENCE: Final = 16
"""Drops that a resale audience may name."""

_V = TypeVar("_V")
_STRICT: Final = ConfigDict(extra="forbid", strict=True)


@typed_error
class TermsUnreadable(RuleViolated):
    """A text is not the canonical terms of a launch file.

    Attributes:
        place: Where, as in `sessions[2].tiers`; empty: the text as a whole.
        why: What is wrong, as a clause.
    """

    code = "terms_unreadable"

    place: str
    why: str

    def _sentence(self) -> str:
        where = f" at {self.place}" if self.place else ""
        return (
            f"These are no terms that this version can read{where}: {self.why}. Send the text as "
            "the launch's record holds it, byte for byte."
        )


def _spelled(read: Callable[[object], _V], write: Callable[[_V], object]) -> BeforeValidator:
    """Read a value that must be spelled as the canonical terms spell it."""

    def checked(value: object) -> _V:
        read_value = read(value)
        if write(read_value) != value:
            raise ValueError("it is not spelled as canonical terms spell it")
        return read_value

    return BeforeValidator(checked)


def _amount(value: object, info: ValidationInfo) -> Wei:
    """Read an amount of the currency that the terms name, spelled as they spell it."""
    paid_in = cast("Denomination", info.context)
    if not isinstance(value, str):
        raise ValueError("an amount is a text")  # noqa: TRY004 - pydantic turns only ValueError into a fault
    amount = paid_in.read(value.removesuffix(" ETH"))
    if paid_in.text(amount) != value:
        raise ValueError("it is not spelled as canonical terms spell it")
    return amount


def _second(value: object) -> int:
    if not isinstance(value, str):
        raise ValueError("a time is a text")  # noqa: TRY004 - pydantic turns only ValueError into a fault
    time = datetime.fromisoformat(value)
    if time.tzinfo is None:
        raise ValueError("a time names its zone")
    return int(time.timestamp())


def _instant(second: int) -> str:
    return instant(datetime.fromtimestamp(second, UTC))


def _same(value: _V) -> _V:
    return value


_Line = Annotated[str, _spelled(read_line, _same)]
_Prose = Annotated[str, _spelled(read_prose, _same)]
_Lines = Annotated[tuple[_Line, ...], Field(min_length=1, max_length=20)]
_Amount = Annotated[Wei, BeforeValidator(_amount)]
_PaidIn = Annotated[Denomination, _spelled(read_currency, spelled_currency)]
_Gate = Annotated[GateTerm, _spelled(read_gate, spelled_gate)]
_Share = Annotated[Bps, _spelled(read_share, percent_text)]
_Second = Annotated[int, _spelled(_second, _instant)]
_Seconds = Annotated[
    int,
    BeforeValidator(lambda span: int(span.total_seconds())),
    _spelled(read_duration, duration),
]
_Turn = Annotated[
    int,
    BeforeValidator(lambda span: int(span.total_seconds())),
    _spelled(read_turn, duration),
]
_Address = Annotated[ChecksumAddress, _spelled(read_address, _same)]
_Drop = Annotated[DropId, Field(ge=1, le=MAX_DROP)]
_Drops = Annotated[tuple[_Drop, ...], Field(min_length=1, max_length=MAX_AUDIENCE)]

Audience = Literal["anyone", "holders", "wait_list"] | _Drops
"""Who may see resale listings: anybody, holders of this drop, or also those of the drops named; or
the accounts of a wait-list, one after the other, and then anybody."""

NO_TURNS: Final = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedProduct:
    """What is taught, and how anybody can tell that it was delivered."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    format: Format
    title: _Line
    mentor: _Line
    summary: _Prose
    contains: _Lines
    success: _Lines


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedParties:
    """Who gets and who decides, and by when the mentor must have delivered (a Unix second).

    Attributes:
        currency: What every amount of the text is in.
        payout: None: the mentor.
        verifier: None: to be named later.
    """

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    currency: _PaidIn
    deliver_by: _Second
    highest_fee: _Share
    seats_move: SeatsMove
    payout: _Address | None
    verifier: _Address | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedSession:
    """One meeting, in Unix seconds, and the names of the tiers whose seats open it."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    title: _Line
    kind: Literal["session", "workshop", "office hour"]
    starts: _Second
    ends: _Second
    tiers: Annotated[tuple[_Line, ...], Field(min_length=1, max_length=LISTS["tiers"][1])]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedTier:
    """One class of seats."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    name: _Line
    price: _Amount
    seats: Count
    includes: _Lines


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedPhase:
    """A window, in Unix seconds, in which one tier is sold at one price.

    Attributes:
        tier: The tier's name.
        seats: None: as many as the tier has.
        per_wallet: None: no limit.
    """

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    name: _Line
    tier: _Line
    gate: _Gate
    price: _Amount
    opens: _Second
    closes: _Second
    seats: Count | None
    reserved: bool
    per_wallet: Annotated[int, Field(ge=1, le=65_535)] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedRefund:
    """Until which Unix second a holder gets the money back, and what that costs."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    until: _Second
    penalty: _Share
    policy: _Prose


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedResale:
    """What the mentor earns when seats change hands, and who may see listings.

    Attributes:
        gift_cooldown: Seconds.
        turn: Seconds that each account of the wait-list has; `NO_TURNS` where there is none.
    """

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    royalty: _Share
    toll: _Share
    highest_price: _Share
    gift_cooldown: _Seconds
    audience: Audience
    # Terms of before there were turns do not name it, and null would be another text.
    turn: _Turn = NO_TURNS


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedDispute:
    """Who decides if holders say that the promise was not kept."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    resolver: _Address
    objection_days: Annotated[int, Field(ge=0)]
    default_split: _Share


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedTerms:
    """Canonical terms as values; lists stand in the order in which the contract counts them."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    form: Form
    product: PublishedProduct
    terms: PublishedParties
    sessions: Annotated[
        tuple[PublishedSession, ...], Field(min_length=1, max_length=LISTS["sessions"][1])
    ]
    tiers: Annotated[tuple[PublishedTier, ...], Field(min_length=1, max_length=LISTS["tiers"][1])]
    phases: Annotated[
        tuple[PublishedPhase, ...], Field(min_length=1, max_length=LISTS["phases"][1])
    ]
    refund: PublishedRefund
    resale: PublishedResale
    dispute: PublishedDispute

    def tier_index(self, name: str) -> TierIndex:
        """The contract's index of a tier; KeyError when none is called so."""
        for index, tier in enumerate(self.tiers):
            if tier.name == name:
                return TierIndex(index)
        raise KeyError(name)

    def tiers_of(self, session: PublishedSession) -> frozenset[TierIndex]:
        """The tiers whose seats open a session, by the contract's indexes."""
        return frozenset(self.tier_index(name) for name in session.tiers)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Currency:
    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="ignore", strict=True)

    currency: _PaidIn


@dataclass(frozen=True, slots=True, kw_only=True)
class _PaidTerms:
    """What must be read before amounts can be: what they are in."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="ignore", strict=True)

    terms: _Currency


_TERMS: Final = TypeAdapter(PublishedTerms)
_PAID_TERMS: Final = TypeAdapter(_PaidTerms)


def read_terms(document: str) -> PublishedTerms:
    """Read canonical terms.

    Args:
        document: The text whose hash a drop carries, byte for byte.

    Raises:
        TermsUnreadable: it is another text; the first thing that is wrong is named.
    """
    try:
        # First: it bounds how deep a text nests, and Python's decoder may end the process.
        paid_in = _PAID_TERMS.validate_json(document).terms.currency
        terms = _TERMS.validate_json(document, context=paid_in)
        written = json.loads(document)
        spelled = json.dumps(written, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    except ValidationError as error:
        first = error.errors()[0]
        raise TermsUnreadable(_place(first["loc"]), str(first["msg"])) from error
    except ValueError as error:
        raise TermsUnreadable("", "it is no JSON") from error
    if spelled != document:
        raise TermsUnreadable("", "its JSON is laid out otherwise than canonical terms are")
    for place, why in _disagreements(terms):
        raise TermsUnreadable(place, why)
    return terms


def _disagreements(terms: PublishedTerms) -> Iterator[tuple[str, str]]:
    needed = form_of(
        terms.terms.currency, terms.terms.seats_move, (one.gate for one in terms.phases)
    )
    if terms.form != needed:
        first_says_all = needed == FIRST
        yield (
            "form",
            "the first form says all of it"
            if first_says_all
            else "the first form has no words for it",
        )
    names = [tier.name for tier in terms.tiers]
    if len(set(names)) < len(names):
        yield "tiers", "two tiers have one name"
    for number, phase in enumerate(terms.phases, start=1):
        if phase.tier not in names:
            yield f"phases[{number}].tier", "there is no such tier"
    for number, session in enumerate(terms.sessions, start=1):
        if len(set(session.tiers)) < len(session.tiers) or not set(session.tiers) <= set(names):
            yield f"sessions[{number}].tiers", "each must be a tier, named once"
        if session.ends < session.starts:
            yield f"sessions[{number}].ends", "it ends before it starts"
    audience = terms.resale.audience
    if not isinstance(audience, str) and len(set(audience)) < len(audience):
        yield "resale.audience", "a drop is named twice"
    if (audience == "wait_list") is (terms.resale.turn == NO_TURNS):
        yield "resale.turn", "a wait-list has turns, and nothing else has"


def _place(steps: tuple[str | int, ...]) -> str:
    text = ""
    for step in steps:
        text += f"[{step + 1}]" if isinstance(step, int) else f".{step}"
    return text.removeprefix(".")
