"""Every kind of trouble that a life may meet, and the dice that decide when it comes.

Owns the names and the counts. A kind that is not named here cannot happen. Refuses to do anything:
whoever asks `occurs` does it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from random import Random

ANSWERS: Final = {
    "lag": 0.03,
    "other_branch": 0.03,
    "unknown_hash": 0.06,
    "null_block": 0.02,
    "no_final": 0.04,
    "older_final": 0.04,
    "missing_log": 0.08,
    "no_logs": 0.06,
    "foreign_logs": 0.06,
    "duplicates": 0.05,
    "other_order": 0.05,
    "removed_logs": 0.05,
    "clamped_range": 0.05,
    "refused_range": 0.08,
    "refused_question": 0.01,
    "unanswered_question": 0.01,
    "refused_batch": 0.01,
}
"""What a node says wrongly: the chance in one answer that it concerns."""

WIRE: Final = {
    "overloaded": 0.01,
    "long_overload": 0.003,
    "broken": 0.01,
    "forbidden": 0.005,
    "cut": 0.01,
    "truncated": 0.01,
    "garbage": 0.01,
    "hung_up": 0.02,
    "silence": 0.004,
}
"""What becomes of an answer on its way, in one answer; after `long_overload` of many more."""

BETWEEN: Final = {"moved_midway": 0.02}
"""What happens between two questions of one pass, before one answer."""

DATABASE: Final = {
    "statement_failed": 0.03,
    "disk_full": 0.02,
    "disconnected": 0.03,
    "commit_failed": 0.04,
    "commit_unknown": 0.04,
    "locked": 0.03,
    "long_reader": 0.02,
}
"""What a database does, in one pass."""

POSTGRESQL_ONLY: Final = frozenset({"disconnected"})
"""What SQLite cannot do: it has no server whose connection could be lost."""

PROCESS: Final = {
    "crash": 0.12,
    "restart": 0.05,
    "second_leader": 0.04,
    "paused_leader": 0.04,
    "clock_back": 0.03,
    "clock_forward": 0.03,
    "rebuilt": 0.01,
}
"""What happens to the mirror's own process, in one pass."""

CHAIN: Final = (
    *("reorg", "return", "reorg_while_down", "refilled", "emptied", "to_final", "sale_undone"),
    *("equal_times", "below_final", "wiped_node"),
)
"""What a chain does; how often is in `lives`."""

OUTBOX: Final = ("pruned", "late_consumer")
"""What becomes of messages, and of who reads them too late; how often is in `lives`."""

CONTRACTS: Final = ("registry_first", "registry_later", "rebuild_broken_off")
"""A second contract, from the first block on or given later; and a rebuild that dies on its way."""

KINDS: Final = (*ANSWERS, *WIRE, *BETWEEN, *DATABASE, *PROCESS, *CHAIN, *OUTBOX, *CONTRACTS)

_RATES: Final = {**ANSWERS, **WIRE, **BETWEEN, **DATABASE, **PROCESS}


@dataclass
class Faults:
    """Decides by dice whether a kind of trouble comes now, and counts what came."""

    dice: Random
    calm: bool = False
    happened: Counter[str] = field(default_factory=Counter)

    def occurs(self, kind: str) -> bool:
        """Whether it comes now; never while it is calm."""
        if not self.is_due(kind):
            return False
        self.came(kind)
        return True

    def is_due(self, kind: str) -> bool:
        """Whether it shall come; whoever lets it come says so."""
        return not self.calm and self.dice.random() < _RATES[kind]

    def came(self, kind: str) -> None:
        """Count what came without dice."""
        assert kind in KINDS, kind
        self.happened[kind] += 1
