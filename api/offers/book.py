"""The book of offers: receiving one, finding one, and judging it by the mirror at every look.

Owns a page of them too: what the contract would refuse is judged by one moment for all of a look.
Refuses to say who may look: `api.market.audience` does; and whose offers may be shown:
`api.offers.bidders` does, by the gate's moment of just after.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from api.actions.steps import Amount
from api.actions.trying import require_paying, site_of
from api.errors import NotFound
from api.idempotency.attempts import nothing_along
from api.market.audience import require_level
from api.market.looking import MAX_JUDGED, Page, page_of
from api.market.signers import Signed, signer_of
from api.offers import reads, writes
from api.offers.bidders import Bidders
from api.offers.errors import (
    ContractBuyerRefused,
    OfferDead,
    OfferSignatureMalformed,
    OfferSignatureWrong,
)
from api.offers.facts import mirrored_bids
from api.offers.values import BookOffer
from indexer.queries import mirror_status
from marketplace.bindings.reverts import SeatDropsUnknown
from marketplace.domain.addresses import ETH, ChecksumAddress
from marketplace.orders.bidding import place_of
from marketplace.orders.offers import offer_digest, typed_offer
from marketplace.storage.transactions import reading, writing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.actions.steps import Site
    from api.gate.values import Resource
    from api.idempotency.attempts import Along
    from api.offers.facts import MirroredBids
    from api.offers.values import OfferPlace
    from api.parts import Parts
    from indexer.queries import Moment
    from marketplace.domain.ids import DropId, SeatId, TierIndex
    from marketplace.orders.judging import SaleTerms
    from marketplace.orders.offers import Offer


@dataclass(frozen=True, slots=True)
class LivingOffer:
    """An offer that could be taken at the moment of its terms."""

    found: BookOffer
    terms: SaleTerms


@dataclass(frozen=True, slots=True)
class ReceivedOffer:
    """An offer that is kept; `new` where it was not before."""

    living: LivingOffer
    moment: Moment
    new: bool


@dataclass(frozen=True, slots=True)
class AskedOffers:
    """Which offers are wanted.

    Attributes:
        seat: Those that this seat's owner could take; None: all.
        resales: The drop's, for whose audience alone offers are.
        least_block: The newest block that the caller knows of.
    """

    drop: DropId
    tier: TierIndex | None
    seat: SeatId | None
    resales: Resource
    after: OfferPlace | None
    limit: int
    least_block: int


def digest_text(parts: Parts, offer: Offer) -> str:
    """The EIP-712 digest of an offer on this API's chain: 0x and 64 hex digits."""
    contract = ChecksumAddress(parts.settings.contract)
    return f"0x{offer_digest(offer, parts.settings.chain_id, contract).hex()}"


def currency_of(site: Site, drop: DropId) -> ChecksumAddress:
    """What offers for a drop's seats are paid in: never ETH itself. Raises SeatDropsUnknown."""
    currency = site.drop(drop).currency
    return site.seats.wrapped_ether(site.head.hash) if currency == ETH else currency


def receive(
    parts: Parts, offer: Offer, signature: bytes, along: Along[ReceivedOffer] = nothing_along
) -> ReceivedOffer:
    """Keep a signed offer whose buyer can pay now, and with it what is to be kept along.

    Whatever the mirror alone can refuse is refused before anybody's contract is called.

    Raises:
        OfferDead: nobody could take it.
        OfferSignatureRefused: the buyer has not signed it, by key or by contract.
        NotEnoughCurrency, AllowanceMissing: the buyer could not pay.
        WalletUnanswered, ChainUnavailable, WrongNode: nobody can say so.
    """
    terms_hash = _require_takeable(parts, offer)
    signed = _require_signed(parts, offer, signature)
    drop, _ = place_of(offer)
    with parts.chain.turn():
        site = site_of(parts)
        currency = currency_of(site, drop)
        require_paying(site, (Amount(offer.price, currency),), offer.buyer)
    unjudged = BookOffer(
        offer=offer,
        digest=digest_text(parts, offer),
        signature=signature,
        terms_hash=terms_hash,
        currency=currency,
        wallet_asked_at=signed.wallet_asked_at,
    )
    # Wallet and node may have taken seconds.
    living, moment = alive(parts, unjudged)
    with writing(parts.store) as connection:
        new = writes.keep(connection, parts.mirror_id, unjudged, parts.clock())
        kept = unjudged if new else reads.find(connection, parts.mirror_id, unjudged.digest)
        received = ReceivedOffer(replace(living, found=kept or unjudged), moment, new)
        along(connection, received)
    return received


def existing(parts: Parts, digest: str, least_block: int) -> BookOffer:
    """The offer of a digest, dead or alive. Raises NotFound, MirrorBehind."""
    require_level(parts, least_block)
    with reading(parts.store) as connection:
        found = reads.find(connection, parts.mirror_id, digest)
    if found is None:
        raise NotFound("offer")
    return found


def require_for_drop(parts: Parts, found: BookOffer) -> None:
    """Refuse an offer that was made for another drop than has its number now. Raises OfferDead.

    The contract would fill it: it knows drops by their numbers alone.
    """
    with reading(parts.reads) as connection:
        bids = mirrored_bids(connection, parts.mirror_id, found.drop)
    if bids is None or not bids.know(found):
        raise OfferDead(SeatDropsUnknown(found.drop))


def alive(parts: Parts, found: BookOffer) -> tuple[LivingOffer, Moment]:
    """Judge an offer by the mirror's newest block, and give that. Raises OfferDead."""
    with reading(parts.reads) as connection:
        bids = mirrored_bids(connection, parts.mirror_id, found.drop)
        refusal = None if bids is None else bids.refusal(found, parts.now)
        terms = None if bids is None else bids.sales.terms(found.tier)
        moment = mirror_status(connection, parts.mirror_id).head
    if refusal is not None:
        raise OfferDead(refusal)
    if terms is None:
        raise OfferDead(SeatDropsUnknown(found.drop))
    return LivingOffer(found, terms), moment


def page(parts: Parts, asked: AskedOffers) -> Page[LivingOffer, OfferPlace]:
    """Read a page of a drop's living offers of its audience, the dearest first."""
    return page_of(
        lambda after, limit: _look(parts, replace(asked, after=after, limit=limit)),
        asked.after,
        asked.limit,
    )


def _look(parts: Parts, asked: AskedOffers) -> Page[LivingOffer, OfferPlace]:
    # One connection at a time: who holds one and waits for another can wait for ever.
    with reading(parts.store) as connection:
        rows = reads.page(
            connection,
            parts.mirror_id,
            asked.drop,
            tier=asked.tier,
            seat=asked.seat,
            ends_from=parts.now,
            after=asked.after,
            limit=MAX_JUDGED,
        )
    with reading(parts.reads) as connection:
        moment = mirror_status(connection, parts.mirror_id).head
        bids = mirrored_bids(connection, parts.mirror_id, asked.drop)
        if bids is None:
            return Page((), moment, None)
        judged = _judged(bids, rows, parts.now, asked.seat)
    bidders = Bidders(parts, asked.resales, asked.least_block)
    shown: list[LivingOffer] = []
    looked = 0
    for one in judged:
        if len(shown) == asked.limit:
            break
        if one is not None:
            missing = asked.limit - len(shown)
            coming = (after.found.offer.buyer for after in judged[looked:] if after is not None)
            if bidders.admits(one.found.offer.buyer, coming, missing):
                shown.append(one)
        looked += 1
    return Page(tuple(shown), moment, _end(rows, looked))


def _judged(
    bids: MirroredBids, rows: Sequence[BookOffer], now: int, seat: SeatId | None
) -> list[LivingOffer | None]:
    """Each offer while it lives, as of one moment; None in the place of one that is dead."""
    bids.learn([one.offer for one in rows])
    judged: list[LivingOffer | None] = []
    for one in rows:
        terms = bids.sales.terms(one.tier)
        lives = terms is not None and bids.refusal(one, now, seat) is None
        judged.append(LivingOffer(one, terms) if terms is not None and lives else None)
    return judged


def _end(rows: Sequence[BookOffer], looked: int) -> OfferPlace | None:
    """Where the next page begins after; nothing is known to be behind the last of a short look."""
    if looked == len(rows) < MAX_JUDGED or not looked:
        return None
    return rows[looked - 1].place


def _require_takeable(parts: Parts, offer: Offer) -> str:
    """Refuse what nobody could take of the drop as it is; gives the hash of the drop's terms."""
    drop, _ = place_of(offer)
    with reading(parts.reads) as connection:
        bids = mirrored_bids(connection, parts.mirror_id, drop)
        refusal = SeatDropsUnknown(drop) if bids is None else bids.refusal_now(offer, parts.now)
    if bids is None or refusal is not None:
        raise OfferDead(refusal or SeatDropsUnknown(drop))
    return bids.sales.drop.terms_hash


def _require_signed(parts: Parts, offer: Offer, signature: bytes) -> Signed:
    """Refuse an offer that its buyer has not signed, by key or by contract.

    Raises:
        OfferSignatureRefused: the buyer has not.
        WalletUnanswered, ChainUnavailable, WrongNode: the buyer may be a contract wallet, and it
            cannot be asked.
    """
    settings, buyer = parts.settings, offer.buyer
    typed = typed_offer(offer, settings.chain_id, ChecksumAddress(settings.contract))
    found = signer_of(parts, typed, buyer, signature)
    if isinstance(found, Signed):
        return found
    if found.by_wallet is not None:
        raise ContractBuyerRefused(buyer, found.by_wallet, found.by_wallet.fault)
    if found.fault is not None:
        raise OfferSignatureMalformed(found.fault)
    raise OfferSignatureWrong(buyer)
