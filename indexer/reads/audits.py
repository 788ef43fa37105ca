"""How far the mirror was held against the chain once more, and with what outcome.

Owns that read. Refuses to audit: `indexer.audit` does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from indexer.reads.levels import MirrorMissing, mirrored_contract
from indexer.store import audits, checkpoints
from indexer.store.tables import events

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from indexer.identity import MirrorId
    from indexer.rpc.values import Mark
    from indexer.store.audits import Audited, Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditStatus:
    """Where the audit stands.

    Attributes:
        audited: The last block that was audited, and everything before it; None: nothing was.
        digest: Stands for every event up to there: two mirrors of the same contracts that have one
            digest at one block hold the same events.
        finding: A disagreement that stopped the mirror and is not settled; None: there is none.
    """

    audited: Mark | None
    digest: str | None
    finding: Finding | None


def audit_status(connection: Connection, mirror: MirrorId) -> AuditStatus:
    """Say where the audit stands. Raises MirrorMissing."""
    last = _last(connection, mirror)
    return AuditStatus(
        audited=None if last is None else last.last,
        digest=None if last is None else last.digest,
        finding=audits.finding(connection, mirror),
    )


def event_count(connection: Connection, mirror: MirrorId) -> int:
    """How many events of the seats' contract are mirrored. Raises MirrorMissing.

    What was audited is not counted again: the audit counts that contract's alone, whatever
    contracts were added. It says how large the mirror is, and so takes no level: the audit keeps
    the sum of its last block alone, and up to an earlier one the whole ledger would be read.
    """
    last = _last(connection, mirror)
    known, above = (0, -1) if last is None else (last.events, last.last.number)
    found = connection.scalar(
        select(func.count())
        .select_from(events)
        .filter_by(**mirror.columns)
        .where(
            events.c.block_number > above,
            events.c.address == mirrored_contract(connection, mirror),
        )
    )
    return known + int(found or 0)


def _last(connection: Connection, mirror: MirrorId) -> Audited | None:
    checkpoint = checkpoints.load(connection, mirror)
    if checkpoint is None:
        raise MirrorMissing(mirror.chain_id, mirror.contract_set)
    last = audits.last(connection, mirror)
    # An audit of other contracts begins anew.
    return last if last is not None and last.config_hash == checkpoint.config_hash else None
