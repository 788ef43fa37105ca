"""Recordings of a drop whose number another mentor's drop of the very same terms was given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest
from sqlalchemy import select, update

from api.recordings.reads import MAX_PER_SESSION
from api.store.tables import recordings
from marketplace.storage.transactions import reading, writing
from tests.integration.api.staging import DROP, ROOM, SEAT, VIDEO, Stage, staged
from tests.integration.api.world import Wallet, code_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import httpx
    from sqlalchemy import Engine

    from tests.integration.api.live import LiveChain

ROOM_FOR: Final = 500_000
"""Bytes of all recordings of a drop."""


@pytest.fixture
def stage(launched_chain: LiveChain, database: Engine, tmp_path: Path) -> Iterator[Stage]:
    """The holder has a seat; the buyer is going to be the other mentor."""
    with staged(launched_chain, database, tmp_path, max_drop_recordings_bytes=ROOM_FOR) as found:
        found.give(found.holder, SEAT)
        yield found


def sent(stage: Stage, wallet: Wallet, content: bytes) -> httpx.Response:
    return stage.client(wallet).post(
        f"{ROOM}/recordings",
        params={"title": "Part one"},
        content=content,
        headers={"Content-Type": "video/webm"},
    )


def listed(stage: Stage) -> list[str]:
    return [one["recording"] for one in stage.api.get(ROOM).json()["recordings"]]


def asked(stage: Stage, wallet: Wallet, name: str) -> httpx.Response:
    asked: dict[str, str | int] = {
        "action": "watch_recording",
        "drop": int(DROP),
        "recording": name,
    }
    return stage.client(wallet).get("/v1/access/check", params=asked)


def test_another_mentor_of_the_same_terms_has_none_of_them(stage: Stage) -> None:
    name = stage.upload()
    assert asked(stage, stage.holder, name).json()["allow"]
    stage.give_terms_away(stage.buyer)
    for wallet in (stage.buyer, stage.mentor, stage.holder):
        client = stage.client(wallet)
        for path in (f"/v1/recordings/{name}", f"/v1/recordings/{name}/stream"):
            assert code_of(client.get(path)) == "not_found"
        assert code_of(asked(stage, wallet, name)) == "not_found"
    assert listed(stage) == []
    stage.give_terms_away(stage.mentor)
    assert listed(stage) == [name]
    assert stage.client(stage.holder).get(f"/v1/recordings/{name}/stream").content == VIDEO


def test_another_mentor_of_the_same_terms_has_room_of_their_own(stage: Stage) -> None:
    with_all_bytes = stage.upload(bytes(ROOM_FOR))
    with writing(stage.parts.store) as connection:
        row = connection.execute(select(recordings)).mappings().one()
        for number in range(MAX_PER_SESSION - 1):
            connection.execute(recordings.insert().values({**row, "id": f"{number:032x}"}))
    assert sent(stage, stage.mentor, b"x").json()["cause"] == "recordings_full"
    stage.give_terms_away(stage.buyer)
    assert code_of(sent(stage, stage.mentor, b"x")) == "access_denied"
    theirs = sent(stage, stage.buyer, bytes(ROOM_FOR))
    assert theirs.status_code == 201, theirs.text
    assert listed(stage) == [theirs.json()["recording"]]
    stage.give_terms_away(stage.mentor)
    assert len(listed(stage)) == MAX_PER_SESSION
    assert with_all_bytes in listed(stage)


def test_what_is_older_and_nobodys_for_sure_goes_by_number_and_hash(stage: Stage) -> None:
    name = stage.upload(bytes(ROOM_FOR))
    with writing(stage.parts.store) as connection:
        connection.execute(update(recordings).values(mentor=None))
    for mentor in (stage.mentor, stage.buyer):
        stage.give_terms_away(mentor)
        assert listed(stage) == [name]
        answer = stage.client(stage.holder).get(f"/v1/recordings/{name}/stream")
        assert answer.content == bytes(ROOM_FOR)
        assert sent(stage, mentor, b"x").json()["cause"] == "recordings_full"
    stage.give_number_away()
    assert code_of(stage.api.get(f"/v1/recordings/{name}")) == "terms_unpublished"


def test_a_recording_says_whose_drop_it_is_of(stage: Stage) -> None:
    stage.upload()
    with reading(stage.parts.store) as connection:
        (row,) = connection.execute(select(recordings.c.mentor, recordings.c.uploaded_by)).all()
    assert row == (stage.mentor.address, stage.mentor.address)
