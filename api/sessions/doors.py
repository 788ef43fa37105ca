"""Doors of a drop: what is behind the gate, and the terms that say for whom.

Owns asking the gate about one thing of one drop. A drop's number is not enough to name it: a
reorganisation can give the number to another drop. The terms hash travels with everything that was
given out for a drop, and is held against the mirror after the gate has been asked, so that facts
of one drop never open what belongs to another. Refuses rules: `api.gate.decide` has them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.errors import NotFound
from api.gate.asking import Gate, required
from api.gate.decision import UNKNOWING, Denied, Reason
from api.gate.values import Action, Anonymous, Resource
from api.programme.programmes import programme_of
from indexer.queries import drop_terms
from marketplace.storage.transactions import reading

if TYPE_CHECKING:
    from api.gate.decision import Decision, Granted
    from api.gate.values import Principal
    from api.parts import Parts
    from api.programme.values import Programme
    from marketplace.domain.ids import DropId


@dataclass(frozen=True, slots=True)
class Door:
    """One thing that the gate guards.

    Attributes:
        terms_hash: Of the drop that it belongs to: `0x` and 64 hex digits.
    """

    action: Action
    resource: Resource
    terms_hash: str


def ask(parts: Parts, principal: Principal, door: Door, *, least_block: int = 0) -> Decision:
    """Ask whether somebody may go through a door, now.

    Raises:
        NotFound: its drop is not there any more.
        StorageError: the mirror's database does not answer.
    """
    gate = Gate(parts.mirror, parts.settings.allowed_lag_s)
    decision = gate.ask(
        principal, door.action, door.resource, now=parts.now, least_block=least_block
    )
    if isinstance(decision, Denied) and decision.reason in UNKNOWING:
        return decision
    # Not before the gate: facts that are newer than the terms could be another drop's.
    if not _still_there(parts, door):
        raise NotFound(door.resource.id)
    return decision


def pass_through(
    parts: Parts, principal: Principal, door: Door, *, least_block: int = 0
) -> Granted:
    """Ask, and go on only with a yes.

    Raises:
        AccessDenied, MirrorBehind: there is none.
        NotFound: the drop is not there any more.
    """
    return required(ask(parts, principal, door, least_block=least_block))


def programme_seen(parts: Parts, drop: DropId, least_block: int) -> Programme:
    """Read a programme for somebody who knows of a block: a drop made in it is no "not found".

    Raises:
        MirrorBehind: the mirror has not reached that block.
        NotFound, TermsUnpublished: as `programme_of`.
    """
    try:
        return programme_of(parts, drop)
    except NotFound:
        _require_known(parts, drop, least_block, knowing=frozenset({Reason.DROP_UNKNOWN}))
        raise


def programme_known(parts: Parts, drop: DropId) -> Programme:
    """Read the programme of a drop that was there before.

    Raises:
        MirrorBehind: it is not there now, which a reorganisation can undo.
        TermsUnpublished: as `programme_of`.
    """
    try:
        return programme_of(parts, drop)
    except NotFound:
        _require_known(parts, drop, 0, knowing=frozenset())
        raise


def _require_known(
    parts: Parts, drop: DropId, least_block: int, *, knowing: frozenset[Reason]
) -> None:
    gate = Gate(parts.mirror, parts.settings.allowed_lag_s)
    nothing = Resource(f"drop {drop}", drop)
    asked = gate.ask(
        Anonymous(), Action.ENTER_SESSION, nothing, now=parts.now, least_block=least_block
    )
    if isinstance(asked, Denied) and asked.reason in UNKNOWING - knowing:
        required(asked)


def _still_there(parts: Parts, door: Door) -> bool:
    with reading(parts.reads) as connection:
        found = drop_terms(connection, parts.mirror_id, door.resource.drop)
    return found is not None and found.drop.terms_hash == door.terms_hash
