"""Owns how a plan reads in a terminal.

Refuses to work anything out: `marketplace.launch.plan` has done it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketplace.domain.drop import Gate, TransferPolicy
from marketplace.domain.money import Wei, ether_text, percent_text
from marketplace.launch.forms import ListFile
from marketplace.launch.units import duration
from scripts.views.console import table

if TYPE_CHECKING:
    from datetime import datetime

    from rich.console import Console

    from marketplace.domain.denomination import Denomination
    from marketplace.launch.file import LaunchFile
    from marketplace.launch.forms import GateTerm
    from marketplace.launch.plan import Plan
    from marketplace.launch.schema import Phase, Resale

GWEI = 10**9


def show_plan(console: Console, plan: Plan, gas: int | None) -> None:
    """Write a plan; `gas` is what creating the drop takes, None where it was not measured."""
    file = plan.file
    console.print(file.product.title, style="bold")
    console.print(f"A {file.product.format} by {file.product.mentor}")
    if not file.paid_in.is_ether:
        console.print(f"Amounts are of {currency_text(file.paid_in)}", soft_wrap=True)
    _show_sale(console, plan)
    _show_calendar(console, plan)
    _show_resale(console, plan)
    _show_money(console, plan)
    if gas is not None:
        _show_gas(console, gas)
    _show_warnings(console, plan)
    console.print()
    console.print(f"Terms hash  0x{file.drop.terms.terms_hash.hex()}", soft_wrap=True)
    console.print("            `--terms` prints the text that it is the hash of.")


def currency_text(paid_in: Denomination) -> str:
    """A currency by what nobody can borrow: its address, with its decimals."""
    return "ETH" if paid_in.is_ether else f"{paid_in.address}, {paid_in.decimals} decimals"


def utc(time: datetime) -> str:
    """A time as people read it, to the minute."""
    return f"{time:%Y-%m-%d %H:%M} UTC"


def _head(console: Console, text: str) -> None:
    console.print()
    console.print(text, style="bold")


def _show_sale(console: Console, plan: Plan) -> None:
    _head(console, "What is sold")
    rows = table("tier", "phase", "a buyer pays", "seats", "per wallet", right=("seats",))
    tiers = {tier.name: tier for tier in plan.file.tiers}
    for phase in plan.file.phases:
        count = phase.seats or tiers[phase.tier].seats
        seats = f"{count} held back" if phase.reserved else f"{count}"
        wallet = f"{phase.per_wallet}" if phase.per_wallet else "any number"
        price = plan.file.paid_in.text(phase.price)
        rows.add_row(phase.tier, phase.name, price, seats, wallet)
    console.print(rows)
    for phase, term in zip(plan.file.phases, plan.file.gates, strict=True):
        if term.gate is not Gate.PUBLIC:
            console.print(f'"{phase.name}" is for {_whom(phase, term)}.', soft_wrap=True)
    caps = ", ".join(f"{tier.name} {tier.seats}" for tier in plan.file.tiers)
    console.print(
        f"At most {plan.seats} seats at a time ({caps}). A buyer also pays for gas, and nothing "
        "else."
    )


def _whom(phase: Phase, term: GateTerm) -> str:
    if term.opening_drop is not None:
        return f"whoever owns a seat of drop {term.opening_drop}"
    if term.signer is not None:
        return f"whoever has a pass of {term.signer}"
    listed = phase.gate
    named = f"in {listed.name}" if isinstance(listed, ListFile) else "on the list"
    return f"the accounts {named}, root {term.data_text}"


def _show_calendar(console: Console, plan: Plan) -> None:
    _head(console, "When")
    rows = table("time", "what")
    for entry in plan.calendar:
        rows.add_row(utc(entry.time), entry.event)
    console.print(rows)


def _show_resale(console: Console, plan: Plan) -> None:
    _head(console, "If a seat changes hands")
    if not plan.resales:
        console.print("It never does: the terms forbid it.")
        return
    terms, said = plan.file.drop.terms, plan.file.paid_in.text
    if terms.policy is TransferPolicy.OPEN:
        console.print("Seats move as any token; what follows holds for sales here alone.")
    console.print(
        f"You earn {percent_text(terms.royalty)} of every resale, at least the toll. The toll, "
        f"{percent_text(terms.toll)} of the list price, is also what a gift costs. A seat may ask "
        f"for up to {percent_text(terms.resale_cap)} of what was first paid for it. Royalties and "
        "tolls wait with the seat until the drop is settled."
    )
    console.print(_audience(plan.file.resale))
    rows = table("tier", "bought at", "a gift costs", "highest price", "seller gets", "you get")
    for one in plan.resales:
        if one.at_most is None:
            sale = ("no resale fits", "", "")
        else:
            split = one.at_most
            sale = (
                said(one.bounds.most),
                said(split.seller_net),
                said(split.royalty),
            )
        rows.add_row(one.tier, said(one.face), said(one.toll), *sale)
    console.print(rows)


def _audience(resale: Resale) -> str:
    audience = resale.audience
    if resale.turn is not None:
        each = duration(resale.turn)
        return f"Whoever waits is shown seats on resale first, {each} each; then anyone is."
    if audience == "anyone":
        return "Anyone is shown the seats on resale."
    if audience == "holders":
        return "Only holders of this drop are shown the seats on resale."
    drops = ", ".join(str(drop) for drop in audience)
    which = f"drop {drops}" if len(audience) == 1 else f"the drops {drops}"
    return f"Only holders of this drop or of {which} are shown the seats on resale."


def _show_money(console: Console, plan: Plan) -> None:
    _head(console, "Your money")
    file = plan.file
    calendar = file.calendar
    least, most = file.paid_in.text(plan.income_least), file.paid_in.text(plan.income_most)
    income = least if least == most else f"{least} to {most}"
    console.print(
        f"Sold out: {income}, less the platform's fee of at most "
        f"{percent_text(file.terms.highest_fee)}. It waits in escrow until "
        f"{file.dispute.objection_days} days after you reported delivery, which you may do from "
        f"{utc(calendar.end)} to {utc(calendar.at(file.terms.deliver_by))}."
    )
    console.print(_refund(file))


def _refund(file: LaunchFile) -> str:
    until = utc(file.calendar.at(file.refund.until))
    cost = "nothing" if file.refund.penalty == 0 else percent_text(file.refund.penalty)
    return f"A seat can be given back until {until}; that costs its holder {cost}."


def _show_gas(console: Console, gas: int) -> None:
    _head(console, "What launching costs")
    figures = ", ".join(f"{ether_text_of_gas(gas, price)} at {price} gwei" for price in (1, 5, 20))
    console.print(f"{gas:,} gas, measured on a development chain: {figures}.")


def ether_text_of_gas(gas: int, gwei: int) -> str:
    """What gas costs at a price, in ETH."""
    return ether_text(Wei(gas * gwei * GWEI))


def _show_warnings(console: Console, plan: Plan) -> None:
    if not plan.warnings:
        return
    _head(console, "Look again")
    for warning in plan.warnings:
        console.print(f"- {warning}")
