"""The life of a key: made, listed, used, ended.

Owns the order of the steps and the transactions. Refuses to know HTTP.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from api.auth.errors import SessionEnded
from api.auth.proofs import keep_proof, proof_of, still_holds
from api.auth.writes import hold_account
from api.errors import NotFound
from api.idempotency.attempts import nothing_along
from api.keys.errors import ApiKeyEnded, KeyOfOtherDrops, ScopeMissing, TooManyKeys
from api.keys.reads import count_live, live_key, live_keys
from api.keys.tokens import hash_of, is_key, new_id, new_key
from api.keys.values import ApiClient, StoredKey
from api.keys.writes import NewKey, forget_ended_keys, keep_key, revoke_key, touch_key
from api.places import drop_of
from api.programme.publishing import mentored_drop
from marketplace.storage.transactions import reading, writing

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection

    from api.auth.actors import Actor
    from api.auth.reads import StoredSession
    from api.idempotency.attempts import Along
    from api.keys.values import Scope
    from api.parts import Parts
    from indexer.queries import DropTerms
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.ids import DropId


@dataclass(frozen=True, slots=True)
class KeyWish:
    """What a key shall be; `drops` None: good for every drop of the account."""

    name: str
    scopes: frozenset[Scope]
    drops: Collection[int] | None
    expires_in_s: int


@dataclass(frozen=True, slots=True)
class MadeKey:
    """A key that has just been made; the text is shown this once."""

    text: str
    kept: StoredKey


def make(
    parts: Parts,
    session: StoredSession,
    wish: KeyWish,
    along: Along[MadeKey] = nothing_along,
) -> MadeKey:
    """Make a key for the account of a session; it stands on what the session stands on.

    What is to be kept along with it is kept in the transaction that makes it.

    Raises:
        NotFound, MentorRequired: it shall be limited to a drop that is none of the account's.
        TooManyKeys: the account has as many as it may have.
        MirrorMissing, StorageError: nothing can be read or kept.
    """
    account = session.account
    drops = None if wish.drops is None else _named(parts, account, wish.drops)
    text, now = new_key(), parts.clock()
    key = NewKey(
        id=new_id(),
        key_hash=hash_of(text),
        name=wish.name,
        owner=account,
        scopes=frozenset(str(scope) for scope in wish.scopes),
        drops=drops,
        created_at=now,
        expires_at=now + timedelta(seconds=wish.expires_in_s),
    )
    client = ApiClient(key.id, account, key.scopes, drops)
    made = MadeKey(text, StoredKey(client, key.name, now, key.expires_at, None))
    most = parts.settings.max_api_keys
    with writing(parts.store) as connection:
        hold_account(connection, account)
        if count_live(connection, parts.mirror_id, account, now) >= most:
            raise TooManyKeys(most)
        keep_key(connection, parts.mirror_id, key)
        if session.wallet_checked_at is not None:
            _inherit(connection, session, key)
        forget_ended_keys(connection, now)
        along(connection, made)
    return made


def of_account(parts: Parts, account: ChecksumAddress) -> tuple[StoredKey, ...]:
    """All live keys of an account, the newest first."""
    with reading(parts.store) as connection:
        return live_keys(connection, parts.mirror_id, account, parts.clock())


def end(parts: Parts, account: ChecksumAddress, key_id: str) -> None:
    """End a key of an account; at once, for every request that comes after.

    Raises:
        NotFound: the account has no such key.
    """
    with writing(parts.store) as connection:
        if not revoke_key(connection, parts.mirror_id, account, key_id, parts.clock()):
            raise NotFound("API key")


def shown(parts: Parts, text: str, scope: Scope) -> ApiClient:
    """The program that shows a key, for one thing; notes now and then that the key is in use.

    Raises:
        ApiKeyEnded: the text is of no live key.
        ScopeMissing: the key is for something else.
        WalletUnanswered, ChainUnavailable, WrongNode: a contract wallet made it, and cannot be
            asked now.
    """
    if not is_key(text):
        raise ApiKeyEnded
    now = parts.clock()
    key_hash = hash_of(text)
    with reading(parts.store) as connection:
        key = live_key(connection, parts.mirror_id, key_hash, now)
    if key is None:
        raise ApiKeyEnded
    if not key.client.has(scope):
        raise ScopeMissing(scope)
    if not still_holds(parts, key_hash, key.client.account, key.wallet_checked_at):
        with writing(parts.store) as connection:
            revoke_key(connection, parts.mirror_id, key.client.account, key.client.id, now)
        raise ApiKeyEnded
    unnoted = now - (key.last_used_at or key.created_at)
    if unnoted > timedelta(seconds=parts.settings.session_touch_s):
        with writing(parts.store) as connection:
            touch_key(connection, key.client.id, now)
    return key.client


def led_drop(parts: Parts, actor: Actor, drop: DropId) -> DropTerms:
    """Read a drop for who may act for it at this moment: its mentor, or a key that the mentor made.

    Raises:
        NotFound: there is no such drop in the mirror.
        MentorRequired: its mentor is another account.
        KeyOfOtherDrops: it is a key that is limited to others.
        MirrorMissing, StorageError: nothing can be read.
    """
    mirrored = mentored_drop(parts, drop, actor.account)
    require_covered(actor, drop, mirrored.drop.terms_hash)
    return mirrored


def is_limited(actor: Actor) -> bool:
    """Whether it is a key that is good for some drops alone."""
    return isinstance(actor, ApiClient) and actor.drops is not None


def covers(actor: Actor, drop: DropId, terms_hash: str) -> bool:
    """Whether it is no key that is limited to other drops."""
    return not isinstance(actor, ApiClient) or actor.covers(drop, terms_hash)


def require_covered(actor: Actor, drop: DropId, terms_hash: str) -> None:
    """Refuse a key that is limited to other drops; whoever the mentor is, is asked elsewhere.

    Raises:
        KeyOfOtherDrops: it is.
    """
    if not covers(actor, drop, terms_hash):
        raise KeyOfOtherDrops(drop)


def _inherit(connection: Connection, session: StoredSession, key: NewKey) -> None:
    proof = proof_of(connection, session.id)
    if proof is None:
        # It has ended since: what it stood on was forgotten.
        raise SessionEnded
    keep_proof(connection, key.key_hash, proof, key.expires_at)


def _named(parts: Parts, account: ChecksumAddress, drops: Collection[int]) -> dict[DropId, str]:
    named = [drop_of(number) for number in drops]
    return {drop: mentored_drop(parts, drop, account).drop.terms_hash for drop in named}
