"""Who may mint behind a gate, and what that uses up.

Owns the four gates and the values of what opens them. Refuses bytes: a proof is the leaf that it
shows, a pass is what was signed and by whom.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, TypeAlias

from marketplace.domain.addresses import ZERO_ADDRESS
from marketplace.domain.drop import Gate
from marketplace.domain.escrow import gives_all_back
from marketplace.domain.ids import DropId
from marketplace.domain.model.refusals import Digest, Refused, refused
from marketplace.domain.model.state import drop_state

if TYPE_CHECKING:
    from collections.abc import Iterator

    from marketplace.domain.admission import Pass
    from marketplace.domain.drop import MintRequest
    from marketplace.domain.ids import PhaseIndex, SeatId
    from marketplace.domain.model.state import Account, Call, Drop, Market

_WORD: Final = 32
_PASS_WORDS: Final = 3 * _WORD


@dataclass(frozen=True, slots=True)
class Proof:
    """A path of `hashes` words in the tree of a root, from the leaf of an account in a phase."""

    root: bytes
    phase: PhaseIndex
    account: Account
    hashes: int

    @property
    def length(self) -> int:
        """Its bytes."""
        return self.hashes * _WORD


@dataclass(frozen=True, slots=True)
class SignedPass:
    """A pass, and whose signature of how many bytes stands behind it."""

    message: Pass
    signer: Account
    signature_length: int = 65

    @property
    def length(self) -> int:
        """Its bytes."""
        return _PASS_WORDS + self.signature_length


@dataclass(frozen=True, slots=True)
class Key:
    """A seat of another drop."""

    seat: SeatId
    length: int = _WORD


@dataclass(frozen=True, slots=True)
class Junk:
    """Bytes that say nothing, not even as the whole words that they may be."""

    length: int = 0


Authorisation: TypeAlias = Proof | SignedPass | Key | Junk
NOTHING: Final = Junk()


def refusals_of_gate(
    market: Market, call: Call, request: MintRequest, authorisation: Authorisation
) -> Iterator[Refused]:
    """Why a gate stays shut; nothing for a public phase."""
    terms = market.drops[request.drop].phases[request.phase].terms
    fits = {
        Gate.PUBLIC: True,
        Gate.ALLOWLIST: authorisation.length % _WORD == 0,
        Gate.PASS: authorisation.length >= _PASS_WORDS,
        Gate.SEAT: authorisation.length == _WORD,
    }[terms.gate]
    if not fits:
        yield refused("SeatDrops_AuthorisationMalformed", terms.gate, authorisation.length)
    elif terms.gate is Gate.ALLOWLIST:
        if not _shows(authorisation, terms.gate_data, request, call):
            yield refused("SeatDrops_NotAllowlisted", request.phase, call.sender)
    elif terms.gate is Gate.PASS:
        yield from _of_pass(market.drops[request.drop], call, request, authorisation)
    elif terms.gate is Gate.SEAT:
        yield from _of_key(market, call, request, authorisation)


def use_up(drop: Drop, request: MintRequest, authorisation: Authorisation) -> Drop:
    """Note what has opened a gate and will not again."""
    gate = drop.phases[request.phase].terms.gate
    if gate is Gate.PASS and isinstance(authorisation, SignedPass):
        return replace(drop, used_passes=drop.used_passes | {authorisation.message.nonce})
    if gate is Gate.SEAT and isinstance(authorisation, Key):
        return replace(drop, used_seats=drop.used_seats | {(request.phase, authorisation.seat)})
    return drop


def _shows(shown: Authorisation, root: bytes, request: MintRequest, call: Call) -> bool:
    """The leaf names no drop: the root is a term of this one."""
    return isinstance(shown, Proof) and (shown.root, shown.phase, shown.account) == (
        root,
        request.phase,
        call.sender,
    )


def _of_pass(
    drop: Drop, call: Call, request: MintRequest, shown: Authorisation
) -> Iterator[Refused]:
    if not isinstance(shown, SignedPass):
        raise TypeError("What other bytes say when they are read as a pass is not predicted.")
    signer = int.from_bytes(drop.phases[request.phase].terms.gate_data, "big")
    leave = shown.message
    if call.now > leave.expiry:
        yield refused("SeatDrops_PassExpired", leave.expiry, call.now)
    if request.quantity > leave.quantity:
        yield refused("SeatDrops_PassTooSmall", leave.quantity, request.quantity)
    if leave.nonce in drop.used_passes:
        yield refused("SeatDrops_PassSpent", request.drop, leave.nonce)
    meant = (leave.drop, leave.phase, leave.account) == (request.drop, request.phase, call.sender)
    if not meant or int(shown.signer, 16) != signer:
        yield refused("SeatDrops_PassInvalid", f"0x{signer:040x}", Digest.UNKNOWN)


def _of_key(
    market: Market, call: Call, request: MintRequest, shown: Authorisation
) -> Iterator[Refused]:
    """From the start of its drop on a seat can be neither refunded nor postponed any more."""
    if not isinstance(shown, Key):
        raise TypeError("Which seat other bytes name is not predicted.")
    drop, seat = market.drops[request.drop], shown.seat
    wanted = DropId(int.from_bytes(drop.phases[request.phase].terms.gate_data, "big"))
    if seat.drop != wanted:
        yield refused("SeatDrops_SeatOfAnotherDrop", seat, wanted)
        return
    kept = market.living(seat)
    owner = ZERO_ADDRESS if kept is None else kept.owner
    if owner != call.sender:
        yield refused("SeatDrops_SeatNotYours", seat, owner, call.sender)
    if request.quantity != 1:
        yield refused("SeatDrops_OneForOne", request.quantity)
    state = drop_state(market, wanted)
    if gives_all_back(state) or (kept is not None and kept.claimed):
        yield refused("SeatDrops_SeatVoid", seat, state)
    other = market.drops[wanted].terms
    opens = max(other.refund_until + 1, other.starts_at)
    if call.now < opens:
        yield refused("SeatDrops_SeatRefundable", seat, opens)
    if (request.phase, seat) in drop.used_seats:
        yield refused("SeatDrops_SeatSpent", seat, request.phase)
