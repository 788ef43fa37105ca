"""What a receipt says, and what a chain says of its block.

Owns the values. Refuses what was not decided: a mirror that is behind gives no receipt.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.ids import DropId, SeatId


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionReceipt:
    """A decision about one account and one thing, on one chain and contract.

    Attributes:
        chain_id: EIP-155 id.
        contract: The market.
        account: Whom it is about; the zero address: somebody who was not signed in.
        action: What for, as the access check names it.
        drop: Whose thing.
        session: Its number in the drop's terms; 0: none was named.
        recording: Its id; empty: none was named.
        terms_hash: Of the drop: 0x and 64 hex digits.
        allow: Whether the account got in.
        reason: Why, as the access check names it.
        via: What let it in; empty where it was denied.
        seat: The seat that did; 0: none.
        level: How settled ownership had to be.
        block_number: The block that the decision rests on.
        block_hash: Of that block: 0x and 64 hex digits.
        lag_s: Seconds since the mirror had last been level with the chain.
        decided_at: Unix second.
        expires_at: First Unix second at which the decision counted no longer.
    """

    chain_id: int
    contract: ChecksumAddress
    account: ChecksumAddress
    action: str
    drop: DropId
    session: int
    recording: str
    terms_hash: str
    allow: bool
    reason: str
    via: str
    seat: SeatId
    level: str
    block_number: int
    block_hash: str
    lag_s: int
    decided_at: int
    expires_at: int


@dataclass(frozen=True, slots=True)
class SignedReceipt:
    """A receipt and the 65 bytes by which somebody answers for it."""

    receipt: DecisionReceipt
    signature: bytes


@dataclass(frozen=True, slots=True)
class SeenBlock:
    """A block that a chain has.

    Attributes:
        block_hash: 0x and 64 hex digits.
        made_at: Its timestamp, a Unix second.
    """

    block_hash: str
    made_at: int
