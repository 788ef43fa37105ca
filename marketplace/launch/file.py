"""Owns reading a launch file: from a path to the contract's terms, or to all of its faults.

Refuses to send anything and to look at a clock: the moment of launch is an argument.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from marketplace.launch.calendar import Calendar, Meeting, calendar_of
from marketplace.launch.canonical import terms_document, terms_hash
from marketplace.launch.faults import LaunchFileInvalid
from marketplace.launch.names import (
    known_drops,
    tier_indexes,
    turns_with_a_wait_list,
    unique,
)
from marketplace.launch.offers import NOBODY_YET, judge, offer_of
from marketplace.launch.sections import read_sections
from marketplace.launch.source import parse_source, read_source

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.drop import NewDrop
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
    source: Source, launch: datetime, mentor: ChecksumAddress, drops: int | None = None
) -> LaunchFile:
    """As `read_launch_file`, for a text that TOML can read.

    Args:
        source: The text.
        launch: The moment of launch.
        mentor: Who launches.
        drops: How many drops the contract has; None where no contract was asked.
    """
    draft, faults = read_sections(source)
    names = [tier.name for tier in draft.tiers if tier is not None]
    calendar = calendar_of(draft.sessions, names, launch, faults)
    unique("tiers", [tier.name if tier else None for tier in draft.tiers], faults)
    unique("phases", [phase.name if phase else None for phase in draft.phases], faults)
    indexes = tier_indexes(draft, faults)
    turns_with_a_wait_list(draft, faults)
    if drops is not None:
        known_drops(draft, drops, faults)
    timed = calendar is not None
    if calendar is None:
        calendar = _some_calendar(launch)
    offer = offer_of(draft, calendar, indexes, bytes(32))
    judge(offer, mentor, calendar.launch, faults, times=timed)
    if faults.found:
        raise LaunchFileInvalid(source.path, faults.found)
    return _whole(source.path, draft, calendar, indexes)


def _some_calendar(launch: datetime) -> Calendar:
    """Stands in while a session is missing; nothing is said about times then."""
    starts = launch + timedelta(days=1)
    return Calendar(launch, (Meeting(1, "", "", starts, starts, ()),))


def _whole(path: str, draft: Draft, calendar: Calendar, indexes: dict[str, int]) -> LaunchFile:
    product, terms, refund = draft.product, draft.terms, draft.refund
    resale, dispute = draft.resale, draft.dispute
    # A section is only missing where a fault was noted, and there are none.
    assert product and terms and refund and resale and dispute  # noqa: S101, PT018 - see above
    tiers = tuple(tier for tier in draft.tiers if tier is not None)
    phases = tuple(phase for phase in draft.phases if phase is not None)
    document = terms_document(product, terms, calendar, tiers, phases, (refund, resale, dispute))
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
        drop=offer_of(draft, calendar, indexes, terms_hash(document)).drop,
        document=document,
    )
