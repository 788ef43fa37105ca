"""How the committed JSON files are written: sorted keys, one entry a line, a final newline.

Refuses indentation inside an entry: a changed ABI entry is one changed line.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

_DEPTH = 4


def render(document: Mapping[str, object]) -> str:
    """Write `document` deterministically; containers are opened down to four levels."""
    return f"{_lines(document, 0)}\n"


def _lines(value: object, depth: int) -> str:
    inner, outer = "  " * (depth + 1), "  " * depth
    if depth < _DEPTH and isinstance(value, Mapping) and value:
        members = [f"{json.dumps(key)}: {_lines(value[key], depth + 1)}" for key in sorted(value)]
        return "{\n" + ",\n".join(f"{inner}{member}" for member in members) + f"\n{outer}}}"
    if depth < _DEPTH and isinstance(value, Sequence) and not isinstance(value, str) and value:
        entries = [json.dumps(entry, ensure_ascii=False) for entry in value]
        return "[\n" + ",\n".join(f"{inner}{entry}" for entry in entries) + f"\n{outer}]"
    return json.dumps(value, ensure_ascii=False)
