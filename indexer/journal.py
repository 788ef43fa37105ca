"""What the indexer tells while it runs: one line of JSON for each thing that happened.

Owns the form of a line and who writes it. Refuses secrets: addresses of nodes and databases are
never told, and an error is told by its sentence, which holds none.

A line has `at` (UTC), `event`, and the event's own fields:
`{"at":"2027-01-31T18:00:00Z","event":"added","blocks":1,"events":3,"head":120,…}`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TextIO

from marketplace.domain.times import utc_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from indexer.rpc.values import BlockHeader, Mark
    from indexer.sync.shell import Outcome
    from indexer.sync.steps import Step


class Journal:
    """Watches passes and the loop, and writes lines. `clock` gives Unix seconds."""

    def __init__(self, stream: TextIO, clock: Callable[[], float]) -> None:
        self._stream = stream
        self._clock = clock
        self._last: Outcome | None = None

    def write(self, event: str, **fields: str | float | bool) -> None:
        """Write one line."""
        told = {"at": utc_text(int(self._clock())), "event": event, **fields}
        self._stream.write(json.dumps(told, separators=(",", ":")) + "\n")
        self._stream.flush()

    def reached(self, step: Step) -> None:
        """Do nothing: steps are for watchers that measure."""

    def added(self, last: BlockHeader, blocks: int, events: int) -> None:
        """Tell of a batch; `lag_s` is how old the new head is."""
        self._last = None
        lag_s = max(0, int(self._clock()) - last.timestamp_s)
        self.write(
            "added", blocks=blocks, events=events, head=last.number, hash=last.hash, lag_s=lag_s
        )

    def rolled_back(self, left: Mark, ancestor: Mark, generation: int) -> None:
        """Tell of a reorganisation."""
        self._last = None
        self.write(
            "rolled_back",
            left=left.number,
            left_hash=left.hash,
            ancestor=ancestor.number,
            ancestor_hash=ancestor.hash,
            depth=left.number - ancestor.number,
            generation=generation,
        )

    def failed(self, error: Exception, failures: int, wait_s: float) -> None:
        """Tell of a failed pass."""
        self._last = None
        code = str(getattr(error, "code", type(error).__name__))
        self.write("retrying", code=code, said=str(error), failures=failures, wait_s=wait_s)

    def waiting(self, outcome: Outcome) -> None:
        """Tell that there is nothing to do, once for each time that this begins."""
        if outcome is not self._last:
            self._last = outcome
            self.write(outcome.value.replace(" ", "_"))
