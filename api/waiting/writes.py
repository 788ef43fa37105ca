"""What is written of wait-lists: places that are taken and end, turns that begin and end.

Owns the statements. Refuses transactions and clocks: both are the caller's. Whoever writes holds
the drop's wait-lists first, so that of two who find a turn due one gives it and the other sees it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, func, insert, select, tuple_, update

from api.store.waiting_tables import wait_places, wait_turns
from api.waiting.planning import BeginTurn, EndPlace, EndTurn, MoveToEnd
from api.waiting.reads import last_standing, names

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Column, Connection, Table

    from api.waiting.planning import Step
    from api.waiting.values import OverBy, Turn, WaitList, WaitPlace
    from indexer.queries import MirrorId
    from marketplace.domain.addresses import ChecksumAddress

_TOLD: Final = timedelta(days=60)
"""For how long at least it can be read what ended a place. No listing lasts as long, so that a turn
that is over for longer says nothing of any that lives."""

_FORGOTTEN_AT_ONCE: Final = 100


class ListsHeld(Exception):
    """Somebody else writes to a drop's wait-lists; nothing was done."""


class Writer:
    """Writes to one drop's wait-lists, which nobody else writes to until the transaction ends.

    Args:
        connection: In the transaction.
        mirror: Of the drop.
        waiting: The lists.
        waits: Whether for somebody else who writes to them now; otherwise ListsHeld is raised.
    """

    def __init__(
        self, connection: Connection, mirror: MirrorId, waiting: WaitList, *, waits: bool = True
    ) -> None:
        self._connection = connection
        self._mirror = mirror
        self._waiting = waiting
        self._names = names(mirror, waiting)
        self._hold(f"wait-lists of {waiting.drop}", waits=waits)

    def hold_account(self, account: ChecksumAddress) -> None:
        """Let nobody else take a place for an account, in any wait-list.

        Always after a drop's wait-lists, so that nobody waits for somebody who waits for them.
        """
        self._hold(f"places of {account}")

    def apply(self, steps: Iterable[Step], now: datetime) -> None:
        """Do what was planned while these wait-lists were held, and forget what is long over.

        Of that some, in all wait-lists; nothing that may wait comes after it in a transaction.
        """
        for step in steps:
            match step:
                case EndPlace():
                    self._change(step.place, ended_at=now, ended_by=step.by.value)
                case MoveToEnd():
                    last = last_standing(
                        self._connection, self._mirror, self._waiting, step.place.tier
                    )
                    self._change(step.place, standing=last + 1, missed=step.place.missed + 1)
                case EndTurn():
                    self._end(step.turn, step.by, now)
                case BeginTurn():
                    self._begin(step.turn)
        for table, over in (
            (wait_places, wait_places.c.ended_at),
            (wait_turns, wait_turns.c.over_at),
        ):
            self._forget(table, over, now - _TOLD)

    def join(self, place: WaitPlace) -> None:
        """Keep a place behind all others; one that has ended is there anew."""
        mine = {**self._names, "tier": place.tier, "account": place.account}
        self._connection.execute(delete(wait_places).filter_by(**mine))
        standing = 1 + last_standing(self._connection, self._mirror, self._waiting, place.tier)
        values = {
            "standing": standing,
            "joined_at": place.joined_at,
            "joined_block": place.joined_block,
            "missed": place.missed,
        }
        self._connection.execute(insert(wait_places).values(**mine, **values))

    def _forget(self, table: Table, over: Column[datetime], before: datetime) -> None:
        """Forget some rows of all drops: of many nobody will look at the wait-lists any more."""
        key = tuple(table.primary_key.columns)
        old = (
            select(*key)
            .where(over < before)
            .order_by(over)
            .limit(_FORGOTTEN_AT_ONCE)
            # Two that forget at once would wait for each other.
            .with_for_update(skip_locked=True)
            .cte("old")
            # Or PostgreSQL may choose anew for each row that it looks at, and take more.
            .prefix_with("MATERIALIZED")
        )
        self._connection.execute(delete(table).where(tuple_(*key).in_(select(*old.c))))

    def _hold(self, name: str, *, waits: bool = True) -> None:
        # SQLite has one writer at a time anyway, for whom its connections wait so long.
        if self._connection.dialect.name != "postgresql":
            return
        named = f"{name} {self._mirror.chain_id} {self._mirror.contract_set}"
        key = func.hashtextextended(named, 0)
        if waits:
            self._connection.execute(select(func.pg_advisory_xact_lock(key)))
        elif not self._connection.scalar(select(func.pg_try_advisory_xact_lock(key))):
            raise ListsHeld

    def _change(self, place: WaitPlace, **values: object) -> None:
        self._connection.execute(
            update(wait_places)
            .filter_by(**self._names, tier=place.tier, account=place.account)
            .values(**values)
        )

    def _begin(self, turn: Turn) -> None:
        # Turns in earlier epochs say nothing of this one; a seller could make as many as they like.
        self._connection.execute(
            delete(wait_turns)
            .filter_by(**self._names, seat=turn.seat)
            .where(wait_turns.c.epoch < turn.epoch, wait_turns.c.over_at.is_not(None))
        )
        self._connection.execute(
            insert(wait_turns).values(
                **self._names,
                tier=turn.tier,
                seat=turn.seat,
                epoch=turn.epoch,
                number=turn.number,
                account=turn.account,
                begun_at=turn.begun_at,
                ends_at=turn.ends_at,
            )
        )

    def _end(self, turn: Turn, by: OverBy, now: datetime) -> None:
        named = {
            **self._names,
            "seat": turn.seat,
            "epoch": turn.epoch,
            "number": turn.number,
        }
        if by.counts:
            statement = update(wait_turns).filter_by(**named)
            self._connection.execute(statement.values(over_at=now, over_by=by.value))
        else:
            # As if it had not been: the seat may be offered to that account again.
            self._connection.execute(delete(wait_turns).filter_by(**named))
        if turn.account is not None:
            self._connection.execute(
                update(wait_places)
                .filter_by(**self._names, tier=turn.tier, account=turn.account)
                .values(turn_over_at=now, turn_over_by=by.value)
            )
