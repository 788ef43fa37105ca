"""The API's table of co-hosts: whom a drop's mentor lets help with its sessions.

It owns its shape and the constraints that the database itself holds; it refuses reads and writes.
No chain knows of co-hosts: this table is all that says who is one.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import CheckConstraint, Column, PrimaryKeyConstraint, Table

from api.store.tables import METADATA
from marketplace.storage.columns import BIG, TEXT, Address, Bytes32, UtcTime

co_hosts: Final = Table(
    "co_hosts",
    METADATA,
    Column("chain_id", BIG, nullable=False, autoincrement=False),
    Column("contract_set", TEXT, nullable=False),
    Column("drop_id", BIG, nullable=False, autoincrement=False),
    Column("terms_hash", Bytes32, nullable=False),
    Column("mentor", Address, nullable=False, doc="who named; counts while the drop is theirs"),
    Column("account", Address, nullable=False),
    Column("named_at", UtcTime, nullable=False),
    # In the order in which the gate asks: by a drop's number, of which there are few.
    PrimaryKeyConstraint("chain_id", "contract_set", "drop_id", "account", "terms_hash", "mentor"),
    CheckConstraint("drop_id > 0", name="drop_id"),
    CheckConstraint("length(terms_hash) = 32", name="terms_hash"),
    CheckConstraint("length(mentor) = 20", name="mentor"),
    CheckConstraint("length(account) = 20", name="account"),
    CheckConstraint("account <> mentor", name="another"),
    sqlite_strict=True,
)
