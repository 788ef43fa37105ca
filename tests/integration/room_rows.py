"""One valid row for each table of getting into rooms; `rows` has those of all others."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from api.store import attendance_tables as came
from api.store import tables as api
from tests.integration.row_values import BUYER, NOBODY, NOON, SET, Row, word

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Table

ROOM_ROWS: Final[Mapping[Table, Row]] = {
    api.join_tickets: {
        **SET,
        "token_hash": word(700),
        "drop_id": 7,
        "terms_hash": word(400),
        "session": 1,
        "account": BUYER,
        "issued_at": NOON,
        "expires_at": NOON + timedelta(minutes=1),
        "used_at": None,
        "as_of_block": 7,
    },
    api.admissions: {
        **SET,
        "token_hash": word(800),
        "drop_id": 7,
        "terms_hash": word(400),
        "session": 1,
        "account": BUYER,
        "presence": "7200013",
        "admitted_at": NOON,
        "expires_at": NOON + timedelta(seconds=30),
        "ended_at": None,
        "ended_by": None,
        "as_of_block": 7,
        "block_hash": word(7),
    },
    came.attendances: {
        **SET,
        "seat": 7_200_013,
        "session": 1,
        "terms_hash": word(400),
        "mentor": NOBODY,
        "holder": BUYER,
        "account": BUYER,
        "via": "seat",
        "attended_at": NOON,
        "block_number": 7,
        "block_hash": word(7),
    },
}
