"""The message by which the key that a phase names lets an account mint in it.

Owns preparing it for that phase as it is now. Refuses to keep passes: whoever signs one hands it to
the account, which brings it to its mint.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Annotated, Final

from pydantic import Field

from api.actions.answers import AsOf
from api.actions.errors import PhaseWithoutPasses
from api.actions.orders import (  # noqa: TC001 - pydantic reads the annotations
    DropNamed,
    PhaseNamed,
    Quantity,
)
from api.actions.typed_data import TypedDataAnswer
from api.catalogue.names import GATES
from api.wire import Account, Uint256In, Uint256Out, WireModel
from marketplace.bindings.addresses import parse_address
from marketplace.bindings.reverts import PassSpent, PhaseClosed, PhaseUnknown
from marketplace.domain.admission import Pass
from marketplace.domain.drop import Gate
from marketplace.domain.ids import DropId, PhaseIndex
from marketplace.orders.passes import pass_digest, typed_pass

if TYPE_CHECKING:
    from api.actions.steps import Site

MAX_PASS_S: Final = 365 * 24 * 60 * 60
_NONCE_BITS: Final = 256
_ADDRESS_AT: Final = 12
"""Where in 32 bytes an address begins."""


class PassMessageOrder(WireModel):
    """Asks for the message that a phase's pass signer signs."""

    drop: DropNamed
    phase: PhaseNamed
    account: Account
    """Who may mint by it; the seats may be for another."""

    quantity: Quantity = 1
    """How many seats at most, in one mint."""

    nonce: Uint256In | None = None
    """Of the signer's choice, for this drop, as decimal digits; null: one that nobody can guess."""

    expires_in_s: Annotated[int, Field(ge=60, le=MAX_PASS_S)] = 7 * 24 * 60 * 60
    """Seconds for which the pass counts, and no longer than the phase is open."""


class PassMessageAnswer(AsOf):
    """What the signer signs; `pass` of `POST /v1/tx/mint` takes it with the signature."""

    drop: int
    phase: int
    account: Account
    """Who may mint by it, with its ERC-55 checksum."""

    quantity: Uint256Out
    """How many seats at most, in one mint, as decimal digits."""

    nonce: Uint256Out
    """The number that makes the pass good for one mint, as decimal digits."""

    expiry: Uint256Out
    """Unix second, the last at which the pass counts, as decimal digits."""

    signer: Account
    """Whose signature the phase asks for."""

    digest: str
    typed_data: TypedDataAnswer


def pass_message(site: Site, order: PassMessageOrder) -> PassMessageAnswer:
    """Prepare the message.

    Raises:
        SeatDropsUnknown, PhaseUnknown, PhaseClosed, PassSpent: nobody could mint by it.
        PhaseWithoutPasses: the phase asks for something else.
        ChainUnavailable, WrongNode: nothing can be said.
    """
    drop, index = DropId(order.drop), PhaseIndex(order.phase)
    phases = site.seats.terms_of(drop, site.head.hash).phases
    if index >= len(phases):
        raise PhaseUnknown(drop, index)
    phase, time = phases[index], int(site.head.time.timestamp())
    if phase.gate is not Gate.PASS:
        raise PhaseWithoutPasses(drop, index, GATES[phase.gate])
    if time > phase.closes:
        raise PhaseClosed(phase.opens, phase.closes, time)
    nonce = secrets.randbits(_NONCE_BITS) if order.nonce is None else order.nonce
    if site.seats.is_pass_spent(drop, nonce, site.head.hash):
        raise PassSpent(drop, nonce)
    leave = Pass(
        drop=drop,
        phase=index,
        account=order.account,
        quantity=order.quantity,
        nonce=nonce,
        expiry=min(site.now + order.expires_in_s, phase.closes),
    )
    named = site.seats.chain_id, site.seats.address
    return PassMessageAnswer(
        drop=drop,
        phase=index,
        account=leave.account,
        quantity=leave.quantity,
        nonce=leave.nonce,
        expiry=leave.expiry,
        signer=parse_address(f"0x{phase.gate_data[_ADDRESS_AT:].hex()}"),
        digest=f"0x{pass_digest(leave, *named).hex()}",
        typed_data=TypedDataAnswer.of(typed_pass(leave, *named), "Pass"),
        as_of_block=site.head.number,
        block_hash=f"0x{site.head.hash.hex()}",
    )
