"""The whole indexer over a chain that stands still, and over one whose node has gone."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from indexer import process
from indexer.identity import MirrorId
from indexer.journal import Journal
from indexer.queries import mirror_status
from indexer.settings import IndexerSettings
from indexer.waking import Stopper
from marketplace.chain.connection import open_node
from marketplace.devnet.server import running_devnet
from marketplace.storage.transactions import reading
from tests.conformance.chains import CHAIN_ID
from tests.integration.indexer.relay import relaying
from tests.integration.indexer.simulating import NOON
from tests.integration.marketplace.steering import NodeSteering
from tests.integration.marketplace.world import deploy_market

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Engine


class Day(Stopper):
    """Time passes only while the indexer waits, a second each time; after a while it is stopped."""

    def __init__(self, waits: int, then: Callable[[int], None]) -> None:
        super().__init__()
        self.now = NOON
        self._left = waits
        self._then = then

    def wait(self, seconds: float) -> None:
        assert seconds > 0
        self.now += 1
        self._then(self.now)
        self._left -= 1
        if not self._left:
            self.stop()

    def rest(self, seconds: float) -> bool:
        self.wait(seconds)
        return False


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[str, str]]:
    """A development chain with a market on it: its URL, and where the contract stands."""
    with running_devnet() as devnet:
        web3 = open_node(devnet.url, CHAIN_ID)
        market = deploy_market("devnet", web3, CHAIN_ID, NodeSteering(web3))
        yield devnet.url, market.contract.address


def run(engine: Engine, url: str, contract: str, day: Day) -> None:
    settings = IndexerSettings(
        database=SecretStr(engine.url.render_as_string(hide_password=False)),
        node=SecretStr(url),
        chain_id=CHAIN_ID,
        contract=contract,
    )
    journal = Journal(io.StringIO(), lambda: day.now)
    process.run(settings, journal, day, lambda: day.now)


def level_at(engine: Engine) -> int | None:
    with reading(engine) as connection:
        return mirror_status(connection, MirrorId(CHAIN_ID)).level_at


def test_on_an_idle_chain_the_mirror_is_never_more_than_a_heartbeat_old(
    served: tuple[str, str], database: Engine
) -> None:
    ages: set[int] = set()

    def look(now: int) -> None:
        level = level_at(database)
        assert level is not None
        ages.add(now - level)

    run(database, *served, Day(30, look))

    assert ages == {1, 2}


def test_without_its_node_the_mirror_grows_old_and_is_young_again_after(
    served: tuple[str, str], database: Engine
) -> None:
    url, contract = served
    with relaying(url) as relay:
        seen: dict[int, int | None] = {}

        def look(now: int) -> None:
            relay.mode = "cut" if NOON + 5 <= now < NOON + 25 else "forward"
            seen[now - NOON] = level_at(database)

        run(database, relay.url, contract, Day(30, look))

    last = seen[5]
    assert last is not None
    assert last <= NOON + 5
    assert {seen[second] for second in range(7, 26)} == {last}
    assert seen[28] is not None
    assert seen[28] >= NOON + 25
