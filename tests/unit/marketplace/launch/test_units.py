from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.domain.money import Bps, Wei, ether_text, percent_text
from marketplace.launch.source import PointNumber
from marketplace.launch.units import (
    Moment,
    Unclear,
    duration,
    instant,
    read_amount,
    read_duration,
    read_share,
    read_text,
    read_when,
)


@given(st.integers(min_value=0, max_value=2**80 - 1))
def test_every_amount_is_read_as_it_is_written(amount: int) -> None:
    assert read_amount(ether_text(Wei(amount)).removesuffix(" ETH")) == amount


@given(st.integers(min_value=0, max_value=99_999))
def test_every_share_is_read_as_it_is_written(share: int) -> None:
    assert read_share(percent_text(Bps(share))) == share


@given(st.integers(min_value=1, max_value=3_650 * 86_400))
def test_every_duration_is_read_as_it_is_written(seconds: int) -> None:
    span = timedelta(seconds=seconds)
    assert read_duration(duration(span)) == span


@pytest.mark.parametrize(
    ("value", "remedy"),
    [
        (PointNumber("0.05"), 'write "0.05"'),
        (5, 'write "5" for ether'),
        ("0.0000000000000000001", "at most 18 places"),
        ("1e3", "as in"),
        ("-1", "as in"),
        ("\u0661", "as in"),
        ("1_000", "as in"),
        ("0,05", "as in"),
        ("", "as in"),
        ("0.05 ETH", "as in"),
        (True, "as in"),
        ([], "as in"),
    ],
)
def test_an_unclear_amount_is_refused(value: object, remedy: str) -> None:
    with pytest.raises(Unclear) as caught:
        read_amount(value)
    assert remedy in caught.value.remedy


@pytest.mark.parametrize(
    ("value", "remedy"),
    [
        (PointNumber("2.5"), 'write "2.5%"'),
        (10, 'write "10%"'),
        ("10", "a percentage"),
        ("2.555%", "two places"),
        ("-1%", "a percentage"),
        ("\u0665%", "a percentage"),
        (None, "a percentage"),
        (True, "a percentage"),
    ],
)
def test_an_unclear_share_is_refused(value: object, remedy: str) -> None:
    with pytest.raises(Unclear) as caught:
        read_share(value)
    assert remedy in caught.value.remedy


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("90 minutes", timedelta(minutes=90)),
        ("1 week 2 days", timedelta(days=9)),
        ("1 day", timedelta(days=1)),
        ("30 seconds", timedelta(seconds=30)),
        ("0 days", timedelta(0)),
    ],
)
def test_durations_are_read(text: str, span: timedelta) -> None:
    assert read_duration(text) == span


@pytest.mark.parametrize("value", ["7", 7, "a week", "7days", "1.5 days", "-1 days", "1 month", ""])
def test_an_unclear_duration_is_refused(value: object) -> None:
    with pytest.raises(Unclear, match="is no duration"):
        read_duration(value)


def test_a_duration_of_centuries_is_refused() -> None:
    with pytest.raises(Unclear, match="longer than ten years"):
        read_duration(" ".join(["999999 weeks"] * 4_000))


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("launch", Moment("launch", 0)),
        ("start - 1 day", Moment("start", -86_400)),
        ("end + 1 day 1 hour", Moment("end", 90_000)),
    ],
)
def test_moments_are_read(text: str, moment: Moment) -> None:
    assert read_when(text) == moment


def test_a_time_is_read_in_its_zone() -> None:
    east = datetime(2030, 5, 1, 19, 0, tzinfo=timezone(timedelta(hours=2)))
    assert read_when(east) == datetime(2030, 5, 1, 17, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (datetime(2030, 5, 1, 17, 0), "names no zone"),  # noqa: DTZ001 - what is refused
        (datetime(2030, 5, 1, 17, 0, 0, 500_000, UTC), "whole seconds"),
        (datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))), "cannot be meant"),
        (datetime(9999, 1, 1, tzinfo=UTC), "cannot be meant"),
        ("2030-05-01T17:00:00Z", "is no time"),
        ("tomorrow", "is no time"),
        ("start + 1", "is no time"),
        ("start+1 day", "is no time"),
        ("Launch", "is no time"),
        (5, "is no time"),
        (datetime(2030, 5, 1, tzinfo=UTC).date(), "is no time"),
    ],
)
def test_an_unclear_time_is_refused(value: object, why: str) -> None:
    with pytest.raises(Unclear, match=why):
        read_when(value)


@pytest.mark.parametrize(
    "value", ["", "  \n ", 5, "a\x00b", "a\x1b[31mb", "invoice \u202egnp.exe", "tab\tbed"]
)
def test_unclear_text_is_refused(value: object) -> None:
    with pytest.raises(Unclear):
        read_text(value)


def test_text_is_trimmed_and_composed() -> None:
    assert (
        read_text(" Zoe\u0301\nsays \U0001f469\u200d\U0001f3eb ")
        == "Zo\u00e9\nsays \U0001f469\u200d\U0001f3eb"
    )


def test_an_instant_is_written_in_utc() -> None:
    east = datetime(2030, 5, 1, 19, 0, tzinfo=timezone(timedelta(hours=2)))
    assert instant(east) == "2030-05-01T17:00:00Z"
