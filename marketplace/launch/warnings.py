"""Owns what is allowed in a launch file and still surprises people: each is one sentence.

Refuses to forbid: what the contract would refuse is a fault, and `offers` says so.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from marketplace.domain.addresses import ZERO_ADDRESS
from marketplace.domain.drop import Gate, TransferPolicy
from marketplace.domain.ids import PhaseIndex
from marketplace.domain.money import WHOLE_BPS, percent_text, price_bounds, toll_of
from marketplace.launch.units import duration, instant

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from marketplace.allowlist.phases import PhaseAllowlist
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.launch.file import LaunchFile

MAX_PUBLISHED: Final = 25_000
"""Accounts of a list that an API takes."""

_TIGHT: Final = timedelta(days=2)
_DROP_SESSION: Final = (timedelta(minutes=90), timedelta(minutes=120))


def warnings_of(file: LaunchFile, open_keys: Collection[ChecksumAddress]) -> Iterator[str]:
    """Everything that deserves a second look before launching."""
    yield from _about_format(file)
    yield from _about_currency(file)
    yield from _about_sales(file)
    yield from _about_gates(file)
    yield from _about_refunds(file)
    yield from _about_resale(file)
    yield from _about_delivery(file)
    yield from _about_addresses(file, open_keys)


def _about_format(file: LaunchFile) -> Iterator[str]:
    meetings = file.calendar.in_order_of_time
    kinds = [meeting.kind for meeting in meetings]
    if file.product.format == "drop session":
        least, most = _DROP_SESSION
        if len(meetings) != 1:
            yield f"A drop session is one meeting; this file has {len(meetings)}."
        elif not least <= meetings[0].ends - meetings[0].starts <= most:
            lasts = duration(meetings[0].ends - meetings[0].starts)
            yield f"A drop session lasts 90 to 120 minutes; this one lasts {lasts}."
    elif kinds.count("workshop") != 2 or "office hour" not in kinds:  # noqa: PLR2004 - the format
        yield "A sprint cohort has two workshops and office hours; this file's sessions differ."
    for earlier, later in pairwise(meetings):
        if later.starts < earlier.ends:
            yield f'"{later.title}" starts before "{earlier.title}" has ended.'


def _about_currency(file: LaunchFile) -> Iterator[str]:
    paid_in = file.paid_in
    if paid_in.is_ether:
        return
    yield (
        f"Everything is paid in the ERC-20 {paid_in.address}: an amount of 1 means "
        f"{10**paid_in.decimals:,} of its smallest units. Compare address and decimals with what "
        "you mean to be paid in; its name proves nothing."
    )
    yield (
        "A currency that takes a fee of transfers cannot be paid with; one that shrinks balances or"
        " blocks the contract leaves buyers and you without part of the money. No drop can change "
        "its currency."
    )


def _about_gates(file: LaunchFile) -> Iterator[str]:
    for number, (phase, term) in enumerate(zip(file.phases, file.gates, strict=True)):
        if term.gate is Gate.ALLOWLIST:
            yield from _about_list(phase.name, file.allowlists.get(PhaseIndex(number)))
        elif term.gate is Gate.PASS:
            yield (
                f'"{phase.name}" needs passes that its key signs, and `seats` has no command for '
                "it: whoever has that key sells your seats."
            )
        elif term.opening_drop is not None:
            yield (
                f'"{phase.name}" is opened by seats of drop {term.opening_drop} that can no longer '
                "be given back, each once: an owner can use one right before selling it, and that "
                "drop's mentor can grant more."
            )


def _about_list(name: str, listed: PhaseAllowlist | None) -> Iterator[str]:
    if listed is None:
        yield (
            f'Of "{name}" only the root is known here: nobody can mint until you have published '
            "its list by other means."
        )
        return
    yield (
        f'The list of "{name}" can never be changed, and nobody can mint there until it is '
        "published with the terms."
    )
    if len(listed.accounts) > MAX_PUBLISHED:
        yield (
            f'"{name}" lists {len(listed.accounts):,} accounts, and an API takes at most '
            f"{MAX_PUBLISHED:,}: you would have to hand out the proofs yourself."
        )


def _about_sales(file: LaunchFile) -> Iterator[str]:
    sold = {phase.tier for phase in file.phases}
    for tier in file.tiers:
        if tier.name not in sold:
            yield f'No phase sells the tier "{tier.name}", so nobody can ever buy it.'
        if not any(tier.name in meeting.tiers for meeting in file.calendar.meetings):
            yield f'No session lets seats of the tier "{tier.name}" in.'
    if any(phase.per_wallet is not None for phase in file.phases):
        yield "Limits per wallet are a courtesy: one person can use many wallets."
    for phase in file.phases:
        if phase.price == 0:
            yield (
                f'"{phase.name}" is free: its seats refund nothing and can only be given away, '
                "never sold."
            )
        if phase.reserved:
            closes = instant(file.calendar.at(phase.closes))
            yield (
                f'"{phase.name}" holds its seats back from the tier\'s other phases until '
                f"{closes}, sold or not."
            )


def _about_refunds(file: LaunchFile) -> Iterator[str]:
    until = file.calendar.at(file.refund.until)
    if until <= file.calendar.launch:
        yield "The refund window closes before the first seat is sold: nobody can give one back."
        return
    late = [phase.name for phase in file.phases if file.calendar.at(phase.closes) > until]
    if late:
        yield (
            f"The refund window closes ({instant(until)}) before sales end: who buys later in "
            f"{_quoted(late)} cannot give the seat back."
        )
    if until > file.calendar.start:
        yield (
            "The refund window is open after the first session has started: people can attend it, "
            "unless they check in, and then give the seat back."
        )


def _about_resale(file: LaunchFile) -> Iterator[str]:
    terms = file.drop.terms
    if terms.policy is TransferPolicy.BOUND:
        yield "Seats never move: who cannot come can only give theirs back inside the window."
        return
    if terms.policy is TransferPolicy.OPEN:
        yield (
            "Seats move as any token: who sells one on another market pays you what that market "
            "likes to, perhaps nothing, and a seat that lies in a contract when the drop is "
            "cancelled is paid out to that contract."
        )
    if terms.resale_cap == 0:
        here = " here" if terms.policy is TransferPolicy.OPEN else ""
        yield f"Seats cannot be resold{here}: who cannot come can only give theirs away or back."
        return
    if terms.resale_cap > WHOLE_BPS:
        yield (
            f"A seat may be resold at up to {percent_text(terms.resale_cap)} of what was first paid"
            " for it. If the drop fails, its holder gets back the first price and the royalties,"
            " not what a seller earned."
        )
    if file.resale.turn is not None:
        yield (
            f"Whoever waits has a seat on resale to itself for {duration(file.resale.turn)}, one "
            "account after the other; accounts cost nothing, so one person can wait with many. The "
            "contract knows no turns: whoever has a signed offer in hand can fill it."
        )
    elif file.resale.audience != "anyone":
        yield (
            "The audience is who is shown seats on resale. The contract does not know it: a seller "
            "can hand a signed offer to anybody."
        )
    lists = {tier.name: tier.price for tier in file.tiers}
    for phase in file.phases:
        toll = toll_of(lists[phase.tier], terms.toll)
        bounds = price_bounds(phase.price, terms.resale_cap, toll)
        if phase.price and bounds.least > bounds.most:
            yield (
                f'Seats of "{phase.name}" can never be resold: the toll of '
                f"{file.paid_in.text(toll)} is above the highest price of "
                f"{file.paid_in.text(bounds.most)}."
            )


def _about_delivery(file: LaunchFile) -> Iterator[str]:
    spare = file.calendar.at(file.terms.deliver_by) - file.calendar.end
    if spare < _TIGHT:
        yield (
            f"You have {duration(spare)} after the last session to report delivery. After that "
            "anybody can have every buyer paid back."
        )
    if file.drop.terms.verifier == ZERO_ADDRESS:
        yield "Nobody can be checked in until you name a verifier, a key of its own."


def _about_addresses(file: LaunchFile, open_keys: Collection[ChecksumAddress]) -> Iterator[str]:
    for name, address in roles_of(file):
        if address in open_keys:
            yield (
                f"The {name} {address} is an account of the development chain, whose key everybody "
                "knows: `seats launch` refuses it anywhere else."
            )


def roles_of(file: LaunchFile) -> Iterator[tuple[str, ChecksumAddress]]:
    """Whom the terms trust with money, seats or the door, by what they are."""
    terms = file.drop.terms
    yield "payout", terms.payout
    yield "verifier", terms.verifier
    yield "resolver", terms.resolver
    for phase, term in zip(file.phases, file.gates, strict=True):
        if term.signer is not None:
            yield f'signer of passes for "{phase.name}"', term.signer


def _quoted(names: list[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)
