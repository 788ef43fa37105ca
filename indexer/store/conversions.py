r"""How a column of values is told to a driver, and how it is read when it comes back.

Owns the forms of `marketplace.storage.columns` for thousands of values at once, and refuses what
those refuse. PostgreSQL is told in the text form of COPY, SQLite in Python's own types. Refuses
statements: `bulk` has those.

    type        SQLite              COPY
    BIG         int                 digits
    TEXT        str                 text, its backslashes and tabs escaped
    BYTES       bytes               \x and hex
    Address     20 bytes            \x and hex
    Bytes32     32 bytes            \x and hex
    Uint256     32 bytes            digits
"""

from __future__ import annotations

from decimal import Decimal
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from sqlalchemy import BigInteger, LargeBinary, Text
from sqlalchemy.engine.default import DefaultDialect

from marketplace.storage.columns import MAX_UINT256, Address, Bytes32, Uint256
from marketplace.storage.errors import ValueRefusedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from sqlalchemy import Table

Turn: TypeAlias = "Callable[[Sequence[Any]], Iterable[Any]]"
"""Turns a column of values, of which there is at least one, into another form."""

POSTGRES: Final = "postgresql"

_OCTETS: Final = 32
_ADDRESS: Final = Address()
_WORD: Final = Bytes32()
# No column type looks at it for what is asked of it here.
_ANY: Final = DefaultDialect()


@cache
def bound(table: Table, dialect: str) -> tuple[Turn, ...]:
    """For each column of a table, how a driver is given its values."""
    turns = _COPIED if dialect == POSTGRES else _BOUND
    return tuple(turns[_kind(column.type)] for column in table.columns)


@cache
def asked(table: Table, names: tuple[str, ...], dialect: str) -> tuple[Turn, ...]:
    """For some columns of a table, how a driver is given values to look for."""
    turns = {**_BOUND, Uint256: _decimal} if dialect == POSTGRES else _BOUND
    return tuple(turns[_kind(table.c[name].type)] for name in names)


@cache
def array_kinds(table: Table, names: tuple[str, ...]) -> tuple[str, ...]:
    """For some columns of a table, PostgreSQL's name of what their values are."""
    return tuple(_NAMED[_kind(table.c[name].type)] for name in names)


@cache
def heard(table: Table, names: tuple[str, ...]) -> tuple[Turn, ...]:
    """For some columns of a table, how what a driver gives is read."""
    return tuple(_reader(table.c[name].type) for name in names)


@lru_cache(maxsize=65_536)
def octets_of_address(value: str) -> bytes:
    """The 20 bytes of a checksummed address. Raises ValueRefusedError."""
    return _given(_ADDRESS.process_bind_param(value, _ANY), value)


@lru_cache(maxsize=65_536)
def octets_of_word(value: str) -> bytes:
    """The bytes of 0x and 64 hex digits. Raises ValueRefusedError."""
    try:
        octets = bytes.fromhex(value[2:])
    except (TypeError, ValueError):
        octets = b""
    # Written back it is the same: then it is what the column type takes, found in a third of the
    # time.
    if len(octets) == _OCTETS and f"0x{octets.hex()}" == value:
        return octets
    return _given(_WORD.process_bind_param(value, _ANY), value)


def escaped(value: str) -> str:
    """Text as COPY reads it."""
    if "\\" not in value and "\t" not in value and "\n" not in value and "\r" not in value:
        return value
    return (
        value.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
    )


def _given(value: bytes | None, told: object) -> bytes:
    if value is None:
        raise ValueRefusedError("a column", f"it is {told!r}")
    return value


def _kind(column_type: object) -> type:
    kinds = (Address, Bytes32, Uint256, BigInteger, Text, LargeBinary)
    return next(kind for kind in kinds if isinstance(column_type, kind))


@lru_cache(maxsize=65_536)
def _address_copied(value: str) -> str:
    return f"\\\\x{octets_of_address(value).hex()}"


@lru_cache(maxsize=65_536)
def _word_copied(value: str) -> str:
    return f"\\\\x{octets_of_word(value).hex()}"


def _exact(values: Sequence[int]) -> Iterable[int]:
    # A driver looks longer at a subclass, such as SeatId; a column is of one class.
    return values if type(values[0]) is int else map(int, values)


def _wide(values: Iterable[int]) -> list[bytes]:
    try:
        return [value.to_bytes(32, "big") for value in values]
    except (OverflowError, AttributeError) as error:
        raise ValueRefusedError("Uint256", "it is outside 0 to 2**256 - 1") from error


def _decimal(values: Iterable[int]) -> Iterable[Decimal]:
    # Of a list of whole numbers a driver looks at each for the least type that holds it.
    return map(Decimal, values)


def _wide_copied(values: Sequence[int]) -> Iterable[str]:
    try:
        fits = min(values) >= 0 and max(values) <= MAX_UINT256
    except TypeError as error:
        raise ValueRefusedError("Uint256", "it is no whole number") from error
    if not fits:
        raise ValueRefusedError("Uint256", "it is outside 0 to 2**256 - 1")
    return map(str, values)


def _reader(column_type: Any) -> Turn:  # noqa: ANN401 - of any column
    if isinstance(column_type, Address | Bytes32 | Uint256):
        read = lru_cache(maxsize=65_536)(column_type.process_result_value)
        return lambda values: [read(value, _ANY) for value in values]
    if isinstance(column_type, LargeBinary):
        return lambda values: map(bytes, values)
    return lambda values: values


_BOUND: Final[Mapping[type, Turn]] = {
    BigInteger: _exact,
    Text: lambda values: values,
    LargeBinary: lambda values: values,
    Address: lambda values: map(octets_of_address, values),
    Bytes32: lambda values: map(octets_of_word, values),
    Uint256: _wide,
}
_NAMED: Final[Mapping[type, str]] = {
    BigInteger: "bigint",
    Text: "text",
    LargeBinary: "bytea",
    Address: "bytea",
    Bytes32: "bytea",
    Uint256: "numeric",
}
_COPIED: Final[Mapping[type, Turn]] = {
    BigInteger: lambda values: map(str, values),
    Text: lambda values: map(escaped, values),
    LargeBinary: lambda values: [f"\\\\x{value.hex()}" for value in values],
    Address: lambda values: map(_address_copied, values),
    Bytes32: lambda values: map(_word_copied, values),
    Uint256: _wide_copied,
}
