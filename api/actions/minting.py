"""Plans of mints: at the phase's price, with what its gate asks for.

Refuses to know allowlists: the proof comes from whoever mints, as the mentor published it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from api.actions.steps import Amount, Step
from marketplace.bindings.reverts import PhaseUnknown
from marketplace.domain.admission import Pass
from marketplace.domain.drop import Minting, MintRequest
from marketplace.domain.ids import DropId, PhaseIndex, SeatId
from marketplace.domain.money import Wei
from marketplace.orders.passes import pass_authorisation, seat_authorisation

if TYPE_CHECKING:
    from api.actions.orders import Minted, MintManyOrder, MintOrder
    from api.actions.steps import Site
    from marketplace.domain.addresses import ChecksumAddress


def mint(site: Site, order: MintOrder) -> Step:
    """Mint seats of one phase."""
    one, last = _minting(site, order, order.account)
    request = one.request
    made = site.seats.mint(request, one.payment, one.authorisation, one.currency)
    if request.recipient != order.account:
        made = replace(made, summary=f"{made.summary}, to be owned by {request.recipient}")
    return Step(made, pays=(Amount(one.payment, one.currency),), last=last)


def mint_many(site: Site, order: MintManyOrder) -> Step:
    """Mint seats of several phases, all or nothing."""
    found = [_minting(site, one, order.account) for one in order.mints]
    mintings = [one for one, _ in found]
    made = site.seats.mint_many(mintings)
    others = dict.fromkeys(one.request.recipient for one in mintings)
    others.pop(order.account, None)
    if others:
        made = replace(made, summary=f"{made.summary}; some to be owned by {', '.join(others)}")
    pays = tuple(Amount(one.payment, one.currency) for one in mintings)
    return Step(made, pays=pays, last=min(last for _, last in found))


def _minting(site: Site, wanted: Minted, account: ChecksumAddress) -> tuple[Minting, int]:
    """The mint at its exact price, and the last second of its phase."""
    drop, index = DropId(wanted.drop), PhaseIndex(wanted.phase)
    overview = site.seats.terms_of(drop, site.head.hash)
    if index >= len(overview.phases):
        raise PhaseUnknown(drop, index)
    phase = overview.phases[index]
    total = Wei(phase.price * wanted.quantity)
    request = MintRequest(
        drop=drop,
        phase=index,
        recipient=wanted.recipient or account,
        quantity=wanted.quantity,
        max_total=total,
    )
    currency, authorisation = overview.terms.currency, _authorisation(wanted, account)
    found = Minting(request=request, payment=total, authorisation=authorisation, currency=currency)
    ends = phase.closes if wanted.pass_ is None else min(phase.closes, wanted.pass_.expiry)
    return found, ends


def _authorisation(wanted: Minted, account: ChecksumAddress) -> bytes:
    leave = wanted.pass_
    if leave is not None:
        signed = Pass(
            drop=DropId(wanted.drop),
            phase=PhaseIndex(wanted.phase),
            account=account,
            quantity=leave.quantity,
            nonce=leave.nonce,
            expiry=leave.expiry,
        )
        return pass_authorisation(signed, bytes.fromhex(leave.signature[2:]))
    if wanted.opening_seat is not None:
        return seat_authorisation(SeatId(wanted.opening_seat))
    return b"".join(bytes.fromhex(one[2:]) for one in wanted.proof or ())
