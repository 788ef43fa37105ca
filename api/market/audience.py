"""Who may see and buy at a drop's resales.

Owns asking the gate about them, that a private listing is known to its taker and its seller alone,
and that nothing is called missing or dead by a mirror that is behind. Refuses rules: the drop's
published terms name the audience and the gate decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.errors import NotFound
from api.gate.asking import AccessDenied, gate_of, required
from api.gate.values import Action, Holder
from api.market import book
from api.market.errors import AnotherAccount
from api.market.values import Skipped
from api.programme.errors import TermsUnpublished
from api.programme.programmes import programme_of
from api.programme.resources import resale_resource
from indexer.queries import MirrorMissing

if TYPE_CHECKING:
    from collections.abc import Collection

    from api.gate.decision import Granted
    from api.gate.values import Principal, Resource
    from api.market.values import BookListing
    from api.parts import Parts
    from api.programme.values import Programme
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.ids import DropId


@dataclass(frozen=True, slots=True)
class Admitted:
    """By what right somebody sees a drop's resales, and for whom these are.

    Attributes:
        programme: Of the drop, which names them.
    """

    granted: Granted
    resales: Resource
    programme: Programme


def viewer_of(principal: Principal) -> ChecksumAddress | None:
    """The account that asks; None for nobody in particular."""
    return principal.account if isinstance(principal, Holder) else None


def require_level(parts: Parts, least_block: int) -> None:
    """Refuse to judge by a mirror that is not level with the chain. Raises MirrorBehind."""
    gate_of(parts).require_level(now=parts.now, least_block=least_block)


def existing(parts: Parts, id_: str, least_block: int) -> BookListing:
    """The listing of an id, dead or alive.

    Raises:
        NotFound: there is none.
        MirrorBehind: it may be in blocks that the mirror lacks.
    """
    found = book.find(parts, id_)
    if found is None:
        # It may be there in blocks that the mirror lacks, or that came while we looked.
        require_level(parts, least_block)
        found = book.find(parts, id_)
    if found is None:
        raise NotFound("listing")
    return found


def those_existing(
    parts: Parts, ids: Collection[str], principal: Principal, least_block: int
) -> tuple[list[BookListing], list[Skipped]]:
    """The listings of several ids, each once, and those of which the caller may know nothing.

    Two ids of one listing are one: where either is known, the other is not missing.

    Raises MirrorBehind: some may be in blocks that the mirror lacks.
    """
    found: dict[str, BookListing] = {}
    missing: list[Skipped] = []
    for id_ in dict.fromkeys(ids):
        try:
            one = existing(parts, id_, least_block)
            require_visible(one, principal)
        except NotFound as error:
            missing.append(Skipped.by(id_, error))
        else:
            found.setdefault(one.digest, one)
    return list(found.values()), [one for one in missing if one.listing not in found]


def may_see(parts: Parts, principal: Principal, drop: DropId, least_block: int) -> Admitted:
    """Ask the gate for a drop's resales.

    Raises:
        NotFound, TermsUnpublished: the audience is not known.
        AccessDenied: it is, and the caller does not belong to it.
        MirrorBehind: nothing is known well enough.
    """
    programme = _programme(parts, drop, least_block)
    resource = resale_resource(programme)
    return Admitted(_asked(parts, principal, resource, least_block), resource, programme)


def may_buy(
    parts: Parts, principal: Principal, account: ChecksumAddress, drop: DropId, least_block: int
) -> Admitted:
    """As `may_see`, for an account that is about to buy.

    Raises AnotherAccount too: what a session may see, another account may not buy with it.
    """
    admitted = may_see(parts, principal, drop, least_block)
    viewer = viewer_of(principal)
    if not admitted.resales.open_to_all and viewer is not None and viewer != account:
        raise AnotherAccount(account, viewer)
    return admitted


def those_open_to(
    parts: Parts,
    principal: Principal,
    account: ChecksumAddress,
    found: Collection[BookListing],
    least_block: int,
) -> tuple[list[BookListing], list[Skipped]]:
    """Of several listings those that an account may buy, and why it may not buy the others.

    Raises MirrorBehind: nothing is known well enough.
    """
    refused: dict[DropId, AccessDenied | AnotherAccount | TermsUnpublished] = {}
    for drop in dict.fromkeys(one.listing.seat.drop for one in found):
        try:
            may_buy(parts, principal, account, drop, least_block)
        except (AccessDenied, AnotherAccount, TermsUnpublished) as error:
            refused[drop] = error
    return (
        [one for one in found if one.listing.seat.drop not in refused],
        [
            Skipped.by(one.id, refused[one.listing.seat.drop])
            for one in found
            if one.listing.seat.drop in refused
        ],
    )


def require_shown(parts: Parts, drop: DropId, least_block: int) -> Resource:
    """Refuse a listing that nobody would ever be shown, since its drop's audience is not known.

    Gives the resales that it would be among. Raises as `may_see`, but for AccessDenied.
    """
    return resale_resource(_programme(parts, drop, least_block))


def require_visible(found: BookListing, principal: Principal) -> None:
    """Refuse a private listing to all but its taker and its seller: as if there were none.

    Raises NotFound.
    """
    if not found.visible_to(viewer_of(principal)):
        raise NotFound("listing")


def _programme(parts: Parts, drop: DropId, least_block: int) -> Programme:
    try:
        return programme_of(parts, drop)
    except (NotFound, MirrorMissing):
        # As a listing that is not found.
        require_level(parts, least_block)
        return programme_of(parts, drop)


def _asked(parts: Parts, principal: Principal, resource: Resource, least_block: int) -> Granted:
    return required(
        gate_of(parts).ask(
            principal, Action.SEE_RESALE, resource, now=parts.now, least_block=least_block
        )
    )
