"""The claim on PostgreSQL: an advisory lock of a session that does nothing else.

Owns that session. The server frees the lock when the session ends, so a leader that dies is
followed at once. One that hangs keeps its session: whoever waits sees in the server's list of
sessions that the leader's has asked nothing more, and ends it, together with every other session of
that process (a transaction left open in the middle would hold the checkpoint's row). A server ends
only sessions of the same role: all indexers of a mirror use one. Refuses to go through a pooler
that shares sessions.
"""

from __future__ import annotations

from contextlib import contextmanager, suppress
from hashlib import blake2b
from secrets import token_hex
from typing import TYPE_CHECKING, Final

from sqlalchemy import func, select, text

from indexer.store.claims import Sign
from indexer.store.leases import note
from marketplace.storage.errors import StorageError
from marketplace.storage.transactions import translated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine, Row

    from indexer.identity import MirrorId

LABEL: Final = "seatmarket indexer "
"""What all sessions of an indexer are called, followed by the name of its life."""

_HALF: Final = 32
_OWN: Final = 8
"""Digits of a process's own, at the end of its name."""
_HOST: Final = 18
_HOLDER: Final = text("""
    SELECT l.pid, a.application_name AS label, a.backend_start::text AS since,
           a.state_change::text AS asked
    FROM pg_locks AS l JOIN pg_stat_activity AS a USING (pid)
    WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
      AND l.classid::bigint = :high AND l.objid::bigint = :low
      AND a.datname = current_database()
      AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
""")
_LIVES: Final = text("""
    SELECT DISTINCT application_name FROM pg_stat_activity
    WHERE datname = current_database() AND application_name LIKE :of ORDER BY application_name
""")
_END: Final = text("""
    SELECT pg_terminate_backend(one.pid)
    FROM pg_stat_activity AS holder JOIN pg_stat_activity AS one
      ON one.pid = holder.pid
      OR (starts_with(holder.application_name, :label)
          AND one.application_name = holder.application_name
          AND one.datname = holder.datname AND one.usename = holder.usename)
    WHERE holder.pid = :pid AND holder.backend_start::text = :since
      AND holder.state_change::text = :asked AND one.pid <> pg_backend_pid()
""")


class SessionLock:
    """A `Claim`."""

    def __init__(self, engine: Engine, mirror: MirrorId, holder: str) -> None:
        self._engine = engine
        self._mirror = mirror
        self._holder = holder
        self._key = key_of(mirror)
        self._halves = _halves(mirror)
        self._session: Connection | None = None
        self._held = False

    def take(self, expired: Sign | None = None) -> Sign | None:
        """Lock if nobody has, or end the sessions of whoever has it and gave no sign since."""
        with self._talking() as session:
            if self._held:
                return None
            if session.scalar(select(func.pg_try_advisory_lock(self._key))):
                self._held = True
                note(session, self._mirror, self._holder)
                return None
            holder = session.execute(_HOLDER, self._halves).one_or_none()
            sign = _sign(holder)
            if holder is not None and sign == expired:
                whose = {"pid": holder.pid, "since": holder.since, "asked": holder.asked}
                session.execute(_END, {"label": LABEL, **whose})
            return sign

    def keep(self) -> bool:
        """Ask something, which the server notes; a lost session is opened and locked again."""
        if not self._held:
            return self.take() is None
        with self._talking() as session:
            session.execute(select(1))
        return True

    def release(self) -> None:
        """Let the lock go, and end the session."""
        session, held = self._session, self._held
        self._session, self._held = None, False
        if session is None:
            return
        try:
            if held:
                # By name: a server that is busy takes a while to end a session, and frees it then.
                # Where this cannot be asked the session is lost, and the lock with it.
                with suppress(StorageError), translated(self._engine):
                    session.execute(select(func.pg_advisory_unlock(self._key)))
        finally:
            with translated(self._engine):
                session.close()

    @contextmanager
    def _talking(self) -> Iterator[Connection]:
        try:
            with translated(self._engine):
                if self._session is None:
                    self._session = _opened(self._engine)
                yield self._session
        except StorageError:
            self._forget()
            raise

    def _forget(self) -> None:
        session, self._session, self._held = self._session, None, False
        if session is not None:
            session.invalidate()
            session.close()


def holder_of(connection: Connection, mirror: MirrorId) -> str | None:
    """What the process calls itself that has a mirror's lock; None: nobody has it."""
    found = connection.execute(_HOLDER, _halves(mirror)).one_or_none()
    return None if found is None else str(found.label).removeprefix(LABEL)


def lives_of(connection: Connection, mirror: MirrorId) -> list[str]:
    """The names of all processes that lead a mirror or wish to, in the order of the alphabet."""
    pattern = f"{LABEL}%{mark_of(mirror)}{'_' * _OWN}"
    return [str(name).removeprefix(LABEL) for name in connection.scalars(_LIVES, {"of": pattern})]


def mark_of(mirror: MirrorId) -> str:
    """Eight hexadecimal digits by which a process's name says what it wants to lead."""
    return f"{key_of(mirror) & (2**_HALF - 1):08x}"


def name_of(mirror: MirrorId, host: str, pid: int) -> str:
    """A name for one life of a process that wants to lead a mirror; people read its first word."""
    # The server keeps 63 bytes of a name, with the label.
    return f"{host[:_HOST]}:{pid} {mark_of(mirror)}{token_hex(_OWN // 2)}"


def _halves(mirror: MirrorId) -> dict[str, int]:
    key = key_of(mirror)
    return {"high": (key >> _HALF) & (2**_HALF - 1), "low": key & (2**_HALF - 1)}


def key_of(mirror: MirrorId) -> int:
    """The lock's number: of this chain and set, and of no other mirror in the database."""
    name = f"mirror {mirror.chain_id} {mirror.contract_set}".encode()
    return int.from_bytes(blake2b(name, digest_size=8).digest(), signed=True)


def _opened(engine: Engine) -> Connection:
    session = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    # Out of the pool: given back to it, it would keep the lock.
    session.detach()
    return session


def _sign(holder: Row[tuple[object, ...]] | None) -> Sign:
    if holder is None:
        return Sign("", token_hex())
    # What another role's session does is not shown: it is never taken for silent.
    return Sign(f"{holder.pid} {holder.since}", holder.asked or token_hex())
