"""A buyer's offers, as the mirror image of a listing.

Owns the messages that a buyer signs, member for member as in `contracts/types/Terms.sol`. Refuses
to sign, hash or transport them: `marketplace.orders` does. Amounts are in the currency of the drop,
or in wrapped ether where that is ETH.
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
    """An offer for one seat; dead as soon as anything that it rests on changes.

    Attributes:
        price: What the buyer pays in all.
        epoch: The seat's; passed when it moves or its owner cancels.
        counter: The buyer's; passed when the buyer cancels everything.
        terms_version: The drop's; passed when it is postponed.
        nonce: Of the buyer's choice; used up by the first fill or by cancelling.
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
    """An offer for any one seat of a tier: whoever owns one may take it, once.

    Attributes:
        least_face: A seat whose face is lower does not do: its refund would be smaller.
        price: What the buyer pays in all.
        counter: The buyer's; passed when the buyer cancels everything.
        terms_version: The drop's; passed when it is postponed.
        nonce: Of the buyer's choice; used up by the first fill or by cancelling.
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
