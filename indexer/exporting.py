"""Tables of the mirror as files: CSV, or Parquet where pyarrow is installed.

Owns the forms of files, and that a file is whole or not there. Refuses to choose the moment: all
tables of one export are of one transaction, which is the caller's.

Numbers are numbers; amounts are decimal text, since no form of either file holds 256 bits;
addresses, hashes and bytes are 0x and hexadecimal digits.
"""

from __future__ import annotations

import csv
import os
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from indexer.reads.snapshots import columns_of
from marketplace.domain.errors import RuleViolated, typed_error

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

Form: TypeAlias = Literal["csv", "parquet"]
Row: TypeAlias = "tuple[int | str, ...]"

_AT_ONCE: Final = 10_000


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


def write_table(
    name: str, rows: Iterable[Row], file: Path, form: Form, told: Callable[[int], object]
) -> int:
    """Write a table; gives the number of rows. A file of that name is replaced at the end.

    Args:
        name: Of the table, for its columns.
        rows: With a value for each of them.
        file: Where.
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

    with _whole(file) as growing:
        if form == "csv":
            _write_csv(name, counted(), growing)
        else:
            _write_parquet(name, counted(), growing)
    return written


def _write_csv(name: str, batches: Iterable[list[Row]], file: Path) -> None:
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened, lineterminator="\n")
        writer.writerow(columns_of(name))
        for rows in batches:
            writer.writerows(rows)


def _write_parquet(name: str, batches: Iterable[list[Row]], file: Path) -> None:
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
def _whole(file: Path) -> Iterator[Path]:
    """A file beside it to write to, which takes its place when nothing failed."""
    growing = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        yield growing
        growing.replace(file)
    except OSError as error:
        fault = f"{error.strerror or type(error).__name__}; name another place"
        raise ExportUnusable(str(file), fault) from error
    finally:
        growing.unlink(missing_ok=True)
