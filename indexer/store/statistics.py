"""How full PostgreSQL believes the tables to be, while a history is read into them.

A table that the server has not looked at counts as all but empty, and it looks by itself a minute
later at the earliest. Until then it sorts all states of a thing to find the last one, and holds
every event against every block to roll back. Owns asking it to look. Refuses to wait for a table
that somebody else has it look at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from indexer.store.fold_tables import FOLDED
from indexer.store.tables import blocks, events, outbox
from marketplace.storage.errors import DatabaseUnreachableError, StorageError
from marketplace.storage.transactions import writing

if TYPE_CHECKING:
    from sqlalchemy import Engine

_TARGET: Final = 10
"""As `default_statistics_target`, for which 3,000 rows of a table are read and not 30,000: how full
it is, and of how many things, shows in these too, while history waits. What is asked of the tables
goes by keys, for which that is enough: the server looks again by itself only at those that are not
partitioned, once a tenth of them is new."""

_TABLES: Final = ", ".join(table.name for table in (blocks, events, outbox, *FOLDED))


def gather(engine: Engine) -> None:
    """Have the server look at the mirror's tables; on SQLite nothing is done.

    A role that may not is told so in the server's log, and nothing else happens. Nor does anything
    where the look itself fails, as by the server's limit of time: it makes later questions quicker,
    and none right. A look that was broken off stands in the server's log too.

    Raises DatabaseUnreachableError.
    """
    if engine.dialect.name != "postgresql":
        return
    try:
        with writing(engine) as connection:
            connection.execute(text(f"SET LOCAL default_statistics_target = {_TARGET}"))
            connection.execute(text(f"ANALYZE (SKIP_LOCKED) {_TABLES}"))
    except DatabaseUnreachableError:
        raise
    except (StorageError, DBAPIError):
        return
