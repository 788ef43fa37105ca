"""What the indexer tells while it runs: one line of JSON for each thing that happened.

Owns the form of a line, who writes it, and how many could not be written. Refuses secrets:
addresses of nodes and databases are never told, and an error is told by its sentence, which holds
none.

A line has `at` (UTC), `event`, and the event's own fields:
`{"at":"2027-01-31T18:00:00Z","event":"added","blocks":1,"events":3,"head":120,…}`. Which events
there are, and their fields, stands in docs/indexer.md; neither is renamed. Lines come from several
threads: the loop's, the auditor's, the pruner's, the keeper's of the lead and the listener's to
heads.
"""

from __future__ import annotations

import json
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, TextIO

from indexer.sync.progress import Rate
from marketplace.domain.times import utc_text

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from indexer.audit.auditor import Stretch
    from indexer.identity import Kind
    from indexer.rpc.errors import HeadsUnheard
    from indexer.rpc.values import BlockHeader, Mark
    from indexer.sync.outcomes import Outcome
    from indexer.sync.steps import Step
    from marketplace.domain.errors import ChainUnavailable


class Journal:
    """Watches passes, the loop and the auditor, and writes lines.

    Args:
        stream: Where to.
        clock: Gives Unix seconds.
        max_ahead_s: How far in the future a head may be before the clock is called wrong; None:
            however far.
        steady: Gives seconds that nobody sets, by which rates are measured.
    """

    def __init__(
        self,
        stream: TextIO,
        clock: Callable[[], float],
        max_ahead_s: int | None = None,
        *,
        steady: Callable[[], float] = monotonic,
    ) -> None:
        self._stream = stream
        self._clock = clock
        self._max_ahead_s = max_ahead_s
        self._steady = steady
        self._rates: dict[str, Rate] = {}
        self._last: Outcome | None = None
        self._clock_is_wrong = False
        self._lacks_state = False
        self._one_at_a_time = Lock()
        self._lost = 0
        self._count_lost: Callable[[int], object] | None = None

    def counted_by(self, count: Callable[[int], object]) -> None:
        """Let lines that are lost be counted: those that were lost until now, and each that is."""
        with self._one_at_a_time:
            self._count_lost = count
            count(self._lost)

    def write(self, event: str, **fields: str | float | bool) -> None:
        """Write one line; one that cannot be written is lost, and nothing else is."""
        try:
            self._tell(event, **fields)
        except OSError:
            # No room, or nobody who reads: the mirror does not depend on what is told of it.
            with self._one_at_a_time:
                self._lost += 1
                if self._count_lost is not None:
                    self._count_lost(1)

    def _tell(self, event: str, **fields: str | float | bool) -> None:
        told = {"at": utc_text(int(self._clock())), "event": event, **fields}
        line = json.dumps(told, separators=(",", ":")) + "\n"
        with self._one_at_a_time:
            self._stream.write(line)
            self._stream.flush()

    def started(self, **fields: str | float) -> None:
        """Tell that this process leads now."""
        self._last = None
        self._rates.clear()
        self.write("started", **fields)

    def reached(self, step: Step) -> None:
        """Do nothing: steps are for watchers that measure."""

    def seen(self, head: BlockHeader) -> None:
        """Tell that the clock must be wrong, once for each time that this begins."""
        ahead_s = head.timestamp_s - int(self._clock())
        wrong = self._max_ahead_s is not None and ahead_s > self._max_ahead_s
        if wrong and not self._clock_is_wrong:
            self.write("clock_wrong", head=head.number, ahead_s=ahead_s)
        self._clock_is_wrong = wrong

    def added(self, headers: Sequence[BlockHeader], blocks: int, events: int) -> None:
        """Tell of a batch; `lag_s` is how old the new head is."""
        self._last, last = None, headers[-1]
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

    def filled(self, kind: Kind, next_block: int, events: int, *, of: int) -> None:
        """Tell of history that an added contract was given, up to block `of` in the end."""
        rate = self._rate(f"filled {kind.value}", next_block, of, events)
        self.write("filled", kind=kind.value, next_block=next_block, of=of, events=events, **rate)

    def joined(self, kind: Kind, head: int) -> None:
        """Tell that an added contract is followed from now on."""
        self.write("joined", kind=kind.value, head=head)

    def fill_failed(self, kind: Kind, error: ChainUnavailable, passes: int) -> None:
        """Tell that an added contract's history did not come, and when it is asked for again."""
        code = type(error).code
        self.write("fill_failed", kind=kind.value, code=code, said=str(error), passes=passes)

    def rebuilt(self, folds: Collection[str], events: int, *, done: int, of: int) -> None:
        """Tell of events that were folded again, for tables that an older fold had made."""
        rate = self._rate("rebuilt", done, of, events)
        names = " ".join(sorted(folds))
        complete = done == of
        self.write(
            "rebuilt", folds=names, events=events, done=done, of=of, **rate, complete=complete
        )

    def failed(self, error: Exception, failures: int, wait_s: float) -> None:
        """Tell of a failed pass."""
        self._last = None
        code = str(getattr(error, "code", type(error).__name__))
        self.write("retrying", code=code, said=str(error), failures=failures, wait_s=wait_s)

    def listening(self) -> None:
        """Tell that the node promises to tell of new heads."""
        self.write("listening")

    def unheard(self, error: HeadsUnheard, failures: int, wait_s: float) -> None:
        """Tell that it does not, or no longer."""
        self.write("unheard", code=error.code, said=str(error), failures=failures, wait_s=wait_s)

    def waiting(self, outcome: Outcome) -> None:
        """Tell that there is nothing to do, once for each time that this begins."""
        if outcome is not self._last:
            self._last = outcome
            self.write(outcome.value.replace(" ", "_"))

    def audited(self, stretch: Stretch) -> None:
        """Tell of blocks that agree, and once when the node lacks the state that they led to."""
        audited, last = stretch.audited, stretch.audited.last.number
        rate = self._rate("audited", last, stretch.final, stretch.events)
        self.write(
            "audited",
            first=stretch.blocks[0],
            last=last,
            of=stretch.final,
            hash=audited.last.hash,
            events=stretch.events,
            answers=stretch.claims or 0,
            digest=audited.digest,
            **rate,
        )
        if stretch.claims is None and not self._lacks_state:
            self.write("audit_without_state", block=last)
        self._lacks_state = stretch.claims is None

    def audit_failed(self, error: Exception, failures: int, wait_s: float) -> None:
        """Tell of a stretch that could not be audited."""
        code = str(getattr(error, "code", type(error).__name__))
        self.write("audit_retrying", code=code, said=str(error), failures=failures, wait_s=wait_s)

    def _rate(self, what: str, done: int, of: int, events: int) -> dict[str, int]:
        return self._rates.setdefault(what, Rate(self._steady)).went_on(done, of, events)
