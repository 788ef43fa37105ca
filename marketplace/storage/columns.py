"""Column types for values that SQL has no portable type for.

It owns how a value of the domain becomes a value of SQLite or PostgreSQL and back, and refuses,
with `ValueRefusedError`, everything that would not come back as it went in. Integers, text and
variable bytes need nothing from here but the names `BIG`, `TEXT` and `BYTES`, which are types that
SQLite's STRICT tables accept.

    type      in Python                       PostgreSQL      SQLite
    Uint256   int                             NUMERIC(78,0)   BLOB, 32 bytes, big-endian
    Bytes32   "0x" + 64 lower-case hex        BYTEA           BLOB, 32 bytes
    Address   checksummed text (ERC-55)       BYTEA           BLOB, 20 bytes
    UtcTime   aware datetime, in UTC          TIMESTAMPTZ     INTEGER, microseconds since 1970

Each length and bound is also a CHECK in the tables: rows come in past these types as well.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from eth_typing import ChecksumAddress
from eth_utils.address import to_checksum_address
from sqlalchemy import BigInteger, CheckConstraint, DateTime, Integer, LargeBinary, Numeric, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

from marketplace.storage.errors import ValueRefusedError

if TYPE_CHECKING:
    from decimal import Decimal

    from sqlalchemy.engine import Dialect

MAX_UINT256: Final = 2**256 - 1

BIG: Final = BigInteger().with_variant(Integer(), "sqlite")
"""A signed 64-bit integer: block numbers, indexes, counters, seconds. Never an amount."""

# Byte order everywhere: faster keys, and no index that a new collation version would corrupt.
TEXT: Final = Text().with_variant(Text(collation="C"), "postgresql")
"""Text of any length, compared byte by byte."""

BYTES: Final = LargeBinary()
"""Bytes of any length."""

# The names are written into databases: changing one here is a migration of every constraint.
NAMING: Final = {
    "pk": "%(table_name)s_pk",
    "uq": "%(table_name)s_%(column_0_N_name)s_key",
    "fk": "%(table_name)s_%(referred_table_name)s_fk",
    "ck": "%(table_name)s_%(constraint_name)s",
    "ix": "%(table_name)s_%(column_0_N_name)s_idx",
}
"""How every constraint and index is named, so that both databases and all migrations agree."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_HASH: Final = re.compile(r"0x[0-9a-f]{64}")
_ADDRESS: Final = re.compile(r"0x[0-9a-fA-F]{40}")


class Uint256(TypeDecorator[int]):
    """A whole number from 0 to 2**256 - 1, exact and ordered by size in both databases.

    SQLite has no number that wide. Big-endian bytes of one length sort as the numbers do, and
    take 32 bytes where decimal text padded to sort would take 78.
    """

    impl: TypeEngine[Any] | type[TypeEngine[Any]] = LargeBinary
    cache_ok: bool | None = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the database's own form."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(Numeric(78, 0))
        return dialect.type_descriptor(LargeBinary())

    def process_bind_param(self, value: object, dialect: Dialect) -> int | bytes | None:
        """Refuse what is not a uint256; return the database's form of the rest."""
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool):
            raise ValueRefusedError("Uint256", f"it is a {type(value).__name__}, not an int")
        if not 0 <= value <= MAX_UINT256:
            raise ValueRefusedError("Uint256", f"{value} is outside 0 to 2**256 - 1")
        return value if dialect.name == "postgresql" else value.to_bytes(32, "big")

    def process_result_value(
        self,
        value: Decimal | bytes | None,
        dialect: Dialect,  # noqa: ARG002 - SQLAlchemy fixes the signature
    ) -> int | None:
        """Return the number as a Python int."""
        if isinstance(value, bytes):
            return int.from_bytes(value, "big")
        return None if value is None else int(value)


class Bytes32(TypeDecorator[str]):
    """A hash or another word of 32 bytes; in Python ``0x`` and 64 lower-case hex digits."""

    impl: TypeEngine[Any] | type[TypeEngine[Any]] = LargeBinary
    cache_ok: bool | None = True

    def process_bind_param(
        self,
        value: object,
        dialect: Dialect,  # noqa: ARG002 - SQLAlchemy fixes the signature
    ) -> bytes | None:
        """Refuse other lengths, bytes and upper case, so that one word has one spelling."""
        if value is None:
            return None
        if not isinstance(value, str) or not _HASH.fullmatch(value):
            raise ValueRefusedError("Bytes32", f"{value!r} is not 0x and 64 lower-case hex digits")
        return bytes.fromhex(value[2:])

    def process_result_value(
        self,
        value: bytes | None,
        dialect: Dialect,  # noqa: ARG002 - SQLAlchemy fixes the signature
    ) -> str | None:
        """Return the hex spelling."""
        return None if value is None else "0x" + value.hex()


class Address(TypeDecorator[ChecksumAddress]):
    """An account or contract; checksummed text (ERC-55) in Python, compared as bytes in SQL."""

    impl: TypeEngine[Any] | type[TypeEngine[Any]] = LargeBinary
    cache_ok: bool | None = True

    def process_bind_param(
        self,
        value: object,
        dialect: Dialect,  # noqa: ARG002 - SQLAlchemy fixes the signature
    ) -> bytes | None:
        """Refuse every spelling but the checksummed one: others are put right at the edge."""
        if value is None:
            return None
        if not isinstance(value, str) or not _ADDRESS.fullmatch(value):
            raise ValueRefusedError("Address", f"{value!r} is not 0x and 40 hex digits")
        raw = bytes.fromhex(value[2:])
        if _checksummed(raw) != value:
            raise ValueRefusedError("Address", f"{value} does not carry its ERC-55 checksum")
        return raw

    def process_result_value(
        self,
        value: bytes | None,
        dialect: Dialect,  # noqa: ARG002 - SQLAlchemy fixes the signature
    ) -> ChecksumAddress | None:
        """Return the checksummed spelling."""
        return None if value is None else _checksummed(bytes(value))


class UtcTime(TypeDecorator[datetime]):
    """A moment, to the microsecond; an aware datetime in UTC on the way out.

    The first and the last day of the calendar (years 1 and 9999) cannot be read back from
    PostgreSQL in every time zone that its server may be set to.
    """

    impl: TypeEngine[Any] | type[TypeEngine[Any]] = DateTime
    cache_ok: bool | None = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the database's own form."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(DateTime(timezone=True))
        return dialect.type_descriptor(Integer())

    def process_bind_param(self, value: object, dialect: Dialect) -> datetime | int | None:
        """Refuse a datetime that does not say which moment it is."""
        if value is None:
            return None
        if not isinstance(value, datetime) or value.utcoffset() is None:
            raise ValueRefusedError("UtcTime", f"{value!r} is not a datetime with a time zone")
        if dialect.name == "postgresql":
            return value.astimezone(UTC)
        # Whole division of timedeltas: a float of seconds would lose microseconds.
        return (value - _EPOCH) // _MICROSECOND

    def process_result_value(
        self,
        value: datetime | int | None,
        dialect: Dialect,  # noqa: ARG002 - SQLAlchemy fixes the signature
    ) -> datetime | None:
        """Return the moment in UTC, whatever zone the connection is set to."""
        if value is None:
            return None
        if isinstance(value, datetime):
            return value.astimezone(UTC)
        return _EPOCH + value * _MICROSECOND


def uint256_bounds(column: str, name: str) -> tuple[CheckConstraint, CheckConstraint]:
    """Return the CHECKs that hold a `Uint256` column's bounds, one for each database.

    NUMERIC(78,0) reaches beyond 2**256 and knows NaN, which sorts above every number; a BLOB has
    any length. `name` is the constraint's name.
    """
    return (
        CheckConstraint(f"{column} BETWEEN 0 AND {MAX_UINT256}", name=name).ddl_if("postgresql"),
        CheckConstraint(f"length({column}) = 32", name=name).ddl_if("sqlite"),
    )


@lru_cache(maxsize=65_536)
def _checksummed(raw: bytes) -> ChecksumAddress:
    return to_checksum_address(raw)
