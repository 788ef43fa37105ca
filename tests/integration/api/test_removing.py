"""Recordings that are taken back: by whom, and that nothing of them is left."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest
from sqlalchemy import select

from api.keys.values import Scope
from api.recordings import removing, uploads
from api.recordings.reads import MAX_PER_SESSION
from api.store.tables import recordings
from marketplace.domain.drop import DropState
from marketplace.storage.transactions import reading, writing
from tests.integration.api.live import COHORT
from tests.integration.api.staging import DROP, ROOM, SEAT, VIDEO, Stage, staged, swept
from tests.integration.api.test_asking_about_others import program_of
from tests.integration.api.test_hosting import UPLOAD, WEBM, named, removed
from tests.integration.api.world import Wallet, code_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import httpx
    from sqlalchemy import Engine

    from api.auth.actors import Actor
    from api.parts import Parts
    from api.recordings.removing import Removal
    from tests.integration.api.live import LiveChain

NOTHING: Final[dict[str, list[str]]] = {"first": [], "second": []}
ROOM_FOR: Final = 500_000
"""Bytes of all recordings of a drop."""
REMOVE: Final = "recordings:remove"


@pytest.fixture
def stage(launched_chain: LiveChain, database: Engine, tmp_path: Path) -> Iterator[Stage]:
    """The holder is a co-host, and the buyer has a seat."""
    with staged(launched_chain, database, tmp_path, max_drop_recordings_bytes=ROOM_FOR) as found:
        named(found, found.holder)
        found.give(found.buyer, SEAT)
        yield found


def taken_back(client: httpx.Client, name: str) -> httpx.Response:
    return client.delete(f"/v1/recordings/{name}")


def added(stage: Stage, wallet: Wallet, content: bytes = VIDEO) -> str:
    answer = stage.client(wallet).post(UPLOAD, content=content, headers=WEBM)
    assert answer.status_code == 201, answer.text
    name: str = answer.json()["recording"]
    return name


def listed(stage: Stage) -> list[str]:
    return [one["recording"] for one in stage.api.get(ROOM).json()["recordings"]]


def rows(stage: Stage) -> list[str]:
    with reading(stage.parts.store) as connection:
        return list(connection.scalars(select(recordings.c.id)))


def filled(stage: Stage) -> None:
    """Let the session have as many recordings as it may; all but one are of one byte."""
    with writing(stage.parts.store) as connection:
        row = connection.execute(select(recordings)).mappings().one()
        small = {**row, "size_bytes": 1, "block_hashes": bytes(32)}
        copies = [small | {"id": f"{number:032x}"} for number in range(MAX_PER_SESSION - 1)]
        connection.execute(recordings.insert(), copies)


def test_what_the_mentor_takes_back_is_gone(stage: Stage) -> None:
    mentor, stays, name = stage.client(stage.mentor), stage.upload(), stage.upload()
    answer = taken_back(mentor, name)
    assert (answer.status_code, answer.content) == (204, b"")
    for client in (mentor, stage.client(stage.holder), stage.client(stage.buyer)):
        for path in (f"/v1/recordings/{name}", f"/v1/recordings/{name}/stream"):
            assert code_of(client.get(path)) == "not_found"
        assert code_of(taken_back(client, name)) == "not_found"
    asked: dict[str, str | int] = {
        "action": "watch_recording",
        "drop": int(DROP),
        "recording": name,
    }
    assert code_of(mentor.get("/v1/access/check", params=asked)) == "not_found"
    assert listed(stage) == rows(stage) == [stays]
    assert stage.files() == {"first": [stays], "second": [stays]}


def test_nobody_takes_back_what_there_is_not(stage: Stage) -> None:
    for name in ("0" * 32, "..%2fsecret", "x", "a" * 64):
        assert code_of(taken_back(stage.client(stage.mentor), name)) == "not_found"
    assert code_of(taken_back(stage.client(stage.mentor), "a" * 65)) == "invalid_request"


def test_who_may_not_changes_nothing(stage: Stage) -> None:
    name = stage.upload()
    assert code_of(taken_back(stage.api, name)) == "sign_in_required"
    # A seat opens it for watching, and a co-host has added another one.
    added(stage, stage.holder, b"x")
    for wallet in (stage.holder, stage.buyer, Wallet()):
        answer = taken_back(stage.client(wallet), name)
        assert (answer.status_code, code_of(answer)) == (403, "access_denied")
        assert answer.json()["decision"]["reason"] == "not_the_mentor"
    assert stage.client(stage.buyer).get(f"/v1/recordings/{name}/stream").content == VIDEO


def test_a_co_host_takes_back_what_they_have_added_while_they_are_one(stage: Stage) -> None:
    first, second, third = (added(stage, stage.holder, b"x") for _ in range(3))
    helper = stage.client(stage.holder)
    assert taken_back(helper, first).status_code == 204
    # Nobody lends on what they were lent, and another co-host has added nothing.
    program = program_of(stage, stage.holder, scopes=[REMOVE])
    assert code_of(taken_back(program, second)) == "access_denied"
    assert code_of(taken_back(stage.client(named(stage, Wallet())), second)) == "access_denied"
    removed(stage, stage.holder)
    assert code_of(taken_back(helper, second)) == "access_denied"
    assert listed(stage) == sorted([second, third])
    # What they have left is the mentor's to take back.
    assert taken_back(stage.client(stage.mentor), second).status_code == 204
    named(stage, stage.holder)
    assert taken_back(helper, third).status_code == 204
    assert (rows(stage), stage.files()) == ([], NOTHING)


def test_a_co_host_who_is_removed_meanwhile_takes_nothing_back(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = added(stage, stage.holder)
    permitted = removing.permit

    def slow(parts: Parts, actor: Actor, recording_id: str) -> Removal:
        found = permitted(parts, actor, recording_id)
        removed(stage, stage.holder)
        return found

    monkeypatch.setattr(removing, "permit", slow)
    answer = taken_back(stage.client(stage.holder), name)
    assert (answer.status_code, code_of(answer)) == (403, "co_host_removed")
    assert listed(stage) == [name]


def test_a_program_takes_back_for_the_mentor_with_the_scope_and_for_its_drops(
    stage: Stage,
) -> None:
    name = added(stage, stage.holder)
    scope = {"scopes": [REMOVE]}
    for program in (
        program_of(stage, stage.mentor, scopes=[one for one in Scope if one != REMOVE]),
        program_of(stage, stage.mentor, drops=[int(COHORT)], **scope),
    ):
        assert code_of(taken_back(program, name)) == "api_key_refused"
    assert code_of(taken_back(program_of(stage, stage.buyer, **scope), name)) == "access_denied"
    program = program_of(stage, stage.mentor, drops=[int(DROP)], **scope)
    assert taken_back(program, name).status_code == 204
    assert (rows(stage), stage.files()) == ([], NOTHING)


def test_another_mentor_of_the_same_terms_takes_nothing_back(stage: Stage) -> None:
    name = stage.upload()
    stage.give_terms_away(stage.buyer)
    assert code_of(taken_back(stage.client(stage.buyer), name)) == "not_found"
    stage.give_terms_away(stage.mentor)
    assert listed(stage) == [name]


def test_what_is_taken_back_makes_room(stage: Stage) -> None:
    name = added(stage, stage.holder, bytes(ROOM_FOR))
    filled(stage)
    assert len(listed(stage)) == MAX_PER_SESSION
    mentor = stage.client(stage.mentor)
    full = mentor.post(UPLOAD, content=b"x", headers=WEBM)
    assert full.json()["cause"] == "recordings_full"
    # One place is not enough while the bytes are.
    assert taken_back(mentor, f"{0:032x}").status_code == 204
    full = mentor.post(UPLOAD, content=b"x", headers=WEBM)
    assert full.json()["cause"] == "recordings_full"
    assert taken_back(mentor, name).status_code == 204
    assert stage.upload(b"x") in listed(stage)


@pytest.mark.parametrize("state", [DropState.CANCELLED, DropState.FAILED])
def test_of_a_drop_that_is_over_the_mentor_alone_takes_back(stage: Stage, state: DropState) -> None:
    name, another = added(stage, stage.holder), stage.upload(b"x")
    stage.mirror.drops = tuple(replace(one, state=state) for one in stage.mirror.drops)
    for wallet in (stage.holder, stage.buyer):
        answer = taken_back(stage.client(wallet), name)
        assert (answer.status_code, code_of(answer)) == (403, "access_denied")
    assert listed(stage) == sorted([name, another])
    assert taken_back(stage.client(stage.mentor), name).status_code == 204
    program = program_of(stage, stage.mentor, scopes=[REMOVE])
    assert taken_back(program, another).status_code == 204
    assert (rows(stage), stage.files()) == ([], NOTHING)


def test_nothing_is_taken_back_while_nothing_is_known(stage: Stage) -> None:
    name = stage.upload()
    stage.mirror.at = None
    answer = taken_back(stage.client(stage.mentor), name)
    assert (answer.status_code, code_of(answer)) == (503, "mirror_behind")
    assert rows(stage) == [name]


def test_of_many_who_take_it_back_at_once_one_does(stage: Stage) -> None:
    name = stage.upload()
    mentor = stage.client(stage.mentor)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: taken_back(mentor, name), range(4)))
    assert sorted(one.status_code for one in answers) == [204, 404, 404, 404]
    assert {code_of(one) for one in answers if one.is_error} == {"not_found"}
    assert (rows(stage), stage.files()) == ([], NOTHING)


def test_a_file_that_its_place_does_not_remove_is_removed_later(stage: Stage) -> None:
    name = stage.upload(bytes(ROOM_FOR - MAX_PER_SESSION))
    filled(stage)
    second, away = stage.folder / "second", stage.folder / "away"
    second.rename(away)
    second.touch()
    assert taken_back(stage.client(stage.mentor), name).status_code == 204
    assert name not in listed(stage)
    second.unlink()
    away.rename(second)
    # It counts for nothing any more, neither by its number nor by its bytes.
    stays = stage.upload(bytes(ROOM_FOR - MAX_PER_SESSION))
    assert {name, stays} < set(rows(stage))
    stage.clock.forward(3 * 3_600)
    swept(stage)
    assert sorted(rows(stage)) == sorted(listed(stage))
    assert stage.files() == {"first": [stays], "second": [stays]}


def test_what_a_crash_leaves_of_a_removal_is_removed_later(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = stage.upload()

    async def gone(*_: object) -> bool:
        return False

    # As if the process had died between the row and the files.
    with monkeypatch.context() as patched:
        patched.setattr(uploads, "discard", gone)
        assert taken_back(stage.client(stage.mentor), name).status_code == 204
    assert listed(stage) == []
    assert code_of(stage.client(stage.buyer).get(f"/v1/recordings/{name}/stream")) == "not_found"
    assert code_of(taken_back(stage.client(stage.mentor), name)) == "not_found"
    assert stage.files() == {"first": [name], "second": [name]}
    stage.clock.forward(3 * 3_600)
    swept(stage)
    assert (rows(stage), stage.files()) == ([], NOTHING)
