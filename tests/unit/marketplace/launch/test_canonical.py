from __future__ import annotations

import json

import pytest
from eth_utils.crypto import keccak

from marketplace.launch.canonical import terms_hash
from tests.unit.marketplace.launch.texts import (
    EARLIER,
    SMALL,
    parse,
    with_line,
    with_practice,
)

DOCUMENT = """\
{
  "dispute": {
    "default_split": "50%",
    "objection_days": 7,
    "resolver": "0x976EA74026E726554dB657fA54763abd0C3a0aa9"
  },
  "form": "seatmarket terms 1",
  "phases": [
    {
      "closes": "2030-01-10T17:00:00Z",
      "gate": "public",
      "name": "Sale",
      "opens": "2030-01-01T12:00:00Z",
      "per_wallet": null,
      "price": "0.04 ETH",
      "reserved": false,
      "seats": null,
      "tier": "Access"
    }
  ],
  "product": {
    "contains": [
      "two hours live"
    ],
    "format": "drop session",
    "mentor": "Ada",
    "success": [
      "it took place"
    ],
    "summary": "An evening about one thing.",
    "title": "One evening"
  },
  "refund": {
    "penalty": "0%",
    "policy": "Until the start, all of it.",
    "until": "2030-01-11T17:00:00Z"
  },
  "resale": {
    "audience": "anyone",
    "gift_cooldown": "1 day",
    "highest_price": "100%",
    "royalty": "10%",
    "toll": "2%"
  },
  "sessions": [
    {
      "ends": "2030-01-11T19:00:00Z",
      "kind": "session",
      "starts": "2030-01-11T17:00:00Z",
      "tiers": [
        "Access"
      ],
      "title": "The evening"
    }
  ],
  "terms": {
    "currency": "ETH",
    "deliver_by": "2030-01-18T19:00:00Z",
    "highest_fee": "5%",
    "payout": null,
    "seats_move": "by sale or gift",
    "verifier": "0x23618e81E3f5cdF7f54C3d65f7FBc0aBf5B21E8f"
  },
  "tiers": [
    {
      "includes": [
        "the evening"
      ],
      "name": "Access",
      "price": "0.05 ETH",
      "seats": 8
    }
  ]
}
"""


def test_the_canonical_terms_are_these_bytes() -> None:
    assert parse(SMALL).document == DOCUMENT


def test_the_hash_is_keccak256_of_the_bytes() -> None:
    assert terms_hash(DOCUMENT) == keccak(DOCUMENT.encode("utf-8"))


def test_anybody_can_write_the_same_text_again() -> None:
    again = json.dumps(json.loads(DOCUMENT), ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    assert again == DOCUMENT


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('price = "0.05"', 'price = "0.050"  # as before'),
        ("starts = 2030-01-11T19:00:00+02:00", "starts = 2030-01-11T17:00:00Z"),
        ("starts = 2030-01-11T19:00:00+02:00", 'starts = "launch + 10 days 5 hours"'),
        ('lasts = "2 hours"', 'lasts = "120 minutes"'),
        (
            'summary = "An evening about one thing."',
            'summary = """\nAn evening about one thing.\n"""',
        ),
        ('penalty = "0%"', 'penalty = "0.00 %"'),
        ('lasts = "2 hours"', 'lasts = "2 hours"\ntiers = ["Access"]'),
        ('gift_cooldown = "1 day"', 'gift_cooldown = "1 day"\naudience = "anyone"'),
    ],
)
def test_another_way_of_writing_the_same_terms_changes_nothing(old: str, new: str) -> None:
    assert parse(with_line(old, new)).document == DOCUMENT


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('success = ["it took place"]', 'success = ["it took place."]'),
        ('policy = "Until the start, all of it."', 'policy = "Until the start, half of it."'),
        ('title = "The evening"', 'title = "The Evening"'),
        ("seats = 8", "seats = 7"),
        ('lasts = "2 hours"', 'lasts = "3 hours"'),
        ('gift_cooldown = "1 day"', 'gift_cooldown = "1 day"\naudience = "holders"'),
    ],
)
def test_other_terms_have_another_hash(old: str, new: str) -> None:
    changed = parse(with_line(old, new))
    assert changed.drop.terms.terms_hash != parse(SMALL).drop.terms.terms_hash


def test_letters_are_composed_before_they_are_hashed() -> None:
    split = parse(with_line('mentor = "Ada"', 'mentor = "Zoe\u0301"'))
    composed = parse(with_line('mentor = "Ada"', 'mentor = "Zo\u00e9"'))
    assert split.document == composed.document
    assert "Zo\u00e9" in composed.document


def test_sessions_stand_in_the_order_of_the_file_with_the_tiers_that_they_open() -> None:
    sessions = json.loads(parse(with_practice(with_line("[[tiers]]", EARLIER))).document)[
        "sessions"
    ]
    assert [(one["title"], one["tiers"]) for one in sessions] == [
        ("The evening", ["Access", "Practice"]),
        ("The day before", ["Practice"]),
    ]


def test_tiers_of_a_session_are_written_in_the_order_of_the_tiers() -> None:
    text = with_line('tiers = ["Practice"]', 'tiers = ["Practice", "Access"]', EARLIER)
    sessions = json.loads(parse(with_practice(with_line("[[tiers]]", text))).document)["sessions"]
    assert sessions[1]["tiers"] == ["Access", "Practice"]


def test_a_turn_is_written_where_there_are_turns_and_nowhere_else() -> None:
    text = with_line(
        'gift_cooldown = "1 day"',
        'gift_cooldown = "1 day"\naudience = "wait_list"\nturn = "720 minutes"',
    )
    assert json.loads(parse(text).document)["resale"]["turn"] == "12 hours"
    # So that terms of before there were turns keep their hash.
    assert "turn" not in json.loads(DOCUMENT)["resale"]


def test_the_drops_of_an_audience_are_sorted() -> None:
    text = with_line('gift_cooldown = "1 day"', 'gift_cooldown = "1 day"\naudience = [12, 5]')
    assert json.loads(parse(text).document)["resale"]["audience"] == [5, 12]
