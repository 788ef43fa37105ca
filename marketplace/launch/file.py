"""Owns reading a launch file: from a path to the contract's terms, or to all of its faults.

Refuses to send anything and to look at a clock: the moment of launch is an argument.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from marketplace.launch.calendar import Calendar, Meeting, calendar_of
from marketplace.launch.canonical import terms_document, terms_hash
from marketplace.launch.faults import LaunchFileInvalid
from marketplace.launch.lists import gates_of, lists_of
from marketplace.launch.names import tier_indexes, turns_with_a_wait_list, unique
from marketplace.launch.offers import NOBODY_YET, judge, offer_of
from marketplace.launch.premises import hold
from marketplace.launch.sections import read_sections
from marketplace.launch.source import parse_source, read_source

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from marketplace.allowlist.phases import PhaseAllowlist
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.denomination import Denomination
    from marketplace.domain.drop import NewDrop
    from marketplace.domain.ids import PhaseIndex
    from marketplace.launch.forms import GateTerm
    from marketplace.launch.premises import Premises
    from marketplace.launch.schema import Dispute, Phase, Product, Refund, Resale, Terms, Tier
    from marketplace.launch.sections import Draft
    from marketplace.launch.source import Source


@dataclass(frozen=True, slots=True)
class LaunchFile:
    """A launch file without faults, as of one moment of launch.

    Attributes:
        path: As it was given.
        drop: What creating the drop takes, with the hash of the terms.
        document: The canonical terms, whose hash `drop` carries.
        gates: What the contract keeps of each phase's, in the order of the phases.
        allowlists: Those that phases name by a file.
    """

    path: str
    product: Product
    terms: Terms
    calendar: Calendar
    tiers: tuple[Tier, ...]
    phases: tuple[Phase, ...]
    refund: Refund
    resale: Resale
    dispute: Dispute
    drop: NewDrop
    document: str
    gates: tuple[GateTerm, ...]
    allowlists: Mapping[PhaseIndex, PhaseAllowlist]

    @property
    def paid_in(self) -> Denomination:
        """What every amount is in."""
        return self.terms.currency


def read_launch_file(
    path: Path, launch: datetime, mentor: ChecksumAddress = NOBODY_YET
) -> LaunchFile:
    """Read a launch file as if it were launched at `launch` by `mentor`.

    Raises:
        LaunchFileUnreadable: If there is no text to judge.
        LaunchFileInvalid: With all faults.
    """
    return judge_source(read_source(path), launch, mentor)


def parse_launch_file(
    name: str, octets: bytes, launch: datetime, mentor: ChecksumAddress = NOBODY_YET
) -> LaunchFile:
    """As `read_launch_file`, for bytes that are called `name` in messages."""
    return judge_source(parse_source(name, octets), launch, mentor)


def judge_source(
    source: Source, launch: datetime, mentor: ChecksumAddress, premises: Premises | None = None
) -> LaunchFile:
    """As `read_launch_file`, for a text that TOML can read.

    Args:
        source: The text.
        launch: The moment of launch.
        mentor: Who launches.
        premises: What the contract says; None where none was asked.
    """
    draft, faults = read_sections(source)
    names = [tier.name for tier in draft.tiers if tier is not None]
    calendar = calendar_of(draft.sessions, names, launch, faults)
    unique("tiers", [tier.name if tier else None for tier in draft.tiers], faults)
    unique("phases", [phase.name if phase else None for phase in draft.phases], faults)
    indexes = tier_indexes(draft, faults)
    turns_with_a_wait_list(draft, faults)
    lists = lists_of(draft, Path(source.path).parent, faults)
    gates = gates_of(draft, lists)
    if premises is not None:
        hold(draft, premises, faults)
    timed = calendar is not None
    if calendar is None:
        calendar = _some_calendar(launch)
    offer = offer_of(draft, calendar, indexes, gates, bytes(32))
    judge(offer, mentor, calendar.launch, faults, times=timed)
    if faults.found:
        raise LaunchFileInvalid(source.path, faults.found)
    return replace(_whole(source.path, draft, calendar, indexes, gates), allowlists=lists)


def _some_calendar(launch: datetime) -> Calendar:
    """Stands in while a session is missing; nothing is said about times then."""
    starts = launch + timedelta(days=1)
    return Calendar(launch, (Meeting(1, "", "", starts, starts, ()),))


def _whole(
    path: str,
    draft: Draft,
    calendar: Calendar,
    indexes: dict[str, int],
    gates: tuple[GateTerm, ...],
) -> LaunchFile:
    product, terms, refund = draft.product, draft.terms, draft.refund
    resale, dispute = draft.resale, draft.dispute
    # A section is only missing where a fault was noted, and there are none.
    assert product and terms and refund and resale and dispute  # noqa: S101, PT018 - see above
    tiers = tuple(tier for tier in draft.tiers if tier is not None)
    phases = tuple(phase for phase in draft.phases if phase is not None)
    rules = (refund, resale, dispute)
    document = terms_document(product, terms, calendar, tiers, phases, rules, gates)
    return LaunchFile(
        path=path,
        product=product,
        terms=terms,
        calendar=calendar,
        tiers=tiers,
        phases=phases,
        refund=refund,
        resale=resale,
        dispute=dispute,
        drop=offer_of(draft, calendar, indexes, gates, terms_hash(document)).drop,
        document=document,
        gates=gates,
        allowlists={},
    )
