"""Owns where the installed command `seats` begins: Ctrl-C ends it quietly from its first moment.

Refuses to import anything heavy before that is so; what the command does is in `scripts.cli`.
"""

from __future__ import annotations

import sys

from marketplace.starting import INTERRUPTED, interruptible


def main() -> None:
    """Run one command; ends the process with its exit code."""
    try:
        with interruptible():
            from scripts.cli import main as run  # noqa: PLC0415 - takes a second, guarded
        run()
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


if __name__ == "__main__":
    main()
