"""Each constraint of both stores refuses the row that it is there to refuse."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ColumnElement,
    LargeBinary,
    Table,
    Text,
    delete,
    insert,
    literal,
    null,
    select,
    update,
)
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.compiler import compiles

from api.store import allowlist_tables as lists
from api.store import attendance_tables as came
from api.store import co_host_tables as hosts
from api.store import product_tables as sold
from api.store import request_tables as requests
from api.store import tables as api
from api.store import waiting_tables as waiting
from api.store import webhook_tables as hooks
from indexer.store import audit_tables as audited
from indexer.store import fold_tables as folded
from indexer.store import outbox_tables as noted
from indexer.store import tables as mirror
from marketplace.storage.columns import Address, Bytes32, Uint256
from marketplace.storage.engines import open_engine
from marketplace.storage.transactions import reading, writing
from tests.integration.rows import NOBODY, NOON, ROWS, TABLES, fill, word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine
    from sqlalchemy.sql.compiler import SQLCompiler
    from sqlalchemy.types import TypeEngine

    from tests.databases import Databases

BEFORE = NOON - timedelta(microseconds=1)

# Past the column types, as a bulk insert goes.
SHORT_WORD = literal(bytes(31), LargeBinary())
SHORT_ADDRESS = literal(bytes(19), LargeBinary())

# Columns that another CHECK compares: one row should break one CHECK.
BOUND_TO: dict[tuple[str, str], dict[str, object]] = {
    ("seat_states", "block_number"): {"moved_block": -1},
    ("tier_states", "issued"): {"live": -1},
}


each_child = pytest.mark.parametrize(
    "table",
    [
        *(mirror.heartbeats, mirror.rollbacks, mirror.mirrored_contracts, mirror.fold_versions),
        *(audited.audits, audited.audit_findings, mirror.blocks, mirror.outbox),
        *(noted.outbox_marks, noted.outbox_consumers),
    ],
    ids=lambda table: table.name,
)


class OutsideUint256(ColumnElement[int]):
    """What a uint256 column of either database could hold if no CHECK refused it."""

    inherit_cache: bool | None = True
    type: TypeEngine[int] = Uint256()


@compiles(OutsideUint256)
def render_outside(element: OutsideUint256, compiler: SQLCompiler, **_: object) -> str:
    assert isinstance(element, OutsideUint256)
    return "-1" if compiler.dialect.name == "postgresql" else "x'00'"


VIOLATIONS: list[tuple[Table, str, dict[str, object]]] = [
    (mirror.checkpoints, "chain_id", {"chain_id": 0}),
    (mirror.checkpoints, "contract_set", {"contract_set": ""}),
    (mirror.checkpoints, "contract_set", {"contract_set": "x" * 33}),
    (mirror.checkpoints, "genesis_hash", {"genesis_hash": SHORT_WORD}),
    (mirror.checkpoints, "config_hash", {"config_hash": SHORT_WORD}),
    (mirror.checkpoints, "head_hash", {"head_hash": SHORT_WORD}),
    (mirror.checkpoints, "safe_hash", {"safe_hash": SHORT_WORD}),
    (mirror.checkpoints, "finalized_hash", {"finalized_hash": SHORT_WORD}),
    (mirror.checkpoints, "finalized_number", {"finalized_number": -1}),
    (mirror.checkpoints, "finalized_is_safe", {"finalized_number": 6}),
    (mirror.checkpoints, "safe_is_mirrored", {"safe_number": 8}),
    (mirror.checkpoints, "generation", {"generation": -1}),
    (mirror.checkpoints, "fence", {"fence": -1}),
    (mirror.checkpoints, "next_seq", {"next_seq": 0}),
    (mirror.heartbeats, "level_at", {"level_at": -1}),
    (mirror.rollbacks, "left_number", {"left_number": -1}),
    (audited.audits, "first_number", {"first_number": -1}),
    (audited.audits, "last_number", {"first_number": 4}),
    (audited.audits, "last_hash", {"last_hash": SHORT_WORD}),
    (audited.audits, "config_hash", {"config_hash": SHORT_WORD}),
    (audited.audits, "events", {"events": -1}),
    (audited.audits, "digest", {"digest": SHORT_WORD}),
    (audited.audits, "owed", {"owed": "[]"}),
    (audited.audit_findings, "block_number", {"block_number": -1}),
    (audited.audit_findings, "what", {"what": ""}),
    (audited.audit_findings, "about", {"about": "[]"}),
    (audited.audit_findings, "found_at", {"found_at": -1}),
    (mirror.leases, "holder", {"holder": ""}),
    (mirror.leases, "beats", {"beats": 0}),
    (mirror.leases, "since", {"since": -1}),
    (noted.outbox_marks, "next_seq", {"next_seq": 0}),
    (noted.outbox_marks, "told_at", {"told_at": -1}),
    (noted.outbox_consumers, "name", {"name": ""}),
    (noted.outbox_consumers, "next_seq", {"next_seq": 0}),
    (mirror.mirrored_contracts, "kind", {"kind": "orders"}),
    (mirror.mirrored_contracts, "address", {"address": SHORT_ADDRESS}),
    (mirror.mirrored_contracts, "start_block", {"start_block": -1}),
    (mirror.mirrored_contracts, "next_block", {"next_block": 2}),
    (mirror.mirrored_contracts, "joined", {"joined": 2}),
    (mirror.fold_versions, "version", {"version": 0}),
    (mirror.fold_versions, "next_block", {"next_block": -1}),
    (mirror.fold_versions, "complete", {"complete": 2}),
    (mirror.blocks, "number", {"number": -1}),
    (mirror.blocks, "hash", {"hash": SHORT_WORD}),
    (mirror.blocks, "parent_hash", {"parent_hash": SHORT_WORD}),
    (mirror.blocks, "timestamp_s", {"timestamp_s": -1}),
    (mirror.events, "block_number", {"block_number": -1}),
    (mirror.events, "log_index", {"log_index": -1}),
    (mirror.events, "block_hash", {"block_hash": SHORT_WORD}),
    (mirror.events, "tx_hash", {"tx_hash": SHORT_WORD}),
    (mirror.events, "tx_index", {"tx_index": -1}),
    (mirror.events, "address", {"address": SHORT_ADDRESS}),
    (mirror.events, "event", {"event": ""}),
    (mirror.events, "arguments", {"arguments": "[]"}),
    (mirror.events, "topics", {"topics": b""}),
    (mirror.events, "topics", {"topics": bytes(33)}),
    (mirror.events, "topics", {"topics": bytes(160)}),
    (mirror.outbox, "seq", {"seq": 0}),
    (mirror.outbox, "kind", {"kind": "undo"}),
    (mirror.outbox, "block_number", {"block_number": -1}),
    (mirror.outbox, "block_hash", {"block_hash": SHORT_WORD}),
    (mirror.outbox, "payload", {"payload": ""}),
    *(
        (table, check, {column.name: spoilt} | BOUND_TO.get((table.name, column.name), {}))
        for table in folded.FOLDED
        for column in table.columns
        for kind, check, spoilt in (
            (BigInteger, "not_negative", -1),
            (Bytes32, "words", SHORT_WORD),
            (Address, "addresses", SHORT_ADDRESS),
            (Uint256, column.name, OutsideUint256()),
        )
        if isinstance(column.type, kind) and column.name != "chain_id"
    ),
    (folded.seat_states, "change", {"change": "theft"}),
    (folded.seat_states, "locked", {"locked": 2}),
    (folded.seat_states, "moved_block", {"moved_block": 8}),
    (folded.tier_states, "live", {"live": 14}),
    (folded.currency_states, "allowed", {"allowed": 2}),
    (folded.delegation_states, "scope", {"scope": "some"}),
    (folded.delegation_states, "enabled", {"enabled": 2}),
    (folded.spent_offers, "how", {"how": "luck"}),
    (folded.outbox_origins, "block_number", {"block_number": -1}),
    (folded.outbox_origins, "block_hash", {"block_hash": SHORT_WORD}),
    (api.sign_in_nonces, "nonce_hash", {"nonce_hash": SHORT_WORD}),
    (api.sign_in_nonces, "browser_hash", {"browser_hash": SHORT_WORD}),
    (api.sign_in_nonces, "expires_at", {"expires_at": NOON}),
    (api.sign_in_nonces, "consumed_at", {"consumed_at": BEFORE}),
    (api.sessions, "token_hash", {"token_hash": SHORT_WORD}),
    (api.sessions, "account", {"account": SHORT_ADDRESS}),
    (api.sessions, "last_seen_at", {"last_seen_at": BEFORE}),
    (api.sessions, "expires_at", {"expires_at": NOON}),
    (api.sessions, "revoked_at", {"revoked_at": BEFORE}),
    (api.sessions, "user_agent", {"user_agent": "x" * 513}),
    (api.wallet_proofs, "credential_hash", {"credential_hash": SHORT_WORD}),
    (api.wallet_proofs, "chain_id", {"chain_id": 0}),
    (api.wallet_proofs, "digest", {"digest": SHORT_WORD}),
    (api.wallet_proofs, "signature", {"signature": bytes(8_193)}),
    (api.api_keys, "id", {"id": "short_7"}),
    (api.api_keys, "id", {"id": "x" * 65}),
    (api.api_keys, "key_hash", {"key_hash": SHORT_WORD}),
    (api.api_keys, "name", {"name": ""}),
    (api.api_keys, "name", {"name": "x" * 81}),
    (api.api_keys, "owner", {"owner": SHORT_ADDRESS}),
    (api.api_keys, "scopes", {"scopes": frozenset()}),
    (api.api_keys, "limited", {"limited": 2}),
    (api.api_keys, "expires_at", {"expires_at": NOON}),
    (api.api_keys, "revoked_at", {"revoked_at": BEFORE}),
    (api.api_keys, "last_used_at", {"last_used_at": BEFORE}),
    (api.api_key_drops, "key_id", {"key_id": "short_7"}),
    (api.api_key_drops, "drop_id", {"drop_id": 0}),
    (api.api_key_drops, "terms_hash", {"terms_hash": SHORT_WORD}),
    (api.published_terms, "terms_hash", {"terms_hash": SHORT_WORD}),
    (api.published_terms, "document", {"document": ""}),
    (api.published_terms, "document", {"document": "x" * 262_145}),
    (api.published_terms, "published_by", {"published_by": SHORT_ADDRESS}),
    (api.listings, "digest", {"digest": SHORT_WORD}),
    (api.listings, "seller", {"seller": SHORT_ADDRESS}),
    (api.listings, "taker", {"taker": SHORT_ADDRESS}),
    (api.listings, "tier", {"tier": 10}),
    (api.listings, "seat", {"seat": 0}),
    (api.listings, "not_negative", {"expiry": -1}),
    (api.listings, "signature", {"signature": b"", "wallet_asked_at": None}),
    (api.listings, "signature", {"signature": bytes(66), "wallet_asked_at": None}),
    (api.listings, "signature", {"signature": bytes(4_097)}),
    (api.listings, "stored_first", {"stored_first": 2}),
    (api.listings, "price", {"price": OutsideUint256()}),
    (api.listings, "counter", {"counter": OutsideUint256()}),
    (api.offers, "digest", {"digest": SHORT_WORD}),
    (api.offers, "terms_hash", {"terms_hash": SHORT_WORD}),
    (api.offers, "buyer", {"buyer": SHORT_ADDRESS}),
    (api.offers, "currency", {"currency": SHORT_ADDRESS}),
    (api.offers, "tier", {"tier": 10}),
    (api.offers, "seat", {"seat": 0}),
    (api.offers, "kind", {"least_face": 5}),
    (api.offers, "kind", {"epoch": None}),
    (api.offers, "not_negative", {"epoch": -1}),
    (api.offers, "signature", {"signature": b"", "wallet_asked_at": None}),
    (api.offers, "signature", {"signature": bytes(64), "wallet_asked_at": None}),
    (api.offers, "signature", {"signature": bytes(4_097)}),
    (api.offers, "price", {"price": OutsideUint256()}),
    (api.offers, "least_face", {"seat": None, "epoch": None, "least_face": OutsideUint256()}),
    (api.offers, "counter", {"counter": OutsideUint256()}),
    (api.offers, "nonce", {"nonce": OutsideUint256()}),
    (api.signing_keys, "name", {"name": ""}),
    (api.signing_keys, "secret", {"secret": b"short"}),
    (api.recordings, "id", {"id": "short_7"}),
    (api.recordings, "terms_hash", {"terms_hash": SHORT_WORD}),
    (api.recordings, "mentor", {"mentor": SHORT_ADDRESS}),
    (api.recordings, "sha256", {"sha256": SHORT_WORD}),
    (api.recordings, "uploaded_by", {"uploaded_by": SHORT_ADDRESS}),
    (api.recordings, "session", {"session": 0}),
    (api.recordings, "size_bytes", {"size_bytes": 0, "block_hashes": b""}),
    (api.recordings, "title", {"title": ""}),
    (api.recordings, "media_type", {"media_type": "x" * 121}),
    (api.recordings, "block_hashes", {"size_bytes": 262_145}),
    (api.recordings, "available_at", {"available_at": BEFORE}),
    (api.recordings, "complete", {"sha256": None}),
    (api.recordings, "complete", {"abandoned_at": NOON}),
    (api.join_tickets, "token_hash", {"token_hash": SHORT_WORD}),
    (api.join_tickets, "terms_hash", {"terms_hash": SHORT_WORD}),
    (api.join_tickets, "account", {"account": SHORT_ADDRESS}),
    (api.join_tickets, "session", {"drop_id": 0}),
    (api.join_tickets, "expires_at", {"expires_at": BEFORE}),
    (api.join_tickets, "used_at", {"used_at": BEFORE}),
    (api.admissions, "token_hash", {"token_hash": SHORT_WORD}),
    (api.admissions, "terms_hash", {"terms_hash": SHORT_WORD}),
    (api.admissions, "account", {"account": SHORT_ADDRESS}),
    (api.admissions, "session", {"session": 0}),
    (api.admissions, "presence", {"presence": ""}),
    (api.admissions, "expires_at", {"expires_at": BEFORE}),
    (api.admissions, "ended_at", {"ended_at": BEFORE, "ended_by": "denied"}),
    (api.admissions, "ended_together", {"ended_at": NOON}),
    (api.admissions, "ended_by", {"ended_at": NOON, "ended_by": "whim"}),
    (api.admissions, "block_hash", {"block_hash": SHORT_WORD}),
    (hooks.webhook_endpoints, "id", {"id": "short_7"}),
    (hooks.webhook_endpoints, "owner", {"owner": SHORT_ADDRESS}),
    (hooks.webhook_endpoints, "url", {"url": "https:/"}),
    (hooks.webhook_endpoints, "events", {"events": frozenset()}),
    (hooks.webhook_endpoints, "version", {"version": 0}),
    (hooks.webhook_endpoints, "generation", {"generation": 0}),
    (hooks.webhook_endpoints, "rotated_at", {"rotated_at": BEFORE}),
    (hooks.webhook_endpoints, "disabled_together", {"disabled_at": None}),
    (hooks.webhook_endpoints, "disabled_why", {"disabled_why": "whim"}),
    (hooks.webhook_endpoint_drops, "drop_id", {"drop_id": 0}),
    (hooks.webhook_endpoint_drops, "terms_hash", {"terms_hash": SHORT_WORD}),
    (hooks.webhook_deliveries, "id", {"id": "short_7"}),
    (hooks.webhook_deliveries, "message_id", {"message_id": "short_7"}),
    (hooks.webhook_deliveries, "seq", {"seq": 0}),
    (hooks.webhook_deliveries, "drop_id", {"drop_id": 0}),
    (hooks.webhook_deliveries, "terms_hash", {"terms_hash": SHORT_WORD}),
    (hooks.webhook_deliveries, "block_hash", {"block_hash": SHORT_WORD}),
    (hooks.webhook_deliveries, "log_index", {"log_index": -1}),
    (hooks.webhook_deliveries, "payload", {"payload": "[]"}),
    (hooks.webhook_deliveries, "state", {"state": "lost"}),
    (hooks.webhook_deliveries, "attempts", {"attempts": -1}),
    (hooks.webhook_deliveries, "claimed_together", {"claim": None}),
    (hooks.webhook_deliveries, "answer", {"answer": "x" * 1_025}),
    (hooks.webhook_cursors, "seq", {"seq": -1}),
    (lists.allowlists, "root", {"root": SHORT_WORD}),
    (lists.allowlists, "accounts", {"accounts": 0}),
    (lists.allowlists, "published_by", {"published_by": SHORT_ADDRESS}),
    (lists.allowlist_proofs, "account", {"account": SHORT_ADDRESS}),
    (lists.allowlist_proofs, "proof", {"proof": b"p" * 31}),
    (hosts.co_hosts, "drop_id", {"drop_id": 0}),
    (hosts.co_hosts, "terms_hash", {"terms_hash": SHORT_WORD}),
    (hosts.co_hosts, "mentor", {"mentor": SHORT_ADDRESS}),
    (hosts.co_hosts, "account", {"account": SHORT_ADDRESS}),
    (hosts.co_hosts, "another", {"account": NOBODY}),
    (came.attendances, "session", {"session": 0}),
    (came.attendances, "terms_hash", {"terms_hash": SHORT_WORD}),
    (came.attendances, "mentor", {"mentor": SHORT_ADDRESS}),
    (came.attendances, "holder", {"holder": SHORT_ADDRESS}),
    (came.attendances, "account", {"account": SHORT_ADDRESS}),
    (came.attendances, "via", {"via": "mentor"}),
    (came.attendances, "block_number", {"block_number": -1}),
    (came.attendances, "block_hash", {"block_hash": SHORT_WORD}),
    (sold.products, "product", {"product": SHORT_WORD}),
    (sold.products, "mentor", {"mentor": SHORT_ADDRESS}),
    (sold.products, "format", {"format": ""}),
    (sold.products, "title", {"title": "x" * 121}),
    (requests.idempotency_keys, "place_hash", {"place_hash": SHORT_WORD}),
    (requests.idempotency_keys, "request_hash", {"request_hash": SHORT_WORD}),
    (requests.idempotency_keys, "claim", {"claim": "short_7"}),
    (requests.idempotency_keys, "answer", {"answer": b"too short to be sealed"}),
    (requests.rate_buckets, "name", {"name": ""}),
    (requests.rate_buckets, "full_at", {"full_at": 0}),
    (waiting.wait_places, "terms_hash", {"terms_hash": SHORT_WORD}),
    (waiting.wait_places, "account", {"account": SHORT_ADDRESS}),
    (waiting.wait_places, "tier", {"tier": 10}),
    (waiting.wait_places, "not_negative", {"missed": -1}),
    (waiting.wait_places, "ended_together", {"ended_at": None}),
    (waiting.wait_places, "ended_by", {"ended_by": "tired"}),
    (waiting.wait_places, "turn_over_together", {"turn_over_by": None}),
    (waiting.wait_places, "turn_over_by", {"turn_over_by": "tired"}),
    (waiting.wait_turns, "terms_hash", {"terms_hash": SHORT_WORD}),
    (waiting.wait_turns, "account", {"account": SHORT_ADDRESS}),
    (waiting.wait_turns, "tier", {"tier": -1}),
    (waiting.wait_turns, "not_negative", {"number": -1}),
    (waiting.wait_turns, "everybodys", {"account": None, "over_at": None, "over_by": None}),
    (waiting.wait_turns, "ends_at", {"ends_at": NOON}),
    (waiting.wait_turns, "over_together", {"over_at": None}),
    (waiting.wait_turns, "over_at", {"account": None, "ends_at": None}),
    (waiting.wait_turns, "over_by", {"over_by": "tired"}),
]

each_table = pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)


@pytest.fixture(scope="module")
def filled(databases: Databases) -> Iterator[Engine]:
    """Give a database with a row in each table, to tests that change nothing in it."""
    engine = open_engine(databases.create(migrated=True))
    with writing(engine) as connection:
        fill(connection)
    yield engine
    engine.dispose()
    databases.drop(engine.url)


def test_every_check_has_a_row_that_violates_it() -> None:
    checks = {
        str(constraint.name)
        for table in TABLES
        for constraint in table.constraints
        if isinstance(constraint, CheckConstraint)
    }

    assert {f"{table.name}_{name}" for table, name, _ in VIOLATIONS} == checks


def test_every_table_has_a_row() -> None:
    assert set(TABLES) == {*mirror.METADATA.tables.values(), *api.METADATA.tables.values()}


@pytest.mark.parametrize(
    ("table", "check", "changes"),
    VIOLATIONS,
    ids=[f"{table.name}-{name}-{number}" for number, (table, name, _) in enumerate(VIOLATIONS)],
)
def test_a_row_that_violates_a_check_is_refused(
    filled: Engine, table: Table, check: str, changes: dict[str, object]
) -> None:
    with (
        pytest.raises(IntegrityError, match=rf"\b{table.name}_{check}\b"),
        writing(filled) as connection,
    ):
        connection.execute(update(table).values(**changes))


@each_table
def test_a_column_that_must_be_known_refuses_null(filled: Engine, table: Table) -> None:
    required = [column for column in table.columns if not column.nullable]
    assert required
    for column in required:
        with (
            pytest.raises(
                IntegrityError, match=rf"(?i)not.null.*{column.name}|{column.name}.*null"
            ),
            writing(filled) as connection,
        ):
            connection.execute(update(table).values({column: null()}))


@each_table
def test_no_two_rows_have_the_same_key(filled: Engine, table: Table) -> None:
    with pytest.raises(IntegrityError, match=r"(?i)unique"), writing(filled) as connection:
        connection.execute(insert(table).values(**ROWS[table]))


def test_a_block_hash_occurs_once_in_a_contract_set(database: Engine) -> None:
    with writing(database) as connection:
        fill(connection, mirror.checkpoints, mirror.blocks)

    with pytest.raises(IntegrityError, match=r"(?i)unique"), writing(database) as connection:
        connection.execute(insert(mirror.blocks).values(**{**ROWS[mirror.blocks], "number": 8}))


def test_two_contract_sets_may_follow_different_branches(database: Engine) -> None:
    other = {"contract_set": "vault"}
    with writing(database) as connection:
        fill(connection)
        for table in (mirror.checkpoints, mirror.blocks, mirror.events, folded.seat_states):
            forked = {name: word(999) for name in ("hash", "block_hash") if name in table.columns}
            connection.execute(insert(table).values(**{**ROWS[table], **other, **forked}))

    with reading(database) as connection:
        assert len(connection.execute(select(mirror.events)).all()) == 2


def test_a_key_hash_occurs_once(database: Engine) -> None:
    with writing(database) as connection:
        fill(connection, api.api_keys)

    with pytest.raises(IntegrityError, match=r"(?i)unique"), writing(database) as connection:
        connection.execute(insert(api.api_keys).values(**{**ROWS[api.api_keys], "id": "key_0002"}))


@each_child
def test_nothing_is_mirrored_without_a_checkpoint(database: Engine, table: Table) -> None:
    with pytest.raises(IntegrityError, match=r"(?i)foreign key"), writing(database) as connection:
        fill(connection, table)


@each_child
def test_a_checkpoint_with_rows_cannot_be_removed(database: Engine, table: Table) -> None:
    with writing(database) as connection:
        fill(connection, mirror.checkpoints, table)

    with pytest.raises(IntegrityError, match=r"(?i)foreign key"), writing(database) as connection:
        connection.execute(delete(mirror.checkpoints))


def test_text_does_not_enter_a_number(database: Engine) -> None:
    with writing(database) as connection:
        fill(connection, mirror.events)

    with pytest.raises(DBAPIError), writing(database) as connection:
        connection.execute(update(mirror.events).values(tx_index=literal("many", Text())))


def test_a_number_of_64_bits_is_kept(database: Engine) -> None:
    with writing(database) as connection:
        fill(connection, mirror.events)
        connection.execute(update(mirror.events).values(block_number=2**63 - 1))

    with reading(database) as connection:
        assert connection.scalar(select(mirror.events.c.block_number)) == 2**63 - 1


@each_table
def test_a_row_comes_back_as_it_went_in(filled: Engine, table: Table) -> None:
    with reading(filled) as connection:
        found = connection.execute(select(table)).mappings().all()
    # The migration that makes it puts the key of cursors there.
    assert len(found) == (2 if table is api.signing_keys else 1)
    assert ROWS[table] in found
