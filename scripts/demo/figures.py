"""Owns the figures that a performance ends in, each read back from the API or the chain.

Refuses to work out what it can ask, and to believe one of the two where both can be asked: sums of
money are compared, and a difference ends the performance.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from marketplace.client import SeatmarketClient
from marketplace.domain.errors import MirrorInconsistent, typed_error
from marketplace.domain.money import Wei

if TYPE_CHECKING:
    from collections.abc import Mapping

    from marketplace.client.answers.drops import Drop
    from scripts.demo.house import House
    from scripts.demo.story import Story


@typed_error
class ChainSaysOtherwise(MirrorInconsistent):
    """The API and the contract give different sums."""

    code = "chain_says_otherwise"

    what: str
    api: Wei
    chain: Wei

    def _sentence(self) -> str:
        return f"The API says {self.what} is {self.api} wei, and the contract says {self.chain}."


@typed_error
class NotAsPromised(MirrorInconsistent):
    """Somebody was let in, or turned away, against what their seats say."""

    code = "not_as_promised"

    claims: str

    def _sentence(self) -> str:
        return f"The gate did not do as the seats say: {self.claims}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What a performance ends in.

    Attributes:
        drops: How many the API lists.
        minted: Seats that were ever minted, in all drops.
        resold: Sales in the history of the seat that changed hands.
        royalty_wei: What waits with that seat, in wei.
        escrow_wei: What all drops owe their seats, in wei.
        seller_allowed_before: Into the workshop and before its recording, both.
        seller_allowed_after: Into one of them at least.
        buyer_allowed_after: Into both.
        revoked_ms: From the receipt of the sale to the API's first no to the seller.
        recording_bytes: Of the recording that the buyer received after the sale.
        api: The API's address.
    """

    drops: int
    minted: int
    resold: int
    royalty_wei: Wei
    escrow_wei: Wei
    seller_allowed_before: bool
    seller_allowed_after: bool
    buyer_allowed_after: bool
    revoked_ms: int
    recording_bytes: int
    api: str

    @property
    def members(self) -> Mapping[str, str | int | bool]:
        """The figures as JSON members, in their order; sums in wei are whole numbers."""
        return asdict(self)

    def require_promised(self) -> None:
        """Return when the gate did what seats promise. Raises NotAsPromised."""
        broken = {
            "the seller was not let in before the sale": not self.seller_allowed_before,
            "the seller was let in after the sale": self.seller_allowed_after,
            "the buyer was not let in after the sale": not self.buyer_allowed_after,
        }
        if any(broken.values()):
            raise NotAsPromised(", ".join(claim for claim, is_so in broken.items() if is_so))


def figures_of(opened: House, story: Story) -> Figures:
    """Read the figures back. Raises ChainSaysOtherwise."""
    with SeatmarketClient(opened.url) as api:
        drops = [api.drop(one.drop) for one in api.drops().drops]
        seat, history = api.seat(story.seat), api.history(story.seat)
    _compare(opened, drops)
    held = opened.stage.market.seats.seat_of(story.seat).held
    if held != seat.held_wei:
        raise ChainSaysOtherwise("the royalty", seat.held_wei, held)
    return Figures(
        drops=len(drops),
        minted=sum(tier.issued for drop in drops for tier in drop.tiers),
        resold=len(history.sales),
        royalty_wei=seat.held_wei,
        escrow_wei=Wei(sum(drop.escrow_wei for drop in drops)),
        seller_allowed_before=all(one.allow for one in story.before.seller),
        seller_allowed_after=any(one.allow for one in story.after.seller),
        buyer_allowed_after=all(one.allow for one in story.after.buyer),
        revoked_ms=story.sold.revoked_ms,
        recording_bytes=len(story.watched),
        api=opened.url,
    )


def _compare(opened: House, drops: list[Drop]) -> None:
    for drop in drops:
        owed = opened.stage.market.seats.escrow_of(drop.drop)
        if owed != drop.escrow_wei:
            raise ChainSaysOtherwise(f"the escrow of drop {drop.drop}", drop.escrow_wei, owed)
