"""A history ten times over, by the database alone: the same rows with other numbers and accounts.

Owns what a column becomes in a copy: blocks, messages, drops and seats are numbered on, hashes and
accounts get another first byte. Texts stay, so that rows are as long as they were. Refuses tables
that nobody copies.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import text, update

from indexer.store import fold_tables as folded
from indexer.store.partitions import EVENTS, OUTBOX, Room
from indexer.store.tables import blocks, checkpoints, events, outbox
from marketplace.bindings.addresses import checksum_address
from marketplace.domain.ids import SEATS_PER_DROP, SeatId
from marketplace.storage.transactions import writing
from tests.benchmarks.filling import MIRROR

if TYPE_CHECKING:
    from random import Random

    from sqlalchemy import Connection, Engine, Table

    from marketplace.domain.addresses import ChecksumAddress
    from tests.benchmarks.filling import History

COPIED: Final = (
    *(blocks, events, outbox),
    *(folded.seat_states, folded.mints, folded.sales, folded.tier_states, folded.phase_states),
)
_BLOCKS: Final = frozenset({"number", "block_number", "moved_block"})
_SEATS: Final = frozenset({"seat", "first_seat"})
_BYTES: Final = frozenset(
    {"hash", "parent_hash", "block_hash", "tx_hash", "owner", "account", "seller", "buyer"}
)


@dataclass
class Copies:
    """A history and the copies of it that a database holds."""

    history: History
    drops: int
    count: int = 1

    @property
    def events(self) -> int:
        """All of them."""
        return self.history.events * self.count

    @property
    def seats(self) -> int:
        """All of them."""
        return self.history.seats * self.count

    @property
    def head(self) -> int:
        """The last block."""
        return self.history.head * self.count

    def somebodys(self, dice: Random) -> tuple[SeatId, ChecksumAddress]:
        """A seat of some copy, and who owns it."""
        found, copy = self.history.somebodys(dice), dice.randrange(self.count)
        seat = SeatId(found.seat + copy * self.drops * SEATS_PER_DROP)
        owner = bytes.fromhex(found.owner[2:])
        return seat, checksum_address(bytes([owner[0] ^ copy]) + owner[1:])

    def grow(self, engine: Engine, count: int) -> None:
        """Copy until there are so many."""
        room = Room(engine, MIRROR)
        room.make(EVENTS, self.history.head * count)
        room.make(OUTBOX, self.history.events * count)
        for copy in range(self.count, count):
            with writing(engine) as connection:
                _know_apart(connection)
                for table in COPIED:
                    connection.execute(text(self._statement(table, copy, engine.dialect.name)))
        self.count = count
        last = {f"{level}_number": self.head for level in ("head", "safe", "finalized")}
        with writing(engine) as connection:
            connection.execute(update(checkpoints).values(**last))

    def _statement(self, table: Table, copy: int, dialect: str) -> str:
        names = [column.name for column in table.columns]
        values = [self._value(name, copy, dialect) for name in names]
        key = {"blocks": "number", "outbox": "seq"}.get(table.name, "block_number")
        most = self.history.events if key == "seq" else self.history.head
        return (
            f"INSERT INTO {table.name} ({', '.join(names)}) SELECT {', '.join(values)} "  # noqa: S608 - names of ours
            f"FROM {table.name} WHERE {key} BETWEEN 1 AND {most}"
        )

    def _value(self, name: str, copy: int, dialect: str) -> str:
        drops = copy * self.drops
        further = {
            **dict.fromkeys(_BLOCKS, copy * self.history.head),
            **dict.fromkeys(_SEATS, drops * SEATS_PER_DROP),
            "seq": copy * self.history.events,
            "drop_id": drops,
        }
        if name in further:
            return f"{name} + {further[name]}"
        if name not in _BYTES:
            return name
        if dialect == "postgresql":
            return f"set_byte({name}, 0, get_byte({name}, 0) # {copy})"
        return f"set_apart({name}, {copy})"


def _know_apart(connection: Connection) -> None:
    """SQLite has no function that changes a byte of a blob."""
    raw: Any = connection.connection.driver_connection
    if connection.dialect.name == "sqlite":
        raw.create_function(
            "set_apart", 2, lambda value, copy: bytes([value[0] ^ copy]) + value[1:]
        )
