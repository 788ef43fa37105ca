"""`export`: tables of the mirror as files, all of one moment.

Owns the options, the moment and what is told. Refuses the node.
"""

# Annotations are evaluated: typer reads them.

import re
from pathlib import Path
from typing import Annotated, Final, cast

import typer
from sqlalchemy import Connection

from indexer.commands.progress import progressing
from indexer.commands.telling import AsJson, Config, opened, settings_of, tell, telling
from indexer.exporting import (
    ExportUnusable,
    Form,
    alone_in,
    forget_snapshot,
    forget_snapshot_of,
    require_form,
    write_snapshot,
    write_table,
)
from indexer.identity import MirrorId
from indexer.reads.levels import Level, block_of, mirror_status
from indexer.reads.messages import next_seq_after
from indexer.reads.snapshots import NAMES, count_of, names_of, require_whole, rows_of
from marketplace.storage.transactions import reading

_FORMS: Final = ("csv", "parquet")
_NUMBER: Final = re.compile(r"[0-9]{1,18}", re.ASCII)


def _moment(text: str) -> str:
    if _NUMBER.fullmatch(text) is None and text not in tuple(Level):
        raise typer.BadParameter(
            f"{text!r} is neither a block's number nor latest, safe or finalized."
        )
    return text


def _table(text: str) -> str:
    if text not in NAMES:
        raise typer.BadParameter(f"{text!r} is no table; there are {', '.join(NAMES)}.")
    return text


def _form(text: str) -> str:
    if text not in _FORMS:
        raise typer.BadParameter(f"{text!r} is neither csv nor parquet.")
    return text


def export(
    to: Annotated[
        Path, typer.Option("--to", help="A folder; a file NAME.csv or NAME.parquet for one table.")
    ],
    *,
    tables: Annotated[
        list[str] | None,
        typer.Option(
            "--table", parser=_table, metavar="NAME", help="Which; may be repeated. All if left out"
        ),
    ] = None,
    form: Annotated[
        str | None, typer.Option("--format", parser=_form, metavar="FORM", help="csv or parquet.")
    ] = None,
    at: Annotated[
        str,
        typer.Option(
            parser=_moment, metavar="LEVEL|BLOCK", help="latest, safe, finalized or a block."
        ),
    ] = "latest",
    as_json: AsJson = False,
    config: Config = None,
) -> None:
    """Write tables as they were at a level or a block, all of one moment of the mirror."""
    with telling():
        settings = settings_of(config)
        names = tuple(dict.fromkeys(tables or NAMES))
        chosen = cast("Form", form or (to.suffix[1:] if to.suffix[1:] in _FORMS else "csv"))
        files = _files(to, names, chosen)
        require_form(chosen)
        mirror = MirrorId(settings.chain_id, settings.contract_set)
        moment = int(at) if _NUMBER.fullmatch(at) else Level(at)
        folder = to.parent if _is_file(to) else to
        with (
            alone_in(folder, one_file=_is_file(to)) as held,
            opened(settings) as engine,
            reading(engine) as connection,
        ):
            block = block_of(connection, mirror, moment)
            names = names if tables else names_of(connection, mirror)
            for name in names:
                require_whole(connection, mirror, name, block)
            status = mirror_status(connection, mirror)
            rows = _counted(connection, mirror, names, block)
            next_seq = next_seq_after(connection, mirror, block)
            # A snapshot of before must not speak for a table of now, whatever becomes of the rest.
            if _is_file(to):
                forget_snapshot_of(held, to)
            else:
                forget_snapshot(held)
            with progressing("rows exported", rows) as told:
                written = {
                    name: write_table(
                        name,
                        rows_of(connection, mirror, name, block),
                        held,
                        files[name],
                        chosen,
                        told,
                    )
                    for name in names
                }
            snapshot = {
                "chain_id": mirror.chain_id,
                "contract_set": mirror.contract_set,
                "block": block,
                "head": status.head.number,
                "head_hash": status.head.hash,
                "generation": status.generation,
                "next_seq": next_seq,
                "format": chosen,
                "rows": written,
            }
            if not _is_file(to):
                write_snapshot(held, snapshot)
        tell(snapshot, as_json=as_json)


def _counted(connection: Connection, mirror: MirrorId, names: tuple[str, ...], block: int) -> int:
    """How many rows there are to write; of large tables that takes a while too."""
    rows = 0
    with progressing("tables counted", len(names)) as told:
        for name in names:
            rows += count_of(connection, mirror, name, block)
            told(1)
    return rows


def _is_file(to: Path) -> bool:
    return to.suffix[1:] in _FORMS


def _files(to: Path, names: tuple[str, ...], form: Form) -> dict[str, str]:
    """What each table's file is called; the folder is there afterwards. Raises ExportUnusable."""
    if _is_file(to):
        if len(names) > 1:
            raise ExportUnusable(str(to), "a file holds one table: name one (--table), or a folder")
        if to.suffix[1:] != form:
            raise ExportUnusable(str(to), f"its name does not end with .{form}")
        return {names[0]: to.name}
    try:
        to.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        fault = f"{error.strerror or type(error).__name__}; name a folder"
        raise ExportUnusable(str(to), fault) from error
    return {name: f"{name}.{form}" for name in names}
