"""Whether those who offer belong to the audience of a drop's resales now.

Owns asking the gate about them: whoever accepts an offer sells its buyer the seat, so that what
would keep the buyer from having a purchase prepared keeps the offer from being shown, and from
being accepted, here. Refuses rules, the gate has them; and to remember what it said: a seat that is
bought again, or whose sale a reorganisation takes back, makes its holder's offers good again.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from api.gate.asking import gate_of, known
from api.gate.decision import Denied
from api.gate.values import Action, Holder
from api.offers.errors import BidderDenied

if TYPE_CHECKING:
    from collections.abc import Collection

    from api.gate.values import Resource
    from api.parts import Parts
    from marketplace.domain.addresses import ChecksumAddress


def require_admitted(
    parts: Parts, resales: Resource, buyer: ChecksumAddress, least_block: int
) -> None:
    """Refuse an offer whose buyer could not have a purchase prepared.

    Args:
        parts: Of the API.
        resales: Of the drop that the offer is for.
        buyer: Who offers.
        least_block: The newest block that the caller knows of.

    Raises:
        BidderDenied: the buyer does not belong to the audience.
        MirrorBehind: nothing is known well enough.
    """
    decision = known(
        gate_of(parts).ask(
            Holder(buyer), Action.SEE_RESALE, resales, now=parts.now, least_block=least_block
        )
    )
    if isinstance(decision, Denied):
        raise BidderDenied(buyer, decision)


def outside(
    parts: Parts, resales: Resource, buyers: Collection[ChecksumAddress], least_block: int
) -> frozenset[ChecksumAddress]:
    """Those of several buyers who could not have a purchase prepared, all by one moment.

    Takes as `require_admitted`; the caller bounds the buyers. Raises MirrorBehind.
    """
    if resales.open_to_all or not buyers:
        return frozenset()
    # Nobody asks to be let in: a page would count hundreds of decisions that no one was given.
    gate = replace(gate_of(parts), figures=None)
    least = dict.fromkeys(buyers, least_block)
    _, found = gate.ask_of_each(least, Action.SEE_RESALE, resales, now=parts.now)
    return frozenset(one for one, said in found.items() if isinstance(known(said), Denied))
