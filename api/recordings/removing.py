"""Taking a recording back: from the word of whoever may to no byte of it.

Owns who may, and the order. One statement says first that the recording counts for nothing; then
its files go, then its row. So a process that dies in between leaves what an upload leaves, and a
later sweep takes it up. Refuses HTTP.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool

from api.auth.actors import Caller
from api.errors import NotFound
from api.gate.asking import required
from api.gate.decision import Denied, Reason, Via
from api.gate.values import Action, Holder, Mentor
from api.hosting.errors import CoHostRemoved
from api.hosting.writes import HostedDrop, hold_co_host
from api.keys.keys import require_covered
from api.recordings import uploads, writes
from api.recordings.watching import find, shelf
from api.sessions.doors import ask
from marketplace.storage.transactions import writing

if TYPE_CHECKING:
    from api.auth.actors import Actor
    from api.parts import Parts
    from api.recordings.places import Media
    from marketplace.domain.addresses import ChecksumAddress


@dataclass(frozen=True, slots=True)
class Removal:
    """A recording that an account may take back.

    Attributes:
        helping: The drop whose co-host the account is; None: it is the mentor.
    """

    recording_id: str
    account: ChecksumAddress
    helping: HostedDrop | None


def permit(parts: Parts, actor: Actor, recording_id: str) -> Removal:
    """Let a drop's mentor take back any recording of it, and a co-host what they have added.

    A program acts for its account as the mentor alone. The mentor of a drop that was cancelled or
    has failed may as well: nobody watches there any more, and what is kept is still theirs.

    Raises:
        NotFound, TermsUnpublished: as `find`.
        AccessDenied, MirrorBehind: it is for neither, or nothing is known.
        KeyOfOtherDrops: it is for the mentor, by a key that is limited to others.
    """
    found, programme = find(parts, recording_id)
    account = actor.account
    # What somebody else has added is for nobody but the mentor.
    added = isinstance(actor, Caller) and found.uploaded_by == account
    remover = Holder(account) if added else Mentor(account)
    resource = shelf(programme, found.session)
    decision = ask(parts, remover, Action.WATCH_RECORDING, resource)
    ended = isinstance(decision, Denied) and decision.reason is Reason.DROP_ENDED
    # That is said of no other mentor's drop: the gate has compared.
    via = Via.MENTOR if ended and account == programme.mentor else required(decision).via
    require_covered(actor, programme.drop, programme.terms_hash)
    hosted = HostedDrop(parts.mirror_id, programme.drop, programme.terms_hash, programme.mentor)
    return Removal(found.id, account, hosted if via is Via.CO_HOST else None)


async def remove(parts: Parts, media: Media, removal: Removal) -> None:
    """Take a recording back: when this returns, nobody begins with it, and who has begun ends.

    A file that its place does not remove now is removed by a later sweep.

    Raises:
        NotFound: it was taken back meanwhile.
        CoHostRemoved: the mentor has removed the co-host meanwhile.
        StorageError: nothing can be written, and nothing was done.
    """
    await run_in_threadpool(_take_back, parts, removal)
    await uploads.discard(parts, media, removal.recording_id)


def _take_back(parts: Parts, removal: Removal) -> None:
    helping = removal.helping
    with writing(parts.store) as connection:
        # In the transaction that does it: who is removed before that takes nothing back.
        if helping is not None and not hold_co_host(connection, helping, removal.account):
            raise CoHostRemoved(helping.drop)
        if not writes.take_back(connection, removal.recording_id, parts.clock()):
            raise NotFound("recording")
