"""API keys over both databases: made once, good for what they name, ended at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import TYPE_CHECKING, Annotated, Any, Final, TypeAlias

import pytest
from fastapi import Depends
from sqlalchemy import delete, select, update

from api.app import create_app
from api.auth.actors import Actor  # noqa: TC001 - FastAPI reads the annotations
from api.auth.caller import actor_with, client_with
from api.auth.sessions import known
from api.auth.tokens import Carrier, SessionToken
from api.keys import keys
from api.keys.errors import TooManyKeys
from api.keys.keys import KeyWish
from api.keys.values import ApiClient, Scope
from api.requests import ApiParts  # noqa: TC001 - FastAPI reads the annotations
from api.store.tables import api_key_drops, api_keys, sessions
from indexer.store.fold_tables import drop_states
from marketplace.domain.ids import DropId
from marketplace.storage.transactions import reading, writing
from tests.integration.api.live import COHORT, EXAMPLES, SESSION, launch
from tests.integration.api.world import (
    Clock,
    Wallet,
    browser,
    code_of,
    in_front_of,
    parts_for,
    sign_in,
    sign_in_client,
)
from tests.integration.marketplace.world import address_of

if TYPE_CHECKING:
    import httpx
    from sqlalchemy import Engine

    from api.auth.reads import StoredSession
    from api.parts import Parts
    from tests.integration.api.live import Live

Json: TypeAlias = Any
WISH: Final = {"name": "Door of the room", "scopes": ["access:check"], "expires_in_s": 3_600}
NOTHING: Final = "0x" + "ee" * 32


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def made(client: httpx.Client, headers: dict[str, str] | None = None, **changes: Json) -> Json:
    """Make a key that must be possible."""
    answer = client.post("/v1/api-keys", json=WISH | changes, headers=headers)
    assert answer.status_code == 201, answer.text
    return answer.json()


def make_session(parts: Parts, wallet: Wallet) -> StoredSession:
    """The session of somebody who has signed in."""
    token = SessionToken.parse(sign_in_client(browser(parts), wallet), Carrier.BEARER)
    assert token is not None
    session = known(parts, token)
    assert session is not None
    return session


def door(parts: Parts) -> httpx.Client:
    """The API with routes that take keys, as rooms that are built on `client_with` have."""
    app = create_app(parts)

    @app.get("/v1/asked/{drop}")
    def asked(
        drop: int,
        client: Annotated[ApiClient, Depends(client_with(Scope.ACCESS_CHECK))],
        parts: ApiParts,
    ) -> str:
        return keys.led_drop(parts, client, DropId(drop)).drop.terms_hash

    @app.get("/v1/read")
    def read(actor: Annotated[Actor, Depends(actor_with(Scope.EVENTS_READ))]) -> str:
        return str(actor.account)

    return in_front_of(app, parts.origin.url)


@pytest.fixture
def signed_in(client: httpx.Client, wallet: Wallet) -> httpx.Client:
    """Somebody with a bearer token."""
    client.headers.update(bearer(sign_in_client(client, wallet)))
    return client


def test_a_key_is_shown_once_and_kept_as_its_hash(
    signed_in: httpx.Client, database: Engine
) -> None:
    key = made(signed_in)
    assert key["key"].startswith("seats_key_")
    listed = signed_in.get("/v1/api-keys").json()["keys"]
    assert listed == [{name: value for name, value in key.items() if name != "key"}]
    assert (listed[0]["name"], listed[0]["scopes"]) == ("Door of the room", ["access:check"])
    with reading(database) as connection:
        kept = str(connection.execute(select(api_keys)).all())
    assert key["key"].removeprefix("seats_key_") not in kept


def test_a_browser_makes_one_with_its_csrf_token_alone(
    client: httpx.Client, wallet: Wallet
) -> None:
    csrf = sign_in(client, wallet)["csrf_token"]
    assert code_of(client.post("/v1/api-keys", json=WISH)) == "csrf_token_wrong"
    made(client, {"X-CSRF-Token": csrf})


def test_a_key_opens_what_its_scope_names_for_its_account(
    parts: Parts, signed_in: httpx.Client, wallet: Wallet
) -> None:
    reader = bearer(made(signed_in, scopes=["events:read", "webhooks:manage"])["key"])
    assert door(parts).get("/v1/read", headers=reader).json() == wallet.address


def test_a_signed_in_account_needs_no_scope(
    parts: Parts, signed_in: httpx.Client, wallet: Wallet
) -> None:
    own = dict(signed_in.headers)
    assert door(parts).get("/v1/read", headers=own).json() == wallet.address
    assert code_of(door(parts).get("/v1/read")) == "sign_in_required"


def test_a_key_without_the_scope_is_refused_by_name(parts: Parts, signed_in: httpx.Client) -> None:
    answer = door(parts).get("/v1/read", headers=bearer(made(signed_in)["key"]))
    assert (answer.status_code, code_of(answer)) == (403, "api_key_refused")
    assert (answer.json()["cause"], answer.json()["scope"]) == ("scope_missing", "events:read")


def test_only_keys_are_taken_where_programs_ask_about_others(
    parts: Parts, signed_in: httpx.Client
) -> None:
    answer = door(parts).get("/v1/asked/1", headers=dict(signed_in.headers))
    assert (answer.status_code, code_of(answer)) == (401, "api_key_required")
    assert answer.headers["www-authenticate"] == 'Bearer realm="seats"'


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/auth/session"),
        ("GET", "/v1/auth/sessions"),
        ("DELETE", f"/v1/auth/sessions/{NOTHING}"),
        ("POST", "/v1/auth/sign-out"),
        ("POST", "/v1/api-keys"),
        ("GET", "/v1/api-keys"),
        ("DELETE", "/v1/api-keys/key_0000000000000000"),
        ("GET", "/v1/me/seats"),
        ("GET", "/v1/access/check?action=see_resale&drop=1"),
        ("POST", "/v1/drops/1/sessions/1/join"),
    ],
)
def test_a_key_is_no_session_and_not_nobody_either(
    parts: Parts, signed_in: httpx.Client, method: str, path: str
) -> None:
    every = bearer(made(signed_in, scopes=[*Scope])["key"])
    body = WISH if (method, path) == ("POST", "/v1/api-keys") else None
    answer = browser(parts).request(method, path, headers=every, json=body)
    assert (answer.status_code, code_of(answer)) == (403, "api_key_refused")
    assert answer.json()["cause"] == "key_not_taken_here"


def test_a_key_of_the_wrong_form_is_a_key_that_ended(parts: Parts) -> None:
    for text in ("seats_key_", "seats_key_" + "A" * 43, "seats_key_" + "A" * 44):
        answer = door(parts).get("/v1/read", headers=bearer(text))
        assert (answer.status_code, code_of(answer)) == (401, "api_key_ended")


def test_the_hash_of_a_key_and_the_token_of_a_session_open_nothing(
    parts: Parts, signed_in: httpx.Client, database: Engine
) -> None:
    made(signed_in, scopes=["events:read"])
    token = signed_in.headers["Authorization"].removeprefix("Bearer ")
    with reading(database) as connection:
        kept = str(connection.scalar(select(api_keys.c.key_hash)))
    for text in (kept, f"seats_key_{token}", f"seats_key_{kept[2:45]}"):
        answer = door(parts).get("/v1/read", headers=bearer(text))
        assert code_of(answer) in {"api_key_ended", "session_ended"}


def test_a_key_ends_when_its_time_is_over(
    parts: Parts, signed_in: httpx.Client, clock: Clock
) -> None:
    key = bearer(made(signed_in, scopes=["events:read"], expires_in_s=60)["key"])
    clock.forward(59)
    assert door(parts).get("/v1/read", headers=key).status_code == 200
    clock.forward(1)
    assert code_of(door(parts).get("/v1/read", headers=key)) == "api_key_ended"
    assert signed_in.get("/v1/api-keys").json()["keys"] == []


def test_a_key_is_ended_at_once_and_once(parts: Parts, signed_in: httpx.Client) -> None:
    key = made(signed_in, scopes=["events:read"])
    assert signed_in.delete(f"/v1/api-keys/{key['id']}").status_code == 204
    assert code_of(door(parts).get("/v1/read", headers=bearer(key["key"]))) == "api_key_ended"
    assert code_of(signed_in.delete(f"/v1/api-keys/{key['id']}")) == "not_found"


def test_a_key_of_somebody_else_does_not_exist(parts: Parts, signed_in: httpx.Client) -> None:
    key = made(signed_in, scopes=["events:read"])
    other = browser(parts)
    other.headers.update(bearer(sign_in_client(other, Wallet())))
    assert code_of(other.delete(f"/v1/api-keys/{key['id']}")) == "not_found"
    assert other.get("/v1/api-keys").json()["keys"] == []
    assert door(parts).get("/v1/read", headers=bearer(key["key"])).status_code == 200


def test_a_key_outlives_the_session_that_made_it(parts: Parts, signed_in: httpx.Client) -> None:
    key = bearer(made(signed_in, scopes=["events:read"])["key"])
    assert signed_in.post("/v1/auth/sign-out").status_code == 204
    assert door(parts).get("/v1/read", headers=key).status_code == 200


def test_its_owner_sees_when_a_key_was_used(
    parts: Parts, signed_in: httpx.Client, clock: Clock
) -> None:
    key = bearer(made(signed_in, scopes=["events:read"])["key"])

    def last_used() -> Json:
        return signed_in.get("/v1/api-keys").json()["keys"][0]["last_used_at"]

    clock.forward(10)
    door(parts).get("/v1/read", headers=key)
    assert last_used() is None
    clock.forward(300)
    door(parts).get("/v1/read", headers=key)
    assert last_used() == "2027-03-01T18:05:10.000Z"


@pytest.mark.parametrize(
    "changes",
    [
        {"name": ""},
        {"name": "x" * 81},
        {"name": "two\nlines"},
        {"name": " "},
        {"scopes": []},
        {"scopes": ["everything"]},
        {"scopes": ["tickets:redeem"]},
        {"scopes": "events:read"},
        {"drops": []},
        {"drops": [0]},
        {"drops": list(range(1, 52))},
        {"drops": ["1"]},
        {"expires_in_s": 59},
        {"expires_in_s": 366 * 86_400 + 1},
        {"expires_in_s": None},
        {"owner": NOTHING},
    ],
)
def test_a_wish_that_does_not_fit_is_refused(
    signed_in: httpx.Client, changes: dict[str, Json]
) -> None:
    answer = signed_in.post("/v1/api-keys", json=WISH | changes)
    assert (answer.status_code, code_of(answer)) == (422, "invalid_request")


def test_two_that_make_the_last_key_at_once_make_one(
    database: Engine, clock: Clock, wallet: Wallet
) -> None:
    parts = parts_for(database, clock, max_api_keys=2)
    wish = KeyWish("Door", frozenset({Scope.EVENTS_READ}), None, 3_600)
    session = make_session(parts, wallet)
    keys.make(parts, session, wish)
    together = Barrier(3)

    def makes(_: int) -> bool:
        together.wait()
        try:
            keys.make(parts, session, wish)
        except TooManyKeys:
            return False
        return True

    with ThreadPoolExecutor(3) as pool:
        assert sorted(pool.map(makes, range(3))) == [False, False, True]


def test_what_ended_makes_room(database: Engine, clock: Clock, wallet: Wallet) -> None:
    client = browser(parts_for(database, clock, max_api_keys=1))
    client.headers.update(bearer(sign_in_client(client, wallet)))
    first = made(client)
    answer = client.post("/v1/api-keys", json=WISH)
    assert (answer.status_code, code_of(answer)) == (409, "too_many_api_keys")
    client.delete(f"/v1/api-keys/{first['id']}")
    made(client, expires_in_s=60)
    clock.forward(60)
    made(client)


def test_keys_are_forgotten_a_month_after_their_end(
    live: Live,
) -> None:
    live.mirror()
    mentor = live.client("mentor")
    made(mentor, drops=[SESSION], expires_in_s=60)
    store = live.parts.store
    with writing(store) as connection:
        long_ago = live.clock() - timedelta(days=31)
        connection.execute(
            update(api_keys).values(created_at=long_ago, expires_at=long_ago + timedelta(hours=1))
        )
    made(mentor)
    with reading(store) as connection:
        assert len(connection.execute(select(api_keys)).all()) == 1
        assert connection.execute(select(api_key_drops)).all() == []


def test_a_key_acts_for_drops_whose_mentor_its_account_is(live: Live) -> None:
    launch(live.market, EXAMPLES / "drop-session.toml", "eve")
    live.mirror()
    own = bearer(made(live.client("mentor"))["key"])
    strangers = bearer(made(live.client("ada"))["key"])
    program = door(live.parts)

    assert program.get(f"/v1/asked/{SESSION}", headers=own).status_code == 200
    assert code_of(program.get("/v1/asked/3", headers=own)) == "mentor_required"
    assert code_of(program.get("/v1/asked/999", headers=own)) == "not_found"
    assert code_of(program.get(f"/v1/asked/{SESSION}", headers=strangers)) == "mentor_required"


def test_a_key_is_limited_to_the_drops_that_it_names(live: Live) -> None:
    live.mirror()
    key = made(live.client("mentor"), drops=[COHORT, COHORT])
    assert key["drops"] == [COHORT]
    program, limited = door(live.parts), bearer(key["key"])

    assert program.get(f"/v1/asked/{COHORT}", headers=limited).status_code == 200
    answer = program.get(f"/v1/asked/{SESSION}", headers=limited)
    assert (answer.status_code, code_of(answer)) == (403, "api_key_refused")
    assert answer.json()["cause"] == "key_of_other_drops"


def test_nobody_makes_a_key_for_the_drop_of_another(live: Live) -> None:
    live.mirror()
    for drop, code in ((SESSION, "mentor_required"), (999, "not_found")):
        answer = live.client("ada").post("/v1/api-keys", json=WISH | {"drops": [drop]})
        assert code_of(answer) == code
    assert live.client("ada").get("/v1/api-keys").json()["keys"] == []


def test_a_limit_does_not_follow_a_number_to_another_drop(live: Live) -> None:
    live.mirror()
    limited = bearer(made(live.client("mentor"), drops=[SESSION])["key"])
    with writing(live.parts.reads) as connection:
        # What a reorganisation does that gives the number to another drop of the same mentor.
        connection.execute(
            update(drop_states).where(drop_states.c.drop_id == SESSION).values(terms_hash=NOTHING)
        )
    answer = door(live.parts).get(f"/v1/asked/{SESSION}", headers=limited)
    assert answer.json()["cause"] == "key_of_other_drops"


def test_who_is_the_mentor_is_asked_when_the_key_is_used(live: Live) -> None:
    live.mirror()
    key = bearer(made(live.client("mentor"))["key"])
    with writing(live.parts.reads) as connection:
        connection.execute(update(drop_states).values(mentor=address_of("eve")))
    assert code_of(door(live.parts).get("/v1/asked/1", headers=key)) == "mentor_required"


def test_a_limited_key_whose_drops_are_lost_is_good_for_none(live: Live) -> None:
    live.mirror()
    limited = bearer(made(live.client("mentor"), drops=[SESSION])["key"])
    with writing(live.parts.store) as connection:
        connection.execute(delete(api_key_drops))
    answer = door(live.parts).get(f"/v1/asked/{SESSION}", headers=limited)
    assert answer.json()["cause"] == "key_of_other_drops"


def test_a_scope_that_is_no_longer_there_opens_nothing_and_its_key_can_be_ended(
    parts: Parts, signed_in: httpx.Client, database: Engine
) -> None:
    key = made(signed_in, scopes=["events:read"])
    with writing(database) as connection:
        connection.execute(update(api_keys).values(scopes=frozenset({"tickets:redeem"})))
    (listed,) = signed_in.get("/v1/api-keys").json()["keys"]
    assert listed["scopes"] == ["tickets:redeem"]
    answer = door(parts).get("/v1/read", headers=bearer(key["key"]))
    assert (code_of(answer), answer.json()["cause"]) == ("api_key_refused", "scope_missing")
    assert signed_in.delete(f"/v1/api-keys/{key['id']}").status_code == 204


def test_making_a_key_makes_no_session(signed_in: httpx.Client, database: Engine) -> None:
    made(signed_in)
    with reading(database) as connection:
        assert len(connection.execute(select(sessions)).all()) == 1
