"""Plans of what a drop's mentor, its resolver and the guardian do.

Refuses creating: `api.actions.creating` has it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.actions.steps import Step
from marketplace.domain.addresses import ZERO_ADDRESS
from marketplace.domain.escrow import DECISION_SECONDS
from marketplace.domain.ids import DropId, TierIndex
from marketplace.domain.money import Bps

if TYPE_CHECKING:
    from api.actions.orders import (
        CapOrder,
        EvidenceOrder,
        GrantOrder,
        PostponeOrder,
        ResolveOrder,
        VerifierOrder,
    )
    from api.actions.steps import Site


def grant(site: Site, order: GrantOrder) -> Step:
    """Give new seats away, before the drop ends."""
    drop = DropId(order.drop)
    made = site.seats.grant(drop, TierIndex(order.tier), order.recipient, order.quantity)
    return Step(made, last=site.drop(drop).ends_at - 1)


def lower_cap(site: Site, order: CapOrder) -> Step:
    """Lower a tier's cap for ever."""
    return Step(site.seats.lower_cap(DropId(order.drop), TierIndex(order.tier), order.cap))


def set_verifier(site: Site, order: VerifierOrder) -> Step:
    """Name who checks people in."""
    return Step(site.seats.set_verifier(DropId(order.drop), order.verifier or ZERO_ADDRESS))


def postpone(site: Site, order: PostponeOrder) -> Step:
    """Move a drop that has not started."""
    drop = DropId(order.drop)
    made = site.seats.postpone(drop, order.starts_at, order.ends_at, order.deliver_by)
    return Step(made, last=site.drop(drop).starts_at - 1)


def assert_delivery(site: Site, order: EvidenceOrder) -> Step:
    """Say that everything was delivered."""
    drop = DropId(order.drop)
    made = site.seats.assert_delivery(drop, bytes.fromhex(order.evidence[2:]))
    return Step(made, last=site.drop(drop).deliver_by)


def resolve(site: Site, order: ResolveOrder) -> Step:
    """Decide a dispute."""
    drop = DropId(order.drop)
    last = site.drop(drop).disputed_at + DECISION_SECONDS
    return Step(site.seats.resolve(drop, Bps(order.holders_bps)), last=last)
