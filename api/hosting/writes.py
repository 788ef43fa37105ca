"""What is written of co-hosts, and read by whoever manages them.

Owns the statements. Refuses transactions and clocks: both are the caller's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select

from api.store.co_host_tables import co_hosts

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection

    from indexer.queries import MirrorId
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.ids import DropId


@dataclass(frozen=True, slots=True)
class HostedDrop:
    """A drop as its mentor has it, whatever its number becomes.

    Attributes:
        terms_hash: Under another hash the number is another drop's.
        mentor: Whose word it is who helps; another mentor's word says nothing of this one's.
    """

    mirror: MirrorId
    drop: DropId
    terms_hash: str
    mentor: ChecksumAddress

    @property
    def columns(self) -> dict[str, object]:
        """The values of the columns that name it."""
        return {
            **self.mirror.columns,
            "drop_id": self.drop,
            "terms_hash": self.terms_hash,
            "mentor": self.mentor,
        }


@dataclass(frozen=True, slots=True)
class CoHost:
    """Somebody whom the mentor has named, and since when."""

    account: ChecksumAddress
    named_at: datetime


def hold_co_hosts(connection: Connection, hosted: HostedDrop) -> None:
    """Let nobody else name a co-host of a drop until this transaction ends.

    SQLite has one writer at a time anyway.
    """
    if connection.dialect.name == "postgresql":
        key = func.hashtextextended(f"co-hosts of {hosted.terms_hash}", 0)
        connection.execute(select(func.pg_advisory_xact_lock(key)))


def co_hosts_of(connection: Connection, hosted: HostedDrop) -> tuple[CoHost, ...]:
    """All co-hosts of a drop, the one that was named first before the others."""
    columns = co_hosts.c
    rows = connection.execute(
        select(columns.account, columns.named_at)
        .where(*_of(hosted))
        .order_by(columns.named_at, columns.account)
    )
    return tuple(CoHost(row.account, row.named_at) for row in rows)


def keep_co_host(connection: Connection, hosted: HostedDrop, co_host: CoHost) -> None:
    """Keep somebody who is no co-host of the drop yet."""
    connection.execute(
        insert(co_hosts).values(
            **hosted.columns, account=co_host.account, named_at=co_host.named_at
        )
    )


def forget_co_host(connection: Connection, hosted: HostedDrop, account: ChecksumAddress) -> None:
    """Forget a co-host of a drop, if it is one."""
    connection.execute(delete(co_hosts).where(*_of(hosted), co_hosts.c.account == account))


def is_co_host(connection: Connection, hosted: HostedDrop, account: ChecksumAddress) -> bool:
    """Whether somebody is a co-host of a drop now; they may be removed a moment later."""
    statement = select(co_hosts.c.account).where(*_of(hosted), co_hosts.c.account == account)
    return connection.execute(statement).first() is not None


def hold_co_host(connection: Connection, hosted: HostedDrop, account: ChecksumAddress) -> bool:
    """Let nobody remove somebody until this transaction ends; False: they are no co-host."""
    found = connection.execute(
        select(co_hosts.c.account)
        .where(*_of(hosted), co_hosts.c.account == account)
        .with_for_update(read=True)
    )
    return found.first() is not None


def _of(hosted: HostedDrop) -> tuple[ColumnElement[bool], ...]:
    columns = co_hosts.c
    return (
        columns.chain_id == hosted.mirror.chain_id,
        columns.contract_set == hosted.mirror.contract_set,
        columns.drop_id == hosted.drop,
        columns.terms_hash == hosted.terms_hash,
        columns.mentor == hosted.mentor,
    )
