"""The runner itself, on a history made for it: a table is rebuilt, and steps fail."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import MetaData, text
from sqlalchemy.exc import DBAPIError

from marketplace.storage import copying
from marketplace.storage.engines import open_engine
from marketplace.storage.errors import RowsOrphanedError
from marketplace.storage.migrations import History
from marketplace.storage.transactions import reading, writing

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

ENV = "from marketplace.storage.environment import run\nrun()\n"

STEPS = {
    "toy_0001": """
        op.create_table("parents", sa.Column("id", sa.Integer, primary_key=True),
                        sa.Column("name", sa.Text))
        op.create_table("children", sa.Column("parent", sa.Integer,
                        sa.ForeignKey("parents.id", ondelete="CASCADE", name="children_fk")))
    """,
    # On SQLite this copies the parents, drops them and renames the copy.
    "toy_0002": """
        with op.batch_alter_table("parents") as parents:
            parents.alter_column("name", nullable=False)
    """,
    "toy_0003": """
        op.create_table("extra", sa.Column("id", sa.Integer))
        op.execute("SELECT no_such_function_at_all()")
    """,
    "toy_0004": """
        op.execute("DELETE FROM parents")
    """,
    "toy_0005": """
        op.create_table("copies", sa.Column("id", sa.Integer), sa.Column("name", sa.Text))
        copy_rows("parents", "copies", columns="name, id", selected="'of ' || name, id")
    """,
}


class Told:
    """Remembers what it is told of steps."""

    def __init__(self) -> None:
        self.steps: list[tuple[str, str, int, int]] = []
        self.copies: list[tuple[str, int, int, int]] = []

    def begun(self, step: str, what: str, number: int, of: int) -> None:
        self.steps.append((f"begun {step}", what, number, of))

    def copied(self, table: str, rows: int, done: int, of: int) -> None:
        self.copies.append((table, rows, done, of))

    def ended(self, step: str, number: int, of: int) -> None:
        self.steps.append((f"ended {step}", "", number, of))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    # A percent sign would be a variable to the parser of Alembic's configuration.
    folder = tmp_path / "100% ours"
    (folder / "versions").mkdir(parents=True)
    (folder / "env.py").write_text(ENV)
    return folder


def toy(folder: Path, *steps: str) -> History:
    before = None
    for step in steps:
        body = dedent(STEPS[step]).strip().replace("\n", "\n    ")
        (folder / "versions" / f"{step}.py").write_text(
            f'"""Step {step[-1]}.\n\nOf the toy."""\n'
            f"import sqlalchemy as sa\nfrom alembic import op\n"
            f"from marketplace.storage.copying import copy_rows\n"
            f"revision = {step!r}\ndown_revision = {before!r}\n"
            f"def upgrade():\n    {body}\n"
            f"def downgrade():\n    raise AssertionError\n"
        )
        before = step
    return History(store="toy", metadata=MetaData(), folder=folder, upgrade_with="toy.upgrade")


def with_a_family(engine: Engine, history: History) -> None:
    history.upgrade(engine, "toy_0001")
    with writing(engine) as connection:
        connection.execute(text("INSERT INTO parents VALUES (1, 'Ada')"))
        connection.execute(text("INSERT INTO children VALUES (1)"))


def test_rebuilding_a_table_keeps_the_rows_that_refer_to_it(
    empty_database: Engine, folder: Path
) -> None:
    history = toy(folder, "toy_0001", "toy_0002")
    with_a_family(empty_database, history)

    history.upgrade(empty_database)

    with reading(empty_database) as connection:
        assert connection.execute(text("SELECT parent FROM children")).scalars().all() == [1]
    with pytest.raises(DBAPIError), writing(empty_database) as connection:
        connection.execute(text("INSERT INTO children VALUES (2)"))


def test_a_step_that_fails_leaves_the_database_as_it_was(
    empty_database: Engine, folder: Path
) -> None:
    history = toy(folder, "toy_0001", "toy_0002", "toy_0003")
    with_a_family(empty_database, history)

    with pytest.raises(DBAPIError, match="no_such_function_at_all"):
        history.upgrade(empty_database)

    assert history.current(empty_database) == "toy_0001"
    with writing(empty_database) as connection:
        connection.execute(text("INSERT INTO parents VALUES (2, NULL)"))
        assert not connection.dialect.has_table(connection, "extra")


def test_a_step_that_would_orphan_rows_is_undone_on_sqlite(tmp_path: Path, folder: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'toy.sqlite'}")
    history = toy(folder, "toy_0001", "toy_0002", "toy_0004")
    with_a_family(engine, history)

    with pytest.raises(RowsOrphanedError, match="rows of children without their rows of parents"):
        history.upgrade(engine)

    with reading(engine) as connection:
        assert connection.execute(text("SELECT name FROM parents")).scalars().all() == ["Ada"]
    engine.dispose()


def test_the_alembic_command_is_sent_to_the_stores_own_calls(folder: Path) -> None:
    toy(folder, "toy_0001")
    config = Config()
    config.set_main_option("script_location", str(folder).replace("%", "%%"))

    with pytest.raises(RuntimeError, match="through the store's own upgrade"):
        command.upgrade(config, "head")


def test_each_step_is_told_before_and_after_it(empty_database: Engine, folder: Path) -> None:
    history, told = toy(folder, "toy_0001", "toy_0002", "toy_0004"), Told()
    history.upgrade(empty_database, "toy_0001")

    history.upgrade(empty_database, watcher=told)
    history.upgrade(empty_database, watcher=told)

    assert told.steps == [
        ("begun toy_0002", "Step 2.", 1, 2),
        ("ended toy_0002", "", 1, 2),
        ("begun toy_0004", "Step 4.", 2, 2),
        ("ended toy_0004", "", 2, 2),
    ]


def test_rows_are_copied_in_parts_that_are_told(
    empty_database: Engine, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "ROWS_AT_ONCE", 100)
    monkeypatch.setattr(copying, "PAGES_AT_ONCE", 1)
    history, told = toy(folder, "toy_0001", "toy_0005"), Told()
    history.upgrade(empty_database, "toy_0001")
    wanted = [(f"of {'x' * (number % 90)}", number) for number in range(1, 1_001) if number % 7]
    with writing(empty_database) as connection:
        rows = [{"id": number, "name": name[3:]} for name, number in wanted]
        connection.execute(text("INSERT INTO parents VALUES (:id, :name)"), rows)

    history.upgrade(empty_database, watcher=told)

    with reading(empty_database) as connection:
        found = connection.execute(text("SELECT name, id FROM copies ORDER BY id"))
        assert [tuple(row) for row in found] == wanted
    assert len(told.copies) > 5
    counts = [rows for _, rows, _, _ in told.copies]
    assert told.copies == [
        ("copies", rows, sum(counts[: place + 1]), len(wanted)) for place, rows in enumerate(counts)
    ]
    assert sum(counts) == len(wanted)


def test_of_a_table_without_rows_nothing_is_copied(empty_database: Engine, folder: Path) -> None:
    history, told = toy(folder, "toy_0001", "toy_0005"), Told()

    history.upgrade(empty_database, watcher=told)

    assert told.copies == []
