"""Telling several who watch: the journal, and the metrics where they are wanted.

Owns the handing on. Refuses to swallow what one of them raises.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from indexer.audit.background import AuditWatcher
from indexer.rpc.heads import HeadsWatcher
from indexer.sync.filling import FillWatcher
from indexer.sync.loop import LoopWatcher
from indexer.sync.steps import Watcher

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indexer.audit.auditor import Stretch
    from indexer.identity import Kind
    from indexer.rpc.errors import HeadsUnheard
    from indexer.rpc.values import BlockHeader, Mark
    from indexer.sync.outcomes import Outcome
    from indexer.sync.steps import Step
    from marketplace.domain.errors import ChainUnavailable


class Observer(Watcher, LoopWatcher, AuditWatcher, FillWatcher, HeadsWatcher, Protocol):
    """Is told everything: of passes, loop and auditor, of history that is filled in, of sockets."""


class Everybody:
    """Several observers as one; each is told in turn."""

    def __init__(self, *observers: Observer) -> None:
        self._observers = observers

    def reached(self, step: Step) -> None:
        """A pass has come to this step."""
        for one in self._observers:
            one.reached(step)

    def seen(self, head: BlockHeader) -> None:
        """The node has named its head."""
        for one in self._observers:
            one.seen(head)

    def added(self, headers: Sequence[BlockHeader], blocks: int, events: int) -> None:
        """A batch was committed; the last header is the head now."""
        for one in self._observers:
            one.added(headers, blocks, events)

    def rolled_back(self, left: Mark, ancestor: Mark, generation: int) -> None:
        """The head was left and the mirror stands at the ancestor."""
        for one in self._observers:
            one.rolled_back(left, ancestor, generation)

    def failed(self, error: Exception, failures: int, wait_s: float) -> None:
        """A pass failed; the next one comes after the wait."""
        for one in self._observers:
            one.failed(error, failures, wait_s)

    def waiting(self, outcome: Outcome) -> None:
        """There is nothing to do."""
        for one in self._observers:
            one.waiting(outcome)

    def audited(self, stretch: Stretch) -> None:
        """Some more blocks agree."""
        for one in self._observers:
            one.audited(stretch)

    def audit_failed(self, error: Exception, failures: int, wait_s: float) -> None:
        """A stretch could not be audited; the next try comes after the wait."""
        for one in self._observers:
            one.audit_failed(error, failures, wait_s)

    def filled(self, kind: Kind, next_block: int, events: int, *, of: int) -> None:
        """A range was filled in, up to and without `next_block`, of `of` in the end."""
        for one in self._observers:
            one.filled(kind, next_block, events, of=of)

    def joined(self, kind: Kind, head: int) -> None:
        """All of it is there; the contract is followed with the others."""
        for one in self._observers:
            one.joined(kind, head)

    def fill_failed(self, kind: Kind, error: ChainUnavailable, passes: int) -> None:
        """A step failed; the next one comes after so many passes."""
        for one in self._observers:
            one.fill_failed(kind, error, passes)

    def listening(self) -> None:
        """The node promises to tell of new heads."""
        for one in self._observers:
            one.listening()

    def unheard(self, error: HeadsUnheard, failures: int, wait_s: float) -> None:
        """It does not, or no longer; another socket is opened after the wait."""
        for one in self._observers:
            one.unheard(error, failures, wait_s)
