"""One attempt to do a thing under a key, from the claim to the answer.

Owns the order, and its transactions but for the one that counts: what is made and the answer about
it are kept by one commit, which is the room's. So there are three ways to die. Before the commit
nothing was made, and the claim lapses; in it, nothing either; after it, the answer is there. A
request that fails leaves no trace: nothing was made, so it may be tried again under its key.
Refuses HTTP.
"""

from __future__ import annotations

import secrets
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from typing import TYPE_CHECKING, Final, TypeAlias, TypeVar

from api.errors import ApiError
from api.idempotency import writes
from api.idempotency.errors import AnswerSealed, IdempotencyKeyInUse, IdempotencyKeyReused
from api.idempotency.sealing import Shown, seal, unseal
from api.idempotency.values import KeptAnswer, Place, hash_of
from api.idempotency.writes import Before, Claim
from api.logs import FAULTS
from marketplace.storage.errors import StorageError
from marketplace.storage.transactions import reading, writing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from pydantic import BaseModel
    from sqlalchemy import Connection, Engine

    from api.parts import Parts

_T = TypeVar("_T")

Along: TypeAlias = "Callable[[Connection, _T], None]"
"""What is to be kept along with a thing, in the transaction that makes it."""

_LEAST_WAIT_S: Final = 1
_MOST_WAIT_S: Final = 5
"""Most requests are done by then; whoever waits for an upload asks a few times."""


def nothing_along(_: Connection, __: object) -> None:
    """Keep nothing."""


class AnsweredBefore(Exception):
    """What is asked for was done, and this is what was answered."""

    def __init__(self, answer: KeptAnswer) -> None:
        super().__init__("answered before")
        self.answer = answer


@dataclass(frozen=True, slots=True)
class Asked:
    """A request under a key.

    Attributes:
        place: Where its key counts.
        shown: What its answer is sealed with.
        query: Its parameters, which belong to what it asks for.
        lasts_s: Seconds after which nobody believes any more that it is under way.
    """

    place: Place
    shown: Shown
    query: str
    lasts_s: int

    def claim(self, now: datetime) -> Claim:
        """A claim to do it now."""
        return Claim(
            place=self.place.hash,
            request=hash_of(self.query, self.shown.body.hex()),
            token=secrets.token_hex(16),
            begun_at=now,
            until=now + timedelta(seconds=self.lasts_s),
        )


class Once:
    """A request that is being done; without a claim it may be done as often as it comes."""

    def __init__(self, claim: Claim | None = None, shown: Shown | None = None) -> None:
        self._claim = claim
        self._shown = shown
        self.kept = False
        """Whether an answer was kept; it is if the transaction around it was committed."""

    def keeping(
        self,
        write: Callable[[_T], BaseModel],
        *,
        status: Callable[[_T], int] = lambda _: 201,
        headers: Callable[[_T], Mapping[str, str]] = lambda _: {},
    ) -> Along[_T]:
        """What a room calls with the thing that it makes, so that the answer is kept with it.

        Args:
            write: Writes the answer about the thing.
            status: Of that answer.
            headers: Of that answer.
        """
        claim, shown = self._claim, self._shown
        if claim is None or shown is None:
            return nothing_along

        def along(connection: Connection, made: _T) -> None:
            body = write(made).model_dump_json(by_alias=True)
            answer = KeptAnswer(status(made), body, headers(made))
            if not writes.keep(connection, claim, seal(shown, answer.octets)):
                # It took too long, and somebody else does it now: what was made is rolled back.
                raise IdempotencyKeyInUse(_LEAST_WAIT_S)
            self.kept = True

        return along


def nothing_to_see() -> None:
    """Look at nothing."""


@contextmanager
def attempt(
    parts: Parts, asked: Asked, look: Callable[[], None] = nothing_to_see
) -> Iterator[Once]:
    """Do something once; the block does it, and raises what it likes.

    Args:
        parts: Of this application.
        asked: What is to be done once.
        look: Raises where it is seen by reading alone that it cannot be done: then nothing is
            written, and what was done before is answered all the same.

    Raises:
        AnsweredBefore: it was done.
        IdempotencyKeyReused: something else was asked for under this key.
        IdempotencyKeyInUse: it is being done.
        AnswerSealed: it was done, and the answer is somebody else's to read.
        StorageError: a database does not answer.
    """
    now = parts.clock()
    held = asked.claim(now)
    try:
        look()
    except ApiError:
        with reading(parts.store) as connection:
            found = writes.found(connection, held)
        if found is None:
            raise
        raise _of(found, asked, held) from None
    with writing(parts.store) as connection:
        before = writes.claim(connection, held)
    if before is not None:
        raise _of(before, asked, held)
    once = Once(held, asked.shown)
    done = False
    try:
        yield once
        done = once.kept
    finally:
        if not done:
            _release(parts.store, held)


def _of(before: Before, asked: Asked, held: Claim) -> Exception:
    if before.request != held.request:
        return IdempotencyKeyReused()
    if before.answer is None:
        left = ceil((before.until - held.begun_at).total_seconds())
        return IdempotencyKeyInUse(min(max(left, _LEAST_WAIT_S), _MOST_WAIT_S))
    octets = unseal(asked.shown, before.answer)
    return AnswerSealed() if octets is None else AnsweredBefore(KeptAnswer.of(octets))


def _release(store: Engine, held: Claim) -> None:
    # It changes nothing where an answer was kept, also by a commit of which nobody knows.
    try:
        with writing(store) as connection:
            writes.release(connection, held)
    except StorageError:
        FAULTS.exception("A claim could not be given back. It lapses by itself.")
