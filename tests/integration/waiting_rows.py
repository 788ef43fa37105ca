"""One valid row for each table of wait-lists; `rows` has those of all others."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from api.store import waiting_tables as waiting
from tests.integration.row_values import BUYER, NOON, SET, Row, word

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Table

WAITING_ROWS: Final[Mapping[Table, Row]] = {
    waiting.wait_places: {
        **SET,
        "drop_id": 7,
        "terms_hash": word(107),
        "tier": 1,
        "account": BUYER,
        "standing": 3,
        "joined_at": NOON,
        "joined_block": 7,
        "missed": 1,
        "ended_at": NOON + timedelta(days=2),
        "ended_by": "left",
        "turn_over_at": NOON + timedelta(days=1),
        "turn_over_by": "missed",
    },
    waiting.wait_turns: {
        **SET,
        "drop_id": 7,
        "terms_hash": word(107),
        "tier": 1,
        "seat": 7_100_004,
        "epoch": 2,
        "number": 0,
        "account": BUYER,
        "begun_at": NOON,
        "ends_at": NOON + timedelta(hours=12),
        "over_at": NOON + timedelta(hours=13),
        "over_by": "missed",
    },
}
