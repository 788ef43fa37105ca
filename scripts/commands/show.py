"""Owns `seats show`: a drop or a seat as a chain has it after one block.

Refuses to mix blocks: everything that is shown was read after the same one.
"""

# Annotations are evaluated: typer reads them.

import re
from collections.abc import Mapping
from typing import Annotated, Final

import typer
from rich.console import Console

from marketplace.domain.addresses import ChecksumAddress
from marketplace.domain.ids import (
    MAX_DROP,
    MAX_NUMBER,
    MAX_TIER,
    SEATS_PER_DROP,
    DropId,
    SeatId,
    TierIndex,
)
from scripts.commands.options import ChainId, Contract, Rpc
from scripts.market import Market, denomination_of, open_market
from scripts.views.accounts import names
from scripts.views.console import console
from scripts.views.seat import block_line, show_drop, show_seat

_DEVELOPMENT: Final = frozenset({31337})
"""Chains where the named accounts mean anything."""

_LAST_SEAT: Final = SeatId.of(DropId(MAX_DROP), TierIndex(MAX_TIER), MAX_NUMBER)
_NUMBER: Final = re.compile(rf"[1-9][0-9]{{0,{len(str(int(_LAST_SEAT))) - 1}}}", re.ASCII)


def _number(text: str) -> int:
    # Judged by its length first: reading a number takes time that grows with its square.
    if not _NUMBER.fullmatch(text) or int(text) > _LAST_SEAT:
        shown = text if len(text) <= len(str(_LAST_SEAT)) else f"{text[:20]}…"
        raise typer.BadParameter(
            f"{shown!r} is no seat and no drop: write a seat's number, like 1000001, or a drop's, "
            "like 1."
        )
    return int(text)


def show(
    what: Annotated[
        int,
        typer.Argument(
            parser=_number, metavar="SEAT|DROP", help="A seat like 1000001, or a drop like 1."
        ),
    ],
    rpc: Rpc,
    contract: Contract,
    chain_id: ChainId = None,
) -> None:
    """Show a drop or a seat as the chain has it, with the block."""
    market = open_market(rpc, contract, chain_id)
    known = names() if market.seats.chain_id in _DEVELOPMENT else {}
    out = console()
    # Seat ids begin with their drop's id, so the first million numbers are drops.
    if what < SEATS_PER_DROP:
        _drop(out, market, DropId(what), known)
    else:
        _seat(out, market, SeatId(what), known)


def _drop(out: Console, market: Market, drop: DropId, known: Mapping[ChecksumAddress, str]) -> None:
    head = market.head()
    overview = market.seats.terms_of(drop, head.hash)
    escrow = market.seats.escrow_of(drop, head.hash)
    paid_in = denomination_of(market, overview.terms.currency, head)
    show_drop(out, drop, overview, escrow, paid_in, known)
    out.print(block_line(head))


def _seat(out: Console, market: Market, seat: SeatId, known: Mapping[ChecksumAddress, str]) -> None:
    head = market.head()
    view = market.seats.seat_of(seat, head.hash)
    terms = market.seats.terms_of(view.drop, head.hash).terms
    show_seat(out, seat, view, terms, denomination_of(market, terms.currency, head), known)
    out.print(block_line(head))
