"""Owns `seats new`: a launch file to start from.

Refuses to overwrite: what a mentor has written is never lost to a template.
"""

# Annotations are evaluated: typer reads them.

from pathlib import Path
from typing import Annotated

import typer

from marketplace.domain.errors import RuleViolated
from marketplace.launch.faults import LaunchFileUnreadable
from marketplace.launch.templates import TEMPLATES, template


class FileExists(RuleViolated):
    """Something is there already."""

    code = "file_exists"

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} exists already: name another file, or move it away.")


def _format(text: str) -> str:
    if text not in TEMPLATES:
        raise typer.BadParameter(f"{text!r} is no format: write {' or '.join(TEMPLATES)}.")
    return text


def new(
    form: Annotated[
        str,
        typer.Argument(parser=_format, metavar="FORMAT", help="drop-session or sprint-cohort."),
    ],
    file: Annotated[Path, typer.Argument(help="Where to write it.")],
) -> None:
    """Write a launch file to start from, with every field explained."""
    try:
        with file.open("x", encoding="utf-8") as target:
            target.write(template(form))
    except FileExistsError as error:
        raise FileExists(file) from error
    except OSError as error:
        why = f"cannot be written ({error.strerror or error})"
        raise LaunchFileUnreadable(str(file), why, "check the path and your permissions") from error
    typer.echo(f"Wrote {file}. Replace its texts and figures, then: seats plan {file}")
