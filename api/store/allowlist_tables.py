"""The API's tables of published allowlists: which roots, and each account's proof.

It owns their shape and the constraints that the database itself holds; it refuses reads and writes.
A list is kept under its root, which the chain has as a term of the phase: it can be of nothing
else, and a reorganisation takes nothing away from it.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
)

from api.store.tables import METADATA
from marketplace.storage.columns import BIG, Address, Bytes32, UtcTime

allowlists: Final = Table(
    "allowlists",
    METADATA,
    Column("root", Bytes32, nullable=False, doc="the phase's gate data"),
    Column("accounts", BIG, nullable=False, doc="how many are listed"),
    Column("published_by", Address, nullable=False),
    Column("published_at", UtcTime, nullable=False),
    PrimaryKeyConstraint("root"),
    CheckConstraint("length(root) = 32", name="root"),
    CheckConstraint("accounts >= 1", name="accounts"),
    CheckConstraint("length(published_by) = 20", name="published_by"),
    sqlite_strict=True,
)

allowlist_proofs: Final = Table(
    "allowlist_proofs",
    METADATA,
    Column("root", Bytes32, nullable=False),
    Column("account", Address, nullable=False),
    Column("proof", LargeBinary, nullable=False, doc="hash after hash; empty for an only account"),
    PrimaryKeyConstraint("root", "account"),
    ForeignKeyConstraint(["root"], ["allowlists.root"], ondelete="CASCADE"),
    CheckConstraint("length(account) = 20", name="account"),
    CheckConstraint("length(proof) % 32 = 0", name="proof"),
    sqlite_strict=True,
)
