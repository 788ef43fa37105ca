"""The API's own tables: who is signed in, and what mentors and sellers have handed over.

It owns their shape and the constraints that the database itself holds; it refuses reads and
writes. No secret is kept: of a nonce, a cookie, a token, a ticket and a key only the SHA-256 is
here, and each is chance too long to be guessed, so that a copy of the database lets nobody in. The
signatures that are kept open nothing either: each is over a nonce that is spent, or a listing. A
session says who somebody is. What they hold is never written here; whose a seat was when somebody
came in by it is, and is believed while the mirror says so.

A reorganisation can give a drop's number to another drop. What belongs to a drop therefore names
its terms hash too, and counts only while the mirror has that hash under that number. Anybody can
put that hash on a drop of their own: what is the mentor's, as recordings are and co-hosts, names
the mentor as well.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    CheckConstraint,
    Column,
    Index,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
    text,
)

from api.store.scopes import Scopes
from marketplace.storage.columns import (
    BIG,
    BYTES,
    NAMING,
    TEXT,
    Address,
    Bytes32,
    Uint256,
    UtcTime,
    uint256_bounds,
)

METADATA: Final = MetaData(naming_convention=NAMING)

sign_in_nonces: Final = Table(
    "sign_in_nonces",
    METADATA,
    Column("nonce_hash", Bytes32, nullable=False),
    Column("browser_hash", Bytes32, nullable=False, doc="of the cookie that was set before it"),
    Column("issued_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("consumed_at", UtcTime, nullable=True, doc="set by every attempt, also a failed one"),
    PrimaryKeyConstraint("nonce_hash"),
    CheckConstraint("length(nonce_hash) = 32", name="nonce_hash"),
    CheckConstraint("length(browser_hash) = 32", name="browser_hash"),
    CheckConstraint("expires_at > issued_at", name="expires_at"),
    CheckConstraint("consumed_at >= issued_at", name="consumed_at"),
    # Anybody can ask for a nonce, so the stale ones are cleared away often.
    Index(None, "expires_at"),
    sqlite_strict=True,
)

sessions: Final = Table(
    "sessions",
    METADATA,
    Column("token_hash", Bytes32, nullable=False),
    Column("account", Address, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("last_seen_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("revoked_at", UtcTime, nullable=True),
    Column("user_agent", TEXT, nullable=True, doc="as sent; tells one session from another"),
    PrimaryKeyConstraint("token_hash"),
    CheckConstraint("length(token_hash) = 32", name="token_hash"),
    CheckConstraint("length(account) = 20", name="account"),
    CheckConstraint("last_seen_at >= created_at", name="last_seen_at"),
    CheckConstraint("expires_at > created_at", name="expires_at"),
    CheckConstraint("revoked_at >= created_at", name="revoked_at"),
    CheckConstraint("length(user_agent) <= 512", name="user_agent"),
    Index(None, "account"),
    # Anybody can sign in, so those that are over are cleared away often.
    Index(None, "expires_at"),
    sqlite_strict=True,
)

wallet_proofs: Final = Table(
    "wallet_proofs",
    METADATA,
    Column("credential_hash", Bytes32, nullable=False, doc="of a session's token, or of a key"),
    Column("chain_id", BIG, nullable=False, doc="of the wallet: elsewhere it may be another's"),
    Column("digest", Bytes32, nullable=False, doc="that was signed; its nonce is spent"),
    Column("signature", BYTES, nullable=False, doc="that the contract wallet has accepted"),
    Column("checked_at", UtcTime, nullable=False, doc="when it was asked last"),
    Column("expires_at", UtcTime, nullable=False, doc="as the credential does"),
    PrimaryKeyConstraint("credential_hash"),
    CheckConstraint("length(credential_hash) = 32", name="credential_hash"),
    CheckConstraint("length(digest) = 32", name="digest"),
    CheckConstraint("length(signature) <= 8192", name="signature"),
    CheckConstraint("chain_id > 0", name="chain_id"),
    Index(None, "expires_at"),
    sqlite_strict=True,
)

api_keys: Final = Table(
    "api_keys",
    METADATA,
    Column("id", TEXT, nullable=False, doc="public; names the key in lists and logs"),
    Column("key_hash", Bytes32, nullable=False),
    Column("name", TEXT, nullable=False, doc="its owner's words"),
    Column("owner", Address, nullable=False, doc="the account that made it"),
    Column("scopes", Scopes, nullable=False),
    Column("limited", BIG, nullable=False, doc="1: to the drops in api_key_drops; 0: to none"),
    Column("created_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False, doc="no key is for ever"),
    Column("revoked_at", UtcTime, nullable=True),
    Column("last_used_at", UtcTime, nullable=True),
    PrimaryKeyConstraint("id"),
    UniqueConstraint("key_hash"),
    CheckConstraint("length(id) BETWEEN 8 AND 64", name="id"),
    CheckConstraint("length(key_hash) = 32", name="key_hash"),
    CheckConstraint("length(name) BETWEEN 1 AND 80", name="name"),
    CheckConstraint("length(owner) = 20", name="owner"),
    CheckConstraint("length(scopes) >= 1", name="scopes"),
    CheckConstraint("limited IN (0, 1)", name="limited"),
    CheckConstraint("expires_at > created_at", name="expires_at"),
    CheckConstraint("revoked_at >= created_at", name="revoked_at"),
    CheckConstraint("last_used_at >= created_at", name="last_used_at"),
    Index(None, "owner"),
    # Those that are over are cleared away.
    Index(None, "expires_at"),
    sqlite_strict=True,
)

api_key_drops: Final = Table(
    "api_key_drops",
    METADATA,
    Column("key_id", TEXT, nullable=False),
    Column("chain_id", BIG, nullable=False, autoincrement=False),
    Column("contract_set", TEXT, nullable=False),
    Column("drop_id", BIG, nullable=False, autoincrement=False),
    Column("terms_hash", Bytes32, nullable=False),
    PrimaryKeyConstraint("key_id", "chain_id", "contract_set", "drop_id"),
    CheckConstraint("length(key_id) BETWEEN 8 AND 64", name="key_id"),
    CheckConstraint("drop_id > 0", name="drop_id"),
    CheckConstraint("length(terms_hash) = 32", name="terms_hash"),
    sqlite_strict=True,
)

published_terms: Final = Table(
    "published_terms",
    METADATA,
    Column("terms_hash", Bytes32, nullable=False, doc="keccak256 of the document's UTF-8 bytes"),
    Column("document", TEXT, nullable=False, doc="canonical terms, byte for byte"),
    Column("published_by", Address, nullable=False),
    Column("published_at", UtcTime, nullable=False),
    PrimaryKeyConstraint("terms_hash"),
    CheckConstraint("length(terms_hash) = 32", name="terms_hash"),
    CheckConstraint("length(document) BETWEEN 1 AND 262144", name="document"),
    CheckConstraint("length(published_by) = 20", name="published_by"),
    sqlite_strict=True,
)

_SIGNED: Final = (
    "length(signature) = 65 OR (wallet_asked_at IS NOT NULL AND length(signature) <= 4096)"
)
"""Of an order: a key's signature has one length, a wallet's may have any, also none."""

listings: Final = Table(
    "listings",
    METADATA,
    # The EIP-712 digest holds chain and contract: one row for one message, whoever sends it.
    Column("digest", Bytes32, nullable=False),
    Column("chain_id", BIG, nullable=False, autoincrement=False),
    Column("contract_set", TEXT, nullable=False),
    Column("drop_id", BIG, nullable=False, autoincrement=False),
    Column("tier", BIG, nullable=False, autoincrement=False),
    Column("seat", BIG, nullable=False, autoincrement=False),
    Column("seller", Address, nullable=False),
    Column("taker", Address, nullable=False, doc="the zero address: anybody"),
    Column("price", Uint256, nullable=False),
    Column("epoch", BIG, nullable=False),
    Column("counter", Uint256, nullable=False),
    Column("terms_version", BIG, nullable=False),
    Column("expiry", BIG, nullable=False, doc="the last second"),
    Column("signature", BYTES, nullable=False),
    Column("wallet_asked_at", UtcTime, nullable=True, doc="null: a key signed it"),
    Column("received_at", UtcTime, nullable=False),
    Column("stored_first", BIG, nullable=False, doc="1: the chain kept it already; 0: it did not"),
    PrimaryKeyConstraint("digest"),
    CheckConstraint("length(digest) = 32", name="digest"),
    CheckConstraint("length(seller) = 20", name="seller"),
    CheckConstraint("length(taker) = 20", name="taker"),
    CheckConstraint("tier BETWEEN 0 AND 9", name="tier"),
    CheckConstraint("seat > 0 AND drop_id > 0", name="seat"),
    CheckConstraint("epoch >= 0 AND terms_version >= 0 AND expiry >= 0", name="not_negative"),
    CheckConstraint(_SIGNED, name="signature"),
    CheckConstraint("stored_first IN (0, 1)", name="stored_first"),
    *uint256_bounds("price", "price"),
    *uint256_bounds("counter", "counter"),
    # In the order of a book, and one seller's of one seat.
    Index(None, "chain_id", "contract_set", "drop_id", "price", "seat", "digest"),
    Index(None, "chain_id", "contract_set", "seat", "seller", "received_at"),
    # Whatever has expired is dead for ever and is cleared away.
    Index(None, "expiry"),
    sqlite_strict=True,
)

offers: Final = Table(
    "offers",
    METADATA,
    # As of listings: one row for one message.
    Column("digest", Bytes32, nullable=False),
    Column("chain_id", BIG, nullable=False, autoincrement=False),
    Column("contract_set", TEXT, nullable=False),
    Column("drop_id", BIG, nullable=False, autoincrement=False),
    Column("terms_hash", Bytes32, nullable=False, doc="the drop's when the offer was made"),
    Column("tier", BIG, nullable=False, autoincrement=False),
    Column("seat", BIG, nullable=True, doc="null: any seat of the tier"),
    Column("epoch", BIG, nullable=True, doc="of the seat"),
    Column("least_face", Uint256, nullable=True, doc="of any seat of the tier"),
    Column("buyer", Address, nullable=False),
    Column("price", Uint256, nullable=False),
    Column("currency", Address, nullable=False, doc="an ERC-20, wrapped ether included"),
    Column("counter", Uint256, nullable=False),
    Column("terms_version", BIG, nullable=False),
    Column("nonce", Uint256, nullable=False),
    Column("expiry", BIG, nullable=False, doc="the last second"),
    Column("signature", BYTES, nullable=False),
    Column("wallet_asked_at", UtcTime, nullable=True, doc="null: a key signed it"),
    Column("received_at", UtcTime, nullable=False),
    PrimaryKeyConstraint("digest"),
    CheckConstraint("length(digest) = 32", name="digest"),
    CheckConstraint("length(terms_hash) = 32", name="terms_hash"),
    CheckConstraint("length(buyer) = 20", name="buyer"),
    CheckConstraint("length(currency) = 20", name="currency"),
    CheckConstraint("tier BETWEEN 0 AND 9", name="tier"),
    CheckConstraint("drop_id > 0 AND (seat IS NULL OR seat > 0)", name="seat"),
    CheckConstraint(
        "(seat IS NULL) = (epoch IS NULL) AND (seat IS NULL) = (least_face IS NOT NULL)",
        name="kind",
    ),
    CheckConstraint(
        "(epoch IS NULL OR epoch >= 0) AND terms_version >= 0 AND expiry >= 0",
        name="not_negative",
    ),
    CheckConstraint(_SIGNED, name="signature"),
    *uint256_bounds("price", "price"),
    *uint256_bounds("least_face", "least_face"),
    *uint256_bounds("counter", "counter"),
    *uint256_bounds("nonce", "nonce"),
    # In the order of a book, and one buyer's in one drop.
    Index(None, "chain_id", "contract_set", "drop_id", "price", "digest"),
    Index(None, "chain_id", "contract_set", "drop_id", "buyer", "received_at"),
    Index(None, "expiry"),
    sqlite_strict=True,
)

signing_keys: Final = Table(
    "signing_keys",
    METADATA,
    # The one secret that is kept as it is: it seals places in lists, and lets nobody in.
    Column("name", TEXT, nullable=False),
    Column("secret", BYTES, nullable=False),
    PrimaryKeyConstraint("name"),
    CheckConstraint("length(name) BETWEEN 1 AND 64", name="name"),
    CheckConstraint("length(secret) = 32", name="secret"),
    sqlite_strict=True,
)

recordings: Final = Table(
    "recordings",
    METADATA,
    Column("id", TEXT, nullable=False, doc="public, chance: names it in addresses"),
    Column("chain_id", BIG, nullable=False, autoincrement=False),
    Column("contract_set", TEXT, nullable=False),
    Column("drop_id", BIG, nullable=False, autoincrement=False),
    Column("terms_hash", Bytes32, nullable=False),
    Column("mentor", Address, nullable=True, doc="of the drop; null: older, and not known"),
    Column("session", BIG, nullable=False, doc="its number in the terms, from 1"),
    Column("title", TEXT, nullable=False),
    Column("media_type", TEXT, nullable=False),
    Column("size_bytes", BIG, nullable=True),
    Column("sha256", Bytes32, nullable=True),
    Column("block_hashes", BYTES, nullable=True, doc="SHA-256 of each 256 KiB, one after another"),
    Column("uploaded_by", Address, nullable=False),
    Column("begun_at", UtcTime, nullable=False),
    Column("available_at", UtcTime, nullable=True, doc="set once both copies have been verified"),
    Column("abandoned_at", UtcTime, nullable=True, doc="set before its files are removed"),
    PrimaryKeyConstraint("id"),
    CheckConstraint("length(id) BETWEEN 8 AND 64", name="id"),
    CheckConstraint("length(terms_hash) = 32", name="terms_hash"),
    CheckConstraint("length(mentor) = 20", name="mentor"),
    CheckConstraint("length(sha256) = 32", name="sha256"),
    CheckConstraint("length(uploaded_by) = 20", name="uploaded_by"),
    CheckConstraint("drop_id > 0 AND session > 0", name="session"),
    CheckConstraint("size_bytes > 0", name="size_bytes"),
    CheckConstraint("length(title) BETWEEN 1 AND 120", name="title"),
    CheckConstraint("length(media_type) BETWEEN 1 AND 120", name="media_type"),
    CheckConstraint(
        "length(block_hashes) = 32 * ((size_bytes + 262143) / 262144)", name="block_hashes"
    ),
    CheckConstraint("available_at >= begun_at", name="available_at"),
    CheckConstraint(
        "available_at IS NULL OR (size_bytes IS NOT NULL AND sha256 IS NOT NULL"
        " AND block_hashes IS NOT NULL AND abandoned_at IS NULL)",
        name="complete",
    ),
    Index(None, "chain_id", "contract_set", "drop_id", "session"),
    # What was never finished is looked for often, and is hardly ever there.
    Index(
        "recordings_unfinished",
        "begun_at",
        sqlite_where=text("available_at IS NULL"),
        postgresql_where=text("available_at IS NULL"),
    ),
    sqlite_strict=True,
)

join_tickets: Final = Table(
    "join_tickets",
    METADATA,
    Column("token_hash", Bytes32, nullable=False),
    Column("chain_id", BIG, nullable=False, autoincrement=False),
    Column("contract_set", TEXT, nullable=False),
    Column("drop_id", BIG, nullable=False, autoincrement=False),
    Column("terms_hash", Bytes32, nullable=False),
    Column("session", BIG, nullable=False),
    Column("account", Address, nullable=False, doc="who asked; what it holds is asked again"),
    Column("issued_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("used_at", UtcTime, nullable=True, doc="set by the first attempt to use it"),
    Column("as_of_block", BIG, nullable=True, doc="on which it was given; none in old rows"),
    PrimaryKeyConstraint("token_hash"),
    CheckConstraint("length(token_hash) = 32", name="token_hash"),
    CheckConstraint("length(terms_hash) = 32", name="terms_hash"),
    CheckConstraint("length(account) = 20", name="account"),
    CheckConstraint("drop_id > 0 AND session > 0", name="session"),
    # Equal: the lease was over in the second in which it was given.
    CheckConstraint("expires_at >= issued_at", name="expires_at"),
    CheckConstraint("used_at >= issued_at", name="used_at"),
    Index(None, "expires_at"),
    sqlite_strict=True,
)

admissions: Final = Table(
    "admissions",
    METADATA,
    Column("token_hash", Bytes32, nullable=False),
    Column("chain_id", BIG, nullable=False, autoincrement=False),
    Column("contract_set", TEXT, nullable=False),
    Column("drop_id", BIG, nullable=False, autoincrement=False),
    Column("terms_hash", Bytes32, nullable=False),
    Column("session", BIG, nullable=False),
    Column("account", Address, nullable=False),
    Column("presence", TEXT, nullable=False, doc="the seat's number, or the mentor's account"),
    Column("admitted_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False, doc="end of the lease, moved by each renewal"),
    Column("ended_at", UtcTime, nullable=True),
    Column("ended_by", TEXT, nullable=True, doc="what ended it"),
    Column("as_of_block", BIG, nullable=True, doc="on which the lease rests; none in old rows"),
    Column("block_hash", Bytes32, nullable=True, doc="of that block, where it is known"),
    PrimaryKeyConstraint("token_hash"),
    CheckConstraint("length(token_hash) = 32", name="token_hash"),
    CheckConstraint("length(terms_hash) = 32", name="terms_hash"),
    CheckConstraint("length(account) = 20", name="account"),
    CheckConstraint("drop_id > 0 AND session > 0", name="session"),
    CheckConstraint("length(presence) BETWEEN 1 AND 78", name="presence"),
    CheckConstraint("expires_at >= admitted_at", name="expires_at"),
    CheckConstraint("ended_at >= admitted_at", name="ended_at"),
    CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended_together"),
    CheckConstraint("ended_by IN ('replaced', 'denied', 'lapsed')", name="ended_by"),
    CheckConstraint("length(block_hash) = 32", name="block_hash"),
    # One live presence per seat and session: whoever comes later takes the place.
    Index(
        "admissions_live_key",
        "chain_id",
        "contract_set",
        "drop_id",
        "session",
        "presence",
        unique=True,
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    ),
    # A room's, those that have ended among them, while their lease would not be long over.
    Index("admissions_of_a_room", "chain_id", "contract_set", "drop_id", "session", "expires_at"),
    Index(None, "expires_at"),
    sqlite_strict=True,
)
