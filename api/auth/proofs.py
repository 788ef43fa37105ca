"""What a session or a key stands on that a contract wallet has proved, and proving it anew.

An account's own key cannot be taken away from it; what a wallet accepts can change with its next
transaction. So whatever was begun with a wallet's signature keeps the question, and the wallet is
asked it again when it is used and was last asked too long ago. It counts on the wallet's chain
alone: several APIs may share these tables. Owns that table and these rules.
Refuses to end anything for want of an answer: what is not known is said to be unknown.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, exists, insert, not_, or_, select, update

from api.auth.wallets import Proof, refusal_in_turn, turn_of
from api.store.tables import wallet_proofs
from marketplace.storage.transactions import reading, writing

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Column, ColumnElement, Connection

    from api.parts import Parts
    from marketplace.domain.addresses import ChecksumAddress

_FORGOTTEN_AT_ONCE: Final = 100


@dataclass(frozen=True, slots=True)
class WalletProof:
    """What a wallet of a chain has accepted: a signature over a digest, when it was asked last."""

    chain_id: int
    digest: bytes
    signature: bytes
    checked_at: datetime


def keep_proof(
    connection: Connection, credential: str, proof: WalletProof, expires_at: datetime
) -> None:
    """Keep what a credential (the hash of a session's token or of a key) stands on.

    Forgets some of what stood under credentials whose time is over.
    """
    table = wallet_proofs.c
    over = (
        select(table.credential_hash)
        .where(table.expires_at < proof.checked_at)
        .order_by(table.expires_at)
        .limit(_FORGOTTEN_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    found = connection.scalars(over).all()
    if found:
        connection.execute(delete(wallet_proofs).where(table.credential_hash.in_(found)))
    connection.execute(
        insert(wallet_proofs).values(
            credential_hash=credential,
            chain_id=proof.chain_id,
            digest=f"0x{proof.digest.hex()}",
            signature=proof.signature,
            checked_at=proof.checked_at,
            expires_at=expires_at,
        )
    )


def proof_of(connection: Connection, credential: str) -> WalletProof | None:
    """What a credential stands on; None: on the account's own key."""
    table = wallet_proofs.c
    row = connection.execute(
        select(table.chain_id, table.digest, table.signature, table.checked_at).where(
            table.credential_hash == credential
        )
    ).one_or_none()
    if row is None:
        return None
    digest = bytes.fromhex(row.digest[2:])
    return WalletProof(row.chain_id, digest, bytes(row.signature), row.checked_at)


def stands_on(chain_id: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether a credential, beside its proof if there is one, counts on a chain.

    An account's key is the same on every chain. The contract at an address is not: whoever has
    made it on one chain may be a stranger on another.
    """
    proved_on = wallet_proofs.c.chain_id
    return or_(proved_on.is_(None), proved_on == chain_id)


def counts_on(credential: Column[str], chain_id: int) -> ColumnElement[bool]:
    """What `stands_on` says, in a statement that has only the credential's own table."""
    elsewhere = (
        exists()
        .where(wallet_proofs.c.credential_hash == credential, wallet_proofs.c.chain_id != chain_id)
        .correlate(credential.table)
    )
    return not_(elsewhere)


def is_due(checked_at: datetime | None, now: datetime, every: timedelta) -> bool:
    """Whether a wallet has to be asked again; a moment far ahead is of a wrong clock."""
    return checked_at is not None and abs(now - checked_at) >= every


def still_holds(
    parts: Parts, credential: str, account: ChecksumAddress, checked_at: datetime | None
) -> bool:
    """Whether a credential still stands on something; asks the wallet when it is time to.

    Args:
        parts: Of this application.
        credential: The hash of a session's token or of a key.
        account: Whose it is.
        checked_at: When the wallet was asked last; None: no wallet has proved it.

    Raises:
        WalletUnanswered, ChainUnavailable, WrongNode: nothing is known now.
    """
    settings = parts.settings
    every = timedelta(seconds=settings.wallet_recheck_s)
    if not is_due(checked_at, parts.clock(), every):
        return True
    kept = _kept(parts, credential)
    if kept is None:
        return False
    proof = Proof(kept.digest, kept.signature, accepted=True)
    with turn_of(parts.chain, account, proof, settings.wallet_gas):
        # The moment before the question: the answer may be of a block of then.
        now, kept = parts.clock(), _kept(parts, credential)
        if kept is None:
            return False
        if not is_due(kept.checked_at, now, every):
            # Whoever had the turn before has asked the same.
            return True
        if refusal_in_turn(parts.chain, account, proof, settings.wallet_gas):
            return False
        # Before the turn is given on, so that whoever has it next need not ask.
        with writing(parts.store) as connection:
            connection.execute(
                update(wallet_proofs)
                .where(wallet_proofs.c.credential_hash == credential)
                .values(checked_at=now)
            )
    return True


def _kept(parts: Parts, credential: str) -> WalletProof | None:
    with reading(parts.store) as connection:
        return proof_of(connection, credential)
