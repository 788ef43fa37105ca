"""Owns what a launch would do, in figures: calendar, income, resale, and what deserves a warning.

Refuses to print, and to know gas: whoever shows a plan measures that on a chain.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from marketplace.domain.drop import TransferPolicy
from marketplace.domain.money import Wei, price_bounds, split_sale, toll_of
from marketplace.launch.warnings import warnings_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import datetime

    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.money import PriceBounds, SaleSplit
    from marketplace.launch.file import LaunchFile


@dataclass(frozen=True, slots=True)
class Entry:
    """What happens when."""

    time: datetime
    event: str


@dataclass(frozen=True, slots=True)
class ResaleOutlook:
    """What moving a seat costs that was bought at one price.

    Attributes:
        face: What was paid for the seat.
        toll: What giving it away costs.
        bounds: What it may be sold for; nothing fits when `least` is above `most`.
        at_most: How a sale at the highest price is split; None when no price fits.
    """

    tier: str
    face: Wei
    toll: Wei
    bounds: PriceBounds
    at_most: SaleSplit | None


@dataclass(frozen=True, slots=True)
class Plan:
    """What would happen.

    Attributes:
        income_least: Sold out with every cheap phase first, before the platform's fee.
        income_most: Sold out with every dear phase first, before the platform's fee.
        resales: One for each tier and price; empty when seats never move.
    """

    file: LaunchFile
    calendar: tuple[Entry, ...]
    seats: int
    income_least: Wei
    income_most: Wei
    resales: tuple[ResaleOutlook, ...]
    warnings: tuple[str, ...]


def plan_of(file: LaunchFile, open_keys: Collection[ChecksumAddress] = ()) -> Plan:
    """Work out what launching a file would do.

    Args:
        file: Without faults.
        open_keys: Addresses whose keys are public, to warn about.
    """
    return Plan(
        file=file,
        calendar=tuple(sorted(_entries(file), key=lambda entry: entry.time)),
        seats=sum(tier.seats for tier in file.tiers),
        income_least=_income(file, dearest_first=False),
        income_most=_income(file, dearest_first=True),
        resales=tuple(_resales(file)),
        warnings=tuple(warnings_of(file, open_keys)),
    )


def _income(file: LaunchFile, *, dearest_first: bool) -> Wei:
    """What the seats bring if each phase sells all that it may, in the order of price."""
    left = {tier.name: tier.seats for tier in file.tiers}
    income = 0
    for phase in sorted(file.phases, key=lambda phase: phase.price, reverse=dearest_first):
        sold = min(left[phase.tier], phase.seats or left[phase.tier])
        left[phase.tier] -= sold
        income += sold * phase.price
    return Wei(income)


def _entries(file: LaunchFile) -> Iterator[Entry]:
    calendar = file.calendar
    yield Entry(calendar.launch, "the drop is created")
    for phase in file.phases:
        yield Entry(calendar.at(phase.opens), f'"{phase.name}" opens ({phase.tier})')
        yield Entry(calendar.at(phase.closes), f'"{phase.name}" closes')
    every = len(file.tiers)
    for meeting in calendar.in_order_of_time:
        only = f" (only {_listed(meeting.tiers)})" if len(meeting.tiers) < every else ""
        yield Entry(meeting.starts, f"{meeting.kind}: {meeting.title}{only}")
    yield Entry(calendar.at(file.refund.until), "the refund window ends")
    yield Entry(calendar.end, "the last session ends; you may report delivery from here on")
    deliver_by = calendar.at(file.terms.deliver_by)
    yield Entry(deliver_by, "the last moment to report delivery; after it, buyers are paid back")


def _listed(names: tuple[str, ...]) -> str:
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


def _resales(file: LaunchFile) -> Iterator[ResaleOutlook]:
    rules = file.drop.terms
    if rules.policy is TransferPolicy.BOUND:
        return
    lists = {tier.name: tier.price for tier in file.tiers}
    # As the file has them, each once.
    for tier, face in dict.fromkeys((phase.tier, phase.price) for phase in file.phases):
        toll = toll_of(lists[tier], rules.toll)
        bounds = price_bounds(face, rules.resale_cap, toll)
        sellable = bounds.least <= bounds.most
        at_most = split_sale(bounds.most, rules.royalty, toll) if sellable else None
        yield ResaleOutlook(tier, face, toll, bounds, at_most)
