"""Many lives on both databases, and the account of them.

Owns databases for lives, the processes that run them, and the JSON line at the end. A life that
fails is told at once, with the command that repeats it alone.
"""

from __future__ import annotations

import multiprocessing
import traceback
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Final

from sqlalchemy import URL, make_url, text

from indexer.store import history
from marketplace.storage.engines import open_engine
from tests.folders import passing_folder
from tests.postgres import running_postgres
from tests.simulation.database import opened
from tests.simulation.faults import KINDS, POSTGRESQL_ONLY
from tests.simulation.lives import Life

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from sqlalchemy import Engine

DATABASES: Final = ("sqlite", "postgresql")
_numbers = count()


@dataclass(frozen=True, slots=True)
class Lived:
    """What came of one life; `failure` is empty when all was as it must be."""

    seed: int
    database: str
    commits: int
    faults: Counter[str]
    failure: str = ""


@dataclass
class Account:
    """What came of many."""

    lives: int = 0
    commits: int = 0
    databases: set[str] = field(default_factory=set)
    failed: set[int] = field(default_factory=set)
    faults: Counter[str] = field(default_factory=Counter)

    def add(self, lived: Lived) -> None:
        """Count one life."""
        self.lives += 1
        self.databases.add(lived.database)
        self.commits += lived.commits
        self.faults += lived.faults
        if lived.failure:
            self.failed.add(lived.seed)

    @property
    def missing(self) -> list[str]:
        """Kinds of trouble that never came, of those that can come on a database that was there."""
        cannot = frozenset() if "postgresql" in self.databases else POSTGRESQL_ONLY
        return [kind for kind in KINDS if not self.faults[kind] and kind not in cannot]


def live(seed: int, database: str, server: str) -> Lived:
    """Live one life in a fresh database.

    Args:
        seed: Of everything that is random.
        database: `sqlite` or `postgresql`.
        server: Address of a PostgreSQL server, for the latter.
    """
    with _fresh(database, server) as engine:
        return lived(engine, seed, database)


def lived(
    engine: Engine, seed: int, database: str, spoil: Callable[[Life], None] | None = None
) -> Lived:
    """Live one life in a database that is there; `spoil` may change it before it begins."""
    life = Life(engine, seed)
    failure = ""
    if spoil is not None:
        spoil(life)
    try:
        life.run()
    except Exception:  # noqa: BLE001 - whatever it was, the seed repeats it
        failure = traceback.format_exc()
    happened = life.faults.happened + life.node_faults.happened
    return Lived(seed, database, life.witness.commits, happened, failure)


def lives_of(seeds: Iterable[int], databases: Collection[str]) -> list[tuple[int, str]]:
    """Which seed is lived on which database; no databases: as `run` says."""
    return [(seed, database) for seed in seeds for database in databases or (DATABASES[seed % 2],)]


def run(
    seeds: Iterable[int], databases: Collection[str], workers: int, tell: Callable[[Lived], None]
) -> Account:
    """Live many lives, several at once.

    Args:
        seeds: One life each, on each database.
        databases: `sqlite`, `postgresql`; none: even seeds on one, odd ones on the other.
        workers: How many processes.
        tell: Hears of each life as it ends.
    """
    account = Account()
    with running_postgres() as server:
        address = server.render_as_string(hide_password=False)
        jobs = [(*one, address) for one in lives_of(seeds, databases)]
        # A forked process would share connections and locks of this one.
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(workers, mp_context=context) as pool:
            for one in pool.map(live, *zip(*jobs, strict=True), chunksize=1):
                account.add(one)
                tell(one)
    return account


@contextmanager
def _fresh(database: str, server: str) -> Iterator[Engine]:
    with passing_folder("simulation") as folder:
        if database == "sqlite":
            engine = opened(URL.create("sqlite", database=str(folder / "mirror.sqlite")))
            history.upgrade(engine)
            try:
                yield engine
            finally:
                engine.dispose()
            return
        name = f"life_{multiprocessing.current_process().pid}_{next(_numbers)}"
        _say(server, f"CREATE DATABASE {name}")
        engine = opened(make_url(server).set(database=name))
        history.upgrade(engine)
        try:
            yield engine
        finally:
            engine.dispose()
            _say(server, f"DROP DATABASE {name} WITH (FORCE)")


def _say(server: str, statement: str) -> None:
    engine = open_engine(server)
    # Neither statement may run inside a transaction.
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(statement))
    engine.dispose()
