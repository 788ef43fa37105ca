"""`python -m tests.benchmarks.scale`: bytes a row and an index take, and how lookups grow.

Owns the measuring, the extrapolation and the last line, one JSON object for programs. Both
databases (or those of KINDS) are filled to a tenth of EVENTS (1,000,000) as commits fill them, and
to the whole by copies that the database makes of that. They are measured at both: what lies between
them is what a row costs, whatever the tables cost empty.
Refuses to judge, and to call an extrapolation a measurement.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from random import Random
from statistics import median
from typing import TYPE_CHECKING, Final, TypedDict

from sqlalchemy import text

from indexer import queries
from indexer.folds.folding import Row
from indexer.folds.states import DelegationState
from indexer.store import history, ledger, states
from marketplace.bindings.addresses import checksum_address
from marketplace.domain.addresses import ZERO_ADDRESS
from marketplace.storage.engines import open_engine
from marketplace.storage.transactions import reading, writing
from scripts.toolchain.command import run, say
from tests.benchmarks.copying import Copies
from tests.benchmarks.filling import MIRROR, SEATS_OF_DROP, History
from tests.postgres import running_postgres

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Connection, Engine

    from marketplace.domain.addresses import ChecksumAddress

KINDS: Final = ("sqlite", "postgresql")
ASKED: Final = 300
ROLLED_BACK: Final = 64
"""Blocks, of 50 events each."""
_DELEGATIONS: Final = 20_000


class Size(TypedDict):
    """Bytes of a table and of its indexes, all partitions together, and its rows."""

    rows: int
    table: int
    indexes: int


class Stage(TypedDict):
    """What was measured at a number of events."""

    events: int
    seats: int
    inserted_per_s: int
    sizes: dict[str, Size]
    lookups_us: dict[str, float]
    rollback_64_ms: float


def main() -> int:
    """Run the benchmark and return its exit code."""
    return run(_measure)


def _measure() -> int:
    events = int(os.environ.get("EVENTS", "1000000"))
    found: dict[str, dict[str, object]] = {}
    for kind in os.environ.get("KINDS", " ".join(KINDS)).split():
        with _database(kind) as engine:
            history.upgrade(engine)
            history_of = History(engine, people=max(100, events // 200))
            began = time.perf_counter()
            history_of.grow(events // 10)
            rate = round(history_of.events / (time.perf_counter() - began))
            grown = Copies(history_of, drops=1 + history_of.seats // SEATS_OF_DROP)
            stages = [_stage(kind, engine, grown, rate)]
            grown.grow(engine, 10)
            stages.append(_stage(kind, engine, grown, rate))
            found[kind] = told(stages) | {"delegation_bytes": _delegation_bytes(kind, engine)}
    say(json.dumps(found, separators=(",", ":")))
    return 0


def _delegation_bytes(kind: str, engine: Engine) -> int:
    """What one delegation takes with its indexes, beside its event."""
    dice = Random(3)

    def account() -> ChecksumAddress:
        return checksum_address(dice.randbytes(20))

    rows = [
        Row(
            DelegationState(
                delegator=account(),
                delegate=account(),
                scope="token",
                contract=ZERO_ADDRESS,
                token=dice.randrange(10**9),
                rights=f"0x{bytes(32).hex()}",
                enabled=1,
            ),
            block_number=number,
            log_index=0,
            block_hash=f"0x{number:064x}",
        )
        for number in range(_DELEGATIONS)
    ]
    with writing(engine) as connection:
        states.insert_rows(connection, MIRROR, rows)
    _settle(engine)
    spent = round(_bytes(_sizes(engine)["delegation_states"]) / _DELEGATIONS)
    say(f"{kind}: a delegation takes {spent} B with its indexes")
    return spent


def _stage(kind: str, engine: Engine, grown: Copies, rate: int) -> Stage:
    _settle(engine)
    stage = Stage(
        events=grown.events,
        seats=grown.seats,
        inserted_per_s=rate,
        sizes=_sizes(engine),
        lookups_us=_lookups(engine, grown),
        rollback_64_ms=_rollback_ms(engine, grown),
    )
    say(f"{kind}: {grown.events:,} events, {grown.seats:,} seats; {rate:,} events/s inserted")
    for name, size in sorted(stage["sizes"].items()):
        if size["rows"] > 1:
            own, index = size["table"] / size["rows"], size["indexes"] / size["rows"]
            say(f"  {name:<16} {size['rows']:>10,} rows {own:>6.0f} B + {index:>4.0f} B of indexes")
    say("  " + ", ".join(f"{name} {spent:.0f} us" for name, spent in stage["lookups_us"].items()))
    return stage


def told(stages: list[Stage]) -> dict[str, object]:
    """The last stage, what a further event costs, and the large market worked out from that."""
    small, large = stages
    more = large["events"] - small["events"]
    by_table = {
        name: round((_bytes(size) - _bytes(small["sizes"][name])) / more, 1)
        for name, size in large["sizes"].items()
        if name in small["sizes"]
    }
    a_event = sum(by_table.values())
    return {
        "stages": stages,
        "bytes_per_event": {**by_table, "all": round(a_event, 1)},
        "worked_out_1e9_events_gb": round(a_event * 10**9 / 10**9),
        "worked_out_1e9_events_days": round(10**9 / large["inserted_per_s"] / 86_400, 1),
    }


def _bytes(size: Size) -> int:
    return size["table"] + size["indexes"]


def _lookups(engine: Engine, grown: Copies) -> dict[str, float]:
    """Medians, each of other seats and accounts, in microseconds; a transaction for all."""
    dice = Random(9)
    with reading(engine) as connection:
        asked: dict[str, Callable[[], object]] = {
            "owner": lambda: queries.seat(connection, MIRROR, grown.somebodys(dice)[0]),
            "owner_at_block": lambda: queries.seat(
                connection, MIRROR, grown.somebodys(dice)[0], grown.head // 2
            ),
            "seats_of_owner": lambda: queries.seats_of_owner(
                connection, MIRROR, grown.somebodys(dice)[1]
            ),
            "gate_facts": lambda: _gate(connection, grown, dice),
            "history_of_seat": lambda: queries.ownership_history(
                connection, MIRROR, grown.somebodys(dice)[0]
            ),
            "last_messages": lambda: queries.outbox_since(connection, MIRROR, grown.events - 20),
        }
        return {name: _median_us(ask) for name, ask in asked.items()}


def _gate(connection: Connection, grown: Copies, dice: Random) -> object:
    seat, owner = grown.somebodys(dice)
    return queries.gate_facts(connection, MIRROR, owner, {seat.drop})


def _median_us(ask: Callable[[], object]) -> float:
    for _ in range(20):
        ask()
    spent: list[float] = []
    for _ in range(ASKED):
        began = time.perf_counter()
        ask()
        spent.append(time.perf_counter() - began)
    return round(median(spent) * 1e6, 1)


def _rollback_ms(engine: Engine, grown: Copies) -> float:
    """What cutting off the last blocks takes, without what reading and telling them takes."""
    spent: list[float] = []
    for _ in range(3):
        with engine.connect() as connection, connection.begin() as transaction:
            began = time.perf_counter()
            ledger.delete_above(connection, MIRROR, grown.head - ROLLED_BACK)
            states.delete_above(connection, MIRROR, grown.head - ROLLED_BACK)
            spent.append(time.perf_counter() - began)
            transaction.rollback()
    return round(median(spent) * 1e3, 1)


def _settle(engine: Engine) -> None:
    """Let PostgreSQL's planner know what there is, as it does by itself after a while.

    SQLite never does, unless it is told to; the program does not tell it to.
    """
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))


_POSTGRES: Final = """
SELECT coalesce(parent.relname, mine.relname),
       sum(pg_table_size(mine.oid)), sum(pg_indexes_size(mine.oid)),
       sum(greatest(mine.reltuples, 0))::bigint
  FROM pg_class AS mine
  LEFT JOIN pg_inherits ON inhrelid = mine.oid
  LEFT JOIN pg_class AS parent ON parent.oid = inhparent
 WHERE mine.relkind = 'r' AND mine.relnamespace = 'public'::regnamespace
 GROUP BY 1
"""
_SQLITE: Final = """
SELECT tbl_name, sum(CASE WHEN type = 'table' THEN pgsize ELSE 0 END),
       sum(CASE WHEN type = 'index' THEN pgsize ELSE 0 END)
  FROM dbstat JOIN sqlite_schema USING (name) GROUP BY 1
"""


def _sizes(engine: Engine) -> dict[str, Size]:
    with reading(engine) as connection:
        if engine.dialect.name == "postgresql":
            rows = connection.execute(text(_POSTGRES)).all()
            return {
                name: Size(rows=int(count), table=int(own), indexes=int(index))
                for name, own, index, count in rows
                if count > 1
            }
        sizes = {
            name: Size(
                rows=connection.scalar(text(f'SELECT count(*) FROM "{name}"')) or 0,  # noqa: S608 - of the schema
                table=int(own),
                indexes=int(index),
            )
            for name, own, index in connection.execute(text(_SQLITE)).all()
        }
        return {name: size for name, size in sizes.items() if size["rows"] > 1}


@contextmanager
def _database(kind: str) -> Iterator[Engine]:
    if kind == "sqlite":
        with tempfile.TemporaryDirectory(prefix="seatmarket-scale-") as folder:
            engine = open_engine(f"sqlite:///{Path(folder) / 'mirror.sqlite'}")
            yield engine
            engine.dispose()
        return
    with running_postgres(in_memory=False) as url:
        engine = open_engine(url)
        yield engine
        engine.dispose()


if __name__ == "__main__":
    sys.exit(main())
