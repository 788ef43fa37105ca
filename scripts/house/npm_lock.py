"""Strips addresses from package-lock.json; not every npm can be told to leave them out.

Refuses: touching versions and integrity hashes, which decide what is installed.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

ADDRESSES = ("resolved", "funding")
LOCK = Path(__file__).parents[2] / "package-lock.json"


def without_addresses(lock: str) -> str:
    """The same lock in npm's own layout, without the fields that hold addresses.

    Raises ValueError when an entry has an address but no integrity hash: only the
    address would then say what it is.
    """
    content = json.loads(lock)
    for name, entry in content["packages"].items():
        if "resolved" in entry and "integrity" not in entry:
            raise ValueError(f"{name} is locked by its address alone; take it from the registry.")
        for field in ADDRESSES:
            entry.pop(field, None)
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def main() -> int:
    """Rewrite the lock in place."""
    LOCK.write_text(without_addresses(LOCK.read_text(encoding="utf-8")), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
