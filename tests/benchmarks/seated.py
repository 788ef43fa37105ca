"""A mirror of very many seats, and who asks at its doors: what `access` measures over.

Owns the market (drops of a thousand seats, all launched from one file, their session going on; each
fourth seat was sold once) and who is signed in. Rows go into the mirror's own tables past its
folds, so that the gate reads what it would read of a real history; ledger and outbox, which it does
not read, stay empty. Refuses to measure.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from itertools import islice
from random import Random
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import insert, text

from api.auth.tokens import Carrier, SessionToken
from api.programme.documents import keep_document
from api.store.tables import sessions
from indexer.folds.folding import Row
from indexer.identity import MirrorId
from indexer.rpc.values import BlockHeader
from indexer.store import checkpoints, heartbeats, late, states
from indexer.store.fold_tables import outbox_origins
from marketplace.bindings.addresses import checksum_address
from marketplace.domain.ids import DropId, SeatId, TierIndex
from marketplace.launch.file import parse_launch_file
from marketplace.storage.transactions import writing
from tests.conformance.chains import CHAIN_ID
from tests.integration.api.live import EXAMPLES
from tests.unit.api.programme.mirrored import mirrored

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine

    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.launch.file import LaunchFile

MIRROR: Final = MirrorId(CHAIN_ID)
SEATS_OF_DROP: Final = 1_000
ROOMS: Final = 50
"""Drops that are asked about, far apart: so many rooms are open, however large it all is."""

ASKING: Final = 2_000
"""Holders who are signed in and ask, each at the door that a seat of theirs opens."""

_SOLD: Final = 4
"""One seat in so many was sold once."""

_HEAD: Final = 1_000
_SAFE: Final = 990
_LAUNCHED: Final = 1
_AT_ONCE: Final = 20_000
_BEGUN: Final = timedelta(days=10, minutes=30)
"""For how long the drops have been launched: the session of the file begins ten days later."""


@dataclass(frozen=True, slots=True)
class Door:
    """What somebody asks, and the token of the session in which they do."""

    drop: DropId
    token: str

    @property
    def path(self) -> str:
        """The address, with what is asked."""
        return f"/v1/access/check?action=enter_session&drop={self.drop}&session=1"


def fill(engine: Engine, seats: int) -> None:
    """Fill both stores of a migrated database.

    Args:
        engine: Of the database, which holds nothing yet.
        seats: How many, at least; whole drops are made.
    """
    now = datetime.now(UTC)
    file = _launched(now - _BEGUN)
    drops = drops_of(seats)
    with writing(engine) as connection:
        _begin(connection)
        # As an indexer does before it reads a long history.
        late.drop(connection)
        for drop in range(1, drops + 1):
            states.insert_rows(connection, MIRROR, _rows_of(file, DropId(drop)))
        _insert_seats(connection, drops)
        keep_document(connection, file.document, _person(0), now)
    for index in late.missing(engine):
        late.build(engine, index)
    _settle(engine)


def signed_in(engine: Engine, seats: int) -> tuple[Door, ...]:
    """Sign holders in, now; `seats` is what the database was filled with."""
    drops, now = drops_of(seats), datetime.now(UTC)
    rooms = sorted({place * drops // ROOMS for place in range(ROOMS)})
    dice, doors, rows = Random(7), [], []
    for number in range(ASKING):
        drop = rooms[number % len(rooms)]
        token = SessionToken.new(Carrier.BEARER)
        rows.append(
            {
                "token_hash": token.hash,
                "account": _person(_holder(drop, dice.randrange(SEATS_OF_DROP), drops)),
                "created_at": now,
                "last_seen_at": now,
                "expires_at": now + timedelta(days=1),
            }
        )
        doors.append(Door(DropId(1 + drop), token.secret))
    with writing(engine) as connection:
        # All at once: whoever begins sessions one by one keeps the mirror's beats waiting.
        connection.execute(insert(sessions), rows)
    return tuple(doors)


def drops_of(seats: int) -> int:
    """How many drops there are of so many seats."""
    return max(1, -(-seats // SEATS_OF_DROP))


def beat(engine: Engine) -> None:
    """Let the mirror be level with its chain now, as an indexer notes it."""
    with writing(engine) as connection:
        heartbeats.beat(connection, MIRROR, int(datetime.now(UTC).timestamp()))


def _launched(at: datetime) -> LaunchFile:
    source = (EXAMPLES / "drop-session.toml").read_bytes()
    larger = source.replace(b"seats = 8", b"seats = %d" % SEATS_OF_DROP)
    return parse_launch_file("drop-session.toml", larger, at.replace(microsecond=0))


def _begin(connection: Connection) -> None:
    header = BlockHeader(
        number=0, hash=_word(0), parent_hash=_word(0), timestamp_s=1_700_000_000, logs_bloom=0
    )
    genesis = checkpoints.begin(connection, MIRROR, header, _word(0))
    head, safe = (replace(header.mark, number=n, hash=_word(n)) for n in (_HEAD, _SAFE))
    checkpoints.move(
        connection, MIRROR, genesis, replace(genesis, head=head, safe=safe, finalized=safe)
    )
    connection.execute(
        insert(outbox_origins).values(**MIRROR.columns, block_number=_SAFE, block_hash=_word(_SAFE))
    )
    heartbeats.beat(connection, MIRROR, int(datetime.now(UTC).timestamp()))


def _rows_of(file: LaunchFile, drop: DropId) -> Iterator[Row]:
    launched = mirrored(file, drop)
    for state in (launched.drop, *launched.tiers, *launched.phases):
        yield Row(state, _LAUNCHED, int(drop), _word(_LAUNCHED))


def _octets(person: int) -> bytes:
    return blake2b(person.to_bytes(8, "big"), digest_size=20).digest()


def _person(number: int) -> ChecksumAddress:
    return checksum_address(_octets(number))


def _word(number: int) -> str:
    return f"0x{number:064x}"


@dataclass(frozen=True, slots=True)
class _Held:
    """What tells one state of a seat from another."""

    seat: int
    change: str
    owner: bytes
    epoch: int
    block: int

    @property
    def bound(self) -> tuple[object, ...]:
        """For a statement of SQLite."""
        return (self.seat, self.change, self.owner, self.epoch, self.block, self.block)

    @property
    def line(self) -> str:
        """For a COPY of PostgreSQL."""
        owner = f"\\\\x{self.owner.hex()}"
        return f"{self.seat}\t{self.change}\t{owner}\t{self.epoch}\t{self.block}\t{self.block}"


def _held(drops: int) -> Iterator[_Held]:
    """The states of all seats. Everybody has two seats, of two drops where there are two."""
    people = max(1, drops * SEATS_OF_DROP // 2)
    for number in range(drops * SEATS_OF_DROP):
        drop, place = divmod(number, SEATS_OF_DROP)
        seat = int(SeatId.of(DropId(1 + drop), TierIndex(0), 1 + place))
        owner = _octets(number % people)
        if number % _SOLD:
            yield _Held(seat, "mint", owner, 0, _LAUNCHED)
        else:
            yield _Held(seat, "mint", _octets(people + number), 0, _LAUNCHED)
            yield _Held(seat, "sale", owner, 1, 2 + number % (_HEAD - 2))


def _holder(drop: int, place: int, drops: int) -> int:
    """Who owns a seat now."""
    return (drop * SEATS_OF_DROP + place) % max(1, drops * SEATS_OF_DROP // 2)


_VARYING: Final = "seat, change, owner, epoch, moved_block, block_number"
_SAME: Final = {
    "chain_id": str(MIRROR.chain_id),
    "contract_set": f"'{MIRROR.contract_set}'",
    **dict.fromkeys(("moved_at", "phase", "flags", "locked", "log_index"), "0"),
}


def _insert_seats(connection: Connection, drops: int) -> None:
    driver: Any = connection.connection.driver_connection
    rows = _held(drops)
    if connection.dialect.name == "sqlite":
        same = {**_SAME, **dict.fromkeys(("face", "held", "block_hash"), "zeroblob(32)")}
        same["beneficiary"] = "zeroblob(20)"
        driver.executemany(
            f"INSERT INTO seat_states ({_VARYING}, {', '.join(same)}) "  # noqa: S608 - names of ours
            f"VALUES (?, ?, ?, ?, ?, ?, {', '.join(same.values())})",
            (one.bound for one in rows),
        )
        return
    same = {**_SAME, "face": "0", "held": "0"}
    same |= {"block_hash": "decode(repeat('00', 32), 'hex')"}
    same |= {"beneficiary": "decode(repeat('00', 20), 'hex')"}
    with driver.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMPORARY TABLE given ON COMMIT DROP AS SELECT {_VARYING} FROM seat_states"  # noqa: S608 - names of ours
        )
        with cursor.copy(f"COPY given ({_VARYING}) FROM STDIN") as copy:
            while lines := [one.line for one in islice(rows, _AT_ONCE)]:
                copy.write("\n".join(lines) + "\n")
        cursor.execute(
            f"INSERT INTO seat_states ({_VARYING}, {', '.join(same)}) "  # noqa: S608 - as above
            f"SELECT {_VARYING}, {', '.join(same.values())} FROM given"
        )


def _settle(engine: Engine) -> None:
    """Let PostgreSQL's planner know what there is, as it does by itself after a while."""
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
