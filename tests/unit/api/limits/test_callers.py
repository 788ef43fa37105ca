from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from api.limits.callers import Callers, learn_caller, shows_something

if TYPE_CHECKING:
    from starlette.types import Scope


def shown(*headers: tuple[bytes, bytes]) -> Scope:
    """A request with headers."""
    scope: dict[str, Any] = {"type": "http", "headers": list(headers)}
    return scope


def bearer(token: bytes) -> Scope:
    return shown((b"authorization", b"Bearer " + token))


def session(value: bytes, before: bytes = b"") -> tuple[bytes, bytes]:
    return b"cookie", before + b"__Host-seats_session=" + value


def test_a_credential_counts_for_nobody_until_its_caller_was_found() -> None:
    callers, first = Callers(), bearer(b"one")
    assert callers.name_of(first) is None
    learn_caller(first, "account 0x1")
    assert callers.name_of(bearer(b"one")) == "account 0x1"
    assert callers.name_of(bearer(b"two")) is None
    assert shows_something(bearer(b"two"))


def test_where_nobody_counts_there_is_nothing_to_learn() -> None:
    learn_caller(bearer(b"one"), "account 0x1")
    callers = Callers()
    assert callers.name_of(shown()) is None
    learn_caller(shown(), "account 0x1")
    callers.learn(shown(), "account 0x1")
    assert len(callers) == 0


def test_a_refused_credential_is_forgotten() -> None:
    callers = Callers()
    callers.learn(bearer(b"one"), "account 0x1")
    callers.forget(bearer(b"one"))
    callers.forget(shown())
    assert callers.name_of(bearer(b"one")) is None


def test_the_first_header_counts_and_a_cookie_beside_it_does_not() -> None:
    callers = Callers()
    callers.learn(bearer(b"one"), "account 0x1")
    cookie, header = session(b"one"), (b"authorization", b"Bearer one")
    callers.learn(shown(cookie), "account 0x2")
    assert callers.name_of(shown(cookie, header)) == "account 0x1"
    assert callers.name_of(shown(header, (b"authorization", b"Bearer two"))) == "account 0x1"
    assert callers.name_of(shown(cookie)) == "account 0x2"


@pytest.mark.parametrize(
    "same",
    [
        shown((b"authorization", b"bEARER one")),
        shown(session(b"two", b"a=1; ")),
        shown((b"cookie", b"a=1"), session(b"two ", b"b=2;\t")),
    ],
    ids=["scheme", "beside", "lines"],
)
def test_one_credential_is_one_however_it_is_sent(same: Scope) -> None:
    callers = Callers()
    callers.learn(bearer(b"one"), "account 0x1")
    callers.learn(shown(session(b"two")), "account 0x1")
    assert callers.name_of(same) == "account 0x1"
    callers.learn(same, "account 0x1")
    assert len(callers) == 2


@pytest.mark.parametrize(
    "headers",
    [
        [(b"authorization", b"Basic one")],
        [(b"authorization", b"cookie one")],
        [(b"cookie", b"a=b")],
        [session(b"one"), session(b"one")],
        [(b"cookie", b" \x0b__Host-seats_session=one")],
    ],
    ids=["scheme", "label", "cookie", "twice", "name"],
)
def test_what_signs_nobody_in_is_no_credential(headers: list[tuple[bytes, bytes]]) -> None:
    callers = Callers()
    callers.learn(shown(session(b"one")), "account 0x1")
    callers.learn(shown(*headers), "account 0x2")
    assert callers.name_of(shown(*headers)) is None
    assert not shows_something(shown(*headers))


def test_so_many_are_remembered_and_no_credential_among_them() -> None:
    callers = Callers(most=3)
    for number in range(100):
        callers.learn(bearer(b"token-%d" % number), f"account {number}")
    assert len(callers) == 3
    assert callers.name_of(bearer(b"token-0")) is None
    assert callers.name_of(bearer(b"token-99")) == "account 99"
    assert b"token" not in b"".join(callers._names)  # noqa: SLF001 - what it must not hold
