"""Requests under a key, over both databases: done once, however they end and whoever dies."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context
from threading import Barrier
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import pytest
from sqlalchemy import func, select

from api.auth.sessions import known
from api.auth.tokens import Carrier, SessionToken
from api.idempotency.asking import HEADER, LASTS_S, REPLAYED
from api.idempotency.attempts import Asked, attempt
from api.idempotency.errors import IdempotencyKeyInUse
from api.idempotency.sealing import Shown
from api.idempotency.values import Place
from api.keys import keys
from api.keys.bodies import MadeKeyAnswer
from api.keys.keys import KeyWish
from api.keys.values import Scope
from api.store.request_tables import idempotency_keys
from api.store.tables import api_keys
from marketplace.storage.engines import open_engine
from marketplace.storage.transactions import reading
from tests.integration.api.world import (
    Clock,
    Wallet,
    browser,
    code_of,
    parts_for,
    sign_in_client,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx
    from sqlalchemy import Connection, Engine

    from api.auth.reads import StoredSession
    from api.parts import Parts

Json: TypeAlias = Any
DAY_S: Final = 86_400
WISH: Final = {"name": "Door", "scopes": ["events:read"], "expires_in_s": 3_600}
PATH: Final = "/v1/api-keys"


@pytest.fixture
def ada(client: httpx.Client, wallet: Wallet) -> httpx.Client:
    """Somebody with a bearer token."""
    client.headers["Authorization"] = f"Bearer {sign_in_client(client, wallet)}"
    return client


def ask(client: httpx.Client, key: str = "k1", **changes: Json) -> httpx.Response:
    """Ask for an API key under a key."""
    return client.post(PATH, json=WISH | changes, headers={HEADER: key})


def made(database: Engine) -> int:
    """How many API keys there are."""
    return count(database, select(func.count()).select_from(api_keys))


def kept(database: Engine) -> int:
    """How many requests are known."""
    return count(database, select(func.count()).select_from(idempotency_keys))


def count(database: Engine, statement: Json) -> int:
    with reading(database) as connection:
        return int(connection.execute(statement).scalar_one())


def asked_by(parts: Parts, client: httpx.Client, address: str, key: str = "k1") -> Asked:
    """What `ask` asks for, as the API sees it."""
    body = client.build_request("POST", PATH, json=WISH).read()
    place = Place(parts.mirror_id, f"account {address}", "POST", PATH, key)
    token = client.headers["Authorization"].removeprefix("Bearer ")
    return Asked(place, Shown(token, key, body), "", LASTS_S)


def session_of(parts: Parts, client: httpx.Client) -> StoredSession:
    token = SessionToken.parse(
        client.headers["Authorization"].removeprefix("Bearer "), Carrier.BEARER
    )
    assert token is not None
    session = known(parts, token)
    assert session is not None
    return session


def test_what_is_sent_again_is_done_once_and_answered_as_before(
    ada: httpx.Client, database: Engine, parts: Parts
) -> None:
    first = ask(ada)
    assert first.status_code == 201
    assert REPLAYED not in first.headers
    # Another process knows it too.
    other = browser(parts)
    other.headers["Authorization"] = ada.headers["Authorization"]
    for client in (ada, other):
        again = ask(client)
        assert (again.status_code, again.content) == (201, first.content)
        assert again.headers["content-type"] == first.headers["content-type"]
        assert again.headers[REPLAYED] == "true"
    assert made(database) == 1


def test_without_a_key_or_with_another_it_is_done_anew(
    ada: httpx.Client, database: Engine, parts: Parts
) -> None:
    bo = browser(parts)
    bo.headers["Authorization"] = f"Bearer {sign_in_client(bo, Wallet())}"
    answers = [ask(ada), ask(ada, "k2"), ask(bo), ada.post(PATH, json=WISH)]
    assert [one.status_code for one in answers] == [201] * 4
    assert not any(REPLAYED in one.headers for one in answers)
    assert (made(database), kept(database)) == (4, 3)


def test_the_same_key_with_something_else_is_refused(ada: httpx.Client, database: Engine) -> None:
    assert ask(ada).status_code == 201
    other = ask(ada, name="Window")
    assert (other.status_code, code_of(other)) == (422, "idempotency_key_reused")
    assert made(database) == 1


def test_what_failed_may_be_mended_and_sent_again(ada: httpx.Client, database: Engine) -> None:
    assert code_of(ask(ada, name="")) == "invalid_request"
    assert code_of(ask(ada, drops=[7])) == "mirror_missing"
    assert kept(database) == 0
    assert ask(ada).status_code == 201


def test_while_the_first_is_under_way_others_wait(
    ada: httpx.Client, parts: Parts, wallet: Wallet, database: Engine
) -> None:
    with attempt(parts, asked_by(parts, ada, wallet.address)):
        answer = ask(ada)
        assert (answer.status_code, code_of(answer)) == (409, "idempotency_key_in_use")
        assert 1 <= int(answer.headers["retry-after"]) <= 5
        assert code_of(ask(ada, name="Window")) == "idempotency_key_reused"
        assert made(database) == 0
    assert ask(ada).status_code == 201


def test_of_two_at_once_one_is_done(ada: httpx.Client, parts: Parts, database: Engine) -> None:
    start = Barrier(2)

    def race(_: int) -> httpx.Response:
        client = browser(parts)
        client.headers["Authorization"] = ada.headers["Authorization"]
        start.wait(30)
        return ask(client)

    with ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(race, range(2)))
    good = [one for one in answers if one.status_code == 201]
    assert made(database) == 1
    assert len({one.content for one in good}) == 1
    others = [code_of(one) for one in answers if one.status_code != 201]
    assert others in ([], ["idempotency_key_in_use"])


def test_whoever_was_too_slow_makes_nothing(
    ada: httpx.Client, parts: Parts, wallet: Wallet, clock: Clock, database: Engine
) -> None:
    wish = KeyWish("Door", frozenset({Scope.EVENTS_READ}), None, 3_600)
    with attempt(parts, asked_by(parts, ada, wallet.address)) as slow:
        clock.forward(LASTS_S)
        assert ask(ada).status_code == 201
        with pytest.raises(IdempotencyKeyInUse):
            keys.make(parts, session_of(parts, ada), wish, slow.keeping(MadeKeyAnswer.made))
    assert made(database) == 1
    assert ask(ada).headers[REPLAYED] == "true"


def test_another_session_learns_that_it_was_done_and_no_secret(
    ada: httpx.Client, parts: Parts, wallet: Wallet, database: Engine
) -> None:
    first = ask(ada)
    other = browser(parts)
    other.headers["Authorization"] = f"Bearer {sign_in_client(other, wallet)}"
    answer = ask(other)
    assert (answer.status_code, code_of(answer)) == (409, "answer_sealed")
    assert made(database) == 1
    secret = first.json()["key"].removeprefix("seats_key_")
    with reading(database) as connection:
        (row,) = connection.execute(select(idempotency_keys)).all()
    assert secret.encode() not in row.answer
    assert secret not in str(row)


def test_a_day_later_it_is_forgotten(ada: httpx.Client, clock: Clock, database: Engine) -> None:
    assert ask(ada).status_code == 201
    clock.forward(DAY_S - 1)
    assert ask(ada).headers[REPLAYED] == "true"
    clock.forward(1)
    # Whoever comes by clears away what is old.
    assert ask(ada, "k2").status_code == 201
    assert kept(database) == 1
    anew = ask(ada)
    assert anew.status_code == 201
    assert REPLAYED not in anew.headers
    assert (made(database), kept(database)) == (3, 2)


@pytest.mark.parametrize("key", ["", "x" * 256, "two words", "tab\tbed", "k\xe9y"])
def test_a_key_is_visible_ascii_of_some_length(
    ada: httpx.Client, database: Engine, key: str
) -> None:
    headers = {HEADER.encode(): key.encode("latin-1")}
    answer = ada.post(PATH, json=WISH, headers=headers)
    assert (answer.status_code, code_of(answer)) == (422, "invalid_request")
    assert made(database) == 0


def test_a_key_is_there_once(ada: httpx.Client, database: Engine) -> None:
    headers = [*ada.headers.items(), (HEADER, "k1"), (HEADER, "k2")]
    answer = ada.post(PATH, json=WISH, headers=headers)
    assert (answer.status_code, code_of(answer)) == (422, "invalid_request")
    (fault,) = answer.json()["errors"]
    assert fault == {"at": "/header/idempotency-key", "fault": "it is there twice"}
    assert made(database) == 0


def dying(url: str, now: Clock, token: str, address: str, *, committed: bool) -> None:
    """Make an API key under a key as the route does, and be killed before or after the commit."""
    parts = parts_for(open_engine(url), now)
    client = browser(parts)
    client.headers["Authorization"] = f"Bearer {token}"
    wish = KeyWish("Door", frozenset({Scope.EVENTS_READ}), None, 3_600)
    with attempt(parts, asked_by(parts, client, address)) as once:
        along = once.keeping(MadeKeyAnswer.made)
        keys.make(
            parts, session_of(parts, client), wish, along if committed else killed_after(along)
        )
        os._exit(9)


def killed_after(along: Callable[[Connection, Json], None]) -> Callable[[Connection, Json], None]:
    def die(connection: Connection, thing: Json) -> None:
        along(connection, thing)
        os._exit(9)

    return die


@pytest.mark.parametrize("committed", [False, True])
def test_a_process_that_is_killed_neither_loses_nor_doubles(
    ada: httpx.Client, wallet: Wallet, clock: Clock, database: Engine, *, committed: bool
) -> None:
    token = ada.headers["Authorization"].removeprefix("Bearer ")
    # Forked by a process without threads, which reads the modules once for all that die here.
    forking = get_context("forkserver")
    forking.set_forkserver_preload([__name__])
    process = forking.Process(
        target=dying,
        args=(database.url.render_as_string(hide_password=False), clock, token, wallet.address),
        kwargs={"committed": committed},
    )
    process.start()
    process.join(60)
    assert process.exitcode == 9
    assert made(database) == int(committed)
    again = ask(ada)
    if committed:
        # Nobody has seen the answer yet, and here it is.
        assert (again.status_code, again.headers[REPLAYED]) == (201, "true")
        listed = ada.get(PATH).json()["keys"]
        assert [one["id"] for one in listed] == [again.json()["id"]]
        return
    # Nobody can know yet that it died.
    assert code_of(again) == "idempotency_key_in_use"
    clock.forward(LASTS_S)
    assert ask(ada).status_code == 201
    assert made(database) == 1
