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


def test_each_decision_record_has_a_number_of_its_own() -> None:
    records = [
        path
        for path in DOCUMENTS
        if path.parent == Path("docs/decisions") and path.name != "README.md"
    ]
    numbers = [path.name[:4] for path in records]
    assert [
        path.name for path in records if not re.match(r"\d{4}-[a-z0-9-]+\.md$", path.name)
    ] == []
    assert len(numbers) == len(set(numbers)), numbers
    untitled = [path.name for path in records if not read(path).startswith(f"# {path.name[:4]}: ")]
    assert untitled == []
