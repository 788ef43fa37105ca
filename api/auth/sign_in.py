"""One attempt to sign in, from the nonce to the session.

Owns the order of the steps and the two transactions. The nonce is spent and committed before
anything is judged, so that a failed attempt, or a process that dies in between, leaves nothing to
try again. Refuses to know HTTP.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from api.auth.errors import (
    ContractWalletRefused,
    SignInAttemptUnknown,
    SignInSignatureMalformed,
    SignInSignatureWrong,
)
from api.auth.message import Expected, SignedText, prepare, signed_text
from api.auth.proofs import WalletProof, keep_proof
from api.auth.signature import KEY_BYTES, fault_of_key
from api.auth.tokens import Attempt, Carrier, SessionToken
from api.auth.wallets import Proof, Refusal, refusal_of
from api.auth.writes import (
    NewSession,
    OpenNonce,
    consume_nonce,
    forget_ended_sessions,
    hold_account,
    keep_nonce,
    revoke_session,
    start_session,
)
from marketplace.storage.transactions import writing

if TYPE_CHECKING:
    from datetime import datetime

    from api.auth.reads import StoredSession
    from api.parts import Parts
    from marketplace.domain.addresses import ChecksumAddress


@dataclass(frozen=True, slots=True)
class BegunAttempt:
    """An open attempt, and what the message must say."""

    attempt: Attempt
    expected: Expected
    message: str | None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session that has just begun; the token is shown this once."""

    token: SessionToken
    session: NewSession


@dataclass(frozen=True, slots=True)
class SignedMessage:
    """What the wallet gave back."""

    text: str
    signature: str


def begin(parts: Parts, carrier: Carrier, account: ChecksumAddress | None) -> BegunAttempt:
    """Open an attempt; with an account, prepare the message that it has to sign."""
    now = _milliseconds(parts.clock())
    attempt = Attempt.begin(carrier)
    nonce = OpenNonce(now, now + timedelta(seconds=parts.settings.nonce_lifetime_s))
    with writing(parts.store) as connection:
        keep_nonce(connection, attempt, nonce, parts.settings.max_open_attempts)
    expected = _expected(parts, attempt, nonce)
    message = None if account is None else prepare(account, expected)
    return BegunAttempt(attempt, expected, message)


def finish(
    parts: Parts,
    attempt: Attempt,
    signed: SignedMessage,
    *,
    user_agent: str | None,
    replaces: StoredSession | None = None,
) -> SignedIn:
    """Spend the attempt; start a session for whoever signed the expected message.

    Args:
        parts: Of this application.
        attempt: As the browser or client that asked for the nonce kept it.
        signed: The message and its signature.
        user_agent: What the client calls itself.
        replaces: The session that this browser had until now; it ends.

    Raises:
        SignInRefused: the attempt is not open, or the message or signature does not hold.
        WalletUnanswered, ChainUnavailable, WrongNode: the account may be a contract wallet, and it
            cannot be asked.
    """
    now = parts.clock()
    with writing(parts.store) as connection:
        nonce = consume_nonce(connection, attempt, now)
    if nonce is None:
        raise SignInAttemptUnknown
    expected = _expected(parts, attempt, nonce)
    given = signed_text(signed.text, signed.signature, expected, now)
    proof = None if given.by_key else _proved_by_wallet(parts, given, now)
    # Always a new token: one that was known before must not become a session.
    token = SessionToken.new(attempt.carrier)
    session = NewSession(
        token.hash,
        given.account,
        now,
        now + timedelta(seconds=parts.settings.session_lifetime_s),
        user_agent,
    )
    chain_id = parts.settings.chain_id
    with writing(parts.store) as connection:
        hold_account(connection, given.account)
        if replaces is not None:
            revoke_session(connection, replaces.account, chain_id, replaces.id, now)
        start_session(connection, session, chain_id, parts.settings.max_sessions)
        if proof is not None:
            keep_proof(connection, session.token_hash, proof, session.expires_at)
        forget_ended_sessions(connection, now)
    return SignedIn(token, session)


def _proved_by_wallet(parts: Parts, given: SignedText, now: datetime) -> WalletProof:
    shown = Proof(given.digest, given.signature)
    refusal = refusal_of(parts.chain, given.account, shown, parts.settings.wallet_gas)
    if refusal is None:
        chain_id = parts.settings.chain_id
        return WalletProof(chain_id, given.digest, given.signature, now)
    if refusal is Refusal.NO_CONTRACT and 0 < len(given.signature) <= KEY_BYTES:
        # Then it was meant to be a key's.
        fault = fault_of_key(given.signature)
        raise SignInSignatureWrong if fault is None else SignInSignatureMalformed(fault)
    raise ContractWalletRefused(refusal, refusal.fault)


def _expected(parts: Parts, attempt: Attempt, nonce: OpenNonce) -> Expected:
    settings = parts.settings
    return Expected(
        origin=parts.origin,
        chain_id=settings.chain_id,
        statement=settings.statement,
        nonce=attempt.nonce,
        issued_at=nonce.issued_at,
        expires_at=nonce.expires_at,
        skew=timedelta(seconds=settings.clock_skew_s),
    )


def _milliseconds(moment: datetime) -> datetime:
    # The message carries milliseconds; what is kept must not be later than what it says.
    return moment.replace(microsecond=moment.microsecond // 1_000 * 1_000)
