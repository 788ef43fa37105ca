"""Asking the gate about what belongs to a drop, for those who were given something out of it.

Owns four ways to ask. A drop's number is not enough to name it, because a reorganisation can give
the number to another drop: a resource names its terms hash, which the gate holds against the facts
that it decides on, and a drop that is missing now may be back in a second. Refuses rules:
`api.gate.decide` has them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.errors import NotFound
from api.gate.asking import gate_of, required
from api.gate.decision import Granted
from api.gate.values import Action, Holder
from api.programme.programmes import programme_of

if TYPE_CHECKING:
    from api.gate.decision import Decision
    from api.gate.values import Principal, Resource
    from api.parts import Parts
    from api.programme.values import Programme
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.ids import DropId


def ask(
    parts: Parts,
    principal: Principal,
    action: Action,
    resource: Resource,
    *,
    least_block: int = 0,
) -> Decision:
    """Ask, now.

    Raises:
        StorageError: the mirror's database does not answer.
    """
    return gate_of(parts).ask(principal, action, resource, now=parts.now, least_block=least_block)


def pass_through(
    parts: Parts,
    principal: Principal,
    action: Action,
    resource: Resource,
    *,
    least_block: int = 0,
) -> Granted:
    """Ask, and go on only with a yes.

    Raises:
        AccessDenied, MirrorBehind: there is none.
    """
    return required(ask(parts, principal, action, resource, least_block=least_block))


def ask_again(parts: Parts, account: ChecksumAddress, room: Resource, block: int) -> Decision:
    """Ask about a room for somebody who was let in on a block.

    Where another process reads another copy of the mirror, that may be newer than what is known
    here: then a no is no answer.
    """
    decision = ask(parts, Holder(account), Action.ENTER_SESSION, room)
    if isinstance(decision, Granted):
        return decision
    return ask(parts, Holder(account), Action.ENTER_SESSION, room, least_block=block)


def programme_seen(parts: Parts, drop: DropId, least_block: int) -> Programme:
    """Read a programme for somebody who knows of a block: a drop made in it is no "not found".

    Raises:
        MirrorBehind: the mirror has not reached that block, or knows nothing well enough.
        NotFound, TermsUnpublished: as `programme_of`.
    """
    try:
        return programme_of(parts, drop)
    except NotFound:
        gate_of(parts).require_level(now=parts.now, least_block=least_block)
        raise
