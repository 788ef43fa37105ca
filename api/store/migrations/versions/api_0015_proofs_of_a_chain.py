"""Keep on which chain a contract wallet has proved something.

Of what was proved before nobody knows the chain: those sessions and keys end, and their owners sign
in again.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "api_0015"
down_revision = "api_0014"

_TIME = sa.DateTime(timezone=True).with_variant(sa.Integer(), "sqlite")
_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """End what no chain is known of, and make the table anew."""
    _make_anew(of_a_chain=True)


def downgrade() -> None:
    """End it as well: nothing would hold it to its chain."""
    _make_anew(of_a_chain=False)


def _make_anew(*, of_a_chain: bool) -> None:
    for table, credential in (("sessions", "token_hash"), ("api_keys", "key_hash")):
        op.execute(
            f"DELETE FROM {table} WHERE {credential} IN (SELECT credential_hash FROM wallet_proofs)"  # noqa: S608 - constants of this module
        )
    op.drop_table("wallet_proofs")
    chain = [sa.Column("chain_id", _BIG, nullable=False)] if of_a_chain else []
    op.create_table(
        "wallet_proofs",
        sa.Column("credential_hash", sa.LargeBinary(), nullable=False),
        *chain,
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("checked_at", _TIME, nullable=False),
        sa.Column("expires_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("credential_hash"),
        sa.CheckConstraint("length(credential_hash) = 32", name="credential_hash"),
        sa.CheckConstraint("length(digest) = 32", name="digest"),
        sa.CheckConstraint("length(signature) <= 8192", name="signature"),
        *([sa.CheckConstraint("chain_id > 0", name="chain_id")] if of_a_chain else []),
        sqlite_strict=True,
    )
    op.create_index(None, "wallet_proofs", ["expires_at"])
