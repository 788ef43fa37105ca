"""Lives of the indexer's process beside anvil and the development chain, compared after each turn.

The chain changes its mind dozens of blocks deep into branches with other contents, forgets blocks,
returns; the wire fails, the node goes and comes back, also without what it said last; the process
is killed. `make test-deep` lives more of them, from the seed that it prints. The number in a test's
name is its seed: `--hypothesis-seed=SEED` lives that one again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest
from hexbytes import HexBytes
from hypothesis import settings
from sqlalchemy import select

from indexer.identity import Contracts
from indexer.queries import mirror_status, seat
from indexer.store.tables import events
from marketplace.bindings.addresses import wire_address
from marketplace.bindings.reverts import SeatTokenUnknown
from marketplace.chain.connection import open_node
from marketplace.domain.ids import DropId, SeatId, TierIndex
from marketplace.storage.transactions import reading
from tests.conformance.chains import CHAIN_ID
from tests.integration.indexer.afresh import require_as_afresh
from tests.integration.indexer.nodes import serving
from tests.integration.indexer.test_chains import MIRROR, give_back, require_as_contract
from tests.integration.indexer.turns import DEEPEST, Life
from tests.integration.marketplace.steering import NodeSteering
from tests.integration.marketplace.world import deploy_market, with_phase, with_terms

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Connection

    from tests.integration.indexer.conftest import NewDatabase
    from tests.integration.indexer.nodes import Node
    from tests.integration.marketplace.world import Market

LIVES = settings().max_examples // 100
"""On each chain, with each database: no two of them are alike."""

PATIENCE: Final = 600 if LIVES < 2 else 3_600
"""Seconds, of one life: each of its ten turns may wait for minutes (`turns.LEVEL_S`). With many of
them as long as `make test-deep` gives every test."""


@pytest.fixture(params=["anvil", "devnet"])
def played(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Market, Node]]:
    """A fresh market with a drop whose seats may be given away at once."""
    with serving(request.param, tmp_path) as node:
        web3 = open_node(node.url, CHAIN_ID)
        market = deploy_market(node.name, web3, CHAIN_ID, NodeSteering(web3))
        offer = with_phase(with_terms(market.offer(), gift_cooldown=0), wallet_limit=0)
        market.drop = market.create(offer)
        yield market, node


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Begin with the seed that was asked for, as tests by hypothesis do."""
    if "seed" in metafunc.fixturenames:
        first = int(metafunc.config.getoption("--hypothesis-seed") or 0)
        metafunc.parametrize("seed", range(first, first + LIVES))


@pytest.mark.timeout(PATIENCE)
def test_a_process_mirrors_a_real_chain_exactly_whatever_happens(
    played: tuple[Market, Node], new_database: NewDatabase, seed: int
) -> None:
    market, node = played
    with new_database() as engine:
        life = Life(market, node, engine, f"{node.name} {engine.dialect.name} {seed}")
        try:
            for number, turn in enumerate(life.turns):
                try:
                    life.live(turn)
                    with reading(engine) as connection:
                        require_as_chain(connection, market)
                except BaseException as error:
                    error.add_note(
                        f"turn {number} of {life.turns}; again: --hypothesis-seed={seed}"
                    )
                    raise
            give_back(market)
            life.finish()
        finally:
            life.end()

        assert life.deepest == DEEPEST
        assert life.filled >= 1
        with reading(engine) as connection:
            assert mirror_status(connection, MIRROR).generation >= life.left
            # anvil has no state of the blocks that it has read from its file.
            require_as_contract(connection, market, since=node.floor)
        contracts = Contracts((market.contract.address,), 0)
        require_as_afresh(engine, MIRROR, node.url, contracts, new_database)


def require_as_chain(connection: Connection, market: Market) -> None:
    """The ledger is what the node has of events; each seat is whose the contract says it is."""
    asked = {"address": wire_address(market.contract.address), "fromBlock": 0, "toBlock": "latest"}
    told = [
        (
            log["blockNumber"],
            log["logIndex"],
            log["transactionIndex"],
            HexBytes(log["blockHash"]).to_0x_hex(),
            HexBytes(log["transactionHash"]).to_0x_hex(),
            b"".join(log["topics"]),
            bytes(log["data"]),
        )
        for log in market.web3.eth.get_logs(asked)  # type: ignore[arg-type] # a checksummed address
    ]
    columns = ("block_number", "log_index", "tx_index", "block_hash", "tx_hash", "topics", "data")
    rows = connection.execute(
        select(*(events.c[name] for name in columns)).order_by(
            events.c.block_number, events.c.log_index
        )
    )
    assert [tuple(row) for row in rows] == told
    for drop in range(1, market.contract.drop_count() + 1):
        for place, tier in enumerate(market.contract.terms_of(DropId(drop)).tiers):
            for number in range(1, tier.issued + 1):
                require_owner(connection, market, SeatId.of(DropId(drop), TierIndex(place), number))


def require_owner(connection: Connection, market: Market, seat_id: SeatId) -> None:
    found = seat(connection, MIRROR, seat_id)
    assert found is not None
    if found.burned:
        with pytest.raises(SeatTokenUnknown):
            market.contract.owner_of(seat_id)
    else:
        assert market.contract.owner_of(seat_id) == found.owner
