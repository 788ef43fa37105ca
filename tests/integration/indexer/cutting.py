"""A door on a Unix socket before PostgreSQL, which cuts the connection in the middle of a COMMIT.

Owns where the bytes pass and when they stop. Refuses to understand more of the protocol than the
one message that ends a transaction, and the server's word that it is done.
"""

from __future__ import annotations

import socket
import threading
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import URL

COMMIT = b"Q\x00\x00\x00\x0bCOMMIT\x00"
DONE = b"C\x00\x00\x00\x0bCOMMIT\x00"
PORT = 5432

Cut = Literal["before", "after"]
"""Whether the server never sees the COMMIT, or the client never hears that it was done."""


@dataclass
class Door:
    """Where to connect, and what becomes of the COMMITs that pass.

    Attributes:
        cut: What is done to the next one; None: it passes.
    """

    url: URL
    cut: Cut | None = None


@contextmanager
def door_before(server: URL, folder: Path) -> Iterator[Door]:
    """Stand before a server, whose address is a folder of sockets, for the length of the block."""
    host = str(server.query["host"])
    door = Door(server.update_query_dict({"host": str(folder)}))
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(folder / f".s.PGSQL.{PORT}"))
    listener.listen()
    threads: list[threading.Thread] = []

    def admit() -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=_pass, args=(door, client, host))
            thread.start()
            threads.append(thread)

    admitting = threading.Thread(target=admit)
    admitting.start()
    try:
        yield door
    finally:
        # Closing alone does not wake a thread that accepts.
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        admitting.join()
        for thread in threads:
            thread.join()


def _pass(door: Door, client: socket.socket, host: str) -> None:
    """Carry one connection until either side ends it, or a COMMIT is cut."""
    server = socket.socket(socket.AF_UNIX)
    server.connect(f"{host}/.s.PGSQL.{PORT}")
    cutting = threading.Event()

    def answers() -> None:
        with suppress(OSError):
            while told := server.recv(65_536):
                if cutting.is_set():
                    if DONE in told:
                        break
                    continue
                client.sendall(told)
        _end(client)

    answering = threading.Thread(target=answers)
    with closing(server), closing(client):
        answering.start()
        with suppress(OSError):
            while asked := client.recv(65_536):
                wanted = door.cut if COMMIT in asked else None
                if wanted is not None:
                    door.cut = None
                if wanted == "before":
                    break
                if wanted == "after":
                    cutting.set()
                server.sendall(asked)
        if not cutting.is_set():
            _end(server)
        answering.join()


def _end(one: socket.socket) -> None:
    with suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
