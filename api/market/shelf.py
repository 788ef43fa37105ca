"""Keeping signed orders: each once, of each signer the newest ones, none that has ended for good.

Owns these statements, for listings and offers alike. Refuses transactions and clocks: both are the
caller's.

An order goes only when it can never be filled again: long after it has ended, when whoever keeps
one knows that no reorganisation revives it, or when its signer has sent newer ones than anybody
needs. Any other dead one stays, because a reorganisation may bring it back to life.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, func, insert, literal, select

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import ColumnElement, Connection, Table

EXPIRED_FOR_GOOD: Final = timedelta(days=1)
"""After its end by our clock: no reorganisation sets a chain's clock back by as much."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where orders of one signer stand.

    Attributes:
        orders: The table; it has `digest`, `expiry` and `received_at`.
        of_signer: The columns that make out whose and for what, with their values.
        room: How many of them are kept, the newest ones.
        name: What nobody else writes to until the transaction ends.
        dead: Orders of the same name that are dead for good, whoever signed them; None: none.
    """

    orders: Table
    of_signer: Mapping[str, Any]
    room: int
    name: str
    dead: ColumnElement[bool] | None = None

    def keep(
        self, connection: Connection, digest: str, values: Mapping[str, Any], now: datetime
    ) -> bool:
        """Keep an order; False when it was kept already, whatever signature came with it."""
        orders = self.orders
        ended = int((now - EXPIRED_FOR_GOOD).timestamp())
        connection.execute(delete(orders).where(orders.c.expiry < ended))
        self._hold(connection)
        known = select(literal(1)).where(orders.c.digest == digest)
        if connection.scalar(known) is not None:
            return False
        connection.execute(insert(orders).values(digest=digest, received_at=now, **values))
        self._forget_older(connection, digest)
        if self.dead is not None:
            connection.execute(delete(orders).where(self.dead))
        return True

    def _hold(self, connection: Connection) -> None:
        # SQLite has one writer at a time anyway.
        if connection.dialect.name == "postgresql":
            key = func.hashtextextended(self.name, 0)
            connection.execute(select(func.pg_advisory_xact_lock(key)))

    def _forget_older(self, connection: Connection, digest: str) -> None:
        orders = self.orders
        newest = (
            select(orders.c.digest)
            .filter_by(**self.of_signer)
            # The one that has just come is the newest, whatever two clocks say.
            .order_by((orders.c.digest == digest).desc(), orders.c.received_at.desc())
            .limit(self.room)
        )
        connection.execute(
            delete(orders)
            .where(*(orders.c[name] == value for name, value in self.of_signer.items()))
            .where(orders.c.digest.not_in(newest))
        )
