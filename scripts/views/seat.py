"""Owns how drops and seats read in a terminal.

Refuses to leave out the block: what is shown was true after it, and nothing more is known.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from marketplace.domain.drop import Gate, TransferPolicy
from marketplace.domain.money import percent_text, price_bounds, split_sale
from marketplace.launch.forms import GateTerm
from marketplace.launch.units import duration
from scripts.views.console import table
from scripts.views.plan import currency_text, utc

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import Console
    from rich.table import Table

    from marketplace.chain.heads import Head
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.denomination import Denomination
    from marketplace.domain.ids import DropId, SeatId
    from marketplace.domain.money import Wei
    from marketplace.domain.views import DropOverview, DropView, PhaseView, SeatView


def block_line(head: Head) -> str:
    """The block that an answer rests on."""
    return (
        f"as of block {head.number} (0x{head.hash.hex()[:12]}…, {head.time:%Y-%m-%d %H:%M:%S} UTC)"
    )


def named(address: ChecksumAddress, names: Mapping[ChecksumAddress, str]) -> str:
    """An address, with the name of its account where it is known."""
    return f"{names[address]} ({address})" if address in names else address


def show_drop(
    console: Console,
    drop: DropId,
    overview: DropOverview,
    escrow: Wei,
    paid_in: Denomination,
    names: Mapping[ChecksumAddress, str],
) -> None:
    """Write a drop: state, money in its currency, what is for sale, rules."""
    terms = overview.terms
    rows = _facts()
    rows.add_row("drop", f"{drop}, {terms.state.name.replace('_', ' ').lower()}")
    rows.add_row("mentor", named(terms.mentor, names))
    if terms.payout != terms.mentor:
        rows.add_row("payout", named(terms.payout, names))
    rows.add_row("resolver", named(terms.resolver, names))
    _add_currency(rows, paid_in)
    rows.add_row("escrow", f"{paid_in.text(escrow)} for the seats that exist")
    rows.add_row("sessions", f"from {_time(terms.starts_at)} to {_time(terms.ends_at)}")
    rows.add_row("deliver by", _time(terms.deliver_by))
    cost = f"for {percent_text(terms.penalty)} of the face" if terms.penalty else "at no cost"
    rows.add_row("give back", f"until {_time(terms.refund_until)}, {cost}")
    rows.add_row("moving", _moving(terms))
    console.print(rows)
    console.print()
    console.print(_phases(overview, paid_in))
    for index, phase in enumerate(overview.phases):
        if phase.gate is not Gate.PUBLIC:
            console.print(f"Phase {index} is opened by {_gate(phase)}.", soft_wrap=True)
    console.print("Tiers are numbered here; their names are in the terms only.")


def show_seat(
    console: Console,
    seat: SeatId,
    view: SeatView,
    terms: DropView,
    paid_in: Denomination,
    names: Mapping[ChecksumAddress, str],
) -> None:
    """Write a seat: who holds it, what was paid, what moving it costs."""
    rows = _facts()
    rows.add_row("seat", f"{seat}: drop {view.drop}, tier {view.tier}, number {view.number}")
    rows.add_row("owner", named(view.owner, names))
    _add_currency(rows, paid_in)
    rows.add_row("face", f"{paid_in.text(view.face)}, paid when it was minted")
    rows.add_row("epoch", f"{view.epoch} (rises with each change of owner and each cancelling)")
    rows.add_row("waiting with it", f"{paid_in.text(view.held)} of royalties and tolls")
    if view.locked:
        rows.add_row("moving", "never: it is fixed to its owner")
    else:
        free = _time(view.movable_from)
        rows.add_row("giving it away", f"costs {paid_in.text(view.toll)}, possible from {free}")
        rows.add_row("selling it", _selling(view, terms, paid_in))
    console.print(rows)


def _facts() -> Table:
    rows = table("", "")
    rows.show_header = False
    return rows


def _time(seconds: int) -> str:
    return utc(datetime.fromtimestamp(seconds, UTC))


def _moving(terms: DropView) -> str:
    if terms.policy is TransferPolicy.BOUND:
        return "never"
    if terms.policy is TransferPolicy.OPEN:
        return (
            f"as any token; resale here at up to {percent_text(terms.resale_cap)} of the face, "
            f"royalty {percent_text(terms.royalty)}"
        )
    cooldown = duration(timedelta(seconds=terms.gift_cooldown))
    return (
        f"resale at up to {percent_text(terms.resale_cap)} of the face, royalty "
        f"{percent_text(terms.royalty)}; gift for {percent_text(terms.toll)} of the list price, "
        f"{cooldown} after the last move"
    )


def _selling(view: SeatView, terms: DropView, paid_in: Denomination) -> str:
    bounds = price_bounds(view.face, terms.resale_cap, view.toll)
    if bounds.least > bounds.most:
        return "no price fits the terms"
    split = split_sale(bounds.most, terms.royalty, view.toll)
    return (
        f"for {paid_in.text(bounds.least)} to {paid_in.text(bounds.most)}; at the most, the seller "
        f"gets {paid_in.text(split.seller_net)} and the mentor {paid_in.text(split.royalty)}"
    )


def _add_currency(rows: Table, paid_in: Denomination) -> None:
    if not paid_in.is_ether:
        rows.add_row("currency", f"{currency_text(paid_in)}: all amounts here are of it")


def _gate(phase: PhaseView) -> str:
    term = GateTerm(phase.gate, phase.gate_data)
    if term.opening_drop is not None:
        return f"seats of drop {term.opening_drop}"
    if term.signer is not None:
        return f"passes of {term.signer}"
    return f"the allowlist with the root {term.data_text}"


def _phases(overview: DropOverview, paid_in: Denomination) -> Table:
    rows = table("phase", "tier", "price", "opens", "closes", "per wallet", "left", "in tier")
    for index, phase in enumerate(overview.phases):
        tier = overview.tiers[phase.tier]
        left = tier.cap - tier.live
        here = min(left, phase.supply - phase.sold) if phase.supply else left
        rows.add_row(
            f"{index}",
            f"{phase.tier}",
            paid_in.text(phase.price),
            _time(phase.opens),
            _time(phase.closes),
            f"{phase.wallet_limit}" if phase.wallet_limit else "any number",
            f"{here}",
            f"{left} of {tier.cap}",
        )
    return rows
