"""Co-hosts, as a drop's mentor and they themselves see them.

Owns the answers. Refuses to say what they may do: the gate is asked.
"""

from __future__ import annotations

from pydantic import AwareDatetime
from pydantic.dataclasses import dataclass

from marketplace.client.wire import ANSWER, Account
from marketplace.domain.ids import DropId


@dataclass(frozen=True, config=ANSWER)
class CoHost:
    """Somebody whom a drop's mentor lets help."""

    account: Account
    named_at: AwareDatetime


@dataclass(frozen=True, config=ANSWER)
class CoHosts:
    """All co-hosts of a drop, whoever was named first before the others."""

    drop: DropId
    co_hosts: tuple[CoHost, ...]
