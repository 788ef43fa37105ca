from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from api.wire import Account, Moment, Uint256In, Uint256Out, WireModel, moment
from marketplace.domain.addresses import ChecksumAddress

ADDRESS = ChecksumAddress("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266")


class Asked(WireModel):
    amount: Uint256In


class Told(WireModel):
    amount: Uint256Out
    at: Moment


class Named(WireModel):
    account: Account


@given(st.integers(0, 2**256 - 1))
def test_a_uint256_goes_in_and_out_as_decimal_text(amount: int) -> None:
    assert Asked.model_validate_json(json.dumps({"amount": str(amount)})).amount == amount
    told = Told(amount=amount, at=datetime(2027, 1, 1, tzinfo=timezone.utc))  # noqa: UP017 - any zone
    assert json.loads(told.model_dump_json())["amount"] == str(amount)


@pytest.mark.parametrize(
    "amount",
    [
        5,
        -1,
        "-1",
        str(2**256),
        "1" * 100,
        "01",
        "+1",
        "1e3",
        "0x1",
        "",
        " 1",
        "\u0661",
        1.5,
        True,
        None,
    ],
)
def test_a_uint256_in_any_other_form_is_refused(amount: object) -> None:
    with pytest.raises(ValidationError):
        Asked.model_validate_json(json.dumps({"amount": amount}))


@pytest.mark.parametrize("amount", [-1, 2**256, True, 1.0])
def test_what_is_no_uint256_is_not_told(amount: object) -> None:
    with pytest.raises(ValidationError):
        Told.model_validate({"amount": amount, "at": datetime.now().astimezone()})


def test_a_moment_is_told_in_utc() -> None:
    at = datetime(2027, 1, 1, 1, tzinfo=timezone(timedelta(hours=2)))
    assert '"2026-12-31T23:00:00.000Z"' in Told(amount=0, at=at).model_dump_json()


def test_an_unknown_field_is_refused() -> None:
    with pytest.raises(ValidationError, match="extra"):
        Asked.model_validate_json('{"amount": "1", "owner": "me"}')


@pytest.mark.parametrize("text", [ADDRESS, ADDRESS.lower()])
def test_an_account_gets_its_checksum(text: str) -> None:
    assert Named.model_validate_json(json.dumps({"account": text})).account == ADDRESS


@pytest.mark.parametrize(
    "text", [ADDRESS.replace("f39F", "f39f"), ADDRESS[:-1], ADDRESS[2:], "ada.eth"]
)
def test_another_text_is_no_account(text: str) -> None:
    with pytest.raises(ValidationError, match="is not an address"):
        Named.model_validate_json(json.dumps({"account": text}))


@pytest.mark.parametrize("second", [253_402_300_799, 253_402_300_800, 2**40 - 1, 2**256 - 1])
def test_a_second_beyond_the_calendar_is_its_end(second: int) -> None:
    assert moment(second) == datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)


def test_a_second_is_the_moment_that_it_counts_to() -> None:
    assert moment(1_800_000_000) == datetime(2027, 1, 15, 8, tzinfo=UTC)
