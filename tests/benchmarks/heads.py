"""How long after a node tells of a block its rows can be read.

    python -m tests.benchmarks.heads [BLOCKS]

A market on anvil, and the indexer as a process with anvil's WebSocket. Each block holds one event.
The clock starts when this program, which is subscribed as the indexer is, hears of the block, and
ends when another connection reads it out of the mirror. SQLite, then PostgreSQL; prints a line of
JSON for each. It refuses to count a block that it did not see both ways.
"""

from __future__ import annotations

import json
import sys
import tempfile
import threading
from pathlib import Path
from statistics import quantiles
from time import perf_counter
from typing import TYPE_CHECKING

from websockets.sync.client import connect

from indexer.identity import MirrorId
from indexer.queries import MirrorMissing, mirror_status
from marketplace.chain.connection import open_node
from marketplace.storage.engines import open_engine
from marketplace.storage.transactions import reading
from tests.conformance.chains import ANVIL, CHAIN_ID
from tests.conformance.chains import running as running_chain
from tests.integration.indexer.processes import environment, running
from tests.integration.marketplace.steering import NodeSteering
from tests.integration.marketplace.world import deploy_market
from tests.postgres import running_postgres

if TYPE_CHECKING:
    from sqlalchemy import URL

    from tests.conformance.chains import RunningChain
    from tests.integration.marketplace.world import Market

LOOK_S = 0.0005
REST_S = 0.05
NEVER = threading.Event()


def heard(url: str, times: dict[int, float], ready: threading.Event, last: int) -> None:
    """Note when the node tells of each block."""
    with connect(url, proxy=None, compression=None) as socket:
        socket.send('{"jsonrpc":"2.0","id":1,"method":"eth_subscribe","params":["newHeads"]}')
        socket.recv()
        ready.set()
        while last not in times:
            told = socket.recv()
            at = perf_counter()
            times[int(json.loads(told)["params"]["result"]["number"], 16)] = at


def seen(url: URL | str, times: dict[int, float], last: int) -> None:
    """Note when each block can be read."""
    engine = open_engine(url)
    head = -1
    while head < last:
        with reading(engine) as connection:
            try:
                found = mirror_status(connection, MirrorId(CHAIN_ID)).head.number
            except MirrorMissing:
                found = head
        if found != head:
            at = perf_counter()
            times.update(dict.fromkeys(range(head + 1, found + 1), at))
            head = found
        NEVER.wait(LOOK_S)
    engine.dispose()


def measured(url: URL | str, chain: RunningChain, market: Market, blocks: int) -> list[float]:
    """Milliseconds of each block, in order of size."""
    given = environment(
        url, chain.url, market.contract.address, NODE_WS=chain.websocket_url, POLL_INTERVAL_S="0.25"
    )
    first = market.web3.eth.block_number + 1
    last = first + blocks - 1
    told: dict[int, float] = {}
    read: dict[int, float] = {}
    ready = threading.Event()
    with running(given) as indexer:
        indexer.line("listening")
        indexer.line("caught_up")
        threads = [
            threading.Thread(target=heard, args=(chain.websocket_url, told, ready, last)),
            threading.Thread(target=seen, args=(url, read, last)),
        ]
        for thread in threads:
            thread.start()
        ready.wait()
        for _ in range(blocks):
            market.send("bo", market.contract.bump_counter())
            NEVER.wait(REST_S)
        for thread in threads:
            thread.join()
    return sorted((read[one] - told[one]) * 1_000 for one in range(first, last + 1))


def main() -> None:
    """Measure both databases."""
    blocks = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    with (
        tempfile.TemporaryDirectory() as folder,
        running_postgres(in_memory=False) as server,
        running_chain(ANVIL, Path(folder)) as chain,
    ):
        web3 = open_node(chain.url, CHAIN_ID)
        market = deploy_market("anvil", web3, CHAIN_ID, NodeSteering(web3))
        databases: dict[str, URL | str] = {
            "sqlite": f"sqlite:///{folder}/mirror.sqlite",
            "postgres": server,
        }
        for name, url in databases.items():
            found = measured(url, chain, market, blocks)
            cuts = quantiles(found, n=100)
            line = {
                "database": name,
                "blocks": blocks,
                "p50_ms": round(cuts[49], 2),
                "p99_ms": round(cuts[98], 2),
                "most_ms": round(found[-1], 2),
            }
            sys.stdout.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main()
