"""Which thing a question is about, and asking the gate about it.

Owns which parameters belong to which action, and that what is not found in a mirror that is behind
is not called missing. Refuses rules: `api.gate.decide` has them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.errors import FieldFault, InvalidRequest, NotFound
from api.gate.asking import gate_of, known
from api.gate.decision import Denied, Reason
from api.gate.values import Action, Level
from api.places import drop_of
from api.programme.programmes import programme_of
from api.programme.resources import recording_resource, resale_resource, session_resource
from api.recordings.places import is_id
from api.recordings.reads import recording
from indexer.queries import MirrorMissing, drop_place
from marketplace.storage.transactions import reading

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from api.gate.decision import Decision
    from api.gate.values import Principal, Resource
    from api.parts import Parts
    from api.programme.values import Programme

_LATER = "not with this action: leave it out"
_MISSING = "needed with this action"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question names; `require_fitting` says whether that makes a question.

    Attributes:
        session: Its number in the drop's terms.
        recording: Its id.
        level: How settled ownership must be, where a seat lets in; of the thing's own level and
            this the stricter counts.
    """

    action: Action
    drop: int
    session: int | None
    recording: str | None
    level: Level = Level.LATEST

    def faults(self, place: str) -> Iterator[FieldFault]:
        """What the action needs otherwise; `place` is the JSON pointer of the question."""
        if self.action is Action.ENTER_SESSION and self.session is None:
            yield FieldFault(f"{place}/session", _MISSING)
        if self.action is Action.SEE_RESALE and self.session is not None:
            yield FieldFault(f"{place}/session", _LATER)
        if self.action is Action.WATCH_RECORDING and self.recording is None:
            yield FieldFault(f"{place}/recording", _MISSING)
        if self.action is not Action.WATCH_RECORDING and self.recording is not None:
            yield FieldFault(f"{place}/recording", _LATER)


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision, the thing that it is about, and the Unix second of it."""

    decision: Decision
    resource: Resource
    at: int


def require_fitting(asked: Sequence[tuple[str, Asked]]) -> None:
    """Return when every question has what its action needs; each comes with its place.

    Raises InvalidRequest.
    """
    faults = tuple(fault for place, one in asked for fault in one.faults(place))
    if faults:
        raise InvalidRequest(faults)


def decision_on(parts: Parts, principal: Principal, asked: Asked, least_block: int) -> Decided:
    """Decide, on facts of one moment.

    Raises:
        MirrorBehind: nothing is known well enough; this is no denial.
        NotFound: there is no such drop, session or recording.
        TermsUnpublished: what the drop's seats open is not known.
        StorageError: a database does not answer.
    """
    decided = _decided(parts, principal, asked, least_block)
    decision = decided.decision
    if isinstance(decision, Denied) and decision.reason is Reason.DROP_UNKNOWN:
        # What was read of the drop lately is not of the drop that is there now.
        parts.lately.forget(drop_of(asked.drop))
        decided = _decided(parts, principal, asked, least_block)
    known(decided.decision)
    return decided


def _decided(parts: Parts, principal: Principal, asked: Asked, least_block: int) -> Decided:
    gate, now = gate_of(parts), parts.now
    try:
        resource = resource_of(parts, asked, now)
    except (NotFound, MirrorMissing):
        # It may be there in blocks that the mirror lacks, or that came while we looked.
        gate.require_level(now=now, least_block=least_block)
        resource = resource_of(parts, asked, now)
    decision = gate.ask(principal, asked.action, resource, now=now, least_block=least_block)
    return Decided(decision, resource, now)


def resource_of(parts: Parts, asked: Asked, now: int) -> Resource:
    """The thing that a question is about. Raises NotFound, TermsUnpublished, MirrorMissing."""
    drop = drop_of(asked.drop)
    programme = parts.lately.programme(
        drop,
        now,
        lambda: programme_of(parts, drop),
        lambda: drop_place(parts.reads, parts.mirror_id, drop),
    )
    return _wanted(parts, programme, asked).held_to(asked.level)


def _wanted(parts: Parts, programme: Programme, asked: Asked) -> Resource:
    if asked.recording is not None:
        return _recording(parts, programme, asked.recording, asked.session)
    if asked.session is not None:
        return session_resource(programme, asked.session)
    return resale_resource(programme)


def _recording(
    parts: Parts, programme: Programme, recording_id: str, session: int | None
) -> Resource:
    if not is_id(recording_id):
        raise NotFound("recording")
    with reading(parts.store) as connection:
        found = recording(connection, parts.mirror_id, recording_id)
    # It must be of what was asked about: a right is never looked up for one thing and used for
    # another.
    if found is None or not found.is_of(programme) or session not in {None, found.session}:
        raise NotFound("recording")
    return recording_resource(programme, found.session, found.id)
