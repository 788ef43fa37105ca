"""The API's tables of wait-lists: who waits for a seat of a tier, and whose turn a listed seat is.

It owns their shape and the constraints that the database itself holds; it refuses reads and writes.
What only the chain can say is not here: whether a listing lives, and whether somebody has come to
own a seat while waiting, is asked of the mirror each time. So a reorganisation undoes it here too.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    CheckConstraint,
    Column,
    Index,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
    text,
)

from api.store.tables import METADATA
from marketplace.storage.columns import BIG, TEXT, Address, Bytes32, UtcTime

_LIST: Final = ("chain_id", "contract_set", "drop_id", "terms_hash", "tier")
_NOT_OVER: Final = text("over_at IS NULL")

wait_places: Final = Table(
    "wait_places",
    METADATA,
    Column("chain_id", BIG, nullable=False, autoincrement=False),
    Column("contract_set", TEXT, nullable=False),
    Column("drop_id", BIG, nullable=False, autoincrement=False),
    Column("terms_hash", Bytes32, nullable=False),
    Column("tier", BIG, nullable=False, autoincrement=False),
    Column("account", Address, nullable=False),
    Column("standing", BIG, nullable=False, doc="the least is first; only ever rises"),
    Column("joined_at", UtcTime, nullable=False),
    Column("joined_block", BIG, nullable=False, doc="the mirror's newest; seats got later end it"),
    Column("missed", BIG, nullable=False, doc="turns"),
    Column("ended_at", UtcTime, nullable=True),
    Column("ended_by", TEXT, nullable=True),
    Column("turn_over_at", UtcTime, nullable=True, doc="of its last turn"),
    Column("turn_over_by", TEXT, nullable=True),
    # One place for one account.
    PrimaryKeyConstraint(*_LIST, "account"),
    UniqueConstraint(*_LIST, "standing"),
    CheckConstraint("length(terms_hash) = 32", name="terms_hash"),
    CheckConstraint("length(account) = 20", name="account"),
    CheckConstraint("drop_id > 0 AND tier BETWEEN 0 AND 9", name="tier"),
    CheckConstraint("standing > 0 AND joined_block >= 0 AND missed >= 0", name="not_negative"),
    CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended_together"),
    CheckConstraint("ended_by IN ('left', 'bought', 'missed')", name="ended_by"),
    CheckConstraint("(turn_over_at IS NULL) = (turn_over_by IS NULL)", name="turn_over_together"),
    CheckConstraint(
        "turn_over_by IN ('missed', 'passed', 'listing_gone', 'place_ended')", name="turn_over_by"
    ),
    Index(None, "account"),
    # Those that are long over are cleared away.
    Index(None, "ended_at"),
    sqlite_strict=True,
)

wait_turns: Final = Table(
    "wait_turns",
    METADATA,
    Column("chain_id", BIG, nullable=False, autoincrement=False),
    Column("contract_set", TEXT, nullable=False),
    Column("drop_id", BIG, nullable=False, autoincrement=False),
    Column("terms_hash", Bytes32, nullable=False),
    Column("tier", BIG, nullable=False, autoincrement=False),
    Column("seat", BIG, nullable=False, autoincrement=False),
    Column("epoch", BIG, nullable=False, autoincrement=False),
    Column("number", BIG, nullable=False, autoincrement=False, doc="of the seat's turns, from 0"),
    Column("account", Address, nullable=True, doc="null: everybody's, which has no end"),
    Column("begun_at", UtcTime, nullable=False),
    Column("ends_at", UtcTime, nullable=True),
    Column("over_at", UtcTime, nullable=True),
    Column("over_by", TEXT, nullable=True),
    PrimaryKeyConstraint("chain_id", "contract_set", "terms_hash", "seat", "epoch", "number"),
    CheckConstraint("length(terms_hash) = 32", name="terms_hash"),
    CheckConstraint("length(account) = 20", name="account"),
    CheckConstraint("drop_id > 0 AND seat > 0 AND tier BETWEEN 0 AND 9", name="tier"),
    CheckConstraint("epoch >= 0 AND number >= 0", name="not_negative"),
    CheckConstraint("(account IS NULL) = (ends_at IS NULL)", name="everybodys"),
    CheckConstraint("ends_at > begun_at", name="ends_at"),
    CheckConstraint("(over_at IS NULL) = (over_by IS NULL)", name="over_together"),
    CheckConstraint("over_at IS NULL OR account IS NOT NULL", name="over_at"),
    CheckConstraint("over_by IN ('missed', 'passed', 'place_ended')", name="over_by"),
    # A seat is one account's at a time, and an account has one turn at a time.
    Index(
        "wait_turns_seat_key",
        "chain_id",
        "contract_set",
        "terms_hash",
        "seat",
        unique=True,
        sqlite_where=_NOT_OVER,
        postgresql_where=_NOT_OVER,
    ),
    Index(
        "wait_turns_account_key",
        *_LIST,
        "account",
        unique=True,
        sqlite_where=_NOT_OVER,
        postgresql_where=_NOT_OVER,
    ),
    Index(None, "over_at"),
    sqlite_strict=True,
)
