"""APIs that are served over filled databases, for `access` to ask.

Owns the databases, the processes and what keeps their mirrors level with a chain that stands still.
Refuses to measure.
"""

from __future__ import annotations

import threading
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import text

from api.store import history as api_history
from indexer.store import history as mirror_history
from marketplace.storage.engines import open_engine
from scripts.toolchain.command import say
from scripts.toolchain.errors import ToolFailedError
from tests.benchmarks import seated
from tests.benchmarks.asking import get
from tests.benchmarks.revocation import running
from tests.conformance.chains import CHAIN_ID
from tests.integration.api.world import CONTRACT, NO_NODE
from tests.postgres import running_postgres

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

    from sqlalchemy import URL, Engine

    from tests.benchmarks.seated import Door

SQLITE: Final = "sqlite"
_BEAT_S: Final = 1.0


@dataclass(frozen=True, slots=True)
class Room:
    """An API over a mirror: where it answers, as which process, and who asks there."""

    url: str
    pid: int
    doors: Sequence[Door]

    @property
    def checks(self) -> list[str]:
        """What is asked at each door, as it goes over the wire."""
        return [get(one.path, one.token) for one in self.doors]


@contextmanager
def opened(
    kinds: Collection[str], seats: int, grown: int, folder: Path
) -> Iterator[dict[str, Room]]:
    """Serve databases with so many seats, and others with more.

    Args:
        kinds: Of databases: `sqlite`, or PostgreSQL by any other name.
        seats: In the room that has its kind's name.
        grown: How many times as many are in the room that is called grown besides.
        folder: For databases and logs.
    """
    with ExitStack() as closing:
        server = closing.enter_context(running_postgres(in_memory=False))
        filled: dict[str, tuple[Engine, int]] = {}
        for kind in kinds:
            for name, count in ((kind, seats), (f"{kind} grown", seats * grown)):
                engine = open_engine(_created(kind, name, folder, server))
                closing.callback(engine.dispose)
                began = time.perf_counter()
                mirror_history.upgrade(engine)
                api_history.upgrade(engine)
                seated.fill(engine, count)
                filled[name] = (engine, count)
                say(f"{name}: {count:,} seats in {time.perf_counter() - began:.0f} s")
        closing.enter_context(_level([engine for engine, _ in filled.values()]))
        yield {
            name: closing.enter_context(_served(engine, count, folder / name.replace(" ", "-")))
            for name, (engine, count) in filled.items()
        }


def _created(kind: str, name: str, folder: Path, server: URL) -> str | URL:
    """The address of a database that holds nothing."""
    if kind == SQLITE:
        return f"sqlite:///{folder / name.replace(' ', '-')}.sqlite"
    database = name.replace(" ", "_") + "_seats"
    engine = open_engine(server)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"CREATE DATABASE {database}"))
    engine.dispose()
    return server.set(database=database)


@contextmanager
def _level(engines: Sequence[Engine]) -> Iterator[None]:
    """Beat for mirrors as the indexer of a quiet chain does."""
    over = threading.Event()

    def beats() -> None:
        while not over.wait(_BEAT_S):
            for engine in engines:
                seated.beat(engine)

    for engine in engines:
        seated.beat(engine)
    beating = threading.Thread(target=beats)
    beating.start()
    try:
        yield
    finally:
        over.set()
        beating.join()


@contextmanager
def _served(engine: Engine, seats: int, logs: Path) -> Iterator[Room]:
    logs.mkdir()
    settings = {
        "SEATS_API_DATABASE_URL": engine.url.render_as_string(hide_password=False),
        "SEATS_API_NODE_URL": NO_NODE,
        "SEATS_API_CONTRACT": CONTRACT,
        "SEATS_API_CHAIN_ID": str(CHAIN_ID),
        "SEATS_API_PORT": "0",
        # One asker asks for everybody here.
        "SEATS_API_LIMIT_CHECKS": "0",
    }
    with running("api", settings, logs) as api:
        assert api.stdout is not None
        url = api.stdout.readline().rpartition(" ")[2].strip()
        if not url:
            raise ToolFailedError("the API", (logs / "api.log").read_text(encoding="utf-8"))
        # Only now: what notes each minute that a session is in use shall not fall into a round.
        yield Room(url, api.pid, seated.signed_in(engine, seats))
