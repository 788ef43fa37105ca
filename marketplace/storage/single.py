"""A single question: one SELECT, asked by the driver, compiled once and answered of one moment.

Owns what SQLAlchemy would do anew for each question: compiling the statement, turning what is given
into the database's values and what comes back into ours. Both are done by the statement's own
types, so that an answer is the same as in a transaction of `marketplace.storage.transactions`.
Refuses two statements: what several answers must agree about is asked in a transaction.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import psycopg
from psycopg.types.numeric import Int8
from sqlalchemy import Integer, Numeric, TypeDecorator

from marketplace.storage.direct import DIRECT, POSTGRES, Direct, Link
from marketplace.storage.transactions import fault_of, is_lost, translated
from marketplace.storage.waiting import WouldWaitError, is_prompt

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy import Engine, Select
    from sqlalchemy.engine import Dialect
    from sqlalchemy.types import TypeEngine

Turn: TypeAlias = "Callable[[Any], Any]"

_PRIMARY: Final = 0xFF
_IN_THE_WAY: Final = frozenset(
    {sqlite3.SQLITE_INTERRUPT, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
)
"""Faults of SQLite that say nothing but that this takes longer than it may on a loop."""


def rows_of(
    engine: Engine, statement: Select[Any], given: Mapping[str, object]
) -> list[tuple[Any, ...]]:
    """Ask a question, which is a moment of its own; gives its rows.

    Args:
        engine: Of `marketplace.storage.engines.open_engine`.
        statement: Built once and for all: what was compiled of it is kept as long as the engine.
            What changes from question to question is a bound parameter.
        given: The value of each parameter.

    Raises:
        WouldWaitError: the work under way must not wait, and this would.
        DatabaseUnreachableError, DatabaseLockedError, DatabaseDamagedError, TableMissingError: as
            `reading` does.
        ValueRefusedError: a value is not of its parameter's type.
    """
    direct: Direct = engine.get_execution_options()[DIRECT]
    question = direct.compiled.get(statement)
    if question is None:
        question = direct.compiled[statement] = _compiled(statement, _dialect(engine))
    bound = question.bound(given)
    if is_prompt() and engine.dialect.name == POSTGRES:
        return question.read(direct.pipelines.here().rows(question.text, bound))
    try:
        try:
            found = _asked(engine, direct, question, bound)
        except psycopg.OperationalError as error:
            if not is_lost(error):
                raise
            # What was kept open was of a server that has gone since. Nothing was done: once more.
            direct.close()
            found = _asked(engine, direct, question, bound)
    except (sqlite3.Error, psycopg.Error) as error:
        ours = fault_of(engine, error, reads=True)
        if ours is None:
            raise
        raise ours from error
    return question.read(found)


def _asked(
    engine: Engine, direct: Direct, question: _Question, bound: list[object]
) -> list[tuple[Any, ...]]:
    with translated(engine):
        link = direct.lend(engine)
    try:
        found = question.fetched(link, bound)
    except BaseException as error:
        direct.drop(link)
        if link.hurries and getattr(error, "sqlite_errorcode", 0) & _PRIMARY in _IN_THE_WAY:
            raise WouldWaitError from error
        raise
    direct.take_back(link)
    return found


@dataclass(frozen=True, slots=True)
class _Question:
    """A compiled statement.

    Attributes:
        text: As the driver takes it.
        places: The parameters' names in the order of the text.
        fixed: The values that the statement has itself, by name.
        turns: Of each other parameter, how its value is told to the database; None: as it is.
        read_by: Of the columns that are not read as they come, the place and how they are.
    """

    text: str
    places: tuple[str, ...]
    fixed: Mapping[str, object]
    turns: tuple[tuple[str, Turn | None], ...]
    read_by: tuple[tuple[int, Turn], ...]

    def bound(self, given: Mapping[str, object]) -> list[object]:
        values = {**self.fixed}
        for name, turn in self.turns:
            values[name] = given[name] if turn is None else turn(given[name])
        return [values[name] for name in self.places]

    def fetched(self, link: Link, bound: list[object]) -> list[tuple[Any, ...]]:
        if link.asking is not None:
            return link.asking.rows(self.text, bound)
        found: list[tuple[Any, ...]] = link.cursor.execute(self.text, bound).fetchall()
        return found

    def read(self, found: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        return [self._row(row) for row in found]

    def _row(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        values = list(row)
        for place, turn in self.read_by:
            values[place] = turn(values[place])
        return tuple(values)


def _dialect(engine: Engine) -> Dialect:
    if engine.dialect.name != POSTGRES:
        return engine.dialect
    # The server's own places, $1 and so on: what is sent is what was compiled.
    numbered: Any = type(engine.dialect)
    dialect: Dialect = numbered(paramstyle="numeric_dollar")
    return dialect


def _turn(kind: TypeEngine[Any], dialect: Dialect) -> Turn | None:
    """How a value of a type is told to the database."""
    told = kind.dialect_impl(dialect)
    turn = told.bind_processor(dialect)
    plain = told.impl_instance if isinstance(told, TypeDecorator) else told
    if dialect.name != POSTGRES or not isinstance(plain, Integer | Numeric):
        return turn
    # psycopg chooses a kind by a number's size, and for each mix of kinds the server keeps a plan:
    # those who ask choose the numbers.
    kept: Callable[[int], object] = Int8 if isinstance(plain, Integer) else Decimal

    def told_alike(value: object) -> object:
        turned = value if turn is None else turn(value)
        return kept(turned) if isinstance(turned, int) else turned

    return told_alike


def _compiled(statement: Select[Any], dialect: Dialect) -> _Question:
    compiled = statement.compile(dialect=dialect)
    binds = {name: compiled.binds[name] for name in compiled.params}
    fixed, turns = {}, []
    for name, parameter in binds.items():
        turn = _turn(parameter.type, dialect)
        if parameter.required:
            turns.append((name, turn))
        else:
            fixed[name] = parameter.value if turn is None else turn(parameter.value)
    readers = (
        column.type.dialect_impl(dialect).result_processor(dialect, None)
        for column in statement.selected_columns
    )
    return _Question(
        str(compiled),
        tuple(compiled.positiontup or ()),
        fixed,
        tuple(turns),
        tuple((place, turn) for place, turn in enumerate(readers) if turn is not None),
    )
