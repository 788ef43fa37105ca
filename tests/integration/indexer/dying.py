"""An indexer that sends itself a signal when a pass comes to a step.

    python -m tests.integration.indexer.dying STEP SIGKILL|SIGSTOP

Its settings are those of `python -m indexer`. It refuses to get past that step unharmed even once.
"""

from __future__ import annotations

import os
import signal
import sys

from indexer import process
from indexer.journal import Journal
from indexer.settings import IndexerSettings
from indexer.sync.steps import Step
from indexer.waking import Stopper


class Fatal(Journal):
    """A journal that ends or stops the process at a step."""

    deadly = Step(sys.argv[1])
    blow = signal.Signals[sys.argv[2]]

    def reached(self, step: Step) -> None:
        if step is self.deadly:
            os.kill(os.getpid(), self.blow)


if __name__ == "__main__":
    process.run(IndexerSettings(), Fatal(sys.stderr, process.now), Stopper(), process.now)
