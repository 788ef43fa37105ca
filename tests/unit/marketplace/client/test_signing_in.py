from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import pytest
from eth_account import Account
from eth_account.messages import encode_defunct

from marketplace.client import MarketAddress
from marketplace.client.errors import AnswerUnexpected, PreparedOtherwise
from tests.unit.marketplace.client.told import ADA, BLOCK_HASH, BO, LATER, MARKET, Told, answered

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

NONCE: Final = "0123456789abcdef0123456789abcdef01234567"
ISSUED: Final = "2027-03-01T18:00:00.000Z"
MESSAGE: Final = f"""\
seats.example wants you to sign in with your Ethereum account:
{ADA.address}

Sign in to Seatmarket.

URI: https://seats.example
Version: 1
Chain ID: 31337
Nonce: {NONCE}
Issued At: {ISSUED}
Expiration Time: {LATER}"""
OPENED: Final = {
    "nonce": NONCE,
    "domain": "seats.example",
    "uri": "https://seats.example",
    "version": "1",
    "chain_id": 31337,
    "statement": "Sign in to Seatmarket.",
    "issued_at": ISSUED,
    "expires_at": LATER,
    "message": MESSAGE,
    "attempt": "the attempt",
}
BEGUN: Final = {"account": ADA.address, "expires_at": LATER, "token": "the token"}


def api(
    opened: dict[str, object], begun: dict[str, object] | None = None
) -> Callable[[httpx.Request], httpx.Response]:
    """An API that opens one attempt and, if it gets that far, one session."""

    def answer(request: httpx.Request) -> httpx.Response:
        match request.url.path:
            case "/v1/auth/nonce":
                return answered(opened, 201)
            case "/v1/auth/verify":
                return answered(BEGUN if begun is None else begun, 201)
            case _:
                session = {"id": BLOCK_HASH, "account": ADA.address}
                return answered(session | {"created_at": ISSUED, "expires_at": LATER})

    return answer


def test_a_session_begins_and_is_carried_from_then_on() -> None:
    told = Told(api(OPENED))
    client = told.client()
    assert client.sign_in(ADA).account == ADA.address
    assert client.who_am_i().account == ADA.address
    nonce, verify, session = told.asked
    assert json.loads(nonce.content) == {"session": "bearer", "account": ADA.address}
    shown = json.loads(verify.content)
    assert (shown["message"], shown["attempt"]) == (MESSAGE, "the attempt")
    signed = encode_defunct(text=MESSAGE)
    assert Account.recover_message(signed, signature=shown["signature"]) == ADA.address
    assert session.headers["Authorization"] == "Bearer the token"


def line(old: str, new: str) -> dict[str, object]:
    """An attempt whose message has one text exchanged."""
    assert old in MESSAGE
    return OPENED | {"message": MESSAGE.replace(old, new)}


@pytest.mark.parametrize(
    ("opened", "why"),
    [
        (line("seats.example wants", "bank.example wants"), "domain is 'bank.example'"),
        (line("URI: https://seats.example", "URI: https://bank.example"), "uri is"),
        (
            OPENED
            | {
                "uri": "https://bank.example",
                "message": MESSAGE.replace("URI: https://seats", "URI: https://bank"),
            },
            "it leads to 'https://bank.example'",
        ),
        (line(ADA.address, BO.address), f"account is '{BO.address}'"),
        (line("Chain ID: 31337", "Chain ID: 1"), "chain_id is '1'"),
        (
            OPENED | {"chain_id": 1, "message": MESSAGE.replace("31337", "1")},
            "chain_id is '1', not '31337'",
        ),
        (line(NONCE, NONCE[::-1]), "nonce is"),
        (line("Sign in to Seatmarket.", "Give everything away."), "statement is"),
        (line("Version: 1", "Version: 2"), "version is '2'"),
        (line(LATER, "2037-03-01T18:05:00.000Z"), "it would be good for 3653 days"),
        (line(LATER, ISSUED), "it would be good for 0:00:00"),
        (line(LATER, "soon"), "its times are none"),
        (line(LATER, "2027-03-01T18:05:00"), "its times are none"),
        (line(LATER, f"{LATER}\nResources:\n- https://x.example"), "the lines of EIP-4361"),
        (OPENED | {"message": "Send all my seats away"}, "the lines of EIP-4361"),
        (OPENED | {"message": None}, "the lines of EIP-4361"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_message_that_was_not_asked_for_is_not_signed(
    opened: dict[str, object], why: str
) -> None:
    told = Told(api(opened))
    with pytest.raises(PreparedOtherwise) as refused:
        told.client().sign_in(ADA)
    assert why in refused.value.why
    assert [request.url.path for request in told.asked] == ["/v1/auth/nonce"]


def test_without_a_market_the_apis_chain_is_taken() -> None:
    opened = OPENED | {"chain_id": 5, "message": MESSAGE.replace("31337", "5")}
    assert Told(api(opened)).client(market=None).sign_in(ADA).account == ADA.address
    elsewhere = MarketAddress(5, MARKET.contract)
    assert Told(api(opened)).client(market=elsewhere).sign_in(ADA).account == ADA.address


@pytest.mark.parametrize(
    ("opened", "begun"),
    [
        (OPENED | {"attempt": None}, BEGUN),
        (OPENED, BEGUN | {"token": None}),
        (OPENED, BEGUN | {"account": BO.address}),
    ],
    ids=["no attempt", "no token", "another account"],
)
def test_a_session_of_another_kind_is_not_begun(
    opened: dict[str, object], begun: dict[str, object]
) -> None:
    told = Told(api(opened, begun))
    client = told.client()
    with pytest.raises(AnswerUnexpected):
        client.sign_in(ADA)
    client.who_am_i()
    assert "Authorization" not in told.asked[-1].headers
