"""Uploads that go wrong: whatever happens, no file and no row is left that counts."""

from __future__ import annotations

import asyncio
import http.client
import resource
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import pytest
from sqlalchemy import select, update

from api.app import create_app
from api.logs import ACCESS, FAULTS
from api.recordings import routes, slots, uploads
from api.recordings.places import Media, Place
from api.server import listen, serving
from api.store.tables import recordings
from marketplace.storage.transactions import reading, writing
from tests.integration.api.staging import (
    ROOM,
    SEAT,
    VIDEO,
    Stage,
    listening,
    staged,
    swept,
)
from tests.integration.api.test_hosting import named
from tests.integration.api.world import Clock, InProcess, code_of, parts_for

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from sqlalchemy import Engine

    from tests.integration.api.live import LiveChain

UPLOAD: Final = f"{ROOM}/recordings?title=Part"
WEBM: Final = {"Content-Type": "video/webm"}
NOTHING: Final[dict[str, list[str]]] = {"first": [], "second": []}
MEBIBYTE: Final = 2**20


@pytest.fixture
def stage(launched_chain: LiveChain, database: Engine, tmp_path: Path) -> Iterator[Stage]:
    with staged(launched_chain, database, tmp_path) as found:
        yield found


@pytest.fixture
def served(launched_chain: LiveChain, database: Engine, tmp_path: Path) -> Iterator[Stage]:
    most = 20 * MEBIBYTE
    with staged(launched_chain, database, tmp_path, served=True, max_recording_bytes=most) as found:
        yield found


def rows(stage: Stage) -> list[str]:
    with reading(stage.parts.store) as connection:
        return list(connection.scalars(select(recordings.c.id)))


@contextmanager
def begun(stage: Stage, length: int, **headers: str) -> Iterator[http.client.HTTPConnection]:
    """A connection on which an upload has begun."""
    connection = http.client.HTTPConnection(stage.url.removeprefix("http://"), timeout=30)
    with closing(connection):
        connection.putrequest("POST", UPLOAD)
        for name, value in {**WEBM, "Content-Length": str(length), **headers}.items():
            connection.putheader(name.replace("_", "-"), value)
        connection.endheaders()
        yield connection


def bearer(stage: Stage) -> str:
    return stage.client(stage.mentor).headers["Authorization"]


def test_an_upload_that_is_cut_leaves_nothing(served: Stage) -> None:
    with listening(ACCESS) as heard:
        with begun(served, 15 * MEBIBYTE, Authorization=bearer(served)) as connection:
            heard.lines.clear()
            connection.send(bytes(8 * MEBIBYTE))
        heard.wait_for("answered")
    assert (rows(served), served.files()) == ([], NOTHING)


def test_an_upload_that_does_not_come_is_given_up(
    launched_chain: LiveChain, database: Engine, tmp_path: Path
) -> None:
    with (
        staged(launched_chain, database, tmp_path, served=True, upload_timeout_s=1) as served,
        begun(served, 15 * MEBIBYTE, Authorization=bearer(served)) as connection,
    ):
        connection.send(bytes(MEBIBYTE))
        answer = connection.getresponse()
        assert answer.status == 408
        assert answer.headers["connection"] == "close"
        assert b"body_too_slow" in answer.read()
        assert (rows(served), served.files()) == ([], NOTHING)


def test_only_so_many_come_in_at_once(
    launched_chain: LiveChain, database: Engine, tmp_path: Path
) -> None:
    with (
        staged(launched_chain, database, tmp_path, served=True, max_uploads=1) as served,
        listening(ACCESS) as heard,
    ):
        client = served.client(served.mentor)
        with begun(served, 5, Expect="100-continue", Authorization=bearer(served)) as connection:
            # "Continue" comes once the upload has its place.
            assert connection.sock is not None
            assert connection.sock.recv(25) == b"HTTP/1.1 100 Continue\r\n\r\n"
            busy = client.post(UPLOAD, content=VIDEO, headers=WEBM)
            assert (busy.status_code, code_of(busy)) == (503, "uploads_busy")
            assert "retry-after" in busy.headers
            heard.lines.clear()
        heard.wait_for("answered")
        assert client.post(UPLOAD, content=VIDEO, headers=WEBM).status_code == 201


def test_an_upload_that_hardly_moves_gives_its_place_to_whoever_comes(
    launched_chain: LiveChain, database: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Of a minute that short nobody sends enough bytes.
    monkeypatch.setattr(slots, "MINUTE_S", 1e-9)
    with (
        staged(launched_chain, database, tmp_path, served=True, max_uploads=1) as served,
        begun(served, 5, Expect="100-continue", Authorization=bearer(served)) as connection,
    ):
        assert connection.sock is not None
        assert connection.sock.recv(25) == b"HTTP/1.1 100 Continue\r\n\r\n"
        helper = served.client(named(served, served.holder))
        assert helper.post(UPLOAD, content=VIDEO, headers=WEBM).status_code == 201
        answer = connection.getresponse()
        assert (answer.status, answer.headers["connection"]) == (408, "close")
        assert b"upload_too_slow" in answer.read()
        assert len(rows(served)) == 1
        assert [len(names) for names in served.files().values()] == [1, 1]


def test_an_upload_in_pieces_is_cut_off_at_its_limit(served: Stage) -> None:
    answer = served.client(served.mentor).post(
        UPLOAD, content=(bytes(MEBIBYTE) for _ in range(30)), headers=WEBM
    )
    assert (answer.status_code, code_of(answer)) == (413, "body_too_large")
    assert (rows(served), served.files()) == ([], NOTHING)


def test_nobody_is_asked_for_a_long_body_who_may_not_send_it(served: Stage) -> None:
    holder = served.client(served.holder).headers["Authorization"]
    for headers, status in (({}, 401), ({"Authorization": holder}, 403)):
        # Not one byte of the body is sent, and nobody says "continue".
        with begun(served, 19 * MEBIBYTE, Expect="100-continue", **headers) as connection:
            answer = connection.getresponse()
            assert answer.status == status
            assert answer.headers["connection"] == "close"
            answer.read()
            assert connection.sock is None
    with begun(served, 21 * MEBIBYTE) as connection:
        assert connection.getresponse().status == 413
    assert (rows(served), served.files()) == ([], NOTHING)


def test_no_header_makes_another_address_take_a_long_body(served: Stage) -> None:
    for path in ("/v1/admissions", f"{ROOM}/recordings/", "/v1/drops/1/sessions/1/recordings/x"):
        answer = served.api.post(path, content=bytes(100_000), headers=WEBM)
        assert code_of(answer) == "body_too_large"
    put = served.api.put(UPLOAD, content=bytes(100_000), headers=WEBM)
    assert code_of(put) == "body_too_large"


@contextmanager
def files_end_at(size: int) -> Iterator[None]:
    """Let no file of this process grow longer: writing on fails, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_leaves_nothing(stage: Stage) -> None:
    client = stage.client(stage.mentor)
    with files_end_at(8 * MEBIBYTE):
        answer = client.post(UPLOAD, content=bytes(16 * MEBIBYTE), headers=WEBM)
    assert (answer.status_code, code_of(answer)) == (503, "media_unavailable")
    assert str(stage.folder) not in answer.text
    assert (rows(stage), stage.files()) == ([], NOTHING)
    assert client.post(UPLOAD, content=VIDEO, headers=WEBM).status_code == 201


class Forgetful(Place):
    """A place that gives back something else than it was given."""

    async def read(self, recording_id: str) -> AsyncIterator[bytes]:
        async for piece in super().read(recording_id):
            yield piece[:-1] + bytes([piece[-1] ^ 1])


@pytest.mark.parametrize("which", ["first", "second"])
def test_a_copy_that_is_not_read_back_as_it_was_written_does_not_count(
    stage: Stage, which: str
) -> None:
    app = create_app(stage.parts)
    media: Media = app.state.media
    kept = media.first if which == "first" else media.second
    forgetful = Forgetful(which, kept._store)  # noqa: SLF001 - the same store, misread
    app.state.media = (
        replace(media, first=forgetful) if which == "first" else replace(media, second=forgetful)
    )
    stage.transport = InProcess(app)
    answer = stage.client(stage.mentor).post(UPLOAD, content=VIDEO, headers=WEBM)
    assert (answer.status_code, code_of(answer)) == (503, "media_unavailable")
    assert (rows(stage), stage.files()) == ([], NOTHING)


def test_without_a_second_copy_a_recording_does_not_count(stage: Stage) -> None:
    client = stage.client(stage.mentor)
    (stage.folder / "second").rmdir()
    (stage.folder / "second").touch()
    answer = client.post(UPLOAD, content=VIDEO, headers=WEBM)
    assert (answer.status_code, code_of(answer)) == (503, "media_unavailable")
    # What could not be removed yet is known to be nothing, and is taken up again later.
    assert len(rows(stage)) == 1
    assert stage.api.get(ROOM).json()["recordings"] == []
    (stage.folder / "second").unlink()
    (stage.folder / "second").mkdir()
    stage.clock.forward(3 * 3_600)
    swept(stage)
    assert (rows(stage), stage.files()) == ([], NOTHING)


def test_what_a_crash_leaves_is_removed_later_and_nothing_else_is(stage: Stage) -> None:
    kept, dead, fresh = (stage.upload(bytes([number])) for number in range(3))
    now = stage.clock.now
    with writing(stage.parts.store) as connection:
        for name, begun_at in ((dead, now - timedelta(hours=3)), (fresh, now)):
            connection.execute(
                update(recordings)
                .where(recordings.c.id == name)
                .values(available_at=None, begun_at=begun_at)
            )
    (stage.folder / "first" / f"{dead}#1").write_bytes(b"half")
    (stage.folder / "second" / dead).unlink()
    swept(stage)
    assert sorted(rows(stage)) == sorted([kept, fresh])
    assert stage.files() == {place: sorted([kept, fresh]) for place in ("first", "second")}


def test_a_market_removes_nothing_of_another_one_in_the_same_store(stage: Stage) -> None:
    dead = stage.upload()
    with writing(stage.parts.store) as connection:
        connection.execute(update(recordings).values(available_at=None, contract_set="another"))
    stage.clock.forward(3 * 3_600)
    # Its files may lie where only the other one's API looks.
    swept(stage)
    assert rows(stage) == [dead]
    settings = stage.parts.settings.model_copy(update={"contract_set": "another"})
    swept(replace(stage, parts=replace(stage.parts, settings=settings)))
    assert (rows(stage), stage.files()) == ([], NOTHING)


def test_what_goes_wrong_while_a_process_clears_up_is_told(
    database: Engine,
    clock: Clock,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("nobody has thought of this")

    monkeypatch.setattr(uploads, "_unfinished", fail)
    app = create_app(
        parts_for(
            database,
            clock,
            media_url=f"file://{tmp_path}/first",
            media_copy_url=f"file://{tmp_path}/second",
        )
    )

    async def began() -> None:
        async with routes.router.lifespan_context(app):
            await asyncio.to_thread(heard.wait_for, "could not be cleared away")

    with listening(FAULTS) as heard:
        asyncio.run(began())
    [said] = caplog.records
    assert said.exc_info is not None
    assert said.exc_info[0] is ZeroDivisionError


def test_the_next_upload_clears_up_after_a_crash(stage: Stage) -> None:
    dead = stage.upload()
    with writing(stage.parts.store) as connection:
        connection.execute(
            update(recordings).values(
                available_at=None, begun_at=stage.clock.now - timedelta(hours=3)
            )
        )
    stage.give(stage.holder, SEAT)
    assert rows(stage) == [dead]
    assert rows(stage) != [stage.upload()] == rows(stage)


def test_an_api_that_starts_clears_up_after_a_crash(stage: Stage) -> None:
    stage.upload()
    with writing(stage.parts.store) as connection:
        connection.execute(
            update(recordings).values(
                available_at=None, begun_at=stage.clock.now - timedelta(hours=3)
            )
        )
    settings = stage.parts.settings.model_copy(update={"port": 0})
    app = create_app(stage.parts)
    with listening(FAULTS) as heard, serving(app, settings, listen(settings)):
        heard.wait_for("never finished")
    assert (rows(stage), stage.files()) == ([], NOTHING)


def test_an_upload_that_is_under_way_is_not_taken_back_and_what_it_made_is(served: Stage) -> None:
    client, hundred = served.client(served.mentor), b"HTTP/1.1 100 Continue\r\n\r\n"
    headers = {"Expect": "100-continue", "Authorization": bearer(served)}
    with begun(served, len(VIDEO), **headers) as connection:
        assert connection.sock is not None
        assert connection.sock.recv(len(hundred)) == hundred
        (name,) = rows(served)
        assert code_of(client.delete(f"/v1/recordings/{name}")) == "not_found"
        connection.send(VIDEO)
        answer = connection.getresponse()
        assert answer.status == 201, answer.read()
        answer.read()
    assert client.delete(f"/v1/recordings/{name}").status_code == 204
    assert (rows(served), served.files()) == ([], NOTHING)
