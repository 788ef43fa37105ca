"""Owns where `python -m marketplace.devnet` begins: Ctrl-C ends it quietly from its first moment.

Refuses to import anything heavy before that is so; its arguments are in `arguments`.
"""

from __future__ import annotations

import sys

from marketplace.starting import INTERRUPTED, interruptible


def main() -> int:
    """Serve a development chain until it is stopped; gives the exit status."""
    try:
        with interruptible():
            from marketplace.devnet.arguments import main as run  # noqa: PLC0415 - heavy, guarded
        return run()
    except KeyboardInterrupt:
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
