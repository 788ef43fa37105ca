"""One valid row for each table of both stores, for tests that need some rows, or a row to spoil.

Values are the domain's. Rows that refer to each other fit; `TABLES` names them parents first.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, TypeAlias

from sqlalchemy import insert

from api.store import tables as api
from indexer.store import tables as mirror
from marketplace.storage.canonical import encode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection, Table

Row: TypeAlias = "Mapping[str, object]"

BUYER: Final = "0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045"
NOON: Final = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)
SET: Final = {"chain_id": 131277322940537, "contract_set": "seats"}


def word(number: int) -> str:
    """Return a hash that is easy to recognise."""
    return f"0x{number:064x}"


ROWS: Final[Mapping[Table, Row]] = {
    mirror.checkpoints: {
        **SET,
        "genesis_hash": word(1),
        "config_hash": word(2),
        "head_number": 7,
        "head_hash": word(7),
        "safe_number": 5,
        "safe_hash": word(5),
        "finalized_number": 3,
        "finalized_hash": word(3),
        "generation": 0,
        "fence": 1,
        "next_seq": 2,
    },
    mirror.blocks: {
        **SET,
        "number": 7,
        "hash": word(7),
        "parent_hash": word(6),
        "timestamp_s": 1_772_000_000,
    },
    mirror.events: {
        **SET,
        "block_number": 7,
        "log_index": 0,
        "block_hash": word(7),
        "tx_hash": word(70),
        "tx_index": 0,
        "address": BUYER,
        "event": "SeatSold",
        "arguments": encode({"seat": 7_200_013, "price": 2**256 - 1, "uri": "\0"}),
        "topics": bytes(64),
        "data": b"",
    },
    mirror.outbox: {
        **SET,
        "seq": 1,
        "kind": "apply",
        "block_number": 7,
        "block_hash": word(7),
        "payload": encode({"seat": 7_200_013}),
    },
    api.sign_in_nonces: {
        "nonce_hash": word(100),
        "browser_hash": word(101),
        "issued_at": NOON,
        "expires_at": NOON + timedelta(minutes=5),
        "consumed_at": None,
    },
    api.sessions: {
        "token_hash": word(200),
        "account": BUYER,
        "created_at": NOON,
        "last_seen_at": NOON,
        "expires_at": NOON + timedelta(days=7),
        "revoked_at": None,
        "user_agent": "curl/8",
    },
    api.api_keys: {
        "id": "key_0001",
        "key_hash": word(300),
        "owner": BUYER,
        "scopes": frozenset({"access:check", "events:read"}),
        "created_at": NOON,
        "expires_at": NOON + timedelta(days=90),
        "revoked_at": None,
        "last_used_at": None,
    },
}

TABLES: Final = tuple(ROWS)


def fill(connection: Connection, *tables: Table) -> None:
    """Insert the row of each named table, or of all."""
    for table in tables or TABLES:
        connection.execute(insert(table).values(**ROWS[table]))
