"""One valid row for each table of both stores, for tests that need some rows, or a row to spoil.

Values are the domain's. Rows that refer to each other fit; `TABLES` names them parents first.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import insert, text

from api.store import allowlist_tables as lists
from api.store import co_host_tables as hosts
from api.store import product_tables as sold
from api.store import request_tables as requests
from api.store import tables as api
from api.store import webhook_tables as hooks
from indexer.store import audit_tables as audited
from indexer.store import fold_tables as folded
from indexer.store import outbox_tables as noted
from indexer.store import tables as mirror
from marketplace.storage.canonical import encode
from tests.integration.room_rows import ROOM_ROWS
from tests.integration.row_values import AT, BUYER, NOBODY, NOON, SET, Row, word
from tests.integration.waiting_rows import WAITING_ROWS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection, Table

__all__ = ["BUYER", "NOBODY", "NOON", "ROWS", "TABLES", "fill", "word"]

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
    mirror.heartbeats: {**SET, "level_at": 1_772_000_000},
    mirror.rollbacks: {**SET, "left_number": 3},
    audited.audits: {
        **SET,
        "first_number": 0,
        "last_number": 3,
        "last_hash": word(3),
        "config_hash": word(2),
        "events": 1,
        "digest": word(9),
        "owed": encode({NOBODY: 2**200}),
    },
    audited.audit_findings: {
        **SET,
        "block_number": 4,
        "what": "the events",
        "mirrored": "1 logs",
        "on_chain": "2 logs",
        "about": "{}",
        "found_at": 1_772_000_000,
    },
    noted.outbox_marks: {**SET, "next_seq": 2, "told_at": 1_772_000_000},
    noted.outbox_consumers: {**SET, "name": "webhooks", "next_seq": 2},
    mirror.leases: {**SET, "holder": "1f", "beats": 3, "since": 1},
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
    mirror.mirrored_contracts: {
        **SET,
        "kind": "delegations",
        "address": BUYER,
        "start_block": 3,
        "next_block": 4,
        "joined": 0,
    },
    mirror.fold_versions: {
        **SET,
        "fold": "seat_states",
        "version": 1,
        "next_block": 0,
        "complete": 1,
    },
    mirror.outbox: {
        **SET,
        "seq": 1,
        "kind": "apply",
        "block_number": 7,
        "block_hash": word(7),
        "payload": encode({"seat": 7_200_013}),
    },
    folded.seat_states: {
        **SET,
        **AT,
        "seat": 7_200_013,
        "change": "sale",
        "owner": BUYER,
        "epoch": 1,
        "moved_at": 1_772_000_000,
        "moved_block": 7,
        "phase": 2,
        "flags": 0,
        "locked": 0,
        "face": 10**18,
        "held": 2**96 - 1,
        "beneficiary": NOBODY,
    },
    folded.drop_states: {
        **SET,
        **AT,
        **dict.fromkeys(("mentor", "payout", "verifier", "resolver"), BUYER),
        **{column.name: 1 for column in folded.drop_states.c if column.name.endswith("_bps")},
        "drop_id": 7,
        "state": 1,
        "policy": 0,
        "currency_index": 0,
        "terms_version": 0,
        "postponements": 0,
        "tier_count": 3,
        "phase_count": 4,
        "gift_cooldown_s": 86_400,
        "challenge_days": 7,
        "starts_at": 1_772_000_000,
        "ends_at": 1_773_000_000,
        "deliver_by": 1_774_000_000,
        "first_deliver_by": 1_774_000_000,
        "refund_until": 1_772_000_000,
        "paused_until": 0,
        "terms_hash": word(8),
    },
    folded.closing_states: {
        **SET,
        **AT,
        "drop_id": 7,
        "asserted_at": 1_773_000_000,
        "evidence": word(9),
        "objected": 10**18,
        "disputed_at": 1_774_000_000,
        "split_bps": 2_500,
        "owed": 10**18,
    },
    folded.tier_states: {
        **SET,
        **AT,
        "drop_id": 7,
        "tier": 2,
        "list_price": 10**18,
        "cap": 20,
        "issued": 13,
        "live": 12,
        "escrowed": 12 * 10**18,
    },
    folded.phase_states: {
        **SET,
        **AT,
        "drop_id": 7,
        "phase": 2,
        "tier": 2,
        "gate": 0,
        "price": 10**18,
        "opens": 1_771_000_000,
        "closes": 1_772_000_000,
        "supply": 20,
        "sold": 13,
        "wallet_limit": 2,
        "reserves": 0,
        "gate_data": word(0),
    },
    folded.counter_states: {**SET, **AT, "account": BUYER, "counter": 2**224 - 1},
    folded.credit_states: {**SET, **AT, "account": BUYER, "currency": NOBODY, "amount": 5},
    folded.platform_states: {
        **SET,
        **AT,
        "treasury": BUYER,
        "fee_bps": 500,
        "owner": BUYER,
        "pending_owner": NOBODY,
        "guardian": NOBODY,
    },
    folded.currency_states: {
        **SET,
        **AT,
        "currency_index": 1,
        "currency": BUYER,
        "allowed": 1,
    },
    folded.delegation_states: {
        **SET,
        **AT,
        "delegator": BUYER,
        "delegate": NOBODY,
        "scope": "token",
        "contract": BUYER,
        "token": 2**256 - 1,
        "rights": word(0),
        "enabled": 1,
    },
    folded.mints: {
        **SET,
        **AT,
        "first_seat": 7_200_013,
        "quantity": 1,
        "phase": 2,
        "account": BUYER,
        "referrer": NOBODY,
        "price": 10**18,
    },
    folded.sales: {
        **SET,
        **AT,
        "seat": 7_200_013,
        "seller": BUYER,
        "buyer": NOBODY,
        "price": 10**18,
        "royalty": 10**17,
    },
    folded.stored_listings: {
        **SET,
        **AT,
        "seat": 7_200_013,
        "seller": BUYER,
        "taker": NOBODY,
        "price": 10**18,
        "epoch": 1,
        "counter": 2**224 - 1,
        "terms_version": 0,
        "expiry": 2**256 - 1,
    },
    folded.spent_offers: {
        **SET,
        **AT,
        "buyer": BUYER,
        "nonce": 2**256 - 1,
        "how": "fill",
        "seat": 7_200_013,
    },
    folded.used_passes: {**SET, **AT, "drop_id": 7, "account": BUYER, "nonce": 2**256 - 1},
    folded.used_seats: {**SET, **AT, "drop_id": 8, "phase": 0, "seat": 7_200_013},
    folded.outbox_origins: {**SET, "block_number": 3, "block_hash": word(3)},
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
    api.wallet_proofs: {
        "credential_hash": word(200),
        "chain_id": 31337,
        "digest": word(201),
        "signature": b"s" * 65,
        "checked_at": NOON,
        "expires_at": NOON + timedelta(days=7),
    },
    api.api_keys: {
        "id": "key_0001",
        "key_hash": word(300),
        "name": "Door of the room",
        "owner": BUYER,
        "scopes": frozenset({"access:check", "events:read"}),
        "limited": 1,
        "created_at": NOON,
        "expires_at": NOON + timedelta(days=90),
        "revoked_at": None,
        "last_used_at": None,
    },
    api.api_key_drops: {
        **SET,
        "key_id": "key_0001",
        "drop_id": 7,
        "terms_hash": word(400),
    },
    api.published_terms: {
        "terms_hash": word(400),
        "document": "{}\n",
        "published_by": BUYER,
        "published_at": NOON,
    },
    sold.products: {
        "product": word(410),
        "mentor": BUYER,
        "format": "drop session",
        "title": "One evening",
        "listed_at": NOON,
    },
    sold.product_texts: {"product": word(410), "terms_hash": word(400), "published_at": NOON},
    api.listings: {
        **SET,
        "digest": word(500),
        "drop_id": 7,
        "tier": 2,
        "seat": 7_200_013,
        "seller": BUYER,
        "taker": NOBODY,
        "price": 10**18,
        "epoch": 1,
        "counter": 2**224 - 1,
        "terms_version": 0,
        "expiry": 1_772_000_000,
        "signature": b"s" * 65,
        "wallet_asked_at": NOON,
        "received_at": NOON,
        "stored_first": 1,
    },
    api.offers: {
        **SET,
        "digest": word(510),
        "drop_id": 7,
        "terms_hash": word(400),
        "tier": 2,
        "seat": 7_200_013,
        "epoch": 1,
        "least_face": None,
        "buyer": BUYER,
        "price": 10**18,
        "currency": BUYER,
        "counter": 2**224 - 1,
        "terms_version": 0,
        "nonce": 2**256 - 1,
        "expiry": 1_772_000_000,
        "signature": b"s" * 65,
        "wallet_asked_at": NOON,
        "received_at": NOON,
    },
    api.signing_keys: {"name": "of_a_test", "secret": b"k" * 32},
    api.recordings: {
        **SET,
        "id": "rec_0001",
        "drop_id": 7,
        "terms_hash": word(400),
        "mentor": BUYER,
        "session": 1,
        "title": "The whole evening",
        "media_type": "video/webm",
        "size_bytes": 4_096,
        "sha256": word(600),
        "block_hashes": bytes(32),
        "uploaded_by": BUYER,
        "begun_at": NOON,
        "available_at": NOON,
        "abandoned_at": None,
    },
    **ROOM_ROWS,
    hooks.webhook_endpoints: {
        **SET,
        "id": "whe_0001",
        "owner": BUYER,
        "url": "https://hooks.example/seats",
        "events": frozenset({"access.revoked", "seat.sold"}),
        "version": 2,
        "generation": 1,
        "created_at": NOON,
        "rotated_at": None,
        "failing_since": NOON,
        "disabled_at": NOON,
        "disabled_why": "failing",
    },
    hooks.webhook_endpoint_drops: {
        "endpoint_id": "whe_0001",
        "drop_id": 7,
        "terms_hash": word(400),
    },
    hooks.webhook_deliveries: {
        "id": "dlv_0001",
        "endpoint_id": "whe_0001",
        "message_id": "msg_0001",
        "seq": 1,
        "name": "seat.sold",
        "type": "seat.sold",
        "drop_id": 7,
        "terms_hash": word(400),
        "block_hash": word(7),
        "log_index": 0,
        "retracts": None,
        "payload": "{}",
        "state": "waiting",
        "created_at": NOON,
        "begun_at": NOON,
        "due_at": NOON,
        "attempts": 1,
        "claim": "c1",
        "claimed_until": NOON + timedelta(seconds=30),
        "attempted_at": NOON,
        "status": 500,
        "duration_ms": 12,
        "answer": "no",
        "fault": None,
    },
    hooks.webhook_cursors: {**SET, "seq": 1},
    lists.allowlists: {
        "root": word(520),
        "accounts": 2,
        "published_by": BUYER,
        "published_at": NOON,
    },
    lists.allowlist_proofs: {"root": word(520), "account": BUYER, "proof": b"p" * 64},
    hosts.co_hosts: {
        **SET,
        "drop_id": 7,
        "terms_hash": word(400),
        "mentor": NOBODY,
        "account": BUYER,
        "named_at": NOON,
    },
    requests.idempotency_keys: {
        "place_hash": word(301),
        "request_hash": word(302),
        "claim": "0123456789abcdef",
        "claimed_until": NOON + timedelta(seconds=60),
        "expires_at": NOON + timedelta(days=1),
        "answer": b"s" * 64,
    },
    requests.rate_buckets: {"name": "writes address 192.0.2.7", "full_at": 1_772_000_000_000_000},
    **WAITING_ROWS,
}

TABLES: Final = tuple(ROWS)
_PARTITIONED: Final = (mirror.events, mirror.outbox)


def fill(connection: Connection, *tables: Table) -> None:
    """Insert the row of each named table, or of all."""
    for table in tables or TABLES:
        _make_room(connection, table)
        connection.execute(insert(table).values(**ROWS[table]))


def _make_room(connection: Connection, table: Table) -> None:
    if table not in _PARTITIONED or connection.dialect.name != "postgresql":
        return
    partitioned = connection.scalar(
        text("SELECT relkind = 'p' FROM pg_class WHERE oid = to_regclass(:it)"), {"it": table.name}
    )
    if partitioned:
        # For rows of any mirror and number, spoilt ones too.
        connection.execute(
            text(f"CREATE TABLE IF NOT EXISTS {table.name}_rest PARTITION OF {table.name} DEFAULT")
        )
