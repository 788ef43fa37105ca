from __future__ import annotations

import io
from datetime import UTC, datetime

from marketplace.client.answers.access import Decision, Remedy
from scripts.views.console import console
from scripts.views.telling import decided

UNTIL = datetime(2027, 3, 1, 18, 0, 30, tzinfo=UTC)
HASH = "0x" + "ab" * 32


def told(decision: Decision) -> list[str]:
    out = io.StringIO()
    decided(console(out), "bo", "enter the workshop", decision)
    return [line.rstrip() for line in out.getvalue().splitlines()]


def decision(**changes: object) -> Decision:
    given = {
        "allow": False,
        "reason": "no_seat",
        "remedy": Remedy("buy_seat", "Buy a seat of drop 2, tier 0."),
        "via": None,
        "seat": None,
        "level": "latest",
        "as_of_block": 9,
        "block_hash": HASH,
        "lag_s": 0,
        "expires_at": UNTIL,
    }
    return Decision(**(given | changes))  # type: ignore[arg-type] # a test's own members


def test_a_no_says_why_what_helps_and_by_which_block() -> None:
    assert told(decision()) == [
        "  no   bo may not enter the workshop: no seat that opens it",
        "       no_seat; what helps: Buy a seat of drop 2, tier 0, as of block 9 (0xabababababab…)",
    ]


def test_a_yes_says_by_what_right_and_until_when() -> None:
    held = decision(allow=True, reason="admitted", remedy=None, via="seat", seat="2000001")
    assert told(held) == [
        "  yes  bo may enter the workshop: holds seat 2000001",
        "       good until 18:00:30 UTC, as of block 9 (0xabababababab…)",
    ]


def test_a_right_without_a_seat_is_named() -> None:
    own = decision(allow=True, reason="admitted", remedy=None, via="mentor")
    assert told(own)[0].endswith("as its mentor")


def test_a_reason_without_words_of_its_own_is_shown_as_it_is() -> None:
    assert told(decision(reason="brand_new", block_hash=None)) == [
        "  no   bo may not enter the workshop: brand_new",
        "       brand_new; what helps: Buy a seat of drop 2, tier 0, as of no block yet",
    ]


def test_a_decision_does_not_steer_the_terminal() -> None:
    wicked = decision(reason="\x1b[2Jno", remedy=Remedy("buy_seat", "Buy\nyes."))
    assert told(wicked) == [
        "  no   bo may not enter the workshop: \ufffd[2Jno",
        "       \ufffd[2Jno; what helps: Buy\ufffdyes, as of block 9 (0xabababababab…)",
    ]
    lured = decision(allow=True, via="\x1b[8m", remedy=None)
    assert told(lured)[0] == "  yes  bo may enter the workshop: \ufffd[8m"
