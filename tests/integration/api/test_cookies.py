from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.integration.api.world import (
    Wallet,
    ask_nonce,
    browser,
    code_of,
    sign_in,
)

if TYPE_CHECKING:
    import httpx

    from api.parts import Parts
    from tests.integration.api.world import Clock

SESSION = "__Host-seats_session"
ATTEMPT = "__Host-seats_attempt"
SOMEBODYS = "A" * 43


def taken(client: httpx.Client, name: str) -> str:
    """A browser's cookie, out of its jar: tests send the header as they like."""
    value = client.cookies[name]
    client.cookies.clear()
    return value


@pytest.mark.parametrize("blank", ["\xa0", "\x85", "\x1c", "\x1f", "\x0b", "\x0c"])
def test_a_name_that_only_python_takes_for_ours_is_not_ours(
    parts: Parts, wallet: Wallet, blank: str
) -> None:
    # A neighbouring host may set such a name: to browsers it has no `__Host-` in front.
    own, planted = browser(parts), browser(parts)
    sign_in(own, wallet)
    sign_in(planted, Wallet())
    cookies = [f"{SESSION}={taken(own, SESSION)}", f"{blank}{SESSION}={taken(planted, SESSION)}"]
    for header in ("; ".join(cookies), "; ".join(reversed(cookies))):
        answer = own.get("/v1/auth/session", headers={b"Cookie": header.encode("latin-1")})
        assert answer.json()["account"] == wallet.address
    alone = own.get("/v1/auth/session", headers={b"Cookie": cookies[1].encode("latin-1")})
    assert code_of(alone) == "sign_in_required"


@pytest.mark.parametrize("split", [False, True])
def test_of_two_sessions_in_one_request_neither_counts(
    client: httpx.Client, wallet: Wallet, *, split: bool
) -> None:
    sign_in(client, wallet)
    both = [f"{SESSION}={taken(client, SESSION)}", f"{SESSION}={SOMEBODYS}"]
    for order in (both, both[::-1]):
        lines = order if split else ["; ".join(order)]
        answer = client.get("/v1/auth/session", headers=[("Cookie", line) for line in lines])
        assert (answer.status_code, code_of(answer)) == (401, "session_ended")


def test_of_two_attempts_in_one_request_neither_counts(
    client: httpx.Client, wallet: Wallet
) -> None:
    message = ask_nonce(client, wallet)["message"]
    attempt = taken(client, ATTEMPT)
    body = {"message": message, "signature": wallet.sign(message)}
    for other in (attempt, "x"):
        twice = {"Cookie": f"{ATTEMPT}={attempt}; {ATTEMPT}={other}"}
        answer = client.post("/v1/auth/verify", json=body, headers=twice)
        assert code_of(answer) == "sign_in_attempt_unknown"
    client.cookies.clear()
    alone = {"Cookie": f"a=b;\t{ATTEMPT}={attempt} ;c"}
    assert client.post("/v1/auth/verify", json=body, headers=alone).status_code == 201


def test_a_session_that_is_there_twice_cannot_be_replaced(
    client: httpx.Client, wallet: Wallet
) -> None:
    sign_in(client, wallet)
    session = taken(client, SESSION)
    message = ask_nonce(client, wallet)["message"]
    attempt = taken(client, ATTEMPT)
    cookies = f"{ATTEMPT}={attempt}; {SESSION}={session}; {SESSION}={SOMEBODYS}"
    body = {"message": message, "signature": wallet.sign(message)}
    answer = client.post("/v1/auth/verify", json=body, headers={"Cookie": cookies})
    assert code_of(answer) == "session_ended"


def test_the_cookie_of_a_session_that_ended_is_taken_away(
    client: httpx.Client, wallet: Wallet, clock: Clock
) -> None:
    sign_in(client, wallet)
    clock.forward(8 * 86_400)

    answer = client.get("/v1/auth/session")

    assert (answer.status_code, code_of(answer)) == (401, "session_ended")
    assert "cookie is taken away" in answer.json()["detail"]
    assert SESSION not in client.cookies
    assert code_of(client.get("/v1/auth/session")) == "sign_in_required"


@pytest.mark.parametrize("value", [SOMEBODYS, "x", ""])
def test_where_nobody_need_be_signed_in_a_dead_cookie_is_told_of_once(
    client: httpx.Client, value: str
) -> None:
    # Going on in silence, a browser would take the answer for its own account's.
    client.cookies.set(SESSION, value, domain="seats.example", path="/")
    asked: dict[str, str | int] = {"action": "see_resale", "drop": 7}

    first = client.get("/v1/access/check", params=asked)
    second = client.get("/v1/access/check", params=asked)

    assert (first.status_code, code_of(first)) == (401, "session_ended")
    assert SESSION not in client.cookies
    assert code_of(second) != "session_ended"


def test_a_bearers_dead_token_takes_no_cookie_away(client: httpx.Client, wallet: Wallet) -> None:
    sign_in(client, wallet)
    dead = {"Authorization": f"Bearer {SOMEBODYS}"}

    answer = client.get("/v1/auth/session", headers=dead)

    assert code_of(answer) == "session_ended"
    assert "set-cookie" not in answer.headers
    assert client.get("/v1/auth/session").status_code == 200


def test_another_sites_page_cannot_take_a_cookie_away(
    client: httpx.Client, wallet: Wallet, clock: Clock
) -> None:
    sign_in(client, wallet)
    clock.forward(8 * 86_400)

    answer = client.post("/v1/auth/sign-out", headers={"Origin": "https://evil.example"})

    assert code_of(answer) == "cross_site_request"
    assert "set-cookie" not in answer.headers
