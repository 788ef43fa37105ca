"""Launch files for tests: a small one without faults, and ways to spoil it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from marketplace.launch.faults import LaunchFileInvalid
from marketplace.launch.file import LaunchFile, parse_launch_file

if TYPE_CHECKING:
    from marketplace.launch.faults import Fault

LAUNCH = datetime(2030, 1, 1, 12, 0, 0, tzinfo=UTC)

SMALL = """\
[product]
format = "drop session"
title = "One evening"
mentor = "Ada"
summary = "An evening about one thing."
contains = ["two hours live"]
success = ["it took place"]

[terms]
currency = "ETH"
deliver_by = "end + 7 days"
verifier = "0x23618e81E3f5cdF7f54C3d65f7FBc0aBf5B21E8f"
highest_fee = "5%"

[[sessions]]
title = "The evening"
kind = "session"
starts = 2030-01-11T19:00:00+02:00
lasts = "2 hours"

[[tiers]]
name = "Access"
price = "0.05"
seats = 8
includes = ["the evening"]

[[phases]]
name = "Sale"
tier = "Access"
gate = "public"
price = "0.04"
opens = "launch"
closes = "start - 1 day"

[refund]
until = "start"
penalty = "0%"
policy = "Until the start, all of it."

[resale]
royalty = "10%"
toll = "2%"
highest_price = "100%"
gift_cooldown = "1 day"

[dispute]
resolver = "0x976EA74026E726554dB657fA54763abd0C3a0aa9"
objection_days = 7
default_split = "50%"
"""


COIN = "0x5FbDB2315678afecb367f032d93F642f64180aa3"
"""The address of an ERC-20, as it is spelled."""

WIDE = (
    SMALL.replace('currency = "ETH"', f'currency = {{ address = "{COIN}", decimals = 6 }}')
    .replace('highest_fee = "5%"', 'highest_fee = "5%"\nseats_move = "as any token"')
    .replace('gate = "public"', "gate = { seats_of = 3 }")
    .replace('price = "0.05"', 'price = "25.5"')
    .replace('price = "0.04"', 'price = "25"')
    .replace('toll = "2%"', 'toll = "0%"')
    .replace('gift_cooldown = "1 day"', 'gift_cooldown = "0 seconds"')
)
"""The small one with all that only the second form has words for."""

EARLIER = """[[sessions]]
title = "The day before"
kind = "workshop"
starts = 2030-01-10T17:00:00Z
lasts = "2 hours"
tiers = ["Practice"]

[[tiers]]"""
"""A second session that happens before the first, for a second tier that stands after `Access`."""

_PRACTICE = """includes = ["the evening"]

[[tiers]]
name = "Practice"
price = "0.12"
seats = 4
includes = ["more"]
"""


def with_practice(text: str = SMALL) -> str:
    """The text with a second tier."""
    return with_line('includes = ["the evening"]\n', _PRACTICE, text)


def with_line(old: str, new: str, text: str = SMALL) -> str:
    """The text with one line exchanged, which must be there."""
    assert text.count(old) == 1, old
    return text.replace(old, new)


def parse(text: str) -> LaunchFile:
    """Read a text that must have no faults."""
    return parse_launch_file("drop.toml", text.encode(), LAUNCH)


def faults_of(text: str) -> tuple[Fault, ...]:
    """Read a text that must have faults."""
    with pytest.raises(LaunchFileInvalid) as caught:
        parse(text)
    return caught.value.faults
