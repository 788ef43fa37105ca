"""A list of accounts as people keep it: comma-separated text, one account a line.

Owns reading it and every fault with its line. The first column holds the account; others are notes
and are not read. A first line that says `account` or `address` is a heading, blank lines and lines
that begin with # are passed over. Refuses to stop at the first fault, and to guess: an account
listed twice or mistyped is a question for whoever made the list.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from marketplace.bindings.addresses import InvalidAddress, parse_address
from marketplace.domain.addresses import ZERO_ADDRESS
from marketplace.domain.errors import RuleViolated

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from marketplace.domain.addresses import ChecksumAddress

MAX_BYTES: Final = 16 * 1024 * 1024
"""About a quarter of a million accounts with a short note each."""

_HEADINGS: Final = frozenset({"account", "address"})
_SHOWN: Final = 20
"""More faults than this say that the file is another one; the rest is counted."""


@dataclass(frozen=True, slots=True)
class ListFault:
    """One thing that is wrong; `line` counts from 1, `why` is a clause with what to do."""

    line: int
    why: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.why}."


class AllowlistUnusable(RuleViolated):
    """A list of accounts cannot be used.

    Attributes:
        path: As it was given.
        faults: All that were found, in the order of the text; empty where there is no text.
    """

    code = "allowlist_unusable"

    def __init__(self, path: str, why: str, faults: tuple[ListFault, ...] = ()) -> None:
        shown = "".join(f"\n  {fault}" for fault in faults[:_SHOWN])
        more = f"\n  and {len(faults) - _SHOWN} more." if len(faults) > _SHOWN else ""
        super().__init__(f"The allowlist {path} {why}{shown}{more}")
        self.path = path
        self.faults = faults


def read_accounts(path: Path) -> tuple[ChecksumAddress, ...]:
    """Read the accounts of a file, in its order. Raises AllowlistUnusable."""
    try:
        with path.open("rb") as file:
            octets = file.read(MAX_BYTES + 1)
    except OSError as error:
        why = f"cannot be read ({error.strerror}): check its path."
        raise AllowlistUnusable(str(path), why) from error
    if len(octets) > MAX_BYTES:
        raise AllowlistUnusable(str(path), f"has more than {MAX_BYTES} bytes: split the list.")
    try:
        text = octets.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise AllowlistUnusable(str(path), "is not UTF-8 text: save it as that.") from error
    return parse_accounts(str(path), text)


def parse_accounts(path: str, text: str) -> tuple[ChecksumAddress, ...]:
    """Read the accounts of a text; `path` is for messages. Raises AllowlistUnusable."""
    lines: dict[ChecksumAddress, int] = {}
    faults = []
    for line, cell in _cells(path, text):
        try:
            account = parse_address(cell)
        except InvalidAddress as error:
            faults.append(ListFault(line, error.sentence.rstrip(".")))
            continue
        if account == ZERO_ADDRESS:
            faults.append(ListFault(line, f"{account} is nobody: remove it"))
        elif account in lines:
            faults.append(
                ListFault(line, f"{account} stands in line {lines[account]} already: keep one")
            )
        else:
            lines[account] = line
    if faults:
        count = "one fault" if len(faults) == 1 else f"{len(faults)} faults"
        raise AllowlistUnusable(path, f"has {count}:", tuple(faults))
    if not lines:
        raise AllowlistUnusable(path, "lists nobody: write one account a line.")
    return tuple(lines)


def _cells(path: str, text: str) -> Iterator[tuple[int, str]]:
    """The first column of each line that counts, with the line's number."""
    rows = csv.reader(io.StringIO(text, newline=""), strict=True, skipinitialspace=True)
    first = True
    while True:
        line = rows.line_num + 1
        try:
            row = next(rows, None)
        except csv.Error as error:
            fault = ListFault(line, f"it cannot be taken apart ({error}): write one account a line")
            raise AllowlistUnusable(path, "has one fault:", (fault,)) from error
        if row is None:
            return
        cell = row[0].strip() if row else ""
        if not any(one.strip() for one in row) or cell.startswith("#"):
            continue
        if not (first and cell.lower() in _HEADINGS):
            yield line, cell
        first = False
