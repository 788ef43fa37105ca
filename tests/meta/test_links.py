from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.meta.repository import ROOT, read, with_suffix

LINK = re.compile(r"\[[^\]]*\]\((?!https?:|mailto:)(?P<target>[^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
DOCUMENTS = with_suffix(".md")


def anchors(document: Path) -> set[str]:
    """The anchors that a reader's page makes from the headings of a document."""
    headings = re.findall(r"^#+ +(.+)$", FENCE.sub("", read(document)), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def broken_links(document: Path) -> list[str]:
    """Relative links that lead to no file, or to no heading in it."""
    broken = []
    for found in LINK.finditer(FENCE.sub("", read(document))):
        name, _, anchor = found["target"].partition("#")
        target = document.parent / name if name else document
        resolved = (ROOT / target).resolve()
        if not resolved.exists() or (anchor and anchor not in anchors(resolved.relative_to(ROOT))):
            broken.append(found["target"])
    return broken


def test_there_are_documents_to_look_at() -> None:
    assert Path("CONTRIBUTING.md") in DOCUMENTS


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_relative_links_lead_somewhere(document: Path) -> None:
    assert broken_links(document) == []


def test_decision_records_are_numbered_without_a_gap() -> None:
    records = [path.name for path in DOCUMENTS if path.parent == Path("docs/decisions")]
    numbers = sorted(name[:4] for name in records if name != "README.md")
    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]
