from __future__ import annotations

import re
from pathlib import Path

from tests.meta.repository import read, with_suffix

FOLDER = Path("docs/decisions")
PAGE = FOLDER / "README.md"


def as_row(record: Path) -> str:
    title = read(record).partition("\n")[0].partition(": ")[2]
    return f"| {record.name[:4]} | [{title}]({record.name}) |"


def test_every_record_stands_in_the_page_with_its_title() -> None:
    told = re.findall(r"^\| \d{4} \|.*$", read(PAGE), re.MULTILINE)

    records = (path for path in with_suffix(".md") if path.parent == FOLDER and path != PAGE)
    assert told == [as_row(record) for record in sorted(records)]
