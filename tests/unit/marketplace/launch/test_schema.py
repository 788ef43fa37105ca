from __future__ import annotations

import re
from pathlib import Path

import pytest

from marketplace.launch.schema import LISTS, SECTIONS

GUIDE = Path(__file__).parents[4] / "docs" / "launch-file.md"
HEADS = {f"[{name}]": model for name, model in SECTIONS.items()} | {
    f"[[{name}]]": model for name, (model, _) in LISTS.items()
}
PARTS = dict(
    re.findall(
        r"^### `([^`]+)`.*?\n(.*?)(?=^#)", GUIDE.read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
)


def test_the_guide_has_every_table_and_no_other() -> None:
    assert set(PARTS) == set(HEADS)


@pytest.mark.parametrize("head", HEADS)
def test_the_guide_has_every_field_and_says_which_may_be_left_out(head: str) -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.*?) \|", PARTS[head], re.MULTILINE)
    assert {name: "optional" not in kind for name, kind in rows} == {
        name: field.is_required() for name, field in HEADS[head].model_fields.items()
    }
