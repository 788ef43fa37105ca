"""The order book: signed listings that are kept here, and those that the chain keeps.

A listing that is both is one: it is named, judged and bought as one, whichever of the two lives.

Owns receiving a listing, finding one and judging it by the mirror at the moment it is asked for.
Refuses to say who may look: `api.market.audience` does.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from api.idempotency.attempts import nothing_along
from api.market import reads, writes
from api.market.errors import (
    ContractSellerRefused,
    ListingDead,
    ListingSignatureMalformed,
    ListingSignatureWrong,
)
from api.market.facts import listing_told, mirrored_sales
from api.market.signers import Signed, signer_of
from api.market.values import BookListing
from api.programme.numbers import is_mirrored
from api.programme.programmes import programme_of
from indexer.queries import Level, StoredListing, listings_of, mirror_status, seats_named
from marketplace.bindings.reverts import SeatTokenUnknown
from marketplace.domain.addresses import ChecksumAddress
from marketplace.domain.ids import SeatId
from marketplace.orders.judging import refusal_of
from marketplace.orders.listings import listing_digest, typed_listing
from marketplace.storage.transactions import reading, writing

if TYPE_CHECKING:
    from api.idempotency.attempts import Along
    from api.parts import Parts
    from indexer.queries import Moment
    from marketplace.domain.listing import Listing
    from marketplace.orders.judging import SaleFacts

MAX_STORED: Final = 100
"""Listings of one seat, stored on the chain, among which one is looked for: the newest."""


@dataclass(frozen=True, slots=True)
class Living:
    """A listing that can be bought at the moment of its facts."""

    found: BookListing
    facts: SaleFacts


@dataclass(frozen=True, slots=True)
class Received:
    """A listing that is kept; `new` where it was not before."""

    living: Living
    moment: Moment
    new: bool


def digest_text(parts: Parts, listing: Listing) -> str:
    """The EIP-712 digest of a listing on this API's chain: 0x and 64 hex digits."""
    settings = parts.settings
    return _digest_text(listing, settings.chain_id, ChecksumAddress(settings.contract))


@lru_cache(maxsize=10_000)
def _digest_text(listing: Listing, chain_id: int, contract: ChecksumAddress) -> str:
    # The same values have the same digest for ever, and a stored listing's is asked for often.
    return f"0x{listing_digest(listing, chain_id, contract).hex()}"


def receive(
    parts: Parts, listing: Listing, signature: bytes, along: Along[Received] = nothing_along
) -> Received:
    """Keep a signed listing, and with it what is to be kept along.

    Whatever the mirror alone can refuse is refused before anybody's contract is called.

    Raises:
        ListingDead: nobody could buy it.
        TermsUnpublished: nobody would be shown it.
        ListingSignatureRefused: the seller has not signed it, by key or by contract.
        WalletUnanswered, ChainUnavailable, WrongNode: the seller may be a contract wallet, and it
            cannot be asked.
    """
    found = BookListing(listing=listing, digest=digest_text(parts, listing), signature=signature)
    _judged(parts, listing, look=False)
    programme_of(parts, listing.seat.drop)
    signed = _require_signed(parts, listing, signature)
    # A wallet may have taken seconds.
    judged = _judged(parts, listing, look=True)
    found = replace(found, wallet_asked_at=signed.wallet_asked_at, stored_first=judged.stored)
    final_epoch = _final_epoch(parts, listing.seat)
    with writing(parts.store) as connection:
        new = writes.keep(connection, parts.mirror_id, found, parts.clock(), final_epoch)
        kept = None if new else reads.find(connection, parts.mirror_id, found.digest)
        received = Received(judged.living(kept or found), judged.moment, new)
        along(connection, received)
    return received


def find(parts: Parts, id_: str) -> BookListing | None:
    """The listing of an id, dead or alive; None when there is none.

    Either id of a listing that the book has a signature of finds that, stored or not.
    """
    seat, _, digest = id_.rpartition("-")
    with reading(parts.store) as connection:
        signed = reads.find(connection, parts.mirror_id, digest)
    if not seat:
        return signed
    named = SeatId(int(seat))
    if signed is not None:
        return signed if signed.listing.seat == named else None
    if not is_mirrored(named.drop):
        return None
    with reading(parts.reads) as connection:
        told = listings_of(connection, parts.mirror_id, named, limit=MAX_STORED)
    for one in told:
        found = stored_listing(parts, one)
        if found.digest == digest:
            return found
    return None


def alive(parts: Parts, found: BookListing) -> tuple[Living, Moment]:
    """Judge a listing by the mirror's newest block, and give that.

    Raises ListingDead.
    """
    judged = _judged(parts, found.listing, look=found.storing_matters)
    return judged.living(found), judged.moment


def stored_listing(parts: Parts, told: StoredListing) -> BookListing:
    """A listing that the chain keeps, as the book knows it."""
    listing = listing_told(told)
    return BookListing(listing=listing, digest=digest_text(parts, listing), signature=None)


@dataclass(frozen=True, slots=True)
class _Judged:
    """What a living listing rests on at a moment.

    Attributes:
        stored: Whether the chain keeps it then, if that was looked for.
    """

    facts: SaleFacts
    moment: Moment
    stored: bool

    def living(self, found: BookListing) -> Living:
        return Living(found.with_stored() if self.stored else found, self.facts)


def _judged(parts: Parts, listing: Listing, *, look: bool) -> _Judged:
    with reading(parts.reads) as connection:
        sales = mirrored_sales(connection, parts.mirror_id, listing.seat.drop)
        facts = None if sales is None else sales.of(listing.seat, listing.seller)
        refusal = None if facts is None else refusal_of(listing, facts, parts.now)
        # Of what is dead it makes no difference.
        stored = look and sales is not None and refusal is None and sales.keeps(listing)
        moment = mirror_status(connection, parts.mirror_id).head
    if facts is None:
        raise ListingDead(SeatTokenUnknown(listing.seat))
    if refusal is not None:
        raise ListingDead(refusal)
    return _Judged(facts, moment, stored)


def _final_epoch(parts: Parts, seat: SeatId) -> int:
    """The epoch of a seat that no reorganisation takes back; 0 where it was not minted yet."""
    with reading(parts.reads) as connection:
        found = seats_named(connection, parts.mirror_id, {seat}, Level.FINALIZED)
    return found[0].epoch if found else 0


def _require_signed(parts: Parts, listing: Listing, signature: bytes) -> Signed:
    settings, seller = parts.settings, listing.seller
    typed = typed_listing(listing, settings.chain_id, ChecksumAddress(settings.contract))
    found = signer_of(parts, typed, seller, signature)
    if isinstance(found, Signed):
        return found
    if found.by_wallet is not None:
        raise ContractSellerRefused(seller, found.by_wallet, found.by_wallet.fault)
    if found.fault is not None:
        raise ListingSignatureMalformed(found.fault)
    raise ListingSignatureWrong(seller)
