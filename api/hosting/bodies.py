"""The JSON of co-hosts.

Owns the shapes. Refuses rules: these objects only carry.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from api.wire import Account, Moment, WireModel

if TYPE_CHECKING:
    from collections.abc import Iterable

    from api.hosting.writes import CoHost
    from marketplace.domain.ids import DropId


class CoHostAnswer(WireModel):
    """Somebody whom a drop's mentor lets help with its sessions and recordings."""

    account: Account
    """Who helps, with its ERC-55 checksum."""

    named_at: Moment
    """When the mentor named them, in UTC."""

    @classmethod
    def of(cls, co_host: CoHost) -> Self:
        """Write a co-host."""
        return cls(account=co_host.account, named_at=co_host.named_at)


class CoHostsAnswer(WireModel):
    """All co-hosts of a drop, whoever was named first before the others; at most `max_co_hosts`."""

    drop: int
    co_hosts: list[CoHostAnswer]
    """Who helps; empty: nobody."""

    @classmethod
    def of(cls, drop: DropId, co_hosts: Iterable[CoHost]) -> Self:
        """Write a drop's co-hosts."""
        return cls(drop=drop, co_hosts=[CoHostAnswer.of(one) for one in co_hosts])
