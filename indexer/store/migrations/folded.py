"""How migrations create a table of states or facts.

Owns the columns, key, indexes and CHECKs that all of them have. A step of the history says the
rest, in words of its own: the tables of the program may have changed since. Refuses to be changed
in what it makes: steps that databases have behind them rest on it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from alembic import op

from marketplace.storage.copying import copy_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_UINT256 = sa.Numeric(78, 0).with_variant(sa.LargeBinary(), "sqlite")
_TYPES: dict[str, sa.types.TypeEngine[Any]] = {
    "b": _BIG,
    "a": sa.LargeBinary(),
    "w": sa.LargeBinary(),
    "u": _UINT256,
    "t": _TEXT,
}


@dataclass(frozen=True, slots=True)
class Shape:
    """A table as a step of the history knows it.

    Attributes:
        columns: Kind and name of each, as in `b:seat a:owner`: b is a 64-bit number, a an address,
            w 32 bytes, u a uint256, t text.
        key: What names the thing; nothing for facts.
        once_a_block: Whether only the last state of a block is kept.
        indexes: Other ways to a row.
        checks: Further CHECKs by name.
    """

    columns: str
    key: tuple[str, ...] = ()
    once_a_block: bool = False
    indexes: tuple[str, ...] = ()
    checks: Mapping[str, str] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """Every column of its own, in order."""
        return tuple(name for _, name in self.typed)

    @property
    def typed(self) -> list[tuple[str, str]]:
        """Kind and name of each column of its own."""
        return [
            (kind, name) for kind, _, name in (one.partition(":") for one in self.columns.split())
        ]


def create(name: str, shape: Shape) -> None:
    """Create the table with its indexes; it is empty."""
    columns = [*shape.typed, ("b", "block_number"), ("b", "log_index"), ("w", "block_hash")]
    place = ["block_number"] if shape.once_a_block else ["block_number", "log_index"]
    op.create_table(
        name,
        sa.Column("chain_id", _BIG, nullable=False),
        sa.Column("contract_set", _TEXT, nullable=False),
        *(sa.Column(column, _TYPES[kind], nullable=False) for kind, column in columns),
        sa.PrimaryKeyConstraint("chain_id", "contract_set", *shape.key, *place),
        *(sa.CheckConstraint(rule, name=check) for check, rule in shape.checks.items()),
        *_kind_checks(columns),
        sqlite_strict=True,
    )
    for column in shape.indexes:
        op.create_index(f"{name}_{column}_idx", name, ["chain_id", "contract_set", column, *place])
    if shape.key:
        op.create_index(f"{name}_block_idx", name, ["chain_id", "contract_set", "block_number"])


def reshape(name: str, before: Shape, after: Shape, given: Mapping[str, str]) -> None:
    """Give a table another shape and keep its rows.

    Neither database changes a CHECK in place, and SQLite no table that has some, so the rows are
    copied out and back.

    Args:
        name: The table.
        before: Its shape now.
        after: Its shape from now on.
        given: SQL for each column that is new or whose values change.
    """
    kept = ("chain_id", "contract_set", "block_number", "log_index", "block_hash")
    columns = [*kept, *after.names]
    values = [*kept, *(given.get(one, one) for one in after.names)]
    copy = f"{name}_before"
    held = ", ".join([*kept, *before.names])
    op.execute(f"CREATE TABLE {copy} AS SELECT {held} FROM {name} WHERE 1 = 0")  # noqa: S608 - names of ours
    copy_rows(name, copy, columns=held, selected=held)
    op.drop_table(name)
    create(name, after)
    copy_rows(copy, name, columns=", ".join(columns), selected=", ".join(values))
    op.drop_table(copy)


def nobody() -> str:
    """Twenty zero bytes, as this database writes them."""
    zeros = "00" * 20
    postgres = op.get_bind().dialect.name == "postgresql"
    return f"'\\x{zeros}'::bytea" if postgres else f"x'{zeros}'"


def _kind_checks(columns: list[tuple[str, str]]) -> list[sa.CheckConstraint]:
    def each(kind: str, condition: str) -> str:
        return " AND ".join(condition.format(column) for one, column in columns if one == kind)

    checks = [
        sa.CheckConstraint(each("b", "{} >= 0"), name="not_negative"),
        sa.CheckConstraint(each("w", "length({}) = 32"), name="words"),
    ]
    if addresses := each("a", "length({}) = 20"):
        checks.append(sa.CheckConstraint(addresses, name="addresses"))
    postgres = op.get_bind().dialect.name == "postgresql"
    bounds = f"{{}} BETWEEN 0 AND {2**256 - 1}" if postgres else "length({}) = 32"
    checks += [
        sa.CheckConstraint(bounds.format(column), name=column)
        for kind, column in columns
        if kind == "u"
    ]
    return checks
