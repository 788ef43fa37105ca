"""What the auditor has found: how far the ledger was held against the chain, and what disagreed.

It owns their shape. It refuses what the chain decides: these rows say that somebody looked, and can
be thrown away and earned again.

Windows are cut at multiples of `WINDOW_BLOCKS`, whatever was audited at once, so that two mirrors
of one chain hold the same rows but for the last one, which is still growing.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column

from indexer.store.tables import of_mirror
from marketplace.storage.columns import BIG, TEXT, Bytes32

WINDOW_BLOCKS: Final = 10_000

audits: Final = of_mirror(
    "audits",
    Column("first_number", BIG, nullable=False, autoincrement=False),
    Column("last_number", BIG, nullable=False, doc="everything up to it was audited"),
    Column("last_hash", Bytes32, nullable=False),
    Column("config_hash", Bytes32, nullable=False, doc="of what was mirrored when it was audited"),
    Column("events", BIG, nullable=False, doc="since the beginning, not in the window alone"),
    Column("digest", Bytes32, nullable=False, doc="stands for every log up to the last block"),
    Column("owed", TEXT, nullable=False, doc="by currency, in canonical JSON"),
    key=("first_number",),
    checks={
        "first_number": "first_number >= 0",
        "last_number": "last_number >= first_number",
        "last_hash": "length(last_hash) = 32",
        "config_hash": "length(config_hash) = 32",
        "events": "events >= 0",
        "digest": "length(digest) = 32",
        "owed": "substr(owed, 1, 1) = '{'",
    },
)

audit_findings: Final = of_mirror(
    "audit_findings",
    Column("block_number", BIG, nullable=False),
    Column("what", TEXT, nullable=False, doc="what mirror and chain disagree about"),
    Column("mirrored", TEXT, nullable=False),
    Column("on_chain", TEXT, nullable=False),
    Column(
        "about", TEXT, nullable=True, doc="what was asked for, in canonical JSON, if it is known"
    ),
    Column("found_at", BIG, nullable=False, doc="by the indexer's clock, Unix seconds"),
    checks={
        "block_number": "block_number >= 0",
        "what": "length(what) >= 1",
        "about": "substr(about, 1, 1) = '{'",
        "found_at": "found_at >= 0",
    },
)
