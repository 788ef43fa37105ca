from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from api.gate.decide import LEASE_S
from api.gate.decision import UNKNOWING, Reason, Via
from api.gate.values import Action, Level
from api.settings import ApiSettings
from marketplace.domain.addresses import ZERO_ADDRESS
from marketplace.domain.ids import DropId, SeatId
from marketplace.receipts.coherence import (
    ACTIONS,
    DENIALS,
    LEVELS,
    LONGEST_LAG_S,
    LONGEST_LEASE_S,
    RIGHTS,
    fault_of,
    unknown_word,
)
from tests.unit.marketplace.receipts.examples import RECEIPT

if TYPE_CHECKING:
    from marketplace.receipts.values import DecisionReceipt

NOBODY: dict[str, Any] = {"account": ZERO_ADDRESS}
NO_SEAT: dict[str, Any] = {"seat": SeatId(0)}
AT = RECEIPT.decided_at
FOREVER = 2**53 - 1
DENIED = replace(
    RECEIPT, allow=False, reason="no_seat", via="", seat=SeatId(0), expires_at=RECEIPT.decided_at
)
MENTORS = replace(RECEIPT, via="mentor", seat=SeatId(0))
LISTINGS = replace(RECEIPT, action="see_resale", session=0)
WATCHING = replace(RECEIPT, action="watch_recording", recording="r")


def test_the_words_are_those_of_the_gate() -> None:
    assert set(ACTIONS) == set(Action)
    assert set(LEVELS) == set(Level)
    assert set(RIGHTS) == set(Via)
    assert set(DENIALS) == set(Reason) - UNKNOWING - {Reason.ADMITTED}


def test_no_gate_gives_a_longer_lease_or_bears_a_greater_lag_than_a_receipt_may_say() -> None:
    assert max(LEASE_S.values()) <= LONGEST_LEASE_S
    bounds = [
        getattr(one, "le", None) for one in ApiSettings.model_fields["allowed_lag_s"].metadata
    ]
    assert LONGEST_LAG_S in bounds


@pytest.mark.parametrize(
    "receipt",
    [
        RECEIPT,
        WATCHING,
        replace(WATCHING, session=0),
        LISTINGS,
        replace(LISTINGS, drop=DropId(8)),
        replace(RECEIPT, via="delegate"),
        replace(RECEIPT, level="finalized"),
        MENTORS,
        replace(LISTINGS, via="mentor", **NO_SEAT),
        replace(MENTORS, via="co_host"),
        replace(WATCHING, via="co_host", **NO_SEAT),
        replace(MENTORS, via="verifier"),
        replace(LISTINGS, via="open_to_all", **NO_SEAT),
        replace(LISTINGS, via="open_to_all", **NO_SEAT, **NOBODY),
        replace(LISTINGS, via="operator", **NO_SEAT, **NOBODY),
        replace(RECEIPT, expires_at=AT + 1),
        replace(RECEIPT, expires_at=AT + LONGEST_LEASE_S, lag_s=LONGEST_LAG_S),
        replace(RECEIPT, lag_s=0),
        DENIED,
        replace(DENIED, level="finalized"),
        replace(DENIED, reason="not_signed_in", **NOBODY),
        replace(DENIED, reason="closed"),
        replace(DENIED, reason="closed", **NOBODY),
        replace(DENIED, reason="other_tier"),
        replace(DENIED, reason="not_settled"),
        replace(DENIED, reason="operators_stay_out", **NOBODY),
    ],
)
def test_what_the_gate_says_goes_together(receipt: DecisionReceipt) -> None:
    assert unknown_word(receipt) is None
    assert fault_of(receipt) is None


@pytest.mark.parametrize(
    ("receipt", "why"),
    [
        (replace(RECEIPT, drop=DropId(8)), "of drop 7"),
        (replace(WATCHING, drop=DropId(8)), "of drop 7"),
        (replace(RECEIPT, via="delegate", drop=DropId(8)), "of drop 7"),
        (replace(RECEIPT, recording="r"), "recording"),
        (replace(RECEIPT, session=0), "session"),
        (replace(WATCHING, recording=""), "recording"),
        (replace(LISTINGS, session=1), "session"),
        (replace(LISTINGS, recording="r"), "recording"),
        (replace(RECEIPT, reason="no_seat"), "no_seat"),
        (replace(DENIED, reason="admitted"), "admitted"),
        (replace(RECEIPT, via=""), "by nothing"),
        (replace(DENIED, via="seat"), "by seat"),
        (replace(DENIED, seat=RECEIPT.seat), "names seat"),
        (replace(RECEIPT, seat=SeatId(0)), "names none"),
        (replace(RECEIPT, via="mentor"), "names seat"),
        (replace(MENTORS, **NOBODY), "nobody"),
        (replace(RECEIPT, **NOBODY), "nobody"),
        (replace(LISTINGS, via="delegate"), "delegate"),
        (replace(LISTINGS, via="co_host", **NO_SEAT), "co_host"),
        (replace(LISTINGS, via="verifier", **NO_SEAT), "verifier"),
        (replace(WATCHING, via="verifier", **NO_SEAT), "verifier"),
        (replace(MENTORS, via="open_to_all"), "open_to_all"),
        (replace(MENTORS, via="operator", **NOBODY), "operator"),
        (replace(LISTINGS, via="operator", **NO_SEAT), "operator"),
        (replace(MENTORS, level="finalized"), "finalized"),
        (replace(RECEIPT, expires_at=AT), "ended"),
        (replace(RECEIPT, expires_at=AT + LONGEST_LEASE_S + 1), "lets in for 3601 seconds"),
        (replace(RECEIPT, expires_at=FOREVER), "lets in for"),
        (replace(RECEIPT, decided_at=1, expires_at=FOREVER), "lets in for"),
        (replace(RECEIPT, lag_s=LONGEST_LAG_S + 1), "601 seconds behind"),
        (replace(DENIED, lag_s=FOREVER), "seconds behind"),
        (replace(DENIED, expires_at=AT - 1), "one moment"),
        (replace(DENIED, expires_at=AT + 1), "one moment"),
        (replace(DENIED, expires_at=FOREVER), "one moment"),
        (replace(DENIED, reason="not_signed_in"), "not_signed_in"),
        (replace(DENIED, **NOBODY), "no_seat"),
        (replace(DENIED, reason="not_settled", **NOBODY), "not_settled"),
        (replace(LISTINGS, allow=False, reason="other_tier", via="", **NO_SEAT), "other_tier"),
    ],
)
def test_what_no_gate_says_in_one_answer_is_a_fault(receipt: DecisionReceipt, why: str) -> None:
    fault = fault_of(receipt)
    assert fault is not None
    assert why in fault


@pytest.mark.parametrize(
    "change",
    [
        {"action": "take_the_stage"},
        {"level": "heard_of"},
        {"via": "a_friend"},
        {"allow": False, "reason": "no_humour", "via": "", **NO_SEAT},
        {"allow": False, "reason": "mirror_lags", "via": "", **NO_SEAT},
    ],
)
def test_other_words_are_named(change: dict[str, Any]) -> None:
    assert unknown_word(replace(RECEIPT, **change)) in change.values()
