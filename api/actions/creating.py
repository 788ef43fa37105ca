"""The plan of creating a drop.

Owns that everything that is outside the contract's bounds is told at once, each beside its field.
Refuses to know the platform's fee and currencies: the contract names them when it is tried.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from api.actions.drop_orders import WRITTEN
from api.actions.steps import Step
from api.errors import FieldFault, InvalidRequest
from marketplace.domain.bounds import TermOutOfBounds, broken_terms
from marketplace.domain.times import utc_text

if TYPE_CHECKING:
    from api.actions.drop_orders import CreateDropOrder
    from api.actions.steps import Site
    from marketplace.domain.bounds import BrokenTerm

_OURS: Final = {name: ours for ours, name in WRITTEN.items()}
_TIMES: Final = frozenset({"starts_at", "ends_at", "deliver_by", "refund_until", "opens", "closes"})
_PATH: Final = re.compile(r"(\w+)(?:\[(\d+)\])?(?:\.(\w+))?")


def create_drop(site: Site, order: CreateDropOrder) -> Step:
    """Create a drop whose mentor is the account.

    Raises InvalidRequest: terms are outside their bounds at the newest block's time.
    """
    offer, now = order.offer, int(site.head.time.timestamp())
    broken = broken_terms(offer, order.account, now, {offer.terms.currency})
    if broken:
        raise InvalidRequest(tuple(_fault(one) for one in broken))
    # The first moment that would be over when the drop is created.
    last = min(offer.terms.starts_at, *(phase.closes for phase in offer.phases))
    return Step(site.seats.create_drop(offer), last=last)


def _fault(broken: BrokenTerm) -> FieldFault:
    found = _PATH.fullmatch(broken.path)
    if found is None:
        raise AssertionError(broken.path)
    part, index, name = found[1], found[2], found[3]
    # What phases hold back together is a sum, and no field of the tier.
    field = "cap" if name == "reserved" and part == "tiers" else name
    places = [one for one in (part, index, field and _OURS.get(field, field)) if one is not None]
    return FieldFault(f"/body/{'/'.join(places)}", _why(broken, name))


def _why(broken: BrokenTerm, name: str | None) -> str:
    if not isinstance(broken, TermOutOfBounds) or broken.most < broken.least:
        return broken.sentence.rstrip(".")
    if name == "reserved":
        return f"its phases hold {broken.value} seats back, which is more than {broken.most}"
    if name not in _TIMES:
        return f"it is {broken.value}; it must lie between {broken.least} and {broken.most}"
    bounds = f"no later than {utc_text(broken.most)}"
    if broken.least:
        bounds = f"no earlier than {utc_text(broken.least)} and {bounds}"
    return f"it must be {bounds}"
