"""Seats, whose they are and were, and what wallets show of them.

Owns the shapes. Refuses to say what a seat opens: the gate does.
"""

from __future__ import annotations

from dataclasses import field

from pydantic import AwareDatetime
from pydantic.dataclasses import dataclass

from marketplace.client.wire import ANSWER, Account, HashText, SeatText, WeiText
from marketplace.domain.ids import DropId, PhaseIndex, TierIndex


@dataclass(frozen=True, kw_only=True, config=ANSWER)
class SeatSession:
    """A session that a seat opens.

    Attributes:
        session: Its number in the terms.
        state: `attended` with the seat, whoever held it, `past` without, `to_come`, or `void`:
            nobody comes in by the seat any more.
        attended_at: When somebody first came in by the seat; None: nobody has.
        recordings: How many are there for whoever holds it; as of an earlier block those of them
            that were there by its second.
    """

    session: int
    title: str
    kind: str
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    state: str
    attended_at: AwareDatetime | None
    recordings: int


@dataclass(frozen=True, kw_only=True, config=ANSWER)
class OfficeHours:
    """How many of a seat's sessions are office hours, each one slot."""

    in_all: int
    used: int
    left: int


@dataclass(frozen=True, kw_only=True, config=ANSWER)
class SeatProgramme:
    """A drop's programme, as one seat has it.

    Attributes:
        in_all: Sessions that the seat opens; of them so many are `attended`, `past` and `to_come`.
        binding_session: At which it is checked in and does not move from then on; None: it opens
            none.
    """

    in_all: int
    attended: int
    past: int
    to_come: int
    office_hours: OfficeHours
    recordings: int
    binding_session: int | None
    sessions: tuple[SeatSession, ...]


@dataclass(frozen=True, kw_only=True, config=ANSWER)
class Condition:
    """What a seat still contains, in its drop's currency; the right to it goes with the seat.

    Attributes:
        held_wei: Royalties and tolls that wait with it.
        refund_wei: What giving it back pays at the answer's moment; 0: it cannot be given back.
        refund_until: The last second of the refund window.
        on_failure_wei: What it gives back if the mentor does not deliver.
        claimable_wei: What a claim gives at the answer's moment.
        programme: Its sessions; None: the drop's terms are not published.
    """

    checked_in: bool
    face_wei: WeiText
    held_wei: WeiText
    refund_wei: WeiText
    refund_until: AwareDatetime
    on_failure_wei: WeiText
    claimable_wei: WeiText
    programme: SeatProgramme | None


@dataclass(frozen=True, config=ANSWER)
class ListedSeat:
    """A seat; `owner` is None once it was burned.

    `condition` is None where `block_hash` of the answer is: the block's second is not known.
    """

    seat: SeatText
    drop: DropId
    tier: TierIndex
    number: int
    owner: Account | None
    epoch: int
    face_wei: WeiText
    held_wei: WeiText
    minted_phase: PhaseIndex
    locked: bool
    burned: bool
    checked_in: bool
    granted: bool
    moved_at: AwareDatetime
    condition: Condition | None


@dataclass(frozen=True, config=ANSWER)
class Seat(ListedSeat):
    """A seat as of one block; `level` is None where a block was asked for.

    `block_hash` is None of a block that was asked for, is final and holds no event.
    """

    as_of_block: int
    block_hash: HashText | None
    level: str | None


@dataclass(frozen=True, config=ANSWER)
class SeatsPage:
    """Seats in the order of their numbers; `next` goes on, None ends."""

    seats: tuple[ListedSeat, ...]
    next: SeatText | None
    as_of_block: int
    block_hash: HashText | None


@dataclass(frozen=True, config=ANSWER)
class Ownership:
    """From a block on the seat was this account's; None: nobody's any more."""

    owner: Account | None
    how: str
    epoch: int
    at: AwareDatetime
    block_number: int
    block_hash: HashText
    log_index: int
    tx_hash: HashText


@dataclass(frozen=True, config=ANSWER)
class Sale:
    """A resale of the seat."""

    seller: Account
    buyer: Account
    price_wei: WeiText
    royalty_wei: WeiText
    block_number: int
    block_hash: HashText


@dataclass(frozen=True, config=ANSWER)
class SeatHistory:
    """A page of whose a seat was, and what it was sold for, oldest first.

    Attributes:
        sales: Those by which it came to the owners of this page.
        next: The next page's `after`; None: this is the last.
    """

    seat: SeatText
    owners: tuple[Ownership, ...]
    sales: tuple[Sale, ...]
    next: str | None
    as_of_block: int
    block_hash: HashText | None


@dataclass(frozen=True, config=ANSWER)
class Document:
    """Bytes that wallets show, as the contract made them.

    Attributes:
        etag: Names this version of them.
        as_of_block: The block that they were made at.
    """

    media_type: str
    etag: str | None
    as_of_block: int | None
    content: bytes = field(repr=False)
