"""An indexer whose files may not grow beyond so many bytes, as on a disk that is full.

    python -m tests.integration.indexer.cramped BYTES run

What follows is as for `python -m indexer`. Whoever started it may give it more room (`give_room`).
"""

from __future__ import annotations

import resource
import sys

from indexer.commands.app import app


def give_room(pid: int, most_bytes: int = resource.RLIM_INFINITY) -> None:
    """Let the files of a process of this user grow to so many bytes, from now on."""
    # The hard limit stays: without it nobody could take the soft one back.
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (most_bytes, resource.RLIM_INFINITY))


if __name__ == "__main__":
    give_room(0, int(sys.argv[1]))
    app(sys.argv[2:], prog_name="python -m indexer")
