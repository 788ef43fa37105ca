"""Whether those who offer belong to the audience of a drop's resales now.

Owns asking the gate about them: whoever accepts an offer sells its buyer the seat, so that what
would keep the buyer from having a purchase prepared keeps the offer from being shown, and from
being accepted, here. Refuses rules, the gate has them; and to remember what it said: a seat that is
bought again, or whose sale a reorganisation takes back, makes its holder's offers good again.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from api.gate.asking import gate_of, known
from api.gate.decision import Denied
from api.gate.values import Action, Holder
from api.offers.errors import BidderDenied

if TYPE_CHECKING:
    from collections.abc import Iterable

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


class Bidders:
    """Which of those who offer in a drop could have a purchase prepared.

    Asked when somebody must be known, about them and some of those who come next: what is dead, or
    behind the page's end, costs nothing. Each time about twice as many, so that a book of bidders
    who have left the audience is not asked about one by one.

    Args:
        parts: Of the API.
        resales: Of the drop.
        least_block: The newest block that the caller knows of.
    """

    def __init__(self, parts: Parts, resales: Resource, least_block: int) -> None:
        # Nobody asks to be let in: a page would count hundreds of decisions that no one was given.
        self._gate = replace(gate_of(parts), figures=None)
        self._resales = resales
        self._least_block = least_block
        self._now = parts.now
        self._admitted: dict[ChecksumAddress, bool] = {}
        self._at_once = 0

    def admits(
        self, buyer: ChecksumAddress, coming: Iterable[ChecksumAddress], missing: int
    ) -> bool:
        """Whether a buyer belongs to the audience.

        Args:
            buyer: Who offers.
            coming: They and whoever offers next, in order.
            missing: How many of those may have to be known at least.

        Raises:
            MirrorBehind: nothing is known well enough.
        """
        if self._resales.open_to_all:
            return True
        if buyer not in self._admitted:
            self._at_once = max(missing, 2 * self._at_once)
            new = dict.fromkeys(one for one in coming if one not in self._admitted)
            least = dict.fromkeys(islice(new, self._at_once), self._least_block)
            _, found = self._gate.ask_of_each(
                least, Action.SEE_RESALE, self._resales, now=self._now
            )
            for one, decision in found.items():
                self._admitted[one] = not isinstance(known(decision), Denied)
        return self._admitted[buyer]
