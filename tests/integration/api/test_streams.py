"""Recordings over a real connection: what happens in the middle of one."""

from __future__ import annotations

import http.client
from contextlib import closing, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest

from api.logs import ACCESS, FAULTS
from api.recordings import uploads
from marketplace.domain.drop import DropState
from tests.integration.api.staging import SEAT, SECOND_SEAT, Stage, listening, staged
from tests.integration.api.world import BLOCK, code_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sqlalchemy import Engine

    from tests.integration.api.live import LiveChain

LONG: Final = bytes(range(256)) * 65_536
"""16 MiB: more than the buffers of a connection take in."""
CUT: Final = "A stream was cut"


@pytest.fixture
def stage(launched_chain: LiveChain, database: Engine, tmp_path: Path) -> Iterator[Stage]:
    with staged(launched_chain, database, tmp_path, served=True, stream_recheck_s=0.1) as found:
        found.give(found.holder, SEAT)
        yield found


def test_one_account_watches_so_many_at_once_and_no_more(
    launched_chain: LiveChain, database: Engine, tmp_path: Path
) -> None:
    with staged(launched_chain, database, tmp_path, served=True, max_watching_of_one=2) as stage:
        stage.give(stage.holder, SEAT)
        name = stage.upload(LONG)
        with watching(stage, name) as first, watching(stage, name):
            refused = stage.client(stage.holder).get(f"/v1/recordings/{name}/stream")
            assert (refused.status_code, code_of(refused)) == (429, "streams_busy")
            assert first.read() == LONG
        # The server notices soon that they have left.
        for _ in range(1_000):
            if stage.client(stage.holder).get(f"/v1/recordings/{name}/stream").content == LONG:
                break
        else:
            raise AssertionError("nobody is let in again")


@contextmanager
def watching(stage: Stage, name: str) -> Iterator[http.client.HTTPResponse]:
    """Somebody who has begun to watch, and reads on only when told to."""
    connection = http.client.HTTPConnection(stage.url.removeprefix("http://"), timeout=30)
    with closing(connection):
        headers = {"Authorization": stage.client(stage.holder).headers["Authorization"]}
        connection.request("GET", f"/v1/recordings/{name}/stream", headers=headers)
        answer = connection.getresponse()
        assert answer.status == 200
        yield answer


def sign_out(stage: Stage) -> None:
    assert stage.client(stage.holder).post("/v1/auth/sign-out").status_code == 204


def lose_the_drop(stage: Stage) -> None:
    stage.mirror.drops = tuple(
        replace(one, terms_hash="0x" + "ee" * 32) for one in stage.mirror.drops
    )


def lose_the_mentor(stage: Stage) -> None:
    stage.give_terms_away(stage.buyer)


def cancel_the_drop(stage: Stage) -> None:
    stage.mirror.drops = tuple(
        replace(one, state=DropState.CANCELLED) for one in stage.mirror.drops
    )


@pytest.mark.parametrize(
    "happens", [Stage.sell, sign_out, cancel_the_drop, lose_the_drop, lose_the_mentor]
)
def test_whoever_loses_the_right_in_the_middle_gets_no_further(
    stage: Stage, happens: Callable[[Stage], None]
) -> None:
    name = stage.upload(LONG)
    with listening(FAULTS) as heard, watching(stage, name) as answer:
        got = answer.read(100_000)
        happens(stage)
        heard.wait_for(CUT)
        with pytest.raises(http.client.IncompleteRead) as cut:
            answer.read()
    got += cut.value.partial
    # What was sent is right, and the client knows that it is not all.
    assert LONG.startswith(got)
    assert len(got) < len(LONG)


def test_whoever_keeps_the_right_gets_all_of_it(stage: Stage) -> None:
    name = stage.upload(LONG)
    with listening(FAULTS) as heard, watching(stage, name) as answer:
        got = answer.read(100_000)
        # Another seat of the same holder opens it as well.
        stage.give(stage.holder, SECOND_SEAT)
        got += answer.read()
    assert got == LONG
    assert heard.lines == []


def test_while_nothing_is_known_a_stream_stands_still_and_then_goes_on(stage: Stage) -> None:
    name = stage.upload(LONG)
    with listening(FAULTS) as heard, watching(stage, name) as answer:
        got = answer.read(100_000)
        stage.mirror.at = replace(BLOCK, lag_s=1_000)
        got += answer.read(100_000)
        stage.mirror.at = BLOCK
        got += answer.read()
    assert got == LONG
    assert heard.lines == []


def test_a_reader_who_leaves_is_not_read_for(stage: Stage) -> None:
    name = stage.upload(LONG)
    with listening(ACCESS, FAULTS) as heard:
        with watching(stage, name) as answer:
            answer.read(100_000)
            heard.lines.clear()
        heard.wait_for("answered")
    assert not any(CUT in line for line in heard.lines)


def spoil(path: Path, at: int) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)


def test_the_second_copy_stands_in_for_the_first(stage: Stage) -> None:
    name = stage.upload(LONG)
    client = stage.client(stage.holder)
    path, first = f"/v1/recordings/{name}/stream", stage.folder / "first" / name
    with listening(FAULTS) as heard:
        spoil(first, 300_000)
        assert client.get(path).content == LONG
        assert (
            client.get(path, headers={"Range": "bytes=300000-300000"}).content
            == LONG[300_000:300_001]
        )
        first.write_bytes(LONG[:1_000_000])
        assert client.get(path).content == LONG
        first.unlink()
        assert client.get(path).content == LONG
        heard.wait_for("missing or altered")
    assert not any(CUT in line for line in heard.lines)


def test_a_block_that_no_copy_has_is_not_sent(stage: Stage) -> None:
    name = stage.upload(LONG)
    client = stage.client(stage.holder)
    path = f"/v1/recordings/{name}/stream"
    for place in ("first", "second"):
        spoil(stage.folder / place / name, 10_000_000)
    with watching(stage, name) as answer, pytest.raises(http.client.IncompleteRead) as cut:
        answer.read()
    assert LONG.startswith(cut.value.partial)
    assert len(cut.value.partial) < 10_000_000
    # Before the first byte it can be told.
    told = client.get(path, headers={"Range": "bytes=10000000-"})
    assert (told.status_code, code_of(told)) == (503, "media_unavailable")
    assert client.get(path, headers={"Range": "bytes=0-99"}).content == LONG[:100]


def test_what_is_good_in_either_copy_is_sent(stage: Stage) -> None:
    name = stage.upload(LONG)
    spoil(stage.folder / "first" / name, 1_000_000)
    spoil(stage.folder / "second" / name, 9_000_000)
    assert stage.client(stage.holder).get(f"/v1/recordings/{name}/stream").content == LONG


@pytest.mark.parametrize("recheck_s", [0.1, 1])
def test_what_is_taken_back_in_the_middle_ends_and_is_no_fault_of_a_copy(
    launched_chain: LiveChain, database: Engine, tmp_path: Path, recheck_s: float
) -> None:
    with staged(
        launched_chain, database, tmp_path, served=True, stream_recheck_s=recheck_s
    ) as stage:
        stage.give(stage.holder, SEAT)
        name = stage.upload(LONG)
        with listening(FAULTS) as heard, watching(stage, name) as answer:
            got = answer.read(100_000)
            taken_back = stage.client(stage.mentor).delete(f"/v1/recordings/{name}")
            assert taken_back.status_code == 204
            with pytest.raises(http.client.IncompleteRead) as cut:
                answer.read()
            heard.wait_for(CUT)
    got += cut.value.partial
    assert LONG.startswith(got)
    assert len(got) < len(LONG)
    assert not any("missing or altered" in line for line in heard.lines)


def test_what_is_taken_back_ends_also_while_its_files_are_still_there(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refused(*_: object) -> bool:
        return False

    monkeypatch.setattr(uploads, "discard", refused)
    name = stage.upload(LONG)
    with listening(FAULTS) as heard, watching(stage, name) as answer:
        answer.read(100_000)
        assert stage.client(stage.mentor).delete(f"/v1/recordings/{name}").status_code == 204
        heard.wait_for(CUT)
        with pytest.raises(http.client.IncompleteRead):
            answer.read()
    assert name in stage.files()["first"]
