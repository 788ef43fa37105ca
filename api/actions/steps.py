"""What an action would do, and the state that it is planned upon.

Owns the values that plans give. Refuses to try anything: `api.actions.trying` does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from api.chain import Chain
    from marketplace.bindings.seats import SeatsContract
    from marketplace.bindings.transactions import PreparedTransaction
    from marketplace.chain.heads import Head
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.ids import DropId, SeatId
    from marketplace.domain.money import Wei
    from marketplace.domain.views import DropView, SeatView


@dataclass(frozen=True, slots=True)
class Amount:
    """Money of one currency; the zero address is ETH."""

    amount: Wei
    currency: ChecksumAddress


@dataclass(frozen=True, slots=True)
class Step:
    """A transaction and what it means to the account that sends it.

    Attributes:
        pays: What leaves the account besides gas.
        gets: What comes to it in the same transaction.
        last: Unix second after which the contract refuses; None: nothing ends it by itself.
    """

    transaction: PreparedTransaction
    pays: tuple[Amount, ...] = ()
    gets: tuple[Amount, ...] = ()
    last: int | None = None


@dataclass(frozen=True, slots=True)
class Site:
    """The contract after one block; `now` is our Unix second."""

    chain: Chain
    head: Head
    now: int

    @property
    def seats(self) -> SeatsContract:
        """The contract, for its transactions."""
        return self.chain.seats

    def seat(self, seat: SeatId) -> SeatView:
        """A living seat. Raises SeatTokenUnknown."""
        return self.chain.seats.seat_of(seat, self.head.hash)

    def drop(self, drop: DropId) -> DropView:
        """A drop. Raises SeatDropsUnknown."""
        return self.chain.seats.terms_of(drop, self.head.hash).terms
