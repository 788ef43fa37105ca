"""How offers are written.

Owns the way from the book's and the preparing functions' values to their JSON. Refuses rules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.actions.answers import prepared_answer
from api.actions.typed_data import TypedDataAnswer
from api.gate.answers import DecisionAnswer
from api.market.answers import condition_answer, signer_name
from api.market.bodies import WarningAnswer
from api.market.restriction import courtesy_of
from api.offers import bodies
from api.offers.preparing import as_listing
from api.wire import moment
from marketplace.domain.addresses import ChecksumAddress
from marketplace.domain.money import NO_MONEY
from marketplace.domain.offer import SeatOffer, TierOffer
from marketplace.orders.advice import warnings_for_buyer, warnings_for_seller
from marketplace.orders.offers import typed_offer

if TYPE_CHECKING:
    from api.attendance.contents import Contents
    from api.market.audience import Admitted
    from api.market.looking import Page
    from api.offers.book import LivingOffer
    from api.offers.preparing import PreparedAcceptance, PreparedOffer
    from api.offers.values import BookOffer, OfferPlace
    from api.parts import Parts
    from indexer.queries import Moment
    from marketplace.orders.advice import Warned


def prepared_offer_answer(
    parts: Parts, prepared: PreparedOffer, contents: Contents | None, more: tuple[Warned, ...]
) -> bodies.PreparedOfferAnswer:
    """Write an offer that waits for its buyer; the contents are of the seat that it names.

    `more` are warnings that no figures give.
    """
    made, facts = prepared.offer, prepared.facts
    contract = ChecksumAddress(parts.settings.contract)
    warned: tuple[Warned, ...] = ()
    if isinstance(made, SeatOffer) and facts is not None:
        sale = as_listing(made, made.seat, facts.seat.owner)
        warned = (
            *warnings_for_buyer(sale, facts, parts.now),
            *(() if contents is None else contents.warnings_for_buyer),
        )
    return bodies.PreparedOfferAnswer(
        id=prepared.digest,
        offer=bodies.values_of(made),
        typed_data=TypedDataAnswer.of(
            typed_offer(made, parts.settings.chain_id, contract),
            "SeatOffer" if isinstance(made, SeatOffer) else "TierOffer",
        ),
        summary=prepared.summary,
        price_wei=made.price,
        royalty_wei=prepared.terms.split(made.price).royalty,
        currency=prepared.currency,
        condition=None if facts is None else condition_answer(facts, parts.now, contents),
        warnings=[WarningAnswer.of(one) for one in (*warned, *more)],
        expires_at=moment(prepared.expires_at),
        as_of_block=prepared.head.number,
        block_hash=f"0x{prepared.head.hash.hex()}",
    )


def acceptance_answer(
    parts: Parts, found: BookOffer, acceptance: PreparedAcceptance
) -> bodies.AcceptAnswer:
    """Write a sale to a bidder to be signed."""
    signed, facts, prepared = found.offer, acceptance.facts, acceptance.prepared
    split = facts.terms.split(signed.price)
    sale = as_listing(signed, acceptance.seat, prepared.account)
    return bodies.AcceptAnswer(
        **dict(prepared_answer(parts, prepared)),
        offer=found.digest,
        seat=int(acceptance.seat),
        buyer=signed.buyer,
        price_wei=signed.price,
        royalty_wei=split.royalty,
        seller_net_wei=split.seller_net,
        face_wei=facts.seat.face,
        warnings=[WarningAnswer.of(one) for one in warnings_for_seller(sale, facts, parts.now)],
    )


def offer_answer(living: LivingOffer) -> bodies.OfferAnswer:
    """Write an offer of the book."""
    found, signed = living.found, living.found.offer
    split = living.terms.split(signed.price)
    seat = found.seat
    return bodies.OfferAnswer(
        offer=found.digest,
        drop=found.drop,
        tier=found.tier,
        seat=None if seat is None else int(seat),
        least_face_wei=signed.least_face if isinstance(signed, TierOffer) else NO_MONEY,
        price_wei=signed.price,
        royalty_wei=split.royalty,
        seller_net_wei=split.seller_net,
        currency=found.currency,
        buyer=signed.buyer,
        expires_at=moment(signed.expiry),
        signer=signer_name(found.wallet_asked_at),
        wallet_asked_at=found.wallet_asked_at,
    )


def whole_offer_answer(living: LivingOffer, judged_at: Moment) -> bodies.WholeOfferAnswer:
    """Write an offer with its signature."""
    return bodies.WholeOfferAnswer(
        **dict(offer_answer(living)),
        message=bodies.values_of(living.found.offer),
        signature=f"0x{living.found.signature.hex()}",
        as_of_block=judged_at.number,
        block_hash=judged_at.hash,
    )


def offers_answer(
    page: Page[LivingOffer, OfferPlace], admitted: Admitted, behind: str | None
) -> bodies.OffersAnswer:
    """Write a page of a drop's offers; `behind` is the next page's cursor."""
    return bodies.OffersAnswer(
        offers=[offer_answer(one) for one in page.found],
        decision=DecisionAnswer.of(admitted.granted),
        courtesy=courtesy_of(admitted.resales),
        next=behind,
        as_of_block=page.moment.number,
        block_hash=page.moment.hash,
    )
