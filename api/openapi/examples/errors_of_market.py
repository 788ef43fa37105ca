"""Errors for the document's examples: what the market, its contract and its lists forbid.

Refuses who asks: `errors_of_people` has it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from api.actions.errors import AllowanceMissing, PhaseWithoutPasses
from api.auth.wallets import Refusal
from api.chain import NotEnoughEther
from api.eligibility.errors import AllowlistDiffers, PhaseWithoutList
from api.errors import NotFound
from api.gate.decision import Denied, Reason
from api.gate.remedies import BuySeat
from api.gate.values import Level
from api.market.errors import (
    BasketDead,
    ContractSellerRefused,
    ListingDead,
    ListingSignatureWrong,
)
from api.market.values import Skipped
from api.offers.errors import (
    BidderDenied,
    ContractBuyerRefused,
    OfferDead,
    OfferSignatureWrong,
)
from api.openapi.examples.story import (
    BLOCK,
    CONTRACT,
    DAN,
    DROP,
    EPOCH,
    EVE,
    EXPIRY,
    FACE,
    FIRST_WEEKS,
    GUARDIAN,
    MEMBERS,
    MENTOR,
    NOW,
    OFFER_NONCE,
    PRICE,
    SEAT,
    TIER,
    TURN_ENDS,
    WRAPPED_ETHER,
    hashed,
)
from api.openapi.examples.story_orders import digest, of_listing
from api.openapi.examples.story_terms import ROOT, TERMS_HASH
from api.programme.errors import TermsContradict, TermsDiffer, TermsUnpublished
from api.waiting.errors import SeatHeld, TooManyPlaces, TurnOfAnother, WaitListClosed, WaitListFull
from api.waiting.values import MOST_PLACES, MOST_WAITING
from marketplace.bindings.reverts import (
    EpochPassed,
    ListingExpired,
    NotGuardian,
    NothingToWithdraw,
    NotMentor,
    NotOwner,
    OfferSpent,
    RevertedSilently,
    SoldOut,
    WrongState,
)
from marketplace.bindings.transactions import PreparedTransaction
from marketplace.domain.addresses import ETH
from marketplace.domain.drop import DropState
from marketplace.domain.money import NO_MONEY, amount_text
from marketplace.launch.published import TermsUnreadable

if TYPE_CHECKING:
    from collections.abc import Mapping

_WORD: Final = 32
_APPROVE: Final = bytes.fromhex("095ea7b3")
"""The selector of ERC-20's `approve(address,uint256)`."""


def errors_of_market() -> Mapping[str, Exception]:
    """Each under its example's name."""
    return {**_nowhere(), **_published(), **_reverted(), **_dead(), **_waiting(), **_paying()}


def _nowhere() -> dict[str, Exception]:
    things = (
        "drop",
        "phase",
        "seat",
        "mentor",
        "product",
        "session",
        "listing",
        "offer",
        "wait-list",
        "turn",
        "recording",
        "problem",
        "delivery",
    )
    named = {what: what for what in things} | {"key": "API key", "endpoint": "webhook endpoint"}
    return {f"not_found.{name}": NotFound(what) for name, what in named.items()}


def _published() -> dict[str, Exception]:
    return {
        "terms_unpublished": TermsUnpublished(DROP, TERMS_HASH),
        "terms_unreadable": TermsUnreadable("sessions[1].ends", "a time names its zone"),
        "terms_differ": TermsDiffer(DROP, TERMS_HASH, hashed("an older draft of the terms")),
        "terms_contradict": TermsContradict(DROP, "terms.deliver_by"),
        "phase_without_list": PhaseWithoutList(DROP, FIRST_WEEKS, "public"),
        "allowlist_differs": AllowlistDiffers(DROP, MEMBERS, ROOT, hashed("a longer list")),
    }


def _reverted() -> dict[str, Exception]:
    return {
        "contract_reverted.minting": SoldOut(DROP, FIRST_WEEKS, 2, 1),
        "contract_reverted.holding": NotOwner(SEAT, EVE, DAN),
        "contract_reverted.mentoring": NotMentor(DROP, MENTOR, DAN),
        "contract_reverted.guarding": NotGuardian(GUARDIAN, DAN),
        "contract_reverted.ending": WrongState(DROP, DropState.LIVE),
        "contract_reverted.withdrawing": NothingToWithdraw(DAN, ETH),
        "contract_reverted.offering": OfferSpent(EVE, OFFER_NONCE),
        "contract_reverted.silent": RevertedSilently("execution reverted"),
    }


def _dead() -> dict[str, Exception]:
    passed = EpochPassed(SEAT, EPOCH, EPOCH + 1)
    not_sellers = Refusal.SAYS_NO
    return {
        "listing_dead": ListingDead(passed),
        "listing_dead.basket": BasketDead((Skipped.by(digest(of_listing()), passed),)),
        "listing_signature_refused.key": ListingSignatureWrong(DAN),
        "listing_signature_refused.wallet": ContractSellerRefused(
            DAN, not_sellers.value, not_sellers.fault
        ),
        "offer_dead": OfferDead(ListingExpired(EXPIRY, EXPIRY + 60)),
        "bidder_denied": BidderDenied(
            EVE, Denied(Reason.NO_SEAT, BuySeat(DROP, (TIER,)), Level.LATEST, BLOCK, NOW)
        ),
        "offer_signature_refused.key": OfferSignatureWrong(EVE),
        "offer_signature_refused.wallet": ContractBuyerRefused(
            EVE, not_sellers.value, not_sellers.fault
        ),
    }


def _waiting() -> dict[str, Exception]:
    return {
        "turn_of_another": TurnOfAnother(SEAT, TURN_ENDS, NOW),
        "wait_list_closed": WaitListClosed(DROP),
        "seat_held": SeatHeld(DROP, TIER),
        "wait_list_full": WaitListFull(MOST_WAITING),
        "too_many_places": TooManyPlaces(MOST_PLACES),
    }


def _paying() -> dict[str, Exception]:
    approval = PreparedTransaction(
        to=WRAPPED_ETHER,
        data=_APPROVE
        + bytes.fromhex(CONTRACT[2:]).rjust(_WORD, b"\0")
        + PRICE.to_bytes(_WORD, "big"),
        summary=f"Let {CONTRACT} take up to {amount_text(PRICE, WRAPPED_ETHER)} from you",
    )
    return {
        "allowance_missing": AllowanceMissing(EVE, WRAPPED_ETHER, NO_MONEY, PRICE, approval),
        "rule_violated.money": NotEnoughEther(EVE, FACE, PRICE),
        "rule_violated.passes": PhaseWithoutPasses(DROP, FIRST_WEEKS, "public"),
    }
