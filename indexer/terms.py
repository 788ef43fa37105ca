"""One process over one mirror: stand by, lead, and stand by again, until it is stopped.

Owns the order of terms and what ends one. A failure of node or database while it stands by, or
while it begins to lead, is waited out with the lead left to others; what happens while it leads is
`indexer.sync.loop`'s. Refuses to know what is checked before leading.

    no one leads                       lead
    another leads                      stand by, look again and again
    the fence was raised by another    write nothing, stand by
    the lead is lost                   finish the pass, stand by
    the same, and it does not stand by finish the pass, end: the other one was wished for
    the node is of no use              leave the lead to others until it answers
    its clock has fallen behind        the same, where it agreed with ours before
    it cannot settle a disagreement    leave the lead to others for a while
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from indexer.rpc.errors import ClockAhead
from indexer.store.checkpoints import FenceLost
from indexer.sync.loop import follow
from marketplace.domain.errors import ChainUnavailable, MirrorInconsistent, typed_error
from marketplace.storage.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from indexer.journal import Journal
    from indexer.leading import Lead
    from indexer.sync.loop import LoopWatcher, Pace
    from indexer.sync.shell import Shell
    from indexer.waking import Stopper, Term


@typed_error
class LeadTaken(MirrorInconsistent):
    """Another indexer has taken the lead, and this one was told not to stand by."""

    code = "lead_taken"

    def _sentence(self) -> str:
        return (
            "Another indexer has taken over the lead of this mirror, and this one does not stand "
            "by: it has stopped. Let it stand by if both shall run (SEATS_INDEXER_STAND_BY=true)."
        )


_BORNE: Final = 2
"""How many times as long as a silent leader a silent node is borne: it may only be restarting."""


@dataclass(frozen=True, slots=True)
class Reign:
    """One term's work: passes over the mirror, and what runs beside them while it lasts.

    Attributes:
        beside: Gives False where no pass is to be begun, since the node was left before.
    """

    shell: Shell
    beside: AbstractContextManager[bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What a process needs to lead.

    Attributes:
        check: Refuses what could never lead; an error of the node's may pass.
        begin: Checks again and raises the fence. It is told how many seconds a node is borne that
            names no head; None: for ever.
    """

    check: Callable[[], object]
    begin: Callable[[float | None], Reign]


class Terms:
    """The terms of one process; `stand_by` is whether it waits while another leads."""

    def __init__(
        self,
        lead: Lead,
        stopper: Stopper,
        pace: Pace,
        journal: Journal,
        watcher: LoopWatcher,
        *,
        stand_by: bool,
    ) -> None:
        self._lead = lead
        self._stopper = stopper
        self._pace = pace
        self._journal = journal
        self._watcher = watcher
        self._stand_by = stand_by
        self._bears_s = _BORNE * lead.lease_s if stand_by else None
        self._standing_by = False
        self._settled = False
        self._doubts_node = False
        self._failures = 0
        self._without_database_s = 0.0

    def serve(self, work: Work) -> None:
        """Mirror whenever this process leads, until somebody wishes to stop.

        Raises:
            RuleViolated: the node, the contract or the configuration is not the right one.
            MirrorInconsistent: stop; FenceLost and LeadTaken only where it does not stand by.
            StorageError: the database failed at the start, or for longer than the patience.
        """
        while not self._stopper.is_stopped():
            begun, left = False, False
            try:
                if not self._has_the_lead(work):
                    continue
                with self._lead.kept(self._stopper) as term:
                    reign = work.begin(self._bears_s)
                    begun = True
                    self._settle()
                    self._standing_by = False
                    with reign.beside as is_settled:
                        left = not (is_settled and self._follow(reign, term))
                if term.is_lost and not self._stand_by and not self._stopper.is_stopped():
                    # It would be seized back, and taken again, without an end.
                    raise LeadTaken
                if left:
                    self._leave()
            except FenceLost as error:
                if not self._stand_by:
                    raise
                self._journal.write("fenced", mine=error.mine, found=error.found)
                # Whoever raised the fence without the lead shall have it first.
                self._stopper.wait(self._lead.lease_s)
            except (ChainUnavailable, ClockAhead, StorageError) as error:
                # Clocks that agreed when it began may agree again: it may be the node's that is
                # wrong, as after its machine slept.
                if begun or (isinstance(error, ClockAhead) and not self._settled):
                    raise
                self._doubts_node |= self._stand_by and not isinstance(error, StorageError)
                self._wait_out(error)

    def _follow(self, reign: Reign, term: Term) -> bool:
        return follow(reign.shell, term, self._pace, self._watcher, self._bears_s)

    def _leave(self) -> None:
        self._journal.write("lead_left")
        self._doubts_node = True
        # Whoever stands by shall have it first.
        self._stopper.wait(self._lead.lease_s)

    def _has_the_lead(self, work: Work) -> bool:
        if self._doubts_node:
            # Not with the lead in hand: it may take a silent node for as long as others wait.
            work.check()
            self._doubts_node = False
        if self._lead.take():
            return True
        if not self._stand_by:
            return self._lead.seize(self._stopper)
        if not self._standing_by:
            # Found out now, and not when it is needed.
            work.check()
            self._journal.write("standing_by")
            self._standing_by = True
        self._settle()
        self._stopper.wait(self._lead.look_s)
        return False

    def _settle(self) -> None:
        self._settled = True
        self._failures = 0
        self._without_database_s = 0.0

    def _wait_out(self, error: ChainUnavailable | ClockAhead | StorageError) -> None:
        self._failures += 1
        wait_s = self._pace.after(self._failures)
        if isinstance(error, StorageError):
            self._without_database_s += wait_s
            patient = self._settled and self._without_database_s <= self._pace.database_patience_s
            if not (patient and error.retry_helps):
                raise error
        self._watcher.failed(error, self._failures, wait_s)
        self._stopper.wait(wait_s)
