"""Everything that runs for `load`: chain, database, indexers, API, and who is signed in.

Owns starting it and ending it, each process by its own id and whatever happens in between. A
development chain, a PostgreSQL on a disk, an indexer that leads and one that stands by, and several
processes of the API, each on a port of its own, as behind a proxy. Refuses to let anything happen.
"""

from __future__ import annotations

import os
import tempfile
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Final

import httpx

from marketplace.client import MarketAddress, SeatmarketClient
from scripts.toolchain.errors import ToolFailedError
from tests.benchmarks.revocation import finish, running, wait_until_level
from tests.benchmarks.turmoil import BEGUN_S, DEEPEST, FINAL_DEPTH, Person, Turmoil, opened
from tests.conformance.chains import CHAIN_ID
from tests.integration.api.world import sign_in_client
from tests.integration.indexer.processes import environment
from tests.integration.indexer.processes import running as running_indexer
from tests.integration.marketplace.world import signer
from tests.postgres import running_postgres

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator, Mapping, Sequence

    from tests.integration.indexer.processes import Running

ALLOWED_LAG_S: Final = 15
"""The API's default."""

EIGHT: Final = 8
"""Of so many clients one is not signed in, and one is but never holds a seat."""

_NOBODY, _STRANGER = 6, 7
_PATIENCE_S: Final = 60
_CONNECTIONS: Final = 16
"""Of all processes of the API together, to each database and of each kind: all four make fewer than
the server takes."""

_MB: Final = 2**20


@dataclass(frozen=True, slots=True)
class Premises:
    """What runs.

    Attributes:
        turmoil: The market, and who trades in it.
        leader: The indexer that leads.
        second: The one that stands by.
        urls: Of the API's processes.
        pids: Of the same.
        people: Who each client is; None: nobody that the API would know.
        tokens: What each is signed in with; empty: nothing.
        folder: For files.
    """

    turmoil: Turmoil
    leader: Running
    second: Running
    urls: Sequence[str]
    pids: Sequence[int]
    people: Sequence[Person | None]
    tokens: Sequence[str]
    folder: Path

    @property
    def resident_mb(self) -> float:
        """What the API's processes have in memory."""
        pages = (
            int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
            for pid in self.pids
        )
        return sum(pages) * os.sysconf("SC_PAGE_SIZE") / _MB


@contextmanager
def running_premises(clients: int, workers: int, seed: int) -> Iterator[Premises]:
    """Start everything, and end it when the block does.

    Args:
        clients: How many will ask; whole multiples of `EIGHT` have everybody in their share.
        workers: Processes of the API.
        seed: Of what is sold to whom.
    """
    with ExitStack() as closing:
        folder = Path(closing.enter_context(tempfile.TemporaryDirectory()))
        people = [
            None if place % EIGHT == _NOBODY else Person.numbered(place) for place in range(clients)
        ]
        traders = [one for place, one in enumerate(people) if one and place % EIGHT != _STRANGER]
        node = closing.enter_context(_chain(folder))
        turmoil = opened(node, traders, Random(seed), folder)
        server = closing.enter_context(running_postgres(in_memory=False))
        contract = turmoil.market.contract.address
        indexing = environment(server, node, contract, POLL_INTERVAL_S="0.25")
        leader = closing.enter_context(running_indexer(indexing))
        leader.line("caught_up")
        second = closing.enter_context(running_indexer(indexing))
        second.line("standing_by")
        settings = {
            "SEATS_API_DATABASE_URL": server.render_as_string(hide_password=False),
            "SEATS_API_NODE_URL": node,
            "SEATS_API_CONTRACT": contract,
            "SEATS_API_PORT": "0",
            "SEATS_API_PROCESSES": str(workers),
            "SEATS_API_ALLOWED_LAG_S": str(ALLOWED_LAG_S),
            "SEATS_API_DATABASE_CONNECTIONS": str(max(1, _CONNECTIONS // workers)),
            # Everybody is at one address here, and signs in at once.
            "SEATS_API_LIMIT_ADDRESSES": "false",
        }
        finish("api upgrade", settings)
        apis = [
            closing.enter_context(_api(settings, folder / f"api-{number}"))
            for number in range(workers)
        ]
        urls, pids = [url for url, _ in apis], [pid for _, pid in apis]
        _publish(urls[0], turmoil)
        tokens = _signed_in(urls[-1], people)
        yield Premises(turmoil, leader, second, urls, pids, people, tokens, folder)


@contextmanager
def _chain(folder: Path) -> Iterator[str]:
    """A development chain whose time begins when the drops shall have been launched."""
    called = f"marketplace.devnet --safe-depth {DEEPEST} --finalized-depth {FINAL_DEPTH}"
    settings = {
        "SEATS_DEVNET_PORT": "0",
        "SEATS_DEVNET_GENESIS_TIME": str(int(time.time()) - BEGUN_S),
    }
    with running(called, settings, folder) as chain:
        yield _told_url(chain, folder / "marketplace.devnet.log")


@contextmanager
def _api(settings: Mapping[str, str], logs: Path) -> Iterator[tuple[str, int]]:
    """One process of the API: where it answers, and its id."""
    logs.mkdir()
    with running("api", settings, logs) as api:
        yield _told_url(api, logs / "api.log"), api.pid


def _told_url(process: subprocess.Popen[str], log: Path) -> str:
    assert process.stdout is not None
    url = process.stdout.readline().rpartition(" ")[2].strip()
    if not url:
        raise ToolFailedError(log.stem, log.read_text(encoding="utf-8"))
    return url


def _publish(url: str, turmoil: Turmoil) -> None:
    market = MarketAddress(CHAIN_ID, turmoil.market.contract.address)
    with SeatmarketClient(url, market=market) as mentor:
        wait_until_level(mentor)
        mentor.sign_in(signer("mentor"))
        for drop, file in turmoil.files.items():
            mentor.publish_terms(drop, file.document)


def _signed_in(url: str, people: Sequence[Person | None]) -> list[str]:
    """Sign everybody in at one of the processes; their tokens count at all of them."""
    with httpx.Client(base_url=url, timeout=_PATIENCE_S) as client:
        return ["" if one is None else sign_in_client(client, one.wallet) for one in people]
