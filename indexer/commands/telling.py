"""What all commands share: where settings come from, and how an error ends one.

Owns the option `--config`, one sentence for an error, and its exit code. Refuses to hide a defect:
an error outside the one hierarchy keeps its traceback.
"""

# Annotations are evaluated: typer reads them.

import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Engine

from indexer.configuration import CONFIG_VARIABLE, load_settings
from indexer.process import exit_code
from indexer.settings import IndexerSettings
from indexer.store.history import MIRROR
from indexer.store.locks import LABEL
from marketplace.domain.errors import SeatmarketError
from marketplace.domain.texts import printable
from marketplace.storage.engines import LABEL as ENGINES
from marketplace.storage.engines import open_engine

Config = Annotated[
    Path | None,
    typer.Option(
        "--config",
        envvar=CONFIG_VARIABLE,
        help="TOML file of settings; SEATS_INDEXER_<NAME> goes before it.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="One line of JSON.")]


def settings_of(config: Path | None) -> IndexerSettings:
    """Read the settings; raises as `load_settings`."""
    return load_settings(config, os.environ)


@contextmanager
def opened(settings: IndexerSettings, life: str | None = None) -> Iterator[Engine]:
    """Open the mirror's database for the length of the block.

    `life` names a process that wants to lead. Raises StorageError, for tables of another version
    too.
    """
    engine = open_engine(
        settings.database.get_secret_value(),
        busy_timeout_ms=settings.busy_timeout_ms,
        label=ENGINES if life is None else f"{LABEL}{life}",
    )
    try:
        MIRROR.require_current(engine)
        yield engine
    finally:
        engine.dispose()


@contextmanager
def telling() -> Iterator[None]:
    """Turn an error into one sentence on standard error and an exit code."""
    try:
        yield
    except SeatmarketError as error:
        # Lines are ours, as the settings' are; what stands in them may be a node's.
        said = "\n".join(map(printable, str(error).split("\n")))
        sys.stderr.write(f"{said}\n")
        raise typer.Exit(exit_code(error)) from error


def tell(told: Mapping[str, object], *, as_json: bool) -> None:
    """Write an answer: one line of JSON, or a line for each of its members.

    A member that has members of its own is a table of them.
    """
    if as_json:
        sys.stdout.write(json.dumps(told) + "\n")
        return
    for line in _lines(told):
        sys.stdout.write(f"{line}\n")


def _lines(told: Mapping[str, object]) -> Iterator[str]:
    width = max(map(len, told), default=0)
    for name, value in told.items():
        named = name.replace("_", " ")
        if isinstance(value, Mapping):
            yield named
            yield from (f"  {line}" for line in _lines(_aligned(value)))
        elif value is not None:
            yield f"{named:{width}}  {_shown(value)}"


def _aligned(told: Mapping[str, object]) -> Mapping[str, object]:
    """Counts with their last digits below each other, and a mark between thousands."""
    if not all(type(value) is int for value in told.values()):
        return told
    counts = {name: f"{value:,}" for name, value in told.items()}
    width = max(map(len, counts.values()), default=0)
    return {name: count.rjust(width) for name, count in counts.items()}


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return printable(str(value))
