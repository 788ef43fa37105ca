"""How far was audited, and what disagreed, in the tables.

Owns reading and writing of both. Refuses to judge, and clocks. Whoever writes holds the fence in
the same transaction, so that an indexer that was fenced off writes nothing here either.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update

from indexer.rpc.values import Mark
from indexer.store.audit_tables import WINDOW_BLOCKS, audit_findings, audits
from indexer.store.checkpoints import CheckpointMoved, FenceLost
from indexer.store.tables import checkpoints
from marketplace.domain.errors import RuleViolated, typed_error
from marketplace.storage.canonical import decode, encode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

    from indexer.identity import MirrorId


@typed_error
class DisagreementOpen(RuleViolated):
    """A step down would forget that a mirror is not the chain."""

    code = "disagreement_open"

    contract_set: str

    def _sentence(self) -> str:
        return (
            f"The mirror {self.contract_set} and the chain disagree, and the program that this "
            "step leads back to knows of no audit: it would open doors by that mirror. Nothing was "
            "changed. `seats index status` says what differs; settle it first."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Audited:
    """Everything up to a block, as it was held against the chain.

    Attributes:
        last: The last block that was audited.
        config_hash: Of what was mirrored then.
        events: How many, since the beginning.
        digest: Stands for every one of them.
        owed: What the contract owes its users at that block, by currency; ETH is the zero address.
    """

    last: Mark
    config_hash: str
    events: int
    digest: str
    owed: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A disagreement that stopped the mirror.

    Attributes:
        about: What the contract was asked for, by kind; empty: it is in the block itself; None: an
            earlier version found it, and did not say.
        found_at: Unix second of the indexer's clock.
    """

    block_number: int
    what: str
    mirrored: str
    on_chain: str
    about: Mapping[str, str] | None
    found_at: int


def last(connection: Connection, mirror: MirrorId) -> Audited | None:
    """How far was audited; None: nothing was."""
    row = (
        connection.execute(
            select(audits)
            .filter_by(**mirror.columns)
            .order_by(audits.c.first_number.desc())
            .limit(1)
        )
        .mappings()
        .one_or_none()
    )
    if row is None:
        return None
    return Audited(
        last=Mark(row["last_number"], row["last_hash"]),
        config_hash=row["config_hash"],
        events=row["events"],
        digest=row["digest"],
        owed={currency: int(str(amount)) for currency, amount in decode(row["owed"]).items()},
    )


def digest_at(
    connection: Connection, mirror: MirrorId, number: int, config_hash: str
) -> str | None:
    """The digest that was written down for a block; None where no window ends there."""
    return connection.scalar(
        select(audits.c.digest).filter_by(
            **mirror.columns, last_number=number, config_hash=config_hash
        )
    )


def advance(connection: Connection, mirror: MirrorId, audited: Audited) -> None:
    """Write down that everything up to a block was audited."""
    first = window_of(audited.last.number).start
    values = {
        "last_number": audited.last.number,
        "last_hash": audited.last.hash,
        "config_hash": audited.config_hash,
        "events": audited.events,
        "digest": audited.digest,
        "owed": encode(audited.owed),
    }
    grown = update(audits).filter_by(**mirror.columns, first_number=first).values(**values)
    if connection.execute(grown).rowcount == 0:
        connection.execute(insert(audits).values(**mirror.columns, first_number=first, **values))


def forget(connection: Connection, mirror: MirrorId) -> None:
    """Forget all that was audited: something else is mirrored now."""
    connection.execute(delete(audits).filter_by(**mirror.columns))


def go_back(connection: Connection, mirror: MirrorId, number: int) -> None:
    """Forget what was audited from a block on, and in its window before it."""
    beyond = audits.c.last_number >= number
    connection.execute(delete(audits).filter_by(**mirror.columns).where(beyond))


def window_of(number: int) -> range:
    """The blocks of the window that a block is in."""
    first = number - number % WINDOW_BLOCKS
    return range(first, first + WINDOW_BLOCKS)


def finding(connection: Connection, mirror: MirrorId) -> Finding | None:
    """The disagreement that is not settled; None: there is none."""
    row = (
        connection.execute(select(audit_findings).filter_by(**mirror.columns))
        .mappings()
        .one_or_none()
    )
    if row is None:
        return None
    return Finding(
        block_number=row["block_number"],
        what=row["what"],
        mirrored=row["mirrored"],
        on_chain=row["on_chain"],
        about=None if row["about"] is None else _words(row["about"]),
        found_at=row["found_at"],
    )


def note(connection: Connection, mirror: MirrorId, found: Finding) -> None:
    """Write a disagreement down, in the place of an earlier one."""
    settle(connection, mirror)
    connection.execute(
        insert(audit_findings).values(
            **mirror.columns,
            block_number=found.block_number,
            what=found.what,
            mirrored=found.mirrored,
            on_chain=found.on_chain,
            about=None if found.about is None else encode(found.about),
            found_at=found.found_at,
        )
    )


def settle(connection: Connection, mirror: MirrorId) -> None:
    """Forget a disagreement: mirror and chain agree there now."""
    connection.execute(delete(audit_findings).filter_by(**mirror.columns))


def _words(about: str) -> dict[str, str]:
    return {kind: str(named) for kind, named in decode(about).items()}


def require_held(
    connection: Connection,
    mirror: MirrorId,
    fence: int,
    config_hash: str,
    *,
    alone: bool = False,
) -> None:
    """Hold the checkpoint's row while this transaction lasts; `alone`: against everybody else.

    Raises:
        FenceLost: another indexer has taken over.
        CheckpointMoved: something else is mirrored than what was read.
    """
    columns = checkpoints.c
    row = connection.execute(
        select(columns.fence, columns.config_hash, columns.head_number)
        .filter_by(**mirror.columns)
        # Whoever notes a row of the mirror's, as a consumer does, keeps its key and nothing else.
        .with_for_update(read=not alone, key_share=alone)
    ).one_or_none()
    if row is None or row.fence != fence:
        raise FenceLost(fence, 0 if row is None else row.fence)
    if row.config_hash != config_hash:
        raise CheckpointMoved(row.head_number)
