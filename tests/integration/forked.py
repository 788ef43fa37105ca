"""A program for the tests of forks: it says what it was given, then ends as its argument says."""

from __future__ import annotations

import json
import os
import signal
import sys

if __name__ == "__main__":
    given = {
        "arguments": sys.argv[1:],
        "environment": dict(os.environ),
        "read already": "colorsys" in sys.modules,
    }
    print(json.dumps(given), flush=True)  # noqa: T201 - it speaks on standard output
    sys.stderr.write("and more\n")
    sys.stderr.flush()
    if sys.argv[1] == "wait":
        signal.pause()
    sys.exit(int(sys.argv[1]))
