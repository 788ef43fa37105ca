"""What is noted about the outbox: when its messages had been told, and how far others have read.

It owns their shape. It refuses messages, and what the chain decides: without these rows nothing is
lost but the leave to throw messages away.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column

from indexer.store.tables import of_mirror
from marketplace.storage.columns import BIG, TEXT

outbox_marks: Final = of_mirror(
    "outbox_marks",
    Column("next_seq", BIG, nullable=False, autoincrement=False, doc="all below it were told"),
    Column("told_at", BIG, nullable=False, doc="by then, by the later of two clocks, Unix s"),
    key=("next_seq",),
    checks={
        "next_seq": "next_seq >= 1",
        "told_at": "told_at >= 0",
    },
)

outbox_consumers: Final = of_mirror(
    "outbox_consumers",
    Column("name", TEXT, nullable=False, doc="what it calls itself"),
    Column("next_seq", BIG, nullable=False, doc="the first message that it still needs"),
    key=("name",),
    checks={
        "name": "length(name) BETWEEN 1 AND 64",
        "next_seq": "next_seq >= 1",
    },
)
