"""`python -m tests.benchmarks.sides SIDE`: one reading of a chain's history, timed in a process.

Owns what is compared. What to read comes as JSON on standard input (`Task`), the figures go to
standard output as one line of JSON. Every side is a process of its own, so that none finds warm
caches or another's garbage.

    mirror   our indexer's passes over an empty, migrated database until it is `live`
    scanner  web3.py as its documentation's EventScanner uses it: `eth_getLogs` over chunks of
             blocks, `contract.events.X().process_log` for each log, the block's time asked for once
             for each block, then a row of JSON in SQLite, committed with each chunk. Kinder than
             that example, which asks anew for each kind of event (42 here) and in chunks of ten
             blocks while it finds some
    floor    what no mirror can do without: ask, read the JSON, decode by our own decoders and
             insert into the same ledger table of SQLite; no headers, checks, checkpoint, folds or
             states

Refuses to judge, and to share code with what it measures beyond what the floor says.
"""

from __future__ import annotations

import json
import resource
import sqlite3
import sys
import time
from contextlib import closing
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from indexer.decoding import decode
from indexer.identity import MirrorId
from indexer.process import collecting_rarely
from indexer.rpc.node import RpcNode
from indexer.store import ledger
from indexer.sync.backfilling import Limits
from marketplace.bindings.artifacts import load
from marketplace.chain.connection import open_node
from marketplace.domain.addresses import ChecksumAddress
from marketplace.storage.engines import open_engine
from marketplace.storage.transactions import writing
from tests.benchmarks.mirrors import opened, read_history
from tests.conformance.chains import CHAIN_ID

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_CHUNK: Final = 200
"""Blocks that scanner and floor ask for at once: about as many as the mirror comes to."""


@dataclass(frozen=True, slots=True)
class Task:
    """What to read, and into what.

    Attributes:
        url: The node.
        contract: Whose logs.
        first: The contract's first block.
        last: The last block to read.
        database: Address of an empty database; the mirror's and the floor's is migrated.
        late: Whether the mirror builds indexes at the end.
    """

    url: str
    contract: str
    first: int
    last: int
    database: str
    late: bool = False


@dataclass(frozen=True, slots=True)
class Figures:
    """What one reading came to."""

    events: int
    seconds: float
    cpu_s: float
    rss_mb: float

    @property
    def rate(self) -> float:
        """Events in a second."""
        return self.events / self.seconds

    @property
    def cpu_us(self) -> float:
        """Microseconds of processor time for one event, of the process with all its threads."""
        return self.cpu_s / self.events * 1_000_000


def mirror(task: Task) -> int:
    """Read with the indexer."""
    limits = Limits(late_index_blocks=1 if task.late else 0)
    with opened(task.database, task.url, task.contract, task.first, limits) as (shell, watcher):
        read_history(shell, watcher, task.last)
        return watcher.events


def scanner(task: Task) -> int:
    """Read with web3.py."""
    web3 = open_node(task.url, CHAIN_ID, request_seconds=120)
    address: Any = task.contract
    contract: Any = web3.eth.contract(address=address, abi=load("Seats").abi)
    kinds = {
        bytes(event().topic and bytes.fromhex(event().topic[2:])): event()
        for event in contract.events
    }
    count = 0
    with closing(sqlite3.connect(task.database.removeprefix("sqlite:///"))) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute(
            "CREATE TABLE scanned (block INTEGER, log_index INTEGER, event TEXT, arguments TEXT, "
            "tx_hash TEXT, timestamp INTEGER, PRIMARY KEY (block, log_index))"
        )
        for first in range(task.first, task.last + 1, _CHUNK):
            last = min(first + _CHUNK - 1, task.last)
            logs = web3.eth.get_logs({"fromBlock": first, "toBlock": last, "address": address})
            times: dict[int, int] = {}
            for log in logs:
                event = kinds[bytes(log["topics"][0])].process_log(log)
                number = event["blockNumber"]
                if number not in times:
                    times[number] = web3.eth.get_block(number)["timestamp"]
                arguments = json.dumps(dict(event["args"]), default=_plain)
                database.execute(
                    "INSERT INTO scanned VALUES (?, ?, ?, ?, ?, ?)",
                    (
                        *(number, event["logIndex"], event["event"], arguments),
                        *(event["transactionHash"].hex(), times[number]),
                    ),
                )
                count += 1
            database.commit()
    return count


def floor(task: Task) -> int:
    """Read with a bare loop."""
    engine = open_engine(task.database)
    count = 0
    with closing(RpcNode.at(task.url, timeout_s=120, batch_limit=100)) as node:
        for first in range(task.first, task.last + 1, _CHUNK):
            last = min(first + _CHUNK - 1, task.last)
            logs = node.range_logs(first, last, [ChecksumAddress(task.contract)]).logs
            with writing(engine) as connection:
                entries = [decode(log, 0) for log in logs]
                ledger.insert_events(connection, MirrorId(CHAIN_ID), entries)
            count += len(logs)
    engine.dispose()
    return count


SIDES: Final[Mapping[str, Callable[[Task], int]]] = {
    "mirror": mirror,
    "scanner": scanner,
    "floor": floor,
}


def main(side: str) -> None:
    """Do one side's work and write its figures."""
    task = Task(**json.loads(sys.stdin.read()))
    with collecting_rarely():
        begun, used = time.perf_counter(), time.process_time()
        events = SIDES[side](task)
        seconds, cpu_s = time.perf_counter() - begun, time.process_time() - used
    rss_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_024
    sys.stdout.write(json.dumps(asdict(Figures(events, seconds, cpu_s, rss_mb))) + "\n")


def _plain(value: object) -> str:
    return value.hex() if isinstance(value, bytes) else str(value)


if __name__ == "__main__":
    main(sys.argv[1])
