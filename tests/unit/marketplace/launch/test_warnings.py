from __future__ import annotations

from dataclasses import replace

import pytest

from api.eligibility.bodies import MAX_ACCOUNTS
from marketplace.allowlist.phases import PhaseAllowlist
from marketplace.bindings.addresses import checksum_address
from marketplace.domain.addresses import ChecksumAddress
from marketplace.domain.ids import PhaseIndex
from marketplace.launch.forms import listed_by
from marketplace.launch.warnings import MAX_PUBLISHED, warnings_of
from tests.unit.marketplace.launch.texts import COIN, SMALL, WIDE, parse, with_line, with_practice

SECOND_SESSION = """[[sessions]]
title = "Another"
kind = "workshop"
starts = 2030-01-11T18:00:00Z
lasts = "2 hours"

[[tiers]]"""
UNSOLD_TIER = """[[tiers]]
name = "Practice"
price = "1"
seats = 1
includes = ["more"]

[[phases]]"""


def test_a_plain_file_has_no_warnings() -> None:
    assert list(warnings_of(parse(SMALL), ())) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('lasts = "2 hours"', 'lasts = "3 hours"', "this one lasts 3 hours."),
        ("[[tiers]]", SECOND_SESSION, "A drop session is one meeting; this file has 2."),
        ("[[tiers]]", SECOND_SESSION, '"Another" starts before "The evening" has ended.'),
        ('format = "drop session"', 'format = "sprint cohort"', "has two workshops"),
        ("[[phases]]", UNSOLD_TIER, 'No phase sells the tier "Practice"'),
        ('price = "0.04"', 'price = "0"', '"Sale" is free'),
        ('price = "0.04"', 'price = "0.04"\nper_wallet = 1', "per wallet are a courtesy"),
        (
            'price = "0.04"',
            'price = "0.04"\nreserved = true\nseats = 2',
            "other phases until 2030-01-10T17:00:00Z",
        ),
        ('until = "start"', 'until = "launch"', "nobody can give one back"),
        ('until = "start"', 'until = "start - 2 days"', 'who buys later in "Sale" cannot'),
        ('until = "start"', 'until = "end"', "after the first session has started"),
        (
            'highest_price = "100%"',
            'highest_price = "150%"',
            "at up to 150% of what was first paid",
        ),
        ('highest_price = "100%"', 'highest_price = "0%"', "Seats cannot be resold"),
        (
            'gift_cooldown = "1 day"',
            'gift_cooldown = "1 day"\naudience = "holders"',
            "a seller can hand a signed offer to anybody.",
        ),
        (
            'gift_cooldown = "1 day"',
            'gift_cooldown = "1 day"\naudience = "wait_list"\nturn = "12 hours"',
            "The contract knows no turns: whoever has a signed offer in hand can fill it.",
        ),
        (
            'highest_price = "100%"',
            'highest_price = "1%"',
            "the toll of 0.001 ETH is above the highest price of 0.0004 ETH",
        ),
        ('currency = "ETH"', 'currency = "ETH"\nseats_move = "never"', "Seats never move"),
        ('deliver_by = "end + 7 days"', 'deliver_by = "end + 1 day"', "You have 1 day after"),
        ('gate = "public"', "gate = { seats_of = 3 }", "opened by seats of drop 3 that can no"),
        (
            'gate = "public"',
            f'gate = {{ passes_of = "{COIN}" }}',
            "whoever has that key sells your seats",
        ),
        (
            'gate = "public"',
            f'gate = {{ allowlist = "0x{"5e" * 32}" }}',
            'Of "Sale" only the root is known here',
        ),
        ('verifier = "0x23618e81E3f5cdF7f54C3d65f7FBc0aBf5B21E8f"', "", "name a verifier"),
    ],
)
def test_what_surprises_people_is_said(old: str, new: str, said: str) -> None:
    warnings = list(warnings_of(parse(with_line(old, new)), ()))
    assert any(said in warning for warning in warnings), warnings


def test_sales_that_end_with_the_refund_window_are_no_surprise() -> None:
    text = with_line('closes = "start - 1 day"', 'closes = "start"')
    assert list(warnings_of(parse(text), ())) == []


def test_an_address_whose_key_is_public_is_named() -> None:
    resolver = ChecksumAddress("0x976EA74026E726554dB657fA54763abd0C3a0aa9")
    (warning,) = warnings_of(parse(SMALL), {resolver})
    assert warning.startswith(f"The resolver {resolver} is an account of the development chain")


def test_a_tier_that_no_session_lets_in_is_named() -> None:
    text = with_practice(with_line('lasts = "2 hours"', 'lasts = "2 hours"\ntiers = ["Practice"]'))
    warnings = list(warnings_of(parse(text), ()))
    assert 'No session lets seats of the tier "Access" in.' in warnings


def test_a_currency_is_said_by_its_smallest_units() -> None:
    text = "\n".join(warnings_of(parse(WIDE), ()))
    assert f"the ERC-20 {COIN}: an amount of 1 means 1,000,000 of its smallest units" in text
    assert "takes a fee of transfers cannot be paid with" in text
    assert "Seats move as any token: who sells one on another market" in text
    assert "ETH" not in text


def test_the_toll_of_a_drop_in_coins_is_told_in_coins() -> None:
    text = with_line('seats_move = "as any token"', "", WIDE)
    text = with_line('toll = "0%"', 'toll = "2%"', text)
    text = with_line('highest_price = "100%"', 'highest_price = "1%"', text)
    said = "the toll of 0.51 is above the highest price of 0.25"
    assert any(said in warning for warning in warnings_of(parse(text), ()))


def test_a_list_is_published_or_nobody_mints_and_has_a_bound() -> None:
    file = parse(SMALL)
    phase = PhaseIndex(0)
    accounts = [checksum_address(number.to_bytes(20, "big")) for number in range(1, 4)]
    listed = PhaseAllowlist(phase, accounts)
    few = replace(file, gates=(listed_by(listed.root),), allowlists={phase: listed})
    (said,) = warnings_of(few, ())
    assert "nobody can mint there until it is published with the terms" in said
    listed.accounts = frozenset(
        checksum_address(number.to_bytes(20, "big")) for number in range(MAX_PUBLISHED + 1)
    )
    assert any("an API takes at most 25,000" in one for one in warnings_of(few, ()))
    assert MAX_PUBLISHED == MAX_ACCOUNTS


def test_a_signer_whose_key_is_public_is_named() -> None:
    text = with_line('gate = "public"', f'gate = {{ passes_of = "{COIN}" }}')
    warnings = list(warnings_of(parse(text), {ChecksumAddress(COIN)}))
    assert any(f'signer of passes for "Sale" {COIN} is an account' in one for one in warnings)
