from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from marketplace.bindings.delegations import RIGHT_TO_ATTEND
from marketplace.domain.addresses import ZERO_ADDRESS
from marketplace.domain.ids import DropId, SeatId
from marketplace.receipts.messages import sign_receipt
from marketplace.receipts.proving import CLOCKS_DIFFER_S, Finding, Meant, Verdict, findings
from tests.unit.marketplace.receipts.examples import (
    ADA,
    BO,
    MARKET,
    RECEIPT,
    SEAT,
    SIGNER,
    STRANGER,
    ToldChain,
)

if TYPE_CHECKING:
    from marketplace.receipts.values import DecisionReceipt

MEANT = Meant(SIGNER.address, MARKET)
FOREVER = 2**53 - 1
DENIED = replace(
    RECEIPT,
    allow=False,
    reason="not_open_yet",
    via="",
    seat=SeatId(0),
    account=ZERO_ADDRESS,
    expires_at=RECEIPT.decided_at,
)


def held(receipt: DecisionReceipt = RECEIPT, chain: ToldChain | None = None) -> list[Finding]:
    signed = sign_receipt(SIGNER, receipt)
    return list(findings(signed, MEANT, chain or ToldChain()))


def verdicts(found: list[Finding]) -> list[tuple[str, Verdict]]:
    return [(one.claim, one.verdict) for one in found]


def test_a_true_receipt_holds_in_every_claim() -> None:
    assert verdicts(held()) == [
        (claim, Verdict.HOLDS)
        for claim in ("signature", "contract", "chain", "block", "terms", "right")
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"account": BO},
        {"action": "watch_recording"},
        {"drop": 8},
        {"session": 2},
        {"recording": "x"},
        {"terms_hash": "0x" + "00" * 32},
        {"allow": False},
        {"reason": "no_seat"},
        {"via": "mentor"},
        {"seat": SEAT + 1},
        {"level": "finalized"},
        {"block_number": 101},
        {"block_hash": "0x" + "00" * 32},
        {"lag_s": 0},
        {"decided_at": 1},
        {"expires_at": 2_000_000_000},
        {"chain_id": 1},
        {"contract": ADA},
    ],
)
def test_no_field_can_be_altered(change: dict[str, Any]) -> None:
    signed = sign_receipt(SIGNER, RECEIPT)
    altered = replace(signed, receipt=replace(RECEIPT, **change))
    found = findings(altered, MEANT, ToldChain())
    assert verdicts(list(found)) == [("signature", Verdict.FALSE)]


def test_only_the_signature_of_the_one_who_is_trusted_counts() -> None:
    found = findings(sign_receipt(STRANGER, RECEIPT), MEANT, ToldChain())
    assert [one.verdict for one in found] == [Verdict.FALSE]
    assert STRANGER.address in found[0].sentence


def test_what_is_no_signature_is_nobodys() -> None:
    signed = replace(sign_receipt(SIGNER, RECEIPT), signature=bytes(65))
    (found,) = findings(signed, MEANT, ToldChain())
    assert "nobody's key" in found.sentence


def test_a_receipt_of_another_market_of_the_same_key_proves_nothing_here() -> None:
    other = replace(RECEIPT, contract=STRANGER.address)
    found = held(other)
    assert verdicts(found) == [("signature", Verdict.HOLDS), ("contract", Verdict.FALSE)]
    assert STRANGER.address in found[-1].sentence
    assert MARKET in found[-1].sentence


def test_another_chain_proves_nothing() -> None:
    assert verdicts(held(chain=ToldChain(chain=1)))[-1] == ("chain", Verdict.UNPROVABLE)


def test_a_block_that_was_taken_away_takes_the_receipt_along() -> None:
    assert verdicts(held(chain=ToldChain(hash_there="0x" + "00" * 32)))[-1] == (
        "block",
        Verdict.FALSE,
    )
    assert verdicts(held(chain=ToldChain(hash_there=None)))[-1] == ("block", Verdict.UNPROVABLE)


def test_other_terms_are_another_drops() -> None:
    for terms in (None, "0x" + "00" * 32):
        assert ("terms", Verdict.FALSE) in verdicts(held(chain=ToldChain(terms=terms)))


@pytest.mark.parametrize("owners", [{}, {SEAT: BO}])
def test_a_seat_that_was_somebody_elses_proves_no_right(owners: dict[Any, Any]) -> None:
    assert verdicts(held(chain=ToldChain(owners=owners)))[-1] == ("right", Verdict.FALSE)


def test_a_delegate_needs_the_owners_delegation_of_this_right() -> None:
    lent = replace(RECEIPT, account=BO, via="delegate")
    known = ToldChain(delegates=frozenset({(BO, ADA, RIGHT_TO_ATTEND)}))
    assert verdicts(held(lent, known))[-1] == ("right", Verdict.HOLDS)
    other = ToldChain(delegates=frozenset({(BO, ADA, "vote")}))
    assert verdicts(held(lent, other))[-1] == ("right", Verdict.FALSE)
    burned = ToldChain(owners={}, delegates=known.delegates)
    assert verdicts(held(lent, burned))[-1] == ("right", Verdict.FALSE)


@pytest.mark.parametrize("via", ["mentor", "verifier"])
def test_an_office_is_looked_up(via: str) -> None:
    office = replace(RECEIPT, via=via, seat=SeatId(0))
    assert verdicts(held(replace(office, account=BO)))[-1] == ("right", Verdict.HOLDS)
    assert verdicts(held(office))[-1] == ("right", Verdict.FALSE)
    nobody = ToldChain(led_by=None, checked_by=None)
    assert verdicts(held(office, nobody))[-1] == ("right", Verdict.FALSE)


def test_of_a_co_host_no_chain_knows_and_it_is_said_whose_word_it_is() -> None:
    named = replace(RECEIPT, via="co_host", seat=SeatId(0))
    found = held(named)[-1]
    assert (found.claim, found.verdict) == ("right", Verdict.SIGNED_ONLY)
    assert "the signer's word" in found.sentence
    assert BO in found.sentence


def test_nobody_is_co_host_of_nobodys_drop_or_of_their_own() -> None:
    named = replace(RECEIPT, via="co_host", seat=SeatId(0))
    nobodys = ToldChain(led_by=None)
    assert verdicts(held(named, nobodys))[-1] == ("right", Verdict.FALSE)
    own = ToldChain(led_by=ADA)
    assert verdicts(held(named, own))[-1] == ("right", Verdict.FALSE)


def test_a_denial_for_want_of_a_seat_is_looked_up_too() -> None:
    denied = replace(DENIED, reason="no_seat", account=ADA)
    assert verdicts(held(denied))[-1] == ("right", Verdict.FALSE)
    assert verdicts(held(replace(denied, account=BO)))[-1] == ("right", Verdict.HOLDS)
    other = replace(denied, reason="other_tier")
    assert verdicts(held(other))[-1] == ("right", Verdict.HOLDS)
    assert verdicts(held(replace(other, account=BO)))[-1] == ("right", Verdict.FALSE)


@pytest.mark.parametrize("reason", ["not_signed_in", "not_open_yet", "closed"])
def test_what_the_clock_said_rests_on_the_signature_alone(reason: str) -> None:
    assert verdicts(held(replace(DENIED, reason=reason)))[-1] == ("right", Verdict.SIGNED_ONLY)


@pytest.mark.parametrize(
    ("receipt", "said"),
    [
        (replace(RECEIPT, expires_at=FOREVER), "lets in for"),
        (replace(RECEIPT, lag_s=FOREVER), "seconds behind"),
        (replace(DENIED, expires_at=FOREVER), "one moment"),
    ],
)
def test_a_time_or_a_lag_that_no_gate_says_proves_no_right(
    receipt: DecisionReceipt, said: str
) -> None:
    found = held(receipt)
    assert verdicts(found)[-1] == ("right", Verdict.FALSE)
    assert said in found[-1].sentence


@pytest.mark.parametrize(
    "decided_at", [1, ToldChain().made_at - CLOCKS_DIFFER_S - 1, RECEIPT.decided_at - 3600]
)
def test_nothing_was_decided_on_a_block_before_there_was_one(decided_at: int) -> None:
    found = held(replace(RECEIPT, decided_at=decided_at, expires_at=decided_at + 1))
    assert verdicts(found)[-1] == ("block", Verdict.FALSE)
    assert f"before block {RECEIPT.block_number}" in found[-1].sentence


@pytest.mark.parametrize("since_block", [-CLOCKS_DIFFER_S, 0, 365 * 86_400])
def test_clocks_may_differ_and_a_chain_may_stand_still(since_block: int) -> None:
    decided_at = ToldChain().made_at + since_block
    found = held(replace(RECEIPT, decided_at=decided_at, expires_at=decided_at + 30))
    assert {one.verdict for one in found} == {Verdict.HOLDS}


@pytest.mark.parametrize("via", ["seat", "delegate"])
@pytest.mark.parametrize("thing", [{}, {"action": "watch_recording", "recording": "r"}])
def test_a_seat_opens_no_room_of_another_drop(via: str, thing: dict[str, Any]) -> None:
    lent = ToldChain(delegates=frozenset({(ADA, ADA, RIGHT_TO_ATTEND)}))
    right = replace(RECEIPT, via=via, **thing)
    assert verdicts(held(right, lent))[-1] == ("right", Verdict.HOLDS)
    found = held(replace(right, drop=DropId(8)), lent)
    assert verdicts(found)[-1] == ("right", Verdict.FALSE)
    assert "of drop 7" in found[-1].sentence
    assert "drop 8" in found[-1].sentence


def test_a_seat_of_another_drop_can_open_listings_by_terms_that_no_chain_has() -> None:
    listings = replace(RECEIPT, action="see_resale", session=0)
    assert verdicts(held(listings))[-1] == ("right", Verdict.HOLDS)
    found = held(replace(listings, drop=DropId(8)))
    assert verdicts(found)[-1] == ("right", Verdict.SIGNED_ONLY)
    assert "drop 8" in found[-1].sentence
    stolen = replace(listings, drop=DropId(8), account=BO)
    assert verdicts(held(stolen))[-1] == ("right", Verdict.FALSE)


def test_claims_that_contradict_each_other_are_not_held_against_the_chain() -> None:
    found = held(replace(RECEIPT, reason="no_seat"), ToldChain(forgotten=True))
    assert verdicts(found)[-1] == ("right", Verdict.FALSE)


@pytest.mark.parametrize(
    "change", [{"via": "a_friend"}, {"action": "take_the_stage"}, {"level": "heard_of"}]
)
def test_a_word_that_nobody_knows_proves_nothing(change: dict[str, Any]) -> None:
    found = held(replace(RECEIPT, **change))
    assert verdicts(found)[-1] == ("right", Verdict.UNPROVABLE)
    (word,) = change.values()
    assert word in found[-1].sentence


def test_a_node_that_has_forgotten_proves_nothing_and_contradicts_nothing() -> None:
    assert verdicts(held(chain=ToldChain(forgotten=True)))[-1] == ("right", Verdict.UNPROVABLE)
