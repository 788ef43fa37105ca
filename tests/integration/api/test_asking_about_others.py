"""A program with a key asks the gate about others: for drops of its account, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

import pytest
from sqlalchemy import update

from api.gate.values import DropFacts
from api.keys.keys import led_drop
from api.programme.programmes import programme_of
from api.store.tables import api_key_drops
from marketplace.domain.drop import DropState
from marketplace.storage.transactions import writing
from tests.integration.api.live import COHORT
from tests.integration.api.staging import DROP, NOTHING_ELSE, SEAT, Stage, staged
from tests.integration.api.world import BLOCK, Wallet, browser, code_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import httpx
    from sqlalchemy import Engine

    from api.keys.values import ApiClient
    from api.parts import Parts
    from indexer.queries import DropTerms
    from marketplace.domain.ids import DropId
    from tests.integration.api.live import LiveChain

Json: TypeAlias = Any
CHECK: Final = "/v1/access/check"
ROOM: Final[dict[str, str | int]] = {"action": "enter_session", "drop": DROP, "session": 1}


@pytest.fixture
def stage(launched_chain: LiveChain, database: Engine, tmp_path: Path) -> Iterator[Stage]:
    with staged(launched_chain, database, tmp_path, limit_checks=20) as found:
        found.to_the_session()
        found.give(found.holder, SEAT)
        yield found


def program_of(stage: Stage, wallet: Wallet, **wish: Json) -> httpx.Client:
    """A program with a key of a wallet's account."""
    body = {"name": "Door", "scopes": ["access:check"], "expires_in_s": 86_400}
    made = stage.client(wallet).post("/v1/api-keys", json=body | wish)
    assert made.status_code == 201, made.text
    program = browser(stage.parts)
    program.headers["Authorization"] = f"Bearer {made.json()['key']}"
    return program


def ask(client: httpx.Client, about: Wallet | None, **asked: Json) -> httpx.Response:
    named = {} if about is None else {"account": about.address}
    return client.get(CHECK, params=ROOM | named | asked)


def decision(answer: httpx.Response) -> tuple[bool, str, str | None]:
    assert answer.status_code == 200, answer.text
    found = answer.json()
    return found["allow"], found["reason"], found["via"]


def test_a_mentors_program_learns_who_gets_in(stage: Stage) -> None:
    door = program_of(stage, stage.mentor)
    own = ask(stage.client(stage.holder), None)
    about = ask(door, stage.holder)
    assert decision(about) == (True, "admitted", "seat")
    # It is told what the holder would be told.
    assert about.json() == own.json()
    assert decision(ask(door, stage.buyer)) == (False, "no_seat", None)
    assert decision(ask(door, stage.mentor)) == (True, "admitted", "mentor")
    stage.sell()
    assert decision(ask(door, stage.holder))[0] is False
    assert decision(ask(door, stage.buyer))[0] is True


def test_nobody_else_asks_about_others(stage: Stage) -> None:
    for client in (stage.api, stage.client(stage.holder), stage.client(stage.mentor)):
        answer = ask(client, stage.holder)
        assert (answer.status_code, code_of(answer)) == (401, "api_key_required")
        assert answer.json()["scope"] == "access:check"


def test_a_key_is_nobody_itself_and_needs_the_scope(stage: Stage) -> None:
    refused = [
        ask(program_of(stage, stage.mentor), None),
        ask(program_of(stage, stage.mentor, scopes=["events:read"]), stage.holder),
    ]
    assert [code_of(one) for one in refused] == ["api_key_refused"] * 2
    assert [one.json()["cause"] for one in refused] == ["key_not_taken_here", "scope_missing"]
    # A receipt is about whoever asks, and so is everything else.
    door = program_of(stage, stage.mentor)
    named = ROOM | {"account": stage.holder.address}
    assert code_of(door.get("/v1/access/receipt", params=named)) == "invalid_request"
    assert code_of(door.get("/v1/access/receipt", params=ROOM)) == "api_key_refused"


def test_a_drop_of_another_mentor_is_not_told_about(stage: Stage) -> None:
    answer = ask(program_of(stage, stage.buyer), stage.holder)
    assert (answer.status_code, code_of(answer)) == (403, "mentor_required")


def test_a_key_that_is_limited_tells_of_its_drops_alone(stage: Stage) -> None:
    good = program_of(stage, stage.mentor, drops=[DROP])
    assert decision(ask(good, stage.holder))[0] is True
    other = ask(program_of(stage, stage.mentor, drops=[COHORT]), stage.holder)
    assert (other.status_code, code_of(other)) == (403, "api_key_refused")
    assert other.json()["cause"] == "key_of_other_drops"


def test_a_limit_does_not_follow_the_number_to_another_drop(stage: Stage) -> None:
    limited = program_of(stage, stage.mentor, drops=[DROP])
    assert decision(ask(limited, stage.holder))[0] is True
    with writing(stage.parts.store) as connection:
        # As if another drop had had the number when the key was made.
        connection.execute(update(api_key_drops).values(terms_hash=NOTHING_ELSE))
    refused = ask(limited, stage.holder)
    assert (code_of(refused), refused.json()["cause"]) == ("api_key_refused", "key_of_other_drops")


def test_what_is_not_known_yet_is_not_called_missing(stage: Stage) -> None:
    door = program_of(stage, stage.mentor)
    assert code_of(ask(door, stage.holder, drop=999)) == "not_found"
    later = BLOCK.number + 1
    for drop in (int(DROP), 999):
        behind = ask(door, stage.holder, drop=drop, min_block=later)
        assert (behind.status_code, code_of(behind)) == (503, "mirror_behind")


def test_a_key_that_ended_asks_nothing(stage: Stage) -> None:
    door = program_of(stage, stage.mentor)
    (kept,) = stage.client(stage.mentor).get("/v1/api-keys").json()["keys"]
    assert stage.client(stage.mentor).delete(f"/v1/api-keys/{kept['id']}").status_code == 204
    answer = ask(door, stage.holder)
    assert (answer.status_code, code_of(answer)) == (401, "api_key_ended")


def test_several_questions_about_one_account(stage: Stage) -> None:
    hash_ = programme_of(stage.parts, COHORT).terms_hash
    cohort = DropFacts(COHORT, stage.mentor.address, DropState.LIVE, hash_)
    stage.mirror.drops = (*stage.mirror.drops, cohort)
    checks = [
        ROOM,
        ROOM | {"drop": COHORT},
        ROOM | {"drop": 999},
        {"action": "see_resale", "drop": DROP},
    ]
    body = {"checks": checks, "account": stage.holder.address}

    def told(client: httpx.Client) -> list[object]:
        answer = client.post(f"{CHECK}:batch", json=body)
        assert answer.status_code == 200, answer.text
        return [one["problem"] or one["decision"]["allow"] for one in answer.json()["answers"]]

    assert told(program_of(stage, stage.mentor)) == [True, False, "not_found", True]
    limited = program_of(stage, stage.mentor, drops=[DROP])
    assert told(limited) == [True, "api_key_refused", "not_found", True]
    stranger = program_of(stage, stage.buyer)
    assert told(stranger) == ["mentor_required", "mentor_required", "not_found", "mentor_required"]
    assert code_of(stage.api.post(f"{CHECK}:batch", json=body)) == "api_key_required"
    without = stranger.post(f"{CHECK}:batch", json={"checks": checks})
    assert code_of(without) == "api_key_refused"


def test_what_a_program_asks_counts_for_its_key(stage: Stage) -> None:
    first, second = (program_of(stage, stage.mentor) for _ in range(2))
    left = [
        ask(one, stage.holder).headers["ratelimit"].split(";")[1]
        for one in (first, first, first, second, second)
    ]
    # Each has begun at another process, whose first request counts for the address.
    assert left == ["r=19", "r=19", "r=18", "r=19", "r=19"]


@pytest.mark.parametrize("look", [1, 2])
def test_a_decision_of_another_drop_is_not_told(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, look: int
) -> None:
    asked: list[DropId] = []

    def led(parts: Parts, client: ApiClient, drop: DropId) -> DropTerms:
        # Between the decision and this look a reorganisation gives the number away.
        asked.append(drop)
        if len(asked) == look:
            stage.give_number_away()
        return led_drop(parts, client, drop)

    door = program_of(stage, stage.mentor)
    assert decision(ask(door, stage.holder))[0] is True
    monkeypatch.setattr("api.access.others.led_drop", led)
    if look == 1:
        assert code_of(ask(door, stage.holder)) == "not_found"
    else:
        # Several answers do not name their drop's terms: it is looked up before them too.
        body = {"checks": [ROOM], "account": stage.holder.address}
        told = door.post(f"{CHECK}:batch", json=body).json()
        assert [one["problem"] for one in told["answers"]] == ["not_found"]
    assert asked == [DROP] * look
