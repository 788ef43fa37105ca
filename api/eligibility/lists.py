"""Allowlists that mentors have published, by the root that phases carry.

Owns the statements. Refuses transactions, and a proof that does not lead to the root that it is
asked for under.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, func, insert, literal, select

from api.store.allowlist_tables import allowlist_proofs, allowlists
from marketplace.allowlist.phases import is_authorised

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from marketplace.allowlist.phases import PhaseAllowlist
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.ids import PhaseIndex

_ROWS: Final = 5_000
"""Proofs that are written at once."""


@dataclass(frozen=True, slots=True)
class Listed:
    """What is known of an account and a list.

    Attributes:
        proof: As `mint` takes it; None: the account is not on it.
    """

    proof: bytes | None


def keep(
    connection: Connection, listed: PhaseAllowlist, published_by: ChecksumAddress, now: datetime
) -> None:
    """Keep a list under its own root; one that is kept otherwise than it has to be is written anew.

    Of two that keep one at once, the second looks when the first is done.
    """
    root = _text(listed.root)
    _hold(connection, root)
    if is_kept(connection, listed):
        return
    connection.execute(delete(allowlists).where(allowlists.c.root == root))
    connection.execute(
        insert(allowlists).values(
            root=root,
            accounts=len(listed.accounts),
            published_by=published_by,
            published_at=now,
        )
    )
    rows = [
        {"root": root, "account": account, "proof": listed.authorisation(account)}
        for account in sorted(listed.accounts)
    ]
    for first in range(0, len(rows), _ROWS):
        connection.execute(insert(allowlist_proofs), rows[first : first + _ROWS])


def is_kept(connection: Connection, listed: PhaseAllowlist) -> bool:
    """Whether a list is kept, with every proof as it has to be."""
    rows = connection.execute(
        select(allowlist_proofs.c.account, allowlist_proofs.c.proof).filter_by(
            root=_text(listed.root)
        )
    )
    kept = {row.account: row.proof for row in rows}
    return kept.keys() == listed.accounts and all(
        proof == listed.authorisation(account) for account, proof in kept.items()
    )


def listed_in(
    connection: Connection, root: bytes, phase: PhaseIndex, account: ChecksumAddress
) -> Listed | None:
    """What a list says of an account; None: nobody has published it.

    The proof is tried again: what a database gives back is no proof of what was put in.
    """
    known = select(literal(1)).where(allowlists.c.root == _text(root))
    if connection.scalar(known) is None:
        return None
    proof = connection.scalar(
        select(allowlist_proofs.c.proof).filter_by(root=_text(root), account=account)
    )
    if proof is None:
        return Listed(None)
    return Listed(proof) if is_authorised(root, phase, account, proof) else None


def _hold(connection: Connection, root: str) -> None:
    # SQLite has one writer at a time anyway.
    if connection.dialect.name == "postgresql":
        key = func.hashtextextended(f"allowlist {root}", 0)
        connection.execute(select(func.pg_advisory_xact_lock(key)))


def _text(root: bytes) -> str:
    return f"0x{root.hex()}"
