"""The API's table of attendance: which seats have been in which sessions.

It owns its shape and the constraints that the database itself holds; it refuses reads and writes.
No chain knows who came to a session: this table is all that says which rights of a seat are spent,
and outlives the admissions, which are forgotten within minutes.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import CheckConstraint, Column, PrimaryKeyConstraint, Table

from api.store.tables import METADATA
from marketplace.storage.columns import BIG, TEXT, Address, Bytes32, UtcTime

attendances: Final = Table(
    "attendances",
    METADATA,
    Column("chain_id", BIG, nullable=False, autoincrement=False),
    Column("contract_set", TEXT, nullable=False),
    Column("seat", BIG, nullable=False, autoincrement=False),
    Column("session", BIG, nullable=False, autoincrement=False, doc="its number in the terms"),
    Column("terms_hash", Bytes32, nullable=False, doc="of the drop; under another it is another's"),
    Column("mentor", Address, nullable=False, doc="of the drop"),
    Column("holder", Address, nullable=False, doc="whose the seat was; counts if the chain agrees"),
    Column("account", Address, nullable=False, doc="who came in: the holder, or a delegate"),
    Column("via", TEXT, nullable=False),
    Column("attended_at", UtcTime, nullable=False, doc="the first time"),
    Column("block_number", BIG, nullable=False, doc="that the gate decided on"),
    Column("block_hash", Bytes32, nullable=False),
    # A page of seats is looked up by the seats' numbers.
    PrimaryKeyConstraint(
        "chain_id", "contract_set", "seat", "session", "terms_hash", "mentor", "holder"
    ),
    CheckConstraint("seat > 0 AND session > 0", name="session"),
    CheckConstraint("length(terms_hash) = 32", name="terms_hash"),
    CheckConstraint("length(mentor) = 20", name="mentor"),
    CheckConstraint("length(holder) = 20", name="holder"),
    CheckConstraint("length(account) = 20", name="account"),
    CheckConstraint("via IN ('seat', 'delegate')", name="via"),
    CheckConstraint("block_number >= 0", name="block_number"),
    CheckConstraint("length(block_hash) = 32", name="block_hash"),
    sqlite_strict=True,
)
