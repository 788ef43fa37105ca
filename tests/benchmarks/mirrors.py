"""A mirror as a process would run it, for the benchmarks: opened, and read to a block.

Owns how the parts are put together here. Refuses to time anything.
"""

from __future__ import annotations

import time
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from indexer.identity import Contracts, MirrorId
from indexer.rpc.node import RpcNode
from indexer.store import checkpoints
from indexer.sync.heartbeat import Heartbeat
from indexer.sync.hold import Hold
from indexer.sync.shell import Shell
from indexer.sync.steps import Unwatched
from marketplace.domain.addresses import ChecksumAddress
from marketplace.storage.engines import open_engine
from marketplace.storage.transactions import writing
from tests.conformance.chains import CHAIN_ID

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from indexer.rpc.values import BlockHeader, Node
    from indexer.sync.backfilling import Limits

MIRROR = MirrorId(CHAIN_ID)
_TIMEOUT_S = 120.0


@dataclass
class Counting(Unwatched):
    """Counts what is committed."""

    events: int = 0
    head: int = 0

    def added(self, headers: Sequence[BlockHeader], blocks: int, events: int) -> None:  # noqa: ARG002 - as the watcher has it
        """Note a batch."""
        self.events += events
        self.head = headers[-1].number


@contextmanager
def opened(
    database: str,
    url: str,
    contract: str,
    start_block: int,
    limits: Limits,
    seen: Callable[[Node], Node] = lambda node: node,
    counting: Counting | None = None,
) -> Iterator[tuple[Shell, Counting]]:
    """Begin a mirror in a migrated database; `seen` may put something before the node."""
    engine = open_engine(database)
    watcher = counting or Counting()
    contracts = Contracts((ChecksumAddress(contract),), start_block)
    with closing(RpcNode.at(url, timeout_s=_TIMEOUT_S, batch_limit=100)) as node:
        with writing(engine) as connection:
            begun = checkpoints.take_over(connection, MIRROR) or checkpoints.begin(
                connection, MIRROR, node.identity().genesis, contracts.config_hash
            )
        shell = Shell(
            Hold(engine, MIRROR, begun.fence),
            seen(node),
            contracts,
            heartbeat=Heartbeat(time.time),
            limits=limits,
            watcher=watcher,
        )
        with closing(shell):
            yield shell, watcher
    engine.dispose()


def read_history(shell: Shell, watcher: Counting, last: int) -> None:
    """Do passes until a block is mirrored."""
    while watcher.head < last:
        shell.step()
