"""`python -m indexer`: run the mirror, look at it, verify, rebuild and export it.

Owns nothing but being where that begins; the commands are in `indexer.commands`.
"""

from __future__ import annotations

from indexer.commands.app import app

if __name__ == "__main__":
    app(prog_name="python -m indexer")
