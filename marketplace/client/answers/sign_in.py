"""What signing in answers.

Owns nonce, session and the list of sessions. Refuses to show a token in a repr.
"""

from __future__ import annotations

from dataclasses import field

from pydantic import AwareDatetime
from pydantic.dataclasses import dataclass

from marketplace.client.wire import ANSWER, Account, HashText


@dataclass(frozen=True, config=ANSWER)
class Nonce:
    """An open attempt: what the message must say, the message, and the attempt's secret."""

    nonce: str
    domain: str
    uri: str
    version: str
    chain_id: int
    statement: str
    issued_at: AwareDatetime
    expires_at: AwareDatetime
    message: str | None
    attempt: str | None = field(repr=False)


@dataclass(frozen=True, config=ANSWER)
class SignedIn:
    """A session has begun; its token is shown this once."""

    account: Account
    expires_at: AwareDatetime
    token: str | None = field(repr=False)


@dataclass(frozen=True, config=ANSWER)
class Session:
    """The session of this client: who is signed in, never what they hold."""

    id: HashText
    account: Account
    created_at: AwareDatetime
    expires_at: AwareDatetime


@dataclass(frozen=True, config=ANSWER)
class ListedSession:
    """One of the account's sessions, this one or another device's."""

    id: HashText
    created_at: AwareDatetime
    last_seen_at: AwareDatetime
    expires_at: AwareDatetime
    user_agent: str | None
    current: bool


@dataclass(frozen=True, config=ANSWER)
class Sessions:
    """All living sessions of the account, the newest first."""

    sessions: tuple[ListedSession, ...]
