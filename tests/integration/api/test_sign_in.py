from __future__ import annotations

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from api.auth import sign_in as attempts
from api.auth.errors import SignInAttemptUnknown
from api.auth.sign_in import SignedMessage
from api.auth.tokens import Carrier
from api.store.tables import sessions, sign_in_nonces
from marketplace.storage.transactions import reading
from tests.integration.api.world import (
    ORIGIN,
    Clock,
    Wallet,
    ask_nonce,
    browser,
    code_of,
    parts_for,
    sign_in,
    sign_in_client,
    verify,
)

if TYPE_CHECKING:
    import httpx
    from sqlalchemy import Engine

    from api.parts import Parts

ORDER = 0xFFFFFFFF_FFFFFFFF_FFFFFFFF_FFFFFFFE_BAAEDCE6_AF48A03B_BFD25E8C_D0364141


def test_a_browser_signs_in_and_is_known_afterwards(client: httpx.Client, wallet: Wallet) -> None:
    signed_in = sign_in(client, wallet)
    session = client.get("/v1/auth/session").json()
    assert session["account"] == signed_in["account"] == wallet.address
    assert session["csrf_token"] == signed_in["csrf_token"]
    assert signed_in["token"] is None


def test_a_client_signs_in_without_cookies(client: httpx.Client, wallet: Wallet) -> None:
    token = sign_in_client(client, wallet)
    assert dict(client.cookies) == {}
    bearer = {"Authorization": f"Bearer {token}"}
    session = client.get("/v1/auth/session", headers=bearer).json()
    assert session["account"] == wallet.address
    assert session["csrf_token"] is None


def test_the_cookies_are_as_strong_as_cookies_get(client: httpx.Client, wallet: Wallet) -> None:
    message = ask_nonce(client, wallet)["message"]
    answer = verify(client, message, wallet.sign(message))
    given = [one for one in answer.headers.get_list("set-cookie") if "session=" in one]
    assert len(given) == 1
    name, _, attributes = given[0].partition("=")
    assert name == "__Host-seats_session"
    assert {part.strip().lower() for part in attributes.split(";")[1:]} == {
        "httponly",
        "secure",
        "samesite=lax",
        "path=/",
        "max-age=604800",
    }


def test_no_secret_is_in_the_database(
    client: httpx.Client, wallet: Wallet, database: Engine
) -> None:
    asked = ask_nonce(client, wallet, "bearer")
    answer = verify(client, asked["message"], wallet.sign(asked["message"]), asked["attempt"])
    with reading(database) as connection:
        kept = str(connection.execute(select(sessions)).all())
        kept += str(connection.execute(select(sign_in_nonces)).all())
    secrets = [answer.json()["token"], *asked["attempt"].split(".")]
    assert [secret for secret in secrets if secret in kept] == []


@pytest.mark.parametrize("spoil", [False, True])
def test_a_nonce_serves_one_attempt(client: httpx.Client, wallet: Wallet, *, spoil: bool) -> None:
    message = ask_nonce(client, wallet)["message"]
    good = wallet.sign(message)
    kept = dict(client.cookies)
    first = verify(client, message, Wallet().sign(message) if spoil else good)
    # Nobody's key: only the account's contract could know it, and there is no node to ask.
    assert first.status_code == (503 if spoil else 201)
    client.cookies.update(kept)
    assert code_of(verify(client, message, good)) == "sign_in_attempt_unknown"


def test_a_malleated_replay_is_refused(client: httpx.Client, wallet: Wallet) -> None:
    message = ask_nonce(client, wallet)["message"]
    octets = bytes.fromhex(wallet.sign(message)[2:])
    s = ORDER - int.from_bytes(octets[32:64])
    other = octets[:32] + s.to_bytes(32) + bytes([55 - octets[64]])
    answer = verify(client, message, "0x" + other.hex())
    assert code_of(answer) == "sign_in_signature_malformed"
    assert code_of(verify(client, message, wallet.sign(message))) == "sign_in_attempt_unknown"


@pytest.mark.parametrize("message", ["", "hello", "x" * 60_000, "\n" * 2_000, "\0"])
def test_a_message_of_any_other_text_spends_the_nonce_as_well(
    client: httpx.Client, wallet: Wallet, message: str
) -> None:
    good = ask_nonce(client, wallet)["message"]
    assert code_of(verify(client, message, wallet.sign(good))) == "sign_in_message_malformed"
    assert code_of(verify(client, good, wallet.sign(good))) == "sign_in_attempt_unknown"


@pytest.mark.parametrize("size", [0, 64, 65, 130, 8_192])
def test_a_signature_that_only_a_contract_could_check_is_not_judged_without_a_node(
    client: httpx.Client, wallet: Wallet, size: int
) -> None:
    message = ask_nonce(client, wallet)["message"]
    assert code_of(verify(client, message, "0x" + "11" * size)) == "chain_unavailable"


def test_a_signature_longer_than_any_is_refused_before_anybody_is_asked(
    client: httpx.Client, wallet: Wallet
) -> None:
    message = ask_nonce(client, wallet)["message"]
    answer = verify(client, message, "0x" + "11" * 8_193)
    assert code_of(answer) == "sign_in_signature_malformed"


def test_the_nonce_of_another_browser_is_refused(parts: Parts, wallet: Wallet) -> None:
    victim, thief = browser(parts), browser(parts)
    message = ask_nonce(victim, wallet)["message"]
    signature = wallet.sign(message)
    assert code_of(verify(thief, message, signature)) == "sign_in_attempt_unknown"
    ask_nonce(thief, wallet)
    refused = verify(thief, message, signature)
    assert code_of(refused) == "sign_in_message_refused"
    assert refused.json()["field"] == "nonce"
    # Whoever has no part in an attempt cannot end it either.
    assert verify(victim, message, signature).status_code == 201


def test_a_nonce_is_of_no_use_with_the_right_nonce_and_another_secret(
    client: httpx.Client, wallet: Wallet
) -> None:
    asked = ask_nonce(client, wallet, "bearer")
    forged = asked["nonce"] + "." + "A" * 43
    signature = wallet.sign(asked["message"])
    answer = verify(client, asked["message"], signature, forged)
    assert code_of(answer) == "sign_in_attempt_unknown"


def test_what_was_begun_as_a_client_sets_no_cookie(client: httpx.Client, wallet: Wallet) -> None:
    # Else another site could sign a visitor in as somebody else (login CSRF).
    asked = ask_nonce(client, wallet, "bearer")
    client.cookies.set("__Host-seats_attempt", asked["attempt"])
    signature = wallet.sign(asked["message"])
    assert code_of(verify(client, asked["message"], signature)) == "sign_in_attempt_unknown"


def test_the_nonce_dies_after_five_minutes(
    client: httpx.Client, wallet: Wallet, clock: Clock
) -> None:
    message = ask_nonce(client, wallet)["message"]
    clock.forward(300)
    answer = verify(client, message, wallet.sign(message))
    assert code_of(answer) == "sign_in_attempt_unknown"


def test_it_serves_until_then(client: httpx.Client, wallet: Wallet, clock: Clock) -> None:
    message = ask_nonce(client, wallet)["message"]
    clock.forward(299)
    assert verify(client, message, wallet.sign(message)).status_code == 201


def test_old_nonces_are_forgotten(
    client: httpx.Client, wallet: Wallet, clock: Clock, database: Engine
) -> None:
    ask_nonce(client, wallet)
    clock.forward(301)
    ask_nonce(client, wallet)
    with reading(database) as connection:
        assert len(connection.execute(select(sign_in_nonces)).all()) == 1


def test_one_of_two_racing_verifications_wins(parts: Parts, wallet: Wallet) -> None:
    begun = attempts.begin(parts, Carrier.BEARER, wallet.address)
    signed = SignedMessage(begun.message or "", wallet.sign(begun.message or ""))
    together = threading.Barrier(4)

    def verified() -> bool:
        together.wait()
        try:
            attempts.finish(parts, begun.attempt, signed, user_agent=None)
        except SignInAttemptUnknown:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        won = [job.result() for job in [pool.submit(verified) for _ in range(4)]]
    assert sorted(won) == [False, False, False, True]


@pytest.mark.parametrize(
    ("line", "replacement", "field"),
    [
        (r"^seats\.example", "evil.example", "domain"),
        (r"^seats\.example", "http://seats.example", "scheme"),
        (r"URI: .*", "URI: https://evil.example", "uri"),
        (r"Chain ID: .*", "Chain ID: 1", "chain-id"),
        (r"Nonce: .*", "Nonce: " + "a" * 40, "nonce"),
        (r"Sign in to Seatmarket\..*", "Give me all your money.", "statement"),
        (r"\nExpiration Time: .*", "", "expiration-time"),
        (r"Expiration Time: .*", "Expiration Time: 2027-03-01T17:59:59Z", "expiration-time"),
        (r"Expiration Time: .*", "Expiration Time: 2028-03-01T18:00:00Z", "expiration-time"),
        (r"Issued At: .*", "Issued At: 2027-03-01T17:00:00Z", "issued-at"),
        (r"Issued At: .*", "Issued At: 2027-03-01T18:01:00Z", "issued-at"),
        (r"$", "\nNot Before: 2027-03-01T18:00:10Z", "not-before"),
        (r"$", "\nRequest ID: 7", "request-id"),
        (r"$", "\nResources:\n- https://seats.example/x", "resources"),
        (r"0x[0-9a-fA-F]{40}", "LOWER", "address"),
    ],
)
def test_a_message_that_says_something_else_is_refused(
    client: httpx.Client, wallet: Wallet, line: str, replacement: str, field: str
) -> None:
    message = ask_nonce(client, wallet)["message"]
    wanted = wallet.address.lower() if replacement == "LOWER" else replacement
    changed = re.sub(line, wanted, message, count=1)
    assert changed != message
    answer = verify(client, changed, wallet.sign(changed))
    assert code_of(answer) == "sign_in_message_refused"
    assert answer.json()["field"] == field


def test_the_domain_never_comes_from_the_request(client: httpx.Client, wallet: Wallet) -> None:
    lies = {
        "Host": "evil.example",
        "X-Forwarded-Host": "evil.example",
        "Forwarded": "host=evil.example",
    }
    answer = client.post("/v1/auth/nonce", json={"account": wallet.address}, headers=lies)
    assert answer.json()["domain"] == "seats.example"
    assert answer.json()["uri"] == ORIGIN
    assert "evil" not in answer.text


def test_a_browser_gets_a_new_token_at_each_sign_in_and_loses_the_old_one(
    client: httpx.Client, wallet: Wallet
) -> None:
    sign_in(client, wallet)
    before = client.cookies["__Host-seats_session"]
    sign_in(client, wallet)
    assert client.cookies["__Host-seats_session"] != before
    client.cookies.set("__Host-seats_session", before)
    assert code_of(client.get("/v1/auth/session")) == "session_ended"


def test_a_token_that_was_planted_does_not_become_a_session(
    client: httpx.Client, wallet: Wallet
) -> None:
    planted = "P" * 43
    client.cookies.set("__Host-seats_session", planted)
    sign_in(client, wallet)
    client.cookies.clear()
    client.cookies.set("__Host-seats_session", planted)
    assert code_of(client.get("/v1/auth/session")) == "session_ended"


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}]
)
def test_no_other_site_signs_a_browser_in(
    client: httpx.Client, wallet: Wallet, headers: dict[str, str]
) -> None:
    message = ask_nonce(client, wallet)["message"]
    body = {"message": message, "signature": wallet.sign(message)}
    answer = client.post("/v1/auth/verify", json=body, headers=headers)
    assert code_of(answer) == "cross_site_request"


def test_a_form_of_another_site_is_not_read(client: httpx.Client) -> None:
    answer = client.post("/v1/auth/verify", content="{}", headers={"Content-Type": "text/plain"})
    assert code_of(answer) == "unsupported_media_type"


def test_a_clock_that_went_back_does_not_break_a_sign_in(database: Engine, wallet: Wallet) -> None:
    clock = Clock()
    client = browser(parts_for(database, clock))
    message = ask_nonce(client, wallet)["message"]
    clock.forward(-10)
    assert verify(client, message, wallet.sign(message)).status_code == 201
