"""Where the gate's facts come from.

Owns the ports and the question that goes through the first. Refuses to know how the mirror keeps
them: `indexer.queries` does, and an adapter in this package turns its rows into facts. Who is a
co-host is no fact of the chain: `api.hosting` keeps it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from api.gate.values import BlockFacts, CoHostFacts, Facts
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.ids import DropId


@dataclass(frozen=True, slots=True)
class Question:
    """What has to be known for one decision.

    Attributes:
        account: Whose seats are asked for; None: nobody's.
        drops: The drops that are asked for.
        now: Unix second.
        allowed_lag_s: The lag past which nothing is decided; travels with the facts.
        least_block: The newest block that the caller knows of; travels with the facts.
        delegates: Whether what was delegated to the account matters to the answer; else it is not
            looked for.
    """

    account: ChecksumAddress | None
    drops: frozenset[DropId]
    now: int
    allowed_lag_s: int
    least_block: int = 0
    delegates: bool = True


class FactSource(Protocol):
    """What the gate needs to know of the chain."""

    def require_current(self) -> None:
        """Return when the mirror's tables are of this program's version.

        Raises:
            StorageError: they are not, or the database does not answer.
        """

    def block(self, now: int) -> BlockFacts | None:
        """Say where the mirror stands at a Unix second; None when it was never level."""

    def facts(self, question: Question) -> Facts:
        """Read what is known, all of one moment: a seat and the block that dates it agree."""

    def facts_of_each(
        self, question: Question, accounts: Collection[ChecksumAddress]
    ) -> Mapping[ChecksumAddress | None, Facts]:
        """The same about each of many accounts, all of one moment; under None about nobody.

        Args:
            question: About nobody.
            accounts: The caller bounds them.
        """


class CoHostSource(Protocol):
    """Whom mentors have named as co-hosts."""

    def named(self, account: ChecksumAddress, drops: Collection[DropId]) -> tuple[CoHostFacts, ...]:
        """Read what is known of an account as a co-host of some drops, at least one.

        Whatever was taken back before this is asked is not in the answer.
        """

    def of_drop(self, drop: DropId) -> tuple[CoHostFacts, ...]:
        """Read the same of everybody who was ever named for the drops of a number."""
