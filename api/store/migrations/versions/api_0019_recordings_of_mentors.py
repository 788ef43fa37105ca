"""Keep with each recording who the mentor of its drop is.

A number and a terms hash do not say it: anybody can put another's hash on a drop. Of what is there
already, whoever has uploaded as the co-host of one mentor did it for that mentor. Whoever alone has
named co-hosts of the drop, or is the only mentor known of its terms, did it as the mentor. Of the
rest nobody knows: where several have published one text, or named co-hosts to it, whoever uploaded
may have been another's co-host and removed since. Those stay as they were, of their number and
their hash: they are shown with whatever drop has both, and nothing is lost. Who knows better says
so: `UPDATE recordings SET mentor = … WHERE id = …`, of rows whose mentor is null.

SQLite cannot add what is checked to a table, so the table is made anew and its rows are copied.
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "api_0019"
down_revision = "api_0018"

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_TIME = sa.DateTime(timezone=True).with_variant(sa.Integer(), "sqlite")
_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

_OLD: Final = "recordings_before"
_KEPT: Final = (
    "id, chain_id, contract_set, drop_id, terms_hash, session, title, media_type, size_bytes,"
    " sha256, block_hashes, uploaded_by, begun_at, available_at, abandoned_at"
)
_OF_ITS_DROP: Final = (
    "named.chain_id = recordings.chain_id AND named.contract_set = recordings.contract_set"
    " AND named.drop_id = recordings.drop_id AND named.terms_hash = recordings.terms_hash"
)
_NAMED_UPLOADER: Final = f"{_OF_ITS_DROP} AND named.account = recordings.uploaded_by"
_MENTORS_OF_DROP: Final = f"(SELECT named.mentor FROM co_hosts AS named WHERE {_OF_ITS_DROP})"  # noqa: S608 - constants of this module
_MENTORS_OF_TERMS: Final = (
    "(SELECT known.mentor FROM ("
    "SELECT terms_hash, published_by AS mentor FROM published_terms"
    " UNION SELECT listed.terms_hash, sold.mentor FROM product_texts AS listed"
    " JOIN products AS sold ON sold.product = listed.product"
    " UNION SELECT terms_hash, mentor FROM co_hosts"
    ") AS known WHERE known.terms_hash = recordings.terms_hash)"
)


def upgrade() -> None:
    """Make the table anew with the rows, and say of each whose it is where that is known."""
    _make_anew(of_mentors=True)
    op.execute(
        f"UPDATE recordings SET mentor ="  # noqa: S608 - constants of this module
        f" (SELECT named.mentor FROM co_hosts AS named WHERE {_NAMED_UPLOADER})"
        f" WHERE (SELECT count(*) FROM co_hosts AS named WHERE {_NAMED_UPLOADER}) = 1"
    )
    op.execute(
        f"UPDATE recordings SET mentor = uploaded_by"  # noqa: S608 - constants of this module
        f" WHERE NOT EXISTS (SELECT 1 FROM co_hosts AS named WHERE {_NAMED_UPLOADER})"
        f" AND (({_are_the_uploader(_MENTORS_OF_DROP)})"
        f" OR ({_are_the_uploader(_MENTORS_OF_TERMS)}))"
    )


def _are_the_uploader(mentors: str) -> str:
    theirs = f"EXISTS (SELECT 1 FROM {mentors} AS one WHERE one.mentor"  # noqa: S608 - constants of this module
    return f"{theirs} = recordings.uploaded_by) AND NOT {theirs} <> recordings.uploaded_by)"


def downgrade() -> None:
    """Forget whose they are: number and hash say it again, as well as they can."""
    _make_anew(of_mentors=False)


def _make_anew(*, of_mentors: bool) -> None:
    op.drop_index("recordings_chain_id_contract_set_drop_id_session_idx", "recordings")
    op.drop_index("recordings_unfinished", "recordings")
    if op.get_bind().dialect.name == "postgresql":
        # Names of keys belong to the schema, not to the table.
        op.drop_constraint("recordings_pk", "recordings")
    op.rename_table("recordings", _OLD)
    _create(of_mentors=of_mentors)
    op.execute(f"INSERT INTO recordings ({_KEPT}) SELECT {_KEPT} FROM {_OLD}")  # noqa: S608 - constants of this module
    op.drop_table(_OLD)
    op.create_index(None, "recordings", ["chain_id", "contract_set", "drop_id", "session"])
    unfinished = sa.text("available_at IS NULL")
    op.create_index(
        "recordings_unfinished",
        "recordings",
        ["begun_at"],
        sqlite_where=unfinished,
        postgresql_where=unfinished,
    )


def _create(*, of_mentors: bool) -> None:
    mentor = [sa.Column("mentor", sa.LargeBinary(), nullable=True)] if of_mentors else []
    checks = {
        "id": "length(id) BETWEEN 8 AND 64",
        "terms_hash": "length(terms_hash) = 32",
        **({"mentor": "length(mentor) = 20"} if of_mentors else {}),
        "sha256": "length(sha256) = 32",
        "uploaded_by": "length(uploaded_by) = 20",
        "session": "drop_id > 0 AND session > 0",
        "size_bytes": "size_bytes > 0",
        "title": "length(title) BETWEEN 1 AND 120",
        "media_type": "length(media_type) BETWEEN 1 AND 120",
        "block_hashes": "length(block_hashes) = 32 * ((size_bytes + 262143) / 262144)",
        "available_at": "available_at >= begun_at",
        "complete": (
            "available_at IS NULL OR (size_bytes IS NOT NULL AND sha256 IS NOT NULL"
            " AND block_hashes IS NOT NULL AND abandoned_at IS NULL)"
        ),
    }
    op.create_table(
        "recordings",
        sa.Column("id", _TEXT, nullable=False),
        sa.Column("chain_id", _BIG, nullable=False, autoincrement=False),
        sa.Column("contract_set", _TEXT, nullable=False),
        sa.Column("drop_id", _BIG, nullable=False, autoincrement=False),
        sa.Column("terms_hash", sa.LargeBinary(), nullable=False),
        *mentor,
        sa.Column("session", _BIG, nullable=False),
        sa.Column("title", _TEXT, nullable=False),
        sa.Column("media_type", _TEXT, nullable=False),
        sa.Column("size_bytes", _BIG, nullable=True),
        sa.Column("sha256", sa.LargeBinary(), nullable=True),
        sa.Column("block_hashes", sa.LargeBinary(), nullable=True),
        sa.Column("uploaded_by", sa.LargeBinary(), nullable=False),
        sa.Column("begun_at", _TIME, nullable=False),
        sa.Column("available_at", _TIME, nullable=True),
        sa.Column("abandoned_at", _TIME, nullable=True),
        sa.PrimaryKeyConstraint("id"),
        *(sa.CheckConstraint(text, name=name) for name, text in checks.items()),
        sqlite_strict=True,
    )
