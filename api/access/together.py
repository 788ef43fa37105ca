"""Several questions at once, answered of one moment.

Owns that all answers rest on one block, and that a question about what there is not spoils no
other. Refuses rules: `api.gate.decide` has them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from api.access.asked import resource_of
from api.errors import NotFound
from api.gate.asking import gate_of, known
from api.gate.decision import Denied, Reason
from api.places import drop_of
from api.programme.errors import TermsUnpublished
from indexer.queries import MirrorMissing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.access.asked import Asked
    from api.gate.decision import Decision
    from api.gate.values import Action, Principal, Resource
    from api.parts import Parts

Nothing: TypeAlias = NotFound | TermsUnpublished
"""Why a question has no answer: it is about nothing, or about what nobody has published."""


@dataclass(frozen=True, slots=True)
class _Found:
    action: Action
    resource: Resource


def decisions_on(
    parts: Parts, principal: Principal, asked: Sequence[Asked], least_block: int
) -> tuple[Decision | Nothing, ...]:
    """Decide on each question, all on facts of one moment.

    Raises:
        MirrorBehind: nothing is known well enough for one of them; this is no denial.
        StorageError: a database does not answer.
    """
    answers = _decided(parts, principal, asked, least_block)
    stale = {one.drop for one, answer in zip(asked, answers, strict=True) if _is_stale(answer)}
    if stale:
        # What was read of these drops lately is not of the drops that are there now.
        for drop in stale:
            parts.lately.forget(drop_of(drop))
        answers = _decided(parts, principal, asked, least_block)
    return tuple(
        answer if isinstance(answer, NotFound | TermsUnpublished) else known(answer)
        for answer in answers
    )


def _is_stale(answer: Decision | Nothing) -> bool:
    return isinstance(answer, Denied) and answer.reason is Reason.DROP_UNKNOWN


def _decided(
    parts: Parts, principal: Principal, asked: Sequence[Asked], least_block: int
) -> list[Decision | Nothing]:
    gate, now = gate_of(parts), parts.now
    found = [_found(parts, one, now) for one in asked]
    if not all(isinstance(one, _Found) for one in found):
        # What is missing may be there in blocks that the mirror lacks, or that came meanwhile.
        gate.require_level(now=now, least_block=least_block)
        found = [_found(parts, one, now) for one in asked]
    there = [(one.action, one.resource) for one in found if isinstance(one, _Found)]
    decided = iter(gate.ask_all(principal, there, now=now, least_block=least_block))
    return [next(decided) if isinstance(one, _Found) else one for one in found]


def _found(parts: Parts, asked: Asked, now: int) -> _Found | Nothing:
    try:
        return _Found(asked.action, resource_of(parts, asked, now))
    except MirrorMissing:
        return NotFound("drop")
    except (NotFound, TermsUnpublished) as error:
        return error
