"""What the contract would say instead of doing something.

Owns the value of a refusal and those refusals that many functions share. Refuses to decode any:
`marketplace.bindings.reverts` does.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, TypeAlias

from marketplace.domain.addresses import ZERO_ADDRESS

if TYPE_CHECKING:
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.ids import SeatId


class Digest(Enum):
    """An argument that needs keccak, so that the model cannot know it."""

    UNKNOWN = auto()


Argument: TypeAlias = int | str | bytes | Digest


@dataclass(frozen=True, slots=True)
class Refused:
    """The Solidity error of a call, with its arguments in their order."""

    error: str
    arguments: tuple[Argument, ...] = ()


def refused(error: str, *arguments: Argument) -> Refused:
    """Name an error and its arguments."""
    return Refused(error, arguments)


def unknown_seat(seat: SeatId) -> Refused:
    """There is no such seat, or it was burned."""
    return refused("SeatToken_Unknown", seat)


def wrong_owner(owner: ChecksumAddress, caller: ChecksumAddress) -> Refused | None:
    """Only the platform's owner may go on."""
    return None if caller == owner else refused("OwnableUnauthorizedAccount", caller)


def is_nobody(account: ChecksumAddress) -> bool:
    """Whether this is the zero address."""
    return account == ZERO_ADDRESS
