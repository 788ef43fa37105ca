"""A question to PostgreSQL in the driver's lowest words: prepared once, binary both ways.

Owns preparing it on a connection, sending what is bound and reading what comes, by psycopg's own
adapters, so that values are what its cursors make of them. Refuses transactions, and statements
that give no rows. psycopg's cursors do the same with all that they can do besides, and take twice
as long about it. Whoever must not wait asks by `marketplace.storage.pipelines`.
"""

from __future__ import annotations

from select import POLLIN, POLLOUT, poll
from typing import TYPE_CHECKING, Any, Final

import psycopg
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus, Format

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psycopg.pq.abc import PGresult

_LOOKS_S: Final = 1.0
"""How often somebody who may wait looks whether the process was interrupted."""


class Asking:
    """One connection, and what was prepared on it. Not for several threads at once."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        self._link = connection.pgconn
        self._prepared: dict[tuple[str, tuple[int, ...]], bytes] = {}

    def rows(self, text: str, values: Sequence[object]) -> list[tuple[Any, ...]]:
        """Ask, and give all rows.

        Args:
            text: The statement, with $1 and so on for the values.
            values: As psycopg takes them.

        Raises:
            psycopg.Error: as a cursor raises it.
        """
        turned = Transformer(self._connection)
        given = turned.dump_sequence(values, [PyFormat.BINARY] * len(values))
        kinds = turned.types or ()
        name = self._prepared.get((text, kinds))
        if name is None:
            name = b"single_%d" % len(self._prepared)
            self._link.send_prepare(name, text.encode(), kinds)
            _sound(self._awaited(), ExecStatus.COMMAND_OK)
            self._prepared[text, kinds] = name
        self._link.send_query_prepared(name, given, turned.formats, Format.BINARY)
        found = _sound(self._awaited(), ExecStatus.TUPLES_OK)
        turned.set_pgresult(found)
        return turned.load_rows(0, found.ntuples, tuple)

    def _awaited(self) -> PGresult:
        link = self._link
        socket = poll()
        socket.register(link.socket, POLLIN)
        while link.flush():
            socket.modify(link.socket, POLLIN | POLLOUT)
            socket.poll(_LOOKS_S * 1_000)
            link.consume_input()
        socket.modify(link.socket, POLLIN)
        first = self._result(socket)
        while self._result(socket) is not None:
            pass
        if first is None:
            raise psycopg.OperationalError("the server gave no answer")
        return first

    def _result(self, socket: poll) -> PGresult | None:
        # Also before the last one, which is none: the server's word that it is ready may come
        # long after its answer. libpq would wait for it without bounds, and with Python's lock.
        link = self._link
        while link.is_busy():
            socket.poll(_LOOKS_S * 1_000)
            link.consume_input()
        return link.get_result()


def _sound(result: PGresult, wanted: ExecStatus) -> PGresult:
    if result.status != wanted:
        raise error_from_result(result)
    return result
