"""Who may see and buy at a drop's resales.

Owns asking the gate about them, and that a private listing is known to its taker and its seller
alone. Refuses rules: the drop's published terms name the audience and the gate decides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from api.errors import NotFound
from api.gate.asking import Gate, MirrorBehind, required
from api.gate.decision import UNKNOWING, Denied, Reason
from api.gate.values import Action, Anonymous, Holder, Resource
from api.market.errors import AnotherAccount
from api.programme.numbers import is_mirrored
from api.programme.programmes import programme_of
from api.programme.resources import resale_resource

if TYPE_CHECKING:
    from api.gate.decision import Granted
    from api.gate.values import Principal
    from api.market.values import BookListing
    from api.parts import Parts
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.ids import DropId

_BEHIND: Final = UNKNOWING - {Reason.DROP_UNKNOWN}


def viewer_of(principal: Principal) -> ChecksumAddress | None:
    """The account that asks; None for nobody in particular."""
    return principal.account if isinstance(principal, Holder) else None


def may_see(parts: Parts, principal: Principal, drop: DropId, least_block: int) -> Granted:
    """Ask the gate for a drop's resales.

    Raises:
        NotFound, TermsUnpublished: the audience is not known.
        AccessDenied: it is, and the caller does not belong to it.
        MirrorBehind: nothing is known well enough.
    """
    return _asked(parts, principal, resale_resource(programme_of(parts, drop)), least_block)


def may_buy(
    parts: Parts, principal: Principal, account: ChecksumAddress, drop: DropId, least_block: int
) -> Granted:
    """As `may_see`, for an account that is about to buy.

    Raises AnotherAccount too: what a session may see, another account may not buy with it.
    """
    resource = resale_resource(programme_of(parts, drop))
    granted = _asked(parts, principal, resource, least_block)
    viewer = viewer_of(principal)
    if not resource.open_to_all and viewer is not None and viewer != account:
        raise AnotherAccount(account, viewer)
    return granted


def require_visible(found: BookListing, principal: Principal) -> None:
    """Refuse a private listing to all but its taker and its seller: as if there were none.

    Raises NotFound.
    """
    if not found.visible_to(viewer_of(principal)):
        raise NotFound("listing")


def require_fresh(parts: Parts, drop: DropId, least_block: int) -> None:
    """Refuse to judge by a mirror that is not level with the chain, whoever asks.

    Raises MirrorBehind.
    """
    if not is_mirrored(drop):
        # No mirror can hold such a drop, however level it is.
        return
    everybody = Resource(f"listings {drop}", drop, open_to_all=True)
    gate = Gate(parts.mirror, parts.settings.allowed_lag_s)
    decision = gate.ask(
        Anonymous(), Action.SEE_RESALE, everybody, now=parts.now, least_block=least_block
    )
    if isinstance(decision, Denied) and decision.reason in _BEHIND:
        raise MirrorBehind(decision)


def _asked(parts: Parts, principal: Principal, resource: Resource, least_block: int) -> Granted:
    gate = Gate(parts.mirror, parts.settings.allowed_lag_s)
    return required(
        gate.ask(principal, Action.SEE_RESALE, resource, now=parts.now, least_block=least_block)
    )
