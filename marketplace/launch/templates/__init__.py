"""The files that a mentor starts from, one for each format.

Owns their names and texts. Refuses to fill anything in: a template is a launch file without faults
whose words are to be replaced, and the tests read it as one.
"""

from __future__ import annotations

from importlib.resources import files
from typing import Final

TEMPLATES: Final = ("drop-session", "sprint-cohort")


def template(name: str) -> str:
    """The text of a template; `KeyError` when there is none of this name."""
    if name not in TEMPLATES:
        raise KeyError(name)
    return files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8")
