"""What is long over in wait-lists is forgotten, a few rows at a time and without waiting."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

import pytest
from sqlalchemy import delete, func, insert, select

from api.store.waiting_tables import wait_places, wait_turns
from marketplace.storage.transactions import reading, writing
from tests.integration.api.waiting import drop_with_turns, join, leave
from tests.integration.waiting_rows import WAITING_ROWS

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Table

    from tests.integration.api.live import Live

LONG_AGO: Final = timedelta(days=61)
LATELY: Final = timedelta(days=59)


def keep(live: Live, table: Table, count: int, since: timedelta) -> None:
    """Keep rows of a drop at whose wait-lists nobody looks; they ended so long ago."""
    over = live.clock() - since
    rows = [
        {
            **WAITING_ROWS[table],
            **live.parts.mirror_id.columns,
            "ended_at" if table is wait_places else "over_at": over,
            **(
                {"standing": number, "account": account(number)}
                if table is wait_places
                else {"seat": 7_100_000 + number}
            ),
        }
        for number in range(1, count + 1)
    ]
    with writing(live.parts.store) as connection:
        connection.execute(insert(table), rows)


def account(number: int) -> str:
    """Digits alone need no checksum."""
    return f"0x{number:040d}"


def left(live: Live, table: Table) -> int:
    """How many rows there are of that drop."""
    with reading(live.parts.store) as connection:
        found = connection.scalar(select(func.count()).select_from(table).filter_by(drop_id=7))
    assert found is not None
    return found


@pytest.mark.parametrize("table", [wait_places, wait_turns])
def test_what_is_long_over_is_forgotten_a_hundred_rows_at_a_time(
    live: Live, tmp_path: Path, table: Table
) -> None:
    drop = drop_with_turns(live, tmp_path)
    join(live, drop, "ada", "bo", "cleo")
    keep(live, table, 130, LONG_AGO)
    leave(live, drop, "ada")
    assert left(live, table) == 30
    leave(live, drop, "bo")
    assert left(live, table) == 0
    keep(live, table, 3, LATELY)
    leave(live, drop, "cleo")
    assert left(live, table) == 3


@pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
@pytest.mark.parametrize("table", [wait_places, wait_turns])
def test_nobody_waits_for_a_row_that_somebody_else_forgets(
    live: Live, tmp_path: Path, table: Table
) -> None:
    drop = drop_with_turns(live, tmp_path)
    join(live, drop, "ada")
    keep(live, table, 3, LONG_AGO)
    one = table.c.account == account(1) if table is wait_places else table.c.seat == 7_100_001
    with writing(live.parts.store) as connection:
        connection.execute(delete(table).where(one))
        leave(live, drop, "ada")
        assert left(live, table) == 1
    assert left(live, table) == 0
