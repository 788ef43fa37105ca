"""The oracle for chains that are not a tree of ours: the same chain, mirrored afresh.

Owns the comparison. Refuses to steer the chain or the mirror under test.
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from indexer.queries import mirror_status
from indexer.rpc.node import RpcNode
from indexer.store import checkpoints
from indexer.sync.heartbeat import Heartbeat
from indexer.sync.hold import Hold
from indexer.sync.shell import Shell
from marketplace.storage.transactions import reading, writing
from tests.integration.indexer.oracle import dump, require_outbox
from tests.integration.indexer.simulating import NOON, caught_up

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from indexer.identity import Contracts, MirrorId
    from tests.integration.indexer.conftest import NewDatabase


def require_as_afresh(
    engine: Engine, mirror: MirrorId, url: str, contracts: Contracts, new_database: NewDatabase
) -> None:
    """Compare every row that the chain decides, and replay the outbox."""
    with new_database() as fresh, closing(RpcNode.at(url, timeout_s=10, batch_limit=20)) as node:
        with writing(fresh) as connection:
            begun = checkpoints.begin(
                connection, mirror, node.identity().genesis, contracts.config_hash
            )
        hold = Hold(fresh, mirror, begun.fence)
        caught_up(Shell(hold, node, contracts, heartbeat=Heartbeat(lambda: NOON)))
        with reading(engine) as held, reading(fresh) as wanted:
            assert mirror_status(held, mirror).head == mirror_status(wanted, mirror).head
            assert dump(held) == dump(wanted)
            require_outbox(held, mirror, mirror_status(held, mirror).next_seq)
