"""Gathers the change notes of docs/changes into CHANGELOG.md under a version's heading.

A note is a file NAME.KIND.md; KIND decides its section. Refuses: inventing the version or
the text, and a run that would leave a note behind.
"""

from __future__ import annotations

import datetime as dt
import re
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
SECTIONS = {
    "added": "Added",
    "changed": "Changed",
    "fixed": "Fixed",
    "removed": "Removed",
    "security": "Security",
}
VERSION = re.compile(r"\d+\.\d+\.\d+")


class UnusableNoteError(ValueError):
    """A note that cannot be filed: its name has no known kind, or it is empty."""


@dataclass(frozen=True, slots=True)
class Note:
    """One change in its author's words; `kind` is a key of SECTIONS."""

    path: Path
    kind: str
    text: str


def read_notes(folder: Path) -> list[Note]:
    """All notes of a folder by name; raises UnusableNoteError at the first unusable one."""
    return [read_note(path) for path in sorted(folder.glob("*.md")) if path.name != "README.md"]


def read_note(path: Path) -> Note:
    """One note; its kind is the word before `.md`."""
    kind = Path(path.stem).suffix.removeprefix(".")
    text = " ".join(path.read_text(encoding="utf-8").split())
    if kind not in SECTIONS:
        raise UnusableNoteError(
            f"{path.name} has no known kind; call it NAME.KIND.md, KIND being one of "
            f"{', '.join(SECTIONS)}."
        )
    if not text:
        raise UnusableNoteError(f"{path.name} is empty; say what changed for its reader.")
    return Note(path, kind, text)


def release(notes: list[Note], version: str, day: dt.date) -> str:
    """The heading of a version with its sections, in the order of SECTIONS."""
    lines = [f"## {version} ({day.isoformat()})", ""]
    for kind, title in SECTIONS.items():
        texts = [note.text for note in notes if note.kind == kind]
        if texts:
            lines += [f"### {title}", "", *(f"- {text}" for text in texts), ""]
    return "\n".join(lines)


def insert_release(changelog: str, section: str) -> str:
    """The changelog with a new section before the newest one, or at its end."""
    head, mark, older = changelog.partition("\n## ")
    return f"{head.rstrip()}\n\n{section}{mark}{older}" if mark else f"{head.rstrip()}\n\n{section}"


def main(arguments: list[str]) -> int:
    """Write the release and remove its notes; returns 1 with a sentence when it cannot."""
    version = arguments[0] if arguments else ""
    if not VERSION.fullmatch(version):
        print("Name the release: make changes VERSION=1.2.0", file=sys.stderr)
        return 1
    try:
        notes = read_notes(ROOT / "docs" / "changes")
    except UnusableNoteError as error:
        print(error, file=sys.stderr)
        return 1
    if not notes:
        print("docs/changes holds no note; nothing to release.", file=sys.stderr)
        return 1
    changelog = ROOT / "CHANGELOG.md"
    section = release(notes, version, dt.datetime.now(tz=dt.UTC).date())
    changelog.write_text(
        insert_release(changelog.read_text(encoding="utf-8"), section), encoding="utf-8"
    )
    for note in notes:
        note.path.unlink()
    print(f"CHANGELOG.md now begins with {version}: {len(notes)} notes.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
