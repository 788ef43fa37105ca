"""Give API keys a name and limits; keep what contract wallets have proved.

SQLite cannot add what is checked to a table, so the table is made anew and its rows are copied. A
key that had no name is called by its id, and was limited to no drops.
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "api_0007"
down_revision = "api_0006"

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_TIME = sa.DateTime(timezone=True).with_variant(sa.Integer(), "sqlite")
_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

_OLD: Final = "api_keys_before"
_KEPT: Final = "key_hash, owner, scopes, created_at, expires_at, revoked_at, last_used_at"


def upgrade() -> None:
    """Create what is new, and copy the rows."""
    _set_aside()
    _create(named=True)
    op.create_index(None, "api_keys", ["expires_at"])
    op.execute(
        f"INSERT INTO api_keys (id, name, limited, {_KEPT}) SELECT id, id, 0, {_KEPT} FROM {_OLD}"  # noqa: S608 - constants of this module
    )
    op.drop_table(_OLD)
    op.create_table(
        "api_key_drops",
        sa.Column("key_id", _TEXT, nullable=False),
        sa.Column("chain_id", _BIG, nullable=False, autoincrement=False),
        sa.Column("contract_set", _TEXT, nullable=False),
        sa.Column("drop_id", _BIG, nullable=False, autoincrement=False),
        sa.Column("terms_hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("key_id", "chain_id", "contract_set", "drop_id"),
        sa.CheckConstraint("length(key_id) BETWEEN 8 AND 64", name="key_id"),
        sa.CheckConstraint("drop_id > 0", name="drop_id"),
        sa.CheckConstraint("length(terms_hash) = 32", name="terms_hash"),
        sqlite_strict=True,
    )
    op.create_table(
        "wallet_proofs",
        sa.Column("credential_hash", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("checked_at", _TIME, nullable=False),
        sa.Column("expires_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("credential_hash"),
        sa.CheckConstraint("length(credential_hash) = 32", name="credential_hash"),
        sa.CheckConstraint("length(digest) = 32", name="digest"),
        sa.CheckConstraint("length(signature) <= 8192", name="signature"),
        sqlite_strict=True,
    )
    op.create_index(None, "wallet_proofs", ["expires_at"])


def downgrade() -> None:
    """Forget names; end the keys that are limited, and the sessions and keys of wallets.

    Nothing would hold those keys to their limits, and nobody would ask the wallets again.
    """
    for table, credential in (("sessions", "token_hash"), ("api_keys", "key_hash")):
        op.execute(
            f"DELETE FROM {table} WHERE {credential} IN (SELECT credential_hash FROM wallet_proofs)"  # noqa: S608 - constants of this module
        )
    op.drop_table("wallet_proofs")
    op.drop_index("api_keys_expires_at_idx", "api_keys")
    _set_aside()
    _create(named=False)
    op.execute(
        f"INSERT INTO api_keys (id, {_KEPT}) SELECT id, {_KEPT} FROM {_OLD} WHERE limited = 0"  # noqa: S608 - constants of this module
    )
    op.drop_table(_OLD)
    op.drop_table("api_key_drops")


def _set_aside() -> None:
    op.drop_index("api_keys_owner_idx", "api_keys")
    if op.get_bind().dialect.name == "postgresql":
        # Names of these belong to the schema, not to the table.
        op.drop_constraint("api_keys_pk", "api_keys")
        op.drop_constraint("api_keys_key_hash_key", "api_keys")
    op.rename_table("api_keys", _OLD)


def _create(*, named: bool) -> None:
    name = [sa.Column("name", _TEXT, nullable=False)] if named else []
    limited = [sa.Column("limited", _BIG, nullable=False)] if named else []
    checks = {
        "id": "length(id) BETWEEN 8 AND 64",
        "key_hash": "length(key_hash) = 32",
        **({"name": "length(name) BETWEEN 1 AND 80"} if named else {}),
        "owner": "length(owner) = 20",
        "scopes": "length(scopes) >= 1",
        **({"limited": "limited IN (0, 1)"} if named else {}),
        "expires_at": "expires_at > created_at",
        "revoked_at": "revoked_at >= created_at",
        "last_used_at": "last_used_at >= created_at",
    }
    op.create_table(
        "api_keys",
        sa.Column("id", _TEXT, nullable=False),
        sa.Column("key_hash", sa.LargeBinary(), nullable=False),
        *name,
        sa.Column("owner", sa.LargeBinary(), nullable=False),
        sa.Column("scopes", _TEXT, nullable=False),
        *limited,
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("expires_at", _TIME, nullable=False),
        sa.Column("revoked_at", _TIME, nullable=True),
        sa.Column("last_used_at", _TIME, nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key_hash"),
        *(sa.CheckConstraint(text, name=name_) for name_, text in checks.items()),
        sqlite_strict=True,
    )
    op.create_index(None, "api_keys", ["owner"])
