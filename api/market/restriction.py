"""What is said of resales that are not for everybody: that the order book alone keeps them so.

Owns the sentences. Refuses to say who may look: `api.market.audience` asks the gate.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from marketplace.domain.addresses import ZERO_ADDRESS
from marketplace.orders.advice import Warned

if TYPE_CHECKING:
    from api.gate.values import Resource
    from marketplace.domain.addresses import ChecksumAddress

COURTESY: Final = (
    "Whom a drop's resales are for is this order book's courtesy, not a promise of the chain: the "
    "contract knows no audience, and takes a signed order from whoever has it."
)

_WARNING: Final = "audience_is_a_courtesy"


def courtesy_of(resales: Resource) -> str | None:
    """What a drop's audience is worth, for people; None: its resales are for everybody."""
    return None if resales.open_to_all else COURTESY


def warnings_for_seller(resales: Resource, taker: ChecksumAddress) -> tuple[Warned, ...]:
    """What a seller should know before listing a seat; the contract itself holds a `taker`."""
    if resales.open_to_all or taker != ZERO_ADDRESS:
        return ()
    sentence = (
        "Only those whom the drop's terms name are shown this listing here, and have its purchase "
        f"prepared. {COURTESY} A stored listing is public. To bind the chain, name the buyer as "
        "its taker."
    )
    return (Warned(_WARNING, sentence),)


def warnings_for_bidder(resales: Resource) -> tuple[Warned, ...]:
    """What a buyer should know before offering."""
    if resales.open_to_all:
        return ()
    sentence = (
        "Only those whom the drop's terms name are shown this offer here, and may offer beside "
        f"you. {COURTESY}"
    )
    return (Warned(_WARNING, sentence),)
