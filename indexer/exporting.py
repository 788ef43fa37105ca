"""Tables of the mirror as files: CSV, or Parquet where pyarrow is installed.

Owns the forms of files, that a file is whole or not there, and that `snapshot.json` speaks for no
table of another moment: it goes before the first table is written, and comes after the last, and
one export at a time writes into a folder.
Refuses to choose the moment: all tables of one export are of one transaction, the caller's.

Numbers are numbers; amounts are decimal text, since no form of either file holds 256 bits;
addresses, hashes and bytes are 0x and hexadecimal digits.
"""

from __future__ import annotations

import csv
import fcntl
import json
import os
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from io import TextIOWrapper
from itertools import islice
from secrets import token_hex
from typing import TYPE_CHECKING, BinaryIO, Final, Literal, TypeAlias

from indexer.reads.snapshots import columns_of
from marketplace.domain.errors import RuleViolated, typed_error

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

Form: TypeAlias = Literal["csv", "parquet"]
Row: TypeAlias = "tuple[int | str, ...]"

_AT_ONCE: Final = 10_000
_SNAPSHOT: Final = "snapshot.json"


@typed_error
class ParquetMissing(RuleViolated):
    """What writes Parquet is not installed."""

    code = "parquet_missing"

    def _sentence(self) -> str:
        return (
            "Parquet is written by pyarrow, which is not installed: "
            "`pip install -e '.[parquet]'`, or export as CSV."
        )


@typed_error
class ExportUnusable(RuleViolated):
    """The files cannot be written there."""

    code = "export_unusable"

    place: str
    fault: str

    def _sentence(self) -> str:
        return f"Nothing can be exported to {self.place}: {self.fault}."


def require_form(form: Form) -> None:
    """Return when files of this form can be written. Raises ParquetMissing."""
    if form == "parquet":
        try:
            import pyarrow  # noqa: F401, ICN001, PLC0415 - an extra, asked for only where it is needed
        except ImportError as error:
            raise ParquetMissing from error


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder that is held open: all goes there, and nothing to one that has taken its place.

    Attributes:
        path: What it was called.
        handle: The system's number for it.
    """

    path: Path
    handle: int


@contextmanager
def alone_in(folder: Path, *, one_file: bool) -> Iterator[Folder]:
    """Let nobody else export into a folder while the block lasts.

    The lock is the system's own: it ends with the process, however that ends. Where only a file of
    its own is written (`one_file`), others may do the same.

    Raises:
        ExportUnusable: another process exports into it, or there is no such folder.
    """
    try:
        held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise _unusable(folder, error) from error
    try:
        try:
            fcntl.flock(held, fcntl.LOCK_NB | (fcntl.LOCK_SH if one_file else fcntl.LOCK_EX))
        except BlockingIOError as error:
            fault = "another export writes there; wait until it has ended, or name another folder"
            raise ExportUnusable(str(folder), fault) from error
        except OSError as error:
            raise _unusable(folder, error) from error
        yield Folder(folder, held)
    finally:
        os.close(held)


def write_table(
    name: str,
    rows: Iterable[Row],
    folder: Folder,
    file: str,
    form: Form,
    told: Callable[[int], object],
) -> int:
    """Write a table; gives the number of rows. A file of that name is replaced at the end.

    Args:
        name: Of the table, for its columns.
        rows: With a value for each of them.
        folder: Where.
        file: What it is called there.
        form: How.
        told: Is told how many more rows are written, now and then.

    Raises:
        ExportUnusable: the file cannot be written.
    """
    written = 0

    def counted() -> Iterator[list[Row]]:
        nonlocal written
        waiting = iter(rows)
        while some := list(islice(waiting, _AT_ONCE)):
            yield some
            written += len(some)
            told(len(some))

    with _whole(folder, file) as growing:
        if form == "csv":
            _write_csv(name, counted(), growing)
        else:
            _write_parquet(name, counted(), growing)
    return written


def forget_snapshot(folder: Folder) -> None:
    """Let a folder say of no table any more of which moment it is. Raises ExportUnusable."""
    try:
        with suppress(FileNotFoundError):
            os.unlink(_SNAPSHOT, dir_fd=folder.handle)
    except OSError as error:
        raise _unusable(folder.path / _SNAPSHOT, error) from error


def forget_snapshot_of(folder: Folder, table: Path) -> None:
    """Forget the snapshot beside a file that is to be written, if it speaks for that file.

    Raises ExportUnusable.
    """
    try:
        with open(_SNAPSHOT, "rb", opener=partial(os.open, dir_fd=folder.handle)) as opened:
            told = json.loads(opened.read())
    except (OSError, ValueError):
        # There is none of ours.
        return
    rows = told.get("rows") if isinstance(told, dict) else None
    form = table.suffix[1:]
    if isinstance(rows, dict) and table.stem in rows and told.get("format", form) == form:
        forget_snapshot(folder)


def write_snapshot(folder: Folder, snapshot: Mapping[str, object]) -> None:
    """Say of which moment the tables in a folder are. Raises ExportUnusable."""
    with _whole(folder, _SNAPSHOT) as growing:
        growing.write(f"{json.dumps(snapshot)}\n".encode())


def _write_csv(name: str, batches: Iterable[list[Row]], file: BinaryIO) -> None:
    with TextIOWrapper(file, encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened, lineterminator="\n")
        writer.writerow(columns_of(name))
        for rows in batches:
            writer.writerows(rows)


def _write_parquet(name: str, batches: Iterable[list[Row]], file: BinaryIO) -> None:
    import pyarrow as pa  # noqa: PLC0415 - an extra, asked for only where it is needed
    from pyarrow import parquet  # noqa: PLC0415 - the same

    columns = columns_of(name)
    schema = pa.schema(
        [(one, pa.int64() if kind is int else pa.string()) for one, kind in columns.items()]
    )
    with parquet.ParquetWriter(file, schema) as writer:
        for rows in batches:
            arrays = [pa.array(values, of.type) for values, of in zip(zip(*rows), schema)]  # noqa: B905 - one array for each column of the rows
            writer.write_table(pa.table(arrays, schema=schema))


@contextmanager
def _whole(folder: Folder, file: str) -> Iterator[BinaryIO]:
    """A file beside it to write to, which takes its place when nothing failed."""
    # Of a name that nobody else gives: on two machines, or in two containers, processes may have
    # the same number.
    growing = f".{file}.{token_hex(8)}"
    try:
        with open(growing, "xb", opener=partial(os.open, mode=0o666, dir_fd=folder.handle)) as it:
            yield it
        os.replace(growing, file, src_dir_fd=folder.handle, dst_dir_fd=folder.handle)
    except OSError as error:
        raise _unusable(folder.path / file, error) from error
    finally:
        # Where there is no folder, nothing is there to be taken away either.
        with suppress(OSError):
            os.unlink(growing, dir_fd=folder.handle)


def _unusable(file: Path, error: OSError) -> ExportUnusable:
    fault = f"{error.strerror or type(error).__name__}; name another place"
    return ExportUnusable(str(file), fault)
