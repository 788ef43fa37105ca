"""Owns getting from TOML tables to checked sections, with every fault named where it stands.

A section with a fault is left out of the draft and the others are read on, so that one slip in a
tier does not hide another in a phase.

Refuses rules between sections: `checks` looks at what was read.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeVar

from pydantic import ValidationError

from marketplace.domain.denomination import ETHER, Denomination
from marketplace.launch.faults import Fault
from marketplace.launch.forms import read_currency
from marketplace.launch.positions import line_of, lines_of_fields
from marketplace.launch.schema import (
    LISTS,
    SECTIONS,
    Dispute,
    Phase,
    Product,
    Refund,
    Resale,
    Section,
    Session,
    Terms,
    Tier,
)
from marketplace.launch.units import Unclear, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pydantic_core import ErrorDetails

    from marketplace.launch.faults import Place
    from marketplace.launch.source import Source

_S = TypeVar("_S", bound=Section)
_INTEGERS: Final = frozenset({"int_type", "int_from_float", "int_parsing"})


@dataclass(slots=True)
class Faults:
    """Collects faults, and knows the line of each field and what amounts are in."""

    lines: Mapping[Place, int]
    found: list[Fault] = field(default_factory=list)
    paid_in: Denomination = ETHER

    def add(self, place: Place, why: str, remedy: str) -> None:
        """Note a fault at a field."""
        self.found.append(Fault(line_of(self.lines, place), place, why, remedy))


@dataclass(frozen=True, slots=True)
class Draft:
    """What could be read; a section with a fault is None, in a list as well.

    Entries keep their place in their list.
    """

    product: Product | None
    terms: Terms | None
    refund: Refund | None
    resale: Resale | None
    dispute: Dispute | None
    sessions: tuple[Session | None, ...]
    tiers: tuple[Tier | None, ...]
    phases: tuple[Phase | None, ...]


def read_sections(source: Source) -> tuple[Draft, Faults]:
    """Read every section of a launch file; the draft is whole when there are no faults."""
    faults = Faults(lines_of_fields(source.text))
    tables = source.tables
    # A table that is there under a mistyped name is one fault, not two.
    mistyped = _refuse_unknown((), tables, [*SECTIONS, *LISTS], faults)
    tables = {**tables, **dict.fromkeys(mistyped)}
    faults.paid_in = _paid_in(tables)
    draft = Draft(
        product=_table(tables, "product", Product, faults),
        terms=_table(tables, "terms", Terms, faults),
        refund=_table(tables, "refund", Refund, faults),
        resale=_table(tables, "resale", Resale, faults),
        dispute=_table(tables, "dispute", Dispute, faults),
        sessions=_list(tables, "sessions", Session, faults),
        tiers=_list(tables, "tiers", Tier, faults),
        phases=_list(tables, "phases", Phase, faults),
    )
    return draft, faults


def _paid_in(tables: Mapping[str, object]) -> Denomination:
    """What amounts are in; ether while that cannot be read, which is a fault of its own."""
    terms = tables.get("terms")
    try:
        return read_currency(terms.get("currency") if isinstance(terms, dict) else None)
    except Unclear:
        return ETHER


def _table(tables: Mapping[str, object], name: str, model: type[_S], faults: Faults) -> _S | None:
    if name not in tables:
        faults.add((name,), f"the table [{name}] is missing", "add it")
        return None
    if tables[name] is None:
        return None
    return _section((name,), tables[name], model, faults)


def _list(
    tables: Mapping[str, object], name: str, model: type[_S], faults: Faults
) -> tuple[_S | None, ...]:
    entries = tables.get(name, [])
    if entries is None:
        return (None,)
    most = LISTS[name][1]
    if not isinstance(entries, list) or not entries:
        faults.add((name,), f"there is no [[{name}]]", f"add one, headed [[{name}]]")
        return ()
    if len(entries) > most:
        faults.add((name, most), f"there are {len(entries)} of them", f"keep at most {most}")
        entries = entries[:most]
    return tuple(
        _section((name, index), entry, model, faults) for index, entry in enumerate(entries)
    )


def _section(place: Place, value: object, model: type[_S], faults: Faults) -> _S | None:
    if not isinstance(value, dict):
        heads = f"[{place[0]}]" if len(place) == 1 else f"[[{place[0]}]]"
        faults.add(place, f"{shown(value)} stands where a table is due", f"head it {heads}")
        return None
    known = list(model.model_fields)
    mistyped = _refuse_unknown(place, value, known, faults)
    try:
        # A key that is not known has its fault already and does not spoil the rest.
        return model.model_validate(
            {key: value[key] for key in known if key in value}, context=faults.paid_in
        )
    except ValidationError as error:
        for details in error.errors():
            if details["loc"][0] not in mistyped:
                _translate(place, details, model, faults)
        return None


def _refuse_unknown(
    place: Place, given: Mapping[str, object], known: Iterable[str], faults: Faults
) -> set[str]:
    """Note keys that nobody knows; gives those that were probably meant."""
    names = list(known)
    meant: set[str] = set()
    for key in given:
        if key in names:
            continue
        near = difflib.get_close_matches(key, [name for name in names if name not in given], n=1)
        remedy = f"did you mean {near[0]}" if near else f"remove it; known are {', '.join(names)}"
        meant.update(near)
        faults.add((*place, key), "nobody knows this key", remedy)
    return meant


def _translate(place: Place, details: ErrorDetails, model: type[Section], faults: Faults) -> None:
    """Say in a mentor's words what pydantic says in a programmer's."""
    inside = (*place, *details["loc"])
    context = details.get("ctx", {})
    unclear = context.get("error")
    if isinstance(unclear, Unclear):
        faults.add(inside, unclear.why, unclear.remedy)
        return
    given = shown(details["input"])
    kind = details["type"]
    if kind == "missing":
        meaning = _MEANINGS.get(
            (model.__name__, str(details["loc"][-1])), "see docs/launch-file.md"
        )
        faults.add(inside, "it is missing", f"add it ({meaning})")
    elif kind == "literal_error":
        faults.add(inside, f"{given} is not offered", f"write {context['expected']}")
    elif kind in _INTEGERS:
        faults.add(inside, f"{given} is no whole number", "write one without quotes")
    elif kind in {"greater_than_equal", "less_than_equal"}:
        bound = context["ge"] if kind == "greater_than_equal" else context["le"]
        least = "small" if kind == "greater_than_equal" else "large"
        word = "least" if kind == "greater_than_equal" else "most"
        faults.add(inside, f"{given} is too {least}", f"write at {word} {bound:,}")
    elif kind == "bool_type":
        faults.add(inside, f"{given} is neither true nor false", "write one, without quotes")
    elif kind in {"tuple_type", "too_short", "too_long"}:
        faults.add(
            inside, "this is for a list of 1 to 20 texts", 'write it as ["the first", "the second"]'
        )
    else:
        faults.add(inside, f"{given} does not fit ({details['msg']})", "see docs/launch-file.md")


_MEANINGS: Final = {
    ("Product", "format"): 'one of "drop session" and "sprint cohort"',
    ("Product", "contains"): "what a buyer gets, as a list of texts",
    ("Product", "success"): "how anybody can tell that it was delivered, as a list of texts",
    ("Terms", "currency"): '"ETH", or an ERC-20 as in { address = "0x…", decimals = 6 }',
    ("Phase", "gate"): '"public", or who else may buy',
    ("Terms", "deliver_by"): 'by when you must have delivered, as in "end + 14 days"',
    ("Terms", "highest_fee"): 'the most that the platform may take of your money, as in "5%"',
    ("Refund", "until"): 'until when a seat can be given back, as in "start"',
    ("Refund", "penalty"): 'what giving back costs, of the price paid, as in "0%"',
    ("Resale", "royalty"): 'your share of a resale, as in "10%"',
    ("Resale", "toll"): 'what a gift pays, of the list price, as in "2%"',
    ("Resale", "highest_price"): 'of the price paid, as in "100%"; "0%" allows no resale',
    ("Resale", "gift_cooldown"): 'as in "1 day"',
    ("Resale", "turn"): 'how long each account has a seat on resale to itself, as in "12 hours"',
    ("Dispute", "resolver"): "the address of who decides a dispute, neither you nor your payout",
    ("Dispute", "objection_days"): "3 to 30",
    ("Dispute", "default_split"): 'the holders\' share if nobody decides, as in "50%"',
}
