"""`python -m indexer`: run the mirror, bring its tables up, or say where it stands.

Owns the command line and what is told at its end. Refuses options for settings: they come from
`SEATS_INDEXER_*`, because a node's address and a database's hold secrets that a command line shows
to everybody on the machine.
"""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer
from pydantic import ValidationError

from indexer import process
from indexer.identity import MirrorId
from indexer.journal import Journal
from indexer.process import Stopper, exit_code, stopping_by_signal
from indexer.reads.levels import mirror_status
from indexer.settings import IndexerSettings
from indexer.store.history import MIRROR
from marketplace.domain.errors import SeatmarketError
from marketplace.domain.times import utc_text
from marketplace.storage.engines import open_engine
from marketplace.storage.errors import StorageError
from marketplace.storage.transactions import reading

if TYPE_CHECKING:
    from collections.abc import Iterator

    from indexer.reads.levels import MirrorStatus

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)


@app.command()
def run() -> None:
    """Mirror the chain until SIGINT or SIGTERM; one line of JSON for each thing that happens."""
    with _telling():
        settings = IndexerSettings()
        stopper = Stopper()
        with stopping_by_signal(stopper):
            process.run(settings, Journal(sys.stderr, process.now), stopper, process.now)


@app.command()
def upgrade() -> None:
    """Bring the tables to this program's version; stop their other users and back them up first."""
    with _telling():
        engine = open_engine(IndexerSettings().database.get_secret_value())
        MIRROR.upgrade(engine)
        engine.dispose()


@app.command()
def status(
    as_json: Annotated[bool, typer.Option("--json", help="One line of JSON.")] = False,  # noqa: FBT002 - how typer declares a flag
) -> None:
    """Say where the mirror stands, without asking the node."""
    with _telling():
        settings = IndexerSettings()
        engine = open_engine(settings.database.get_secret_value())
        MIRROR.require_current(engine)
        with reading(engine) as connection:
            found = mirror_status(connection, MirrorId(settings.chain_id, settings.contract_set))
        engine.dispose()
        told = described(found, process.now())
        if as_json:
            sys.stdout.write(json.dumps(told) + "\n")
            return
        width = max(map(len, told))
        sys.stdout.writelines(
            f"{name:<{width}}  {'-' if value is None else value}\n" for name, value in told.items()
        )


def described(found: MirrorStatus, now: float) -> dict[str, str | int | bool | None]:
    """A mirror's status as names and values; None where it is not level with its node."""
    level_at = found.level_at
    return {
        "head": found.head.number,
        "head_hash": found.head.hash,
        "head_time": utc_text(found.head.timestamp_s),
        "level_at": None if level_at is None else utc_text(level_at),
        "lag_s": None if level_at is None else max(0, int(now) - level_at),
        "safe": found.safe.number,
        "finalized": found.finalized.number,
        "generation": found.generation,
        "next_seq": found.next_seq,
        "live": found.live,
    }


@contextmanager
def _telling() -> Iterator[None]:
    """Turn an error into one sentence on standard error and an exit code."""
    try:
        yield
    except ValidationError as error:
        wrong = "; ".join(
            f"SEATS_INDEXER_{str(fault['loc'][0]).upper()}: {_said(fault['msg'])}"
            for fault in error.errors(include_input=False)
        )
        sys.stderr.write(f"The indexer's settings do not fit: {wrong}.\n")
        raise typer.Exit(process.INPUT) from error
    except (SeatmarketError, StorageError) as error:
        sys.stderr.write(f"{error}\n")
        raise typer.Exit(exit_code(error)) from error


def _said(message: str) -> str:
    # What pydantic puts before a check of ours says nothing to a person.
    return message.removeprefix("Value error, ").rstrip(".")


if __name__ == "__main__":
    app()
