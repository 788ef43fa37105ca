"""The JSON of seats.

Owns the shapes. Refuses sentences about what a seat opens: that is asked at the gate, for somebody.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Self

from api.catalogue.dated import AtBlock
from api.seat_condition import ConditionAnswer
from api.wire import Account, Moment, Uint256Out, WireModel, moment
from indexer.queries import Level  # noqa: TC001 - pydantic reads the annotations
from marketplace.domain.addresses import ZERO_ADDRESS
from marketplace.domain.words import SeatFlag

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from api.attendance.contents import Contents
    from api.catalogue.looking import BlockLook
    from indexer.queries import Ownership, Seat, SeatSale, SeatValue
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.ids import SeatId


@dataclass(frozen=True, slots=True)
class Worth:
    """What seats give back and what they contain, as far as either is known, by their ids.

    Attributes:
        room: How many of them, from the first one on, a page has room for.
    """

    values: Mapping[SeatId, SeatValue]
    contents: Mapping[SeatId, Contents]
    room: int


class SeatMembers(WireModel):
    """A seat as it was at the answer's block."""

    seat: Uint256Out
    drop: int
    tier: int
    number: int
    """Which seat of its tier it is, from 1; never given out twice."""

    owner: Account | None
    """Account that owns it; null: it was burned."""

    epoch: int
    """One more at each change of owner and each cancelling."""

    face_wei: Uint256Out
    held_wei: Uint256Out
    """Royalties, tolls and penalties that wait with it, in the smallest unit of the drop's
    currency, as decimal digits."""

    minted_phase: int
    """Number of the phase in which it was minted."""

    locked: bool
    """Whether the contract has said that it will not move again (ERC-5192)."""

    burned: bool
    """Whether it was given back."""

    checked_in: bool
    """Whether its holder was checked in with it: then it is not sold."""

    granted: bool
    """Whether the mentor gave it away instead of selling it."""

    moved_at: Moment
    """When it last changed hands, in UTC."""

    condition: ConditionAnswer | None
    """By the rules of the answer's block, at its second, as the contract's `refundOf` says it.
    Null where `block_hash` is: the second is not known either."""


class SeatsAnswer(AtBlock):
    """Seats by rising id."""

    seats: list[SeatMembers]
    """A page of them."""

    next: Uint256Out | None
    """The next page's `after`; a page may be shorter than asked for and still have one. Null: this
    is the last."""

    @classmethod
    def of(cls, page: Sequence[Seat], worth: Worth, seen: BlockLook, limit: int) -> Self:
        """Write a page with what its seats are worth; it was read with one more than the limit."""
        shown = page[: min(limit, worth.room)]
        return cls(
            seats=[SeatMembers.model_validate(_members(one, worth)) for one in shown],
            next=shown[-1].id if len(page) > len(shown) else None,
            as_of_block=seen.number,
            block_hash=seen.block_hash,
        )


class SeatAnswer(SeatMembers, AtBlock):
    """One seat."""

    level: Level | None
    """How certain the block is that the answer is of; null: a block was asked for."""

    @classmethod
    def of(cls, seat: Seat, worth: Worth, seen: BlockLook) -> Self:
        """Write a seat as it was at a look, and what it was worth then."""
        dated = {
            "level": seen.level,
            "as_of_block": seen.number,
            "block_hash": seen.block_hash,
        }
        return cls.model_validate(_members(seat, worth) | dated)


class OwnershipMembers(WireModel):
    """A change of owner."""

    owner: Account | None
    """Who owns it from then on; null: it was burned."""

    how: Literal["mint", "sale", "gift", "burn"]
    """How it came to them."""

    epoch: int
    """The seat's epoch from then on."""

    at: Moment
    """Time of the block in which it changed, in UTC."""

    block_number: int
    block_hash: str
    log_index: int
    """Place of the contract's event in its block."""

    tx_hash: str
    """Hash of the transaction: `0x` and 64 hex digits."""

    @classmethod
    def of(cls, change: Ownership) -> Self:
        """Write a change of owner."""
        return cls(
            owner=_somebody(change.owner),
            how=change.how,
            epoch=change.epoch,
            at=moment(change.block.timestamp_s),
            block_number=change.block.number,
            block_hash=change.block.hash,
            log_index=change.log_index,
            tx_hash=change.tx_hash,
        )


class SaleMembers(WireModel):
    """A resale; the royalty waits with the seat."""

    seller: Account
    buyer: Account
    price_wei: Uint256Out
    royalty_wei: Uint256Out
    block_number: int
    block_hash: str

    @classmethod
    def of(cls, sale: SeatSale) -> Self:
        """Write a sale."""
        return cls(
            seller=sale.seller,
            buyer=sale.buyer,
            price_wei=sale.price,
            royalty_wei=sale.royalty,
            block_number=sale.block_number,
            block_hash=sale.block_hash,
        )


class HistoryAnswer(AtBlock):
    """Who had a seat and what was paid for it, the earliest first."""

    seat: Uint256Out
    owners: list[OwnershipMembers]
    """A page of changes of owner."""

    sales: list[SaleMembers]
    """Those by which the seat came to the owners of this page."""
    next: str | None
    """The next page's `after`; null: this is the last."""

    @classmethod
    def of(
        cls,
        seat: SeatId,
        owners: Sequence[Ownership],
        sales: Sequence[SeatSale],
        behind: str | None,
        seen: BlockLook,
    ) -> Self:
        """Write a page of a seat's history up to a look."""
        return cls(
            seat=seat,
            owners=[OwnershipMembers.of(one) for one in owners],
            sales=[SaleMembers.of(one) for one in sales],
            next=behind,
            as_of_block=seen.number,
            block_hash=seen.block_hash,
        )


def _members(seat: Seat, worth: Worth) -> dict[str, object]:
    value = worth.values.get(seat.id)
    return {
        "seat": int(seat.id),
        "drop": seat.drop,
        "tier": seat.tier,
        "number": seat.number,
        "owner": _somebody(seat.owner),
        "epoch": seat.epoch,
        "face_wei": seat.face,
        "held_wei": seat.held,
        "minted_phase": seat.phase,
        "locked": seat.locked,
        "burned": seat.burned,
        "checked_in": bool(seat.flags & SeatFlag.CHECKED_IN),
        "granted": bool(seat.flags & SeatFlag.GRANTED),
        "moved_at": moment(seat.moved_at),
        "condition": None
        if value is None
        else ConditionAnswer.of(seat, value, worth.contents.get(seat.id)),
    }


def _somebody(owner: ChecksumAddress) -> ChecksumAddress | None:
    return None if owner == ZERO_ADDRESS else owner
