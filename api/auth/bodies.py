"""The JSON of sign-in: what comes in and what goes out.

Owns the shapes. Refuses rules: these objects only carry.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Self

from pydantic import Field

from api.auth.tokens import Carrier
from api.wire import Account, Moment, WireModel

if TYPE_CHECKING:
    from api.auth.actors import Caller
    from api.auth.reads import StoredSession
    from api.auth.sign_in import BegunAttempt, SignedIn


class NonceRequest(WireModel):
    """Opens an attempt to sign in."""

    session: Annotated[Carrier, Field(strict=False)] = Carrier.COOKIE
    """`cookie` for a browser, `bearer` for any other client."""

    account: Account | None = None
    """The account that will sign, `0x` and 40 hex digits; the answer then holds the message to be
    signed. Null: the client writes it."""


class NonceAnswer(WireModel):
    """All that the message must say (EIP-4361), and the message itself where it was asked for."""

    nonce: str
    """Chance that the message must hold: 40 hex digits, good for one attempt."""

    domain: str
    """Host, and port where there is one, that the message must name."""

    uri: str
    """Origin that the message must name."""

    version: str
    """Version of EIP-4361 that the message must name."""

    chain_id: int
    statement: str
    """Sentence that the wallet shows."""

    issued_at: Moment
    """When the attempt was opened, in UTC; the message names it."""

    expires_at: Moment
    """When the attempt is over, in UTC; the message may not claim to last longer."""

    message: str | None
    """To be signed by `personal_sign` as it is; null where no account was named."""

    attempt: str | None
    """For clients without cookies: a secret that goes back with the signature; null for a
    browser."""

    @classmethod
    def of(cls, begun: BegunAttempt) -> Self:
        """Write an open attempt; a browser's secret is in its cookie alone."""
        expected, attempt = begun.expected, begun.attempt
        return cls(
            nonce=expected.nonce,
            domain=expected.origin.authority,
            uri=expected.origin.url,
            version="1",
            chain_id=expected.chain_id,
            statement=expected.statement,
            issued_at=expected.issued_at,
            expires_at=expected.expires_at,
            message=begun.message,
            attempt=attempt.text if attempt.carrier is Carrier.BEARER else None,
        )


class VerifyRequest(WireModel):
    """Ends an attempt; its nonce is spent, whatever comes of it."""

    # No lengths here: what fits a body is an attempt, and an attempt spends its nonce.
    message: str
    """The text that was signed, character for character."""

    signature: str
    """65 bytes r, s, v in hex with `0x`, or what a contract wallet takes, up to 8,192 bytes."""

    attempt: str | None = None
    """As the nonce's answer gave it; null from a browser, which sends its cookie instead."""


class SignedInAnswer(WireModel):
    """A session has begun."""

    account: Account
    """Who is signed in, with its ERC-55 checksum."""

    expires_at: Moment
    token: str | None
    """For `Authorization: Bearer`; shown this once. Null for a browser, which has its cookie."""

    csrf_token: str | None
    """For `X-CSRF-Token`, beside the cookie; null for a bearer."""

    @classmethod
    def of(cls, signed_in: SignedIn) -> Self:
        """Write a new session."""
        token, session = signed_in.token, signed_in.session
        bearer = token.carrier is Carrier.BEARER
        return cls(
            account=session.account,
            expires_at=session.expires_at,
            token=token.secret if bearer else None,
            csrf_token=None if bearer else token.csrf_token,
        )


class SessionAnswer(WireModel):
    """The session of this request: who is signed in, never what they hold."""

    id: str
    """Names the session where it is listed and ended: `0x` and 64 hex digits."""

    account: Account
    """Who is signed in, with its ERC-55 checksum."""

    created_at: Moment
    expires_at: Moment
    csrf_token: str | None
    """For `X-CSRF-Token`, beside the cookie; null for a bearer."""

    @classmethod
    def of(cls, caller: Caller) -> Self:
        """Write the caller's session."""
        session, token = caller.session, caller.token
        return cls(
            id=session.id,
            account=session.account,
            created_at=session.created_at,
            expires_at=session.expires_at,
            csrf_token=token.csrf_token if token.carrier is Carrier.COOKIE else None,
        )


class ListedSession(WireModel):
    """One of the account's sessions."""

    id: str
    """Names the session where it is ended: `0x` and 64 hex digits."""

    created_at: Moment
    last_seen_at: Moment
    """When it last sent a request, some minutes early at most, in UTC."""

    expires_at: Moment
    user_agent: str | None
    """What its client called itself when it signed in; null: nothing. Proves nothing."""

    current: bool
    """Whether it is the one that asks."""

    @classmethod
    def of(cls, session: StoredSession, caller: Caller) -> Self:
        """Write a session, and whether it is the one that asks."""
        return cls(
            id=session.id,
            created_at=session.created_at,
            last_seen_at=session.last_seen_at,
            expires_at=session.expires_at,
            user_agent=session.user_agent,
            current=session.id == caller.session.id,
        )


class SessionsAnswer(WireModel):
    """All live sessions of the account, the newest first; at most `max_sessions`."""

    sessions: list[ListedSession]
    """The sessions, this one among them."""
