"""A door on a Unix socket before PostgreSQL, which can hand on an answer without its last word.

Owns where the bytes pass and what is held back. It is a process of its own, because the driver
holds Python's lock where libpq waits: nothing else in that process would move. Refuses to
understand more of the protocol than the message by which a server says that it is ready for the
next question.
"""

from __future__ import annotations

import socket
import threading
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import get_context
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.synchronize import Event
    from pathlib import Path

    from sqlalchemy import URL

READY: Final = b"Z\x00\x00\x00\x05I"
PORT: Final = 5432
HELD_S: Final = 2.0
"""For how long a last word is kept back at most."""


@dataclass(frozen=True, slots=True)
class Door:
    """Where to connect, and whether a server's last words pass at once."""

    url: URL
    _lets_pass: Event

    @contextmanager
    def holding(self) -> Iterator[None]:
        """Keep last words back for the length of the block."""
        self._lets_pass.clear()
        try:
            yield
        finally:
            self._lets_pass.set()


@contextmanager
def door_before(server: URL, folder: Path) -> Iterator[Door]:
    """Stand before a server, whose address is a folder of sockets, for the length of the block."""
    processes = get_context("spawn")
    lets_pass, stands = processes.Event(), processes.Event()
    lets_pass.set()
    given = (str(folder), str(server.query["host"]), lets_pass, stands)
    process = processes.Process(target=_stand, args=given, daemon=True)
    process.start()
    try:
        assert stands.wait(30)
        yield Door(server.update_query_dict({"host": str(folder)}), lets_pass)
    finally:
        process.kill()
        process.join()


def _stand(folder: str, server: str, lets_pass: Event, stands: Event) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(f"{folder}/.s.PGSQL.{PORT}")
        listener.listen()
        stands.set()
        while True:
            client, _ = listener.accept()
            threading.Thread(target=_pass, args=(client, server, lets_pass), daemon=True).start()


def _pass(client: socket.socket, server: str, lets_pass: Event) -> None:
    """Carry one connection until either side ends it."""
    with closing(client), socket.socket(socket.AF_UNIX) as behind:
        behind.connect(f"{server}/.s.PGSQL.{PORT}")
        answering = threading.Thread(target=_answer, args=(behind, client, lets_pass), daemon=True)
        answering.start()
        with suppress(OSError):
            while asked := client.recv(65_536):
                behind.sendall(asked)
        _end(behind)
        answering.join()


def _answer(behind: socket.socket, client: socket.socket, lets_pass: Event) -> None:
    with suppress(OSError):
        while told := behind.recv(65_536):
            before = told.removesuffix(READY)
            client.sendall(before)
            if before != told:
                lets_pass.wait(HELD_S)
                client.sendall(READY)
    _end(client)


def _end(one: socket.socket) -> None:
    with suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
