"""What the gate is told of co-hosts.

Owns the one question, which is asked at every decision that a co-host could get and never
remembered, so that what one process takes back no other goes on giving. Refuses rules:
`api.gate.decide` has them.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select

from api.gate.values import CoHostFacts
from api.store.co_host_tables import co_hosts
from marketplace.domain.ids import DropId
from marketplace.storage.single import rows_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Engine, Select

    from indexer.queries import MirrorId
    from marketplace.domain.addresses import ChecksumAddress


class StoredCoHosts:
    """A `CoHostSource` over the API's own tables.

    Args:
        store: Engine over them.
        mirror: The chain and contract set whose drops count.
    """

    def __init__(self, store: Engine, mirror: MirrorId) -> None:
        self._store = store
        self._mirror = mirror

    def named(self, account: ChecksumAddress, drops: Collection[DropId]) -> tuple[CoHostFacts, ...]:
        """Read what is known of an account as a co-host of some drops, at least one.

        It is a single question: raises what `marketplace.storage.single.rows_of` does.
        """
        given: dict[str, object] = {**self._mirror.columns, "account": account}
        given |= {_name(place): int(drop) for place, drop in enumerate(sorted(drops))}
        rows = rows_of(self._store, _statement(len(drops)), given)
        return tuple(
            CoHostFacts(DropId(drop), terms_hash, mentor, account)
            for drop, terms_hash, mentor in rows
        )

    def of_drop(self, drop: DropId) -> tuple[CoHostFacts, ...]:
        """Read what is known of everybody whom mentors of a number's drops have named.

        It is a single question: raises what `marketplace.storage.single.rows_of` does.
        """
        given: dict[str, object] = {**self._mirror.columns, "drop": int(drop)}
        rows = rows_of(self._store, _of_one_drop(), given)
        return tuple(
            CoHostFacts(drop, terms_hash, mentor, account) for terms_hash, mentor, account in rows
        )


@cache
def _of_one_drop() -> Select[Any]:
    columns = co_hosts.c
    return select(columns.terms_hash, columns.mentor, columns.account).where(
        columns.chain_id == bindparam("chain_id", type_=columns.chain_id.type),
        columns.contract_set == bindparam("contract_set", type_=columns.contract_set.type),
        columns.drop_id == bindparam("drop", type_=columns.drop_id.type),
    )


@cache
def _statement(count: int) -> Select[Any]:
    columns = co_hosts.c
    wanted = [bindparam(_name(place), type_=columns.drop_id.type) for place in range(count)]
    return select(columns.drop_id, columns.terms_hash, columns.mentor).where(
        columns.chain_id == bindparam("chain_id", type_=columns.chain_id.type),
        columns.contract_set == bindparam("contract_set", type_=columns.contract_set.type),
        columns.account == bindparam("account", type_=columns.account.type),
        columns.drop_id.in_(wanted),
    )


def _name(place: int) -> str:
    return f"drop_{place}"
