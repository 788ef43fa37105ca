"""Where the access check is answered: on the loop, or on a thread that may wait."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final
from urllib.parse import quote

import pytest
from sqlalchemy import func, select, update

from api.access.asked import decision_on
from api.promptness import at_once
from api.store.tables import sessions
from indexer.store.tables import checkpoints
from marketplace.storage import pipelines
from marketplace.storage.transactions import reading, writing
from tests.integration.api.live import COHORT, SESSION, Live
from tests.integration.api.world import code_of

RESALE: Final = f"/v1/access/check?action=see_resale&drop={COHORT}"


@pytest.fixture
def door(live: Live) -> Live:
    """The live market with its terms published; ada has a seat that shows her the resales."""
    live.publish()
    live.mint(SESSION, "ada")
    live.mirror()
    return live


@pytest.fixture
def threads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """For each question that is decided, whether that is done on the loop's thread."""
    seen: list[str] = []

    def noted(*given: Any) -> Any:  # noqa: ANN401 - whatever the route gives
        decided = decision_on(*given)
        seen.append("loop" if _has_loop() else "thread")
        return decided

    monkeypatch.setattr("api.access.routes.decision_on", noted)
    return seen


def _has_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def test_a_check_is_answered_on_the_loop_where_nothing_waits(
    door: Live, threads: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # However full the machine is, a server is not left to another thread for being slow.
    monkeypatch.setattr(pipelines, "PATIENCE_S", 20)
    client = door.client("ada")
    first, second = client.get(RESALE), client.get(RESALE)

    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json() == second.json()
    # The first has the drop's terms to read, and a server to be connected to.
    assert threads == ["thread", "loop"]


def test_a_server_that_is_slow_is_asked_on_another_thread(
    door: Live, threads: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = door.client("ada")
    client.get(RESALE)
    monkeypatch.setattr(pipelines, "PATIENCE_S", 0)
    monkeypatch.setattr(pipelines, "REST_S", 20)

    answers = [client.get(RESALE) for _ in range(3)]

    assert [one.json()["allow"] for one in answers] == [True] * 3
    embedded = door.parts.store.dialect.name == "sqlite"
    assert threads[1:] == ["loop" if embedded else "thread"] * 3


def test_many_who_come_at_once_are_answered_each_with_their_own(door: Live) -> None:
    door.mint(SESSION, "bo")
    door.mirror()
    clients = {"ada": door.client("ada"), "cleo": door.client("cleo")}
    for client in clients.values():
        client.get(RESALE)
    with ThreadPoolExecutor(8) as threads:
        asked = [name for name in clients for _ in range(40)]
        answers = list(threads.map(lambda name: clients[name].get(RESALE).json(), asked))
    assert [one["allow"] for one in answers] == [name == "ada" for name in asked]


def test_what_has_to_be_written_meanwhile_is_written_on_another_thread(
    door: Live, threads: list[str]
) -> None:
    client = door.client("ada")
    client.get(RESALE)
    door.clock.forward(door.parts.settings.session_touch_s + 1)
    door.mirror()

    assert client.get(RESALE).status_code == 200

    assert threads[-1] == "thread"
    with reading(door.parts.store) as connection:
        assert connection.scalar(select(func.max(sessions.c.last_seen_at))) == door.clock()


def test_whichever_way_a_question_is_read_it_has_one_answer(door: Live) -> None:
    client = door.client("ada")
    asked = [
        f"action=see_resale&drop={COHORT}",
        f"action=see_resale&drop={SESSION}&min_block=1",
        f"action=enter_session&drop={SESSION}&session=1",
        f"action=enter_session&drop={SESSION}&session=99",
        f"action=watch_recording&drop={SESSION}&recording={'a' * 32}",
        "action=see_resale&drop=999",
        f"action=see_resale&drop={COHORT}&min_block=9999999",
    ]
    for question in asked:
        plain = client.get(f"/v1/access/check?{question}")
        name, _, rest = question.partition("=")
        escaped = client.get(f"/v1/access/check?{quote(name).replace('a', '%61')}={rest}")
        assert plain.status_code == escaped.status_code, question
        left = {**plain.json(), "request_id": ""}
        assert left == {**escaped.json(), "request_id": ""}, question
        assert plain.headers["content-type"] == escaped.headers["content-type"]


def test_a_dead_session_is_refused_on_the_short_way_too(door: Live) -> None:
    client = door.client("ada")
    assert client.get(RESALE).status_code == 200
    with writing(door.parts.store) as connection:
        connection.execute(update(sessions).values(revoked_at=sessions.c.created_at))

    answer = client.get(RESALE)

    assert (answer.status_code, code_of(answer)) == (401, "session_ended")


def test_a_check_that_waits_for_a_database_holds_up_nobody_else(live: Live) -> None:
    begun, over = threading.Event(), threading.Event()

    def waits() -> int:
        with reading(live.parts.store) as connection:
            begun.set()
            over.wait(20)
            return connection.scalar(select(func.count()).select_from(checkpoints)) or 0

    async def both() -> tuple[bool, int]:
        waiting = asyncio.ensure_future(at_once(waits))
        # Not on this thread, or the loop would not come back to here before it is over.
        assert await asyncio.to_thread(begun.wait, 20)
        still = not waiting.done()
        over.set()
        return still, await waiting

    assert asyncio.run(both())[0]
