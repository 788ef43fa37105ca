"""A buyer's offer for one seat, or for any seat of a tier.

Owns the messages that a buyer signs, member for member as in `contracts/types/Terms.sol`. Refuses
to sign, hash or transport them: `marketplace.orders` does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.ids import DropId, SeatId, TierIndex
    from marketplace.domain.money import Wei


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatOffer:
    """For one seat, as long as it stays where it is.

    Attributes:
        price: In the currency of the seat's drop; wrapped ether for a drop in ETH.
        epoch: The seat's; passed when it moves or its owner cancels.
        counter: The buyer's; passed when the buyer cancels everything.
        terms_version: The drop's; passed when it is postponed.
        nonce: Used up by the first fill or by cancelling; the buyer picks it.
        expiry: The last second, at most 30 days ahead.
    """

    seat: SeatId
    price: Wei
    epoch: int
    buyer: ChecksumAddress
    counter: int
    terms_version: int
    nonce: int
    expiry: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TierOffer:
    """For any one seat of a tier, from whoever owns one.

    Attributes:
        least_face: A seat whose face is lower does not do: its refund would be smaller.
        price: In the currency of the drop; wrapped ether for a drop in ETH.
        counter: The buyer's; passed when the buyer cancels everything.
        terms_version: The drop's; passed when it is postponed.
        nonce: Used up by the first fill or by cancelling; the buyer picks it.
        expiry: The last second, at most 30 days ahead.
    """

    drop: DropId
    tier: TierIndex
    least_face: Wei
    price: Wei
    buyer: ChecksumAddress
    counter: int
    terms_version: int
    nonce: int
    expiry: int
