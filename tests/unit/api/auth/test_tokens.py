from __future__ import annotations

import pytest

from api.auth.tokens import Attempt, Carrier, SessionToken


def test_no_two_are_alike_and_all_are_long() -> None:
    attempts = [Attempt.begin(Carrier.COOKIE) for _ in range(100)]
    assert len({one.nonce for one in attempts} | {one.secret for one in attempts}) == 200
    # 160 bits in hex, 256 bits in base64url.
    assert {(len(one.nonce), len(one.secret)) for one in attempts} == {(40, 43)}


def test_an_attempt_is_read_as_it_was_written() -> None:
    attempt = Attempt.begin(Carrier.BEARER)
    assert Attempt.parse(attempt.text, Carrier.BEARER) == attempt


@pytest.mark.parametrize(
    "text", ["", ".", "a.b", "0" * 40, "0" * 40 + ".", "0" * 41 + "." + "A" * 43]
)
def test_another_text_is_no_attempt(text: str) -> None:
    assert Attempt.parse(text, Carrier.COOKIE) is None


def test_what_was_given_for_one_purpose_has_no_hash_in_common_with_another() -> None:
    cookie = Attempt.begin(Carrier.COOKIE)
    bearer = Attempt(cookie.nonce, cookie.secret, Carrier.BEARER)
    tokens = [SessionToken(cookie.secret, carrier) for carrier in Carrier]
    hashes = {cookie.secret_hash, bearer.secret_hash, *(one.hash for one in tokens)}
    assert len(hashes) == 4


def test_the_csrf_token_follows_from_the_session_and_gives_nothing_of_it_away() -> None:
    token = SessionToken.new(Carrier.COOKIE)
    assert token.matches_csrf(token.csrf_token)
    assert not token.matches_csrf(SessionToken.new(Carrier.COOKIE).csrf_token)
    assert token.secret not in token.csrf_token
    assert token.csrf_token not in token.hash


@pytest.mark.parametrize("text", ["", "A" * 42, "A" * 44, "é" * 43, "A" * 42 + "\n"])
def test_another_text_is_no_token(text: str) -> None:
    assert SessionToken.parse(text, Carrier.BEARER) is None
