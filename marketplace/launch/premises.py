"""Owns what a contract says that a launch file is judged by: drops that there are, and currencies.

Refuses to ask: whoever is connected does, and passes the answers in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from marketplace.domain.addresses import ETH

if TYPE_CHECKING:
    from collections.abc import Callable

    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.launch.sections import Draft, Faults


@dataclass(frozen=True, slots=True)
class CurrencyFacts:
    """What the chain says of an ERC-20.

    Attributes:
        allowed: Whether new drops may be paid in it.
        decimals: As its contract says; None: it says nothing.
    """

    allowed: bool
    decimals: int | None


@dataclass(frozen=True, slots=True)
class Premises:
    """What a contract says.

    Attributes:
        drops: How many it has.
        currency: Asks about an ERC-20.
    """

    drops: int
    currency: Callable[[ChecksumAddress], CurrencyFacts]


def hold(draft: Draft, premises: Premises, faults: Faults) -> None:
    """Note what a file says that is not so on the contract."""
    _drops(draft, premises.drops, faults)
    _currency(draft, premises, faults)


def _drops(draft: Draft, count: int, faults: Faults) -> None:
    """Note drops of the audience and of gates that there are not."""
    has = f"the contract has {count} so far" if count else "the contract has none so far"
    audience = draft.resale.audience if draft.resale is not None else "anyone"
    for drop in () if isinstance(audience, str) else audience:
        if drop > count:
            faults.add(
                ("resale", "audience"),
                f"there is no drop {drop}: {has}",
                "name drops that were launched; holders of this one are among them anyway",
            )
    for place, phase in enumerate(draft.phases):
        opening = getattr(phase and phase.gate, "opening_drop", None)
        if opening is not None and opening > count:
            faults.add(
                ("phases", place, "gate"),
                f"there is no drop {opening}: {has}",
                "name a drop that was launched",
            )


def _currency(draft: Draft, premises: Premises, faults: Faults) -> None:
    if draft.terms is None or draft.terms.currency.address == ETH:
        return
    named = draft.terms.currency
    facts = premises.currency(named.address)
    place = ("terms", "currency")
    if not facts.allowed:
        remedy = 'ask the platform for it, or write "ETH"'
        faults.add(place, f"the platform takes no new drops in {named.address}", remedy)
    elif facts.decimals is None:
        why = f"{named.address} does not say how many decimals it has"
        faults.add(place, why, "nobody could tell what a price is: choose another currency")
    elif facts.decimals != named.decimals:
        why = f"{named.address} has {facts.decimals} decimals, and the file says {named.decimals}"
        faults.add(place, why, f"write decimals = {facts.decimals}, and look at every price again")
