from __future__ import annotations

import re
from pathlib import Path

import pytest

from marketplace.launch.schema import LISTS, SECTIONS, read_address
from marketplace.launch.units import Unclear

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


@pytest.mark.parametrize(
    "value",
    [
        5,
        "",
        "0x",
        "ada.eth",
        "0x23618e81E3f5cdF7f54C3d65f7FBc0aBf5B21E8",
        "23618e81E3f5cdF7f54C3d65f7FBc0aBf5B21E8f",
        "0x23618e81e3f5cdf7f54c3d65f7fbc0abf5b21e8f",
    ],
)
def test_what_is_not_surely_an_address_is_refused(value: object) -> None:
    with pytest.raises(Unclear):
        read_address(value)
