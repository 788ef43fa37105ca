"""Examples of actions of holders and buyers: minting, giving, refunds, claims, checking in.

Refuses what the drop's mentor does: `steering` has it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from api.openapi.examples.story import (
    AFTERWARDS,
    AS_OF,
    CURRENCY,
    DAN,
    DROP,
    EVE,
    EVENING,
    FACE,
    FIRST_WEEKS,
    GUESTS,
    IN_THE_END,
    IN_THE_EVENING,
    LISTED_PRICES,
    MEMBERS,
    MENTOR,
    NET,
    OFFER_NONCE,
    PASS_SIGNER,
    PENALTY,
    REFUND,
    ROYALTY,
    SEAT,
    TOLL,
    VERIFIER,
    as_of,
)
from api.openapi.examples.story_orders import (
    CALLS,
    CHECK_IN,
    PASS,
    VERIFIER_SIGNATURE,
    Act,
    digest,
    in_currency,
    octets,
    of_check_in,
    of_pass,
    typed_json,
)
from api.openapi.examples.story_terms import ALLOWLIST
from marketplace.domain.drop import Minting, MintRequest
from marketplace.domain.money import Wei, amount_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.openapi.examples.story import Json, Object, Shown
    from marketplace.bindings.transactions import PreparedTransaction
    from marketplace.domain.ids import PhaseIndex


def bodies() -> Shown:
    """What is sent."""
    return {
        "prepare_check_in_message": {"eve": {"seat": str(SEAT), "expires_in_s": 600}},
        "prepare_pass_message": {
            "eve": {
                "drop": DROP,
                "phase": GUESTS,
                "account": EVE,
                "quantity": PASS.quantity,
                "nonce": str(PASS.nonce),
                "expires_in_s": 604_800,
            }
        },
        **{name: {"example": act.asked} for name, act in _acts().items()},
    }


def answers() -> Shown:
    """What comes back."""
    return {
        "prepare_check_in_message": {
            "eve": {
                **as_of(IN_THE_EVENING),
                "seat": str(SEAT),
                "epoch": str(CHECK_IN.epoch),
                "expiry": str(CHECK_IN.expiry),
                "holder": EVE,
                "verifier": VERIFIER,
                "digest": digest(of_check_in()),
                "typed_data": typed_json(of_check_in(), "CheckIn"),
            }
        },
        "prepare_pass_message": {
            "eve": {
                **AS_OF,
                "drop": DROP,
                "phase": GUESTS,
                "account": EVE,
                "quantity": str(PASS.quantity),
                "nonce": str(PASS.nonce),
                "expiry": str(PASS.expiry),
                "signer": PASS_SIGNER,
                "digest": digest(of_pass()),
                "typed_data": typed_json(of_pass(), "Pass"),
            }
        },
        **{name: {"example": act.prepared} for name, act in _acts().items()},
    }


def _acts() -> Mapping[str, Act]:
    return {**_minting(), **_ending(), **_paid(), **_inside()}


def _minting() -> dict[str, Act]:
    one = _minted(FIRST_WEEKS, FACE)
    proof = ALLOWLIST.authorisation(EVE)
    listed = replace(_minted(MEMBERS, LISTED_PRICES[1]), authorisation=proof)
    both = Wei(one.payment + listed.payment)
    return {
        "prepare_mint": Act(
            EVE,
            _asked(FIRST_WEEKS),
            CALLS.mint(one.request, one.payment),
            pays=in_currency(one.payment),
        ),
        "prepare_mint_many": Act(
            EVE,
            {
                "mints": [
                    _asked(FIRST_WEEKS),
                    _asked(MEMBERS, proof=[f"0x{proof.hex()}"]),
                ]
            },
            CALLS.mint_many([one, listed]),
            pays=in_currency(both),
        ),
    }


def _minted(phase: PhaseIndex, price: Wei) -> Minting:
    request = MintRequest(drop=DROP, phase=phase, recipient=EVE, quantity=1, max_total=price)
    return Minting(request=request, payment=price, currency=CURRENCY)


def _asked(phase: PhaseIndex, **said: Json) -> Object:
    return {"drop": DROP, "phase": phase, "quantity": 1, **said}


def _ending() -> dict[str, Act]:
    seat = {"seat": str(SEAT)}
    return {
        "prepare_gift": Act(
            DAN,
            {**seat, "recipient": EVE},
            CALLS.transfer(SEAT, DAN, EVE, TOLL, CURRENCY),
            pays=in_currency(TOLL),
        ),
        "prepare_cancel_listings": Act(DAN, seat, CALLS.cancel_listings(SEAT)),
        "prepare_bump_counter": Act(DAN, {}, CALLS.bump_counter()),
        "prepare_cancel_offer": Act(
            EVE, {"nonce": str(OFFER_NONCE)}, CALLS.cancel_offer(OFFER_NONCE)
        ),
    }


def _paid() -> dict[str, Act]:
    seat = {"seat": str(SEAT)}
    refund, claimed, held = (
        amount_text(amount, CURRENCY) for amount in (REFUND, Wei(FACE + ROYALTY), ROYALTY)
    )
    return {
        "prepare_refund": Act(
            DAN,
            seat,
            _said(
                CALLS.refund(SEAT),
                f"Give seat {SEAT} back for {refund}: it is burned, and "
                f"{amount_text(PENALTY, CURRENCY)} stays behind as the penalty",
            ),
            gets=in_currency(REFUND),
        ),
        "prepare_claim": Act(
            EVE,
            seat,
            _said(
                CALLS.claim(SEAT),
                f"Claim {claimed} for seat {SEAT}, which is paid to you at once",
            ),
            gets=in_currency(Wei(FACE + ROYALTY)),
            now=AFTERWARDS,
            block=IN_THE_END,
        ),
        "prepare_collect": Act(
            MENTOR,
            seat,
            _said(
                CALLS.collect(SEAT),
                f"Collect {held}, which waits with seat {SEAT}, for the mentor",
            ),
            now=AFTERWARDS,
            block=IN_THE_END,
        ),
        "prepare_withdraw": Act(
            DAN,
            {"amount": str(NET)},
            CALLS.withdraw(DAN, NET, CURRENCY),
            gets=in_currency(NET),
        ),
    }


def _said(made: PreparedTransaction, summary: str) -> PreparedTransaction:
    return replace(made, summary=summary)


def _inside() -> dict[str, Act]:
    return {
        "prepare_check_in": Act(
            EVE,
            {
                "seat": str(SEAT),
                "expiry": str(CHECK_IN.expiry),
                "verifier_signature": VERIFIER_SIGNATURE,
            },
            CALLS.check_in(SEAT, CHECK_IN.expiry, b"", octets(VERIFIER_SIGNATURE)),
            now=EVENING,
            block=IN_THE_EVENING,
        ),
        "prepare_object": Act(
            EVE,
            {"seat": str(SEAT)},
            CALLS.object_to(SEAT),
            now=AFTERWARDS,
            block=IN_THE_END,
        ),
    }
