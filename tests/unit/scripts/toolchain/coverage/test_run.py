from __future__ import annotations

from typing import TYPE_CHECKING

from scripts.toolchain.coverage.branches import MARK
from scripts.toolchain.coverage.run import numbers_told, read_sources

if TYPE_CHECKING:
    from pathlib import Path

OUTPUT = f"""
Ran 2 tests for tests/contracts/A.t.sol:ATest
[PASS] test_Once() (gas: {MARK + 7})
Logs:
  {MARK + 2}
  {MARK + 12}
  {MARK + 2}
  a test's own: {MARK + 3}
  4
Suite result: ok. 2 passed; 0 failed; 0 skipped; finished in 4.20ms (6.75ms CPU time)
"""


def test_marks_are_told_from_everything_else_that_is_said() -> None:
    assert numbers_told(OUTPUT) == {2, 12}


def test_sources_are_all_but_the_interfaces(tmp_path: Path) -> None:
    for name in ("B.sol", "rooms/A.sol", "interfaces/IA.sol", "rooms/note.md"):
        path = tmp_path / "contracts" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    assert read_sources(tmp_path, "contracts") == {
        "contracts/B.sol": "B.sol",
        "contracts/rooms/A.sol": "rooms/A.sol",
    }
