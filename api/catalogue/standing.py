"""Where the mirror stands, for whoever wants to judge how much an answer is worth.

Owns that answer. Refuses to decide whether it is good enough: the gate and `/health/ready` do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from api.wire import Account, Moment, WireModel, moment
from indexer.queries import audit_status, mirror_status
from marketplace.domain.addresses import ChecksumAddress
from marketplace.storage.transactions import reading

if TYPE_CHECKING:
    from api.parts import Parts
    from indexer import queries


class BlockAnswer(WireModel):
    """A block, and the chain's own time of it."""

    number: int
    """How many blocks of the chain came before it."""

    hash: str
    timestamp: Moment
    """When it was made, by its own word, in UTC."""

    @classmethod
    def of(cls, block: queries.Moment) -> Self:
        """Write a block."""
        return cls(number=block.number, hash=block.hash, timestamp=moment(block.timestamp_s))


class AuditAnswer(WireModel):
    """The last block that was held against the chain once more, and what stands for all events."""

    number: int
    """How many blocks of the chain came before it."""

    hash: str
    digest: str
    """Stands for all events up to it: two mirrors that have the same have read the same."""


class ChainStatus(WireModel):
    """The chain, the contract, and the mirrored blocks of the three levels."""

    chain_id: int
    contract: Account
    head: BlockAnswer
    """The newest block that was mirrored: `latest`."""

    safe: BlockAnswer
    """The newest mirrored block that is safe."""

    finalized: BlockAnswer
    """The newest mirrored block that is final."""

    level_at: Moment | None
    """When the mirror last knew itself level with its node, in UTC; null while history is being
    read."""

    lag_s: int | None
    """Seconds since then; an answer may be older than the chain by as much. Null while history is
    being read."""

    audited: AuditAnswer | None
    """How far the mirror was audited; null while nothing was."""

    disagrees: bool
    """Whether an audit has found that the mirror is not the chain; nobody is let in by it then."""


def chain_status(parts: Parts) -> ChainStatus:
    """Read it. Raises MirrorMissing, StorageError."""
    with reading(parts.reads) as connection:
        status = mirror_status(connection, parts.mirror_id)
        audit = audit_status(connection, parts.mirror_id)
    level_at = status.level_at
    return ChainStatus(
        chain_id=parts.settings.chain_id,
        contract=ChecksumAddress(parts.settings.contract),
        head=BlockAnswer.of(status.head),
        safe=BlockAnswer.of(status.safe),
        finalized=BlockAnswer.of(status.finalized),
        level_at=None if level_at is None else moment(level_at),
        # The indexer's clock may be ahead of ours.
        lag_s=None if level_at is None else max(0, parts.now - level_at),
        audited=None
        if audit.audited is None or audit.digest is None
        else AuditAnswer(number=audit.audited.number, hash=audit.audited.hash, digest=audit.digest),
        disagrees=audit.finding is not None,
    )
