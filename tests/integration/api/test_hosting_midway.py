"""Co-hosts who are removed while something of theirs is under way."""

from __future__ import annotations

import http.client
from typing import TYPE_CHECKING, Final

import pytest

from api.hosting.writes import CoHost, HostedDrop, keep_co_host
from api.logs import FAULTS
from api.recordings import uploads
from marketplace.storage.errors import DatabaseLockedError
from marketplace.storage.transactions import writing
from tests.integration.api.staging import DROP, ROOM, VIDEO, Stage, listening, staged
from tests.integration.api.test_hosting import HOSTS, UPLOAD, WEBM, named, removed
from tests.integration.api.test_streams import CUT, LONG, watching
from tests.integration.api.test_uploads import NOTHING, begun, rows
from tests.integration.api.world import code_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sqlalchemy import Engine

    from tests.integration.api.live import LiveChain

CONTINUE: Final = b"HTTP/1.1 100 Continue\r\n\r\n"


@pytest.fixture
def stage(launched_chain: LiveChain, database: Engine, tmp_path: Path) -> Iterator[Stage]:
    with staged(launched_chain, database, tmp_path, served=True, stream_recheck_s=0.1) as found:
        named(found, found.holder)
        yield found


def test_a_stream_is_cut_when_the_co_host_is_removed(stage: Stage) -> None:
    name = stage.upload(LONG)
    with listening(FAULTS) as heard, watching(stage, name) as answer:
        got = answer.read(100_000)
        removed(stage, stage.holder)
        heard.wait_for(CUT)
        with pytest.raises(http.client.IncompleteRead) as cut:
            answer.read()
    got += cut.value.partial
    assert LONG.startswith(got)
    assert len(got) < len(LONG)


def test_a_co_host_who_stays_one_gets_all_of_it(stage: Stage) -> None:
    name = stage.upload(LONG)
    with listening(FAULTS) as heard, watching(stage, name) as answer:
        got = answer.read(100_000)
        named(stage, stage.buyer)
        removed(stage, stage.buyer)
        got += answer.read()
    assert got == LONG
    assert heard.lines == []


def _stays(stage: Stage) -> None:
    assert stage.client(stage.holder).get(HOSTS).status_code == 200


def _goes(stage: Stage) -> None:
    removed(stage, stage.holder)


def _goes_and_comes_back(stage: Stage) -> None:
    removed(stage, stage.holder)
    named(stage, stage.holder)


def _goes_and_is_another_mentors(stage: Stage) -> None:
    removed(stage, stage.holder)
    # As if the number had been that mentor's for a while, with the very same terms.
    theirs = HostedDrop(stage.parts.mirror_id, DROP, stage.terms_hash, stage.buyer.address)
    with writing(stage.parts.store) as connection:
        keep_co_host(connection, theirs, CoHost(stage.holder.address, stage.clock.now))


@pytest.mark.parametrize(
    ("happens", "status"),
    [
        (_stays, 201),
        (_goes, 403),
        (_goes_and_comes_back, 201),
        (_goes_and_is_another_mentors, 403),
    ],
)
def test_what_arrives_after_its_co_host_was_removed_is_not_kept(
    stage: Stage, happens: Callable[[Stage], None], status: int
) -> None:
    bearer = stage.client(stage.holder).headers["Authorization"]
    with begun(stage, len(VIDEO), Expect="100-continue", Authorization=bearer) as connection:
        # "Continue" comes once the gate has let the upload begin.
        assert connection.sock is not None
        assert connection.sock.recv(len(CONTINUE)) == CONTINUE
        happens(stage)
        connection.send(VIDEO)
        answer = connection.getresponse()
        said = answer.read()
    assert answer.status == status, said
    if status == 201:
        assert len(rows(stage)) == 1
        return
    assert b"co_host_removed" in said
    assert (rows(stage), stage.files()) == ([], NOTHING)
    again = stage.client(stage.holder).post(UPLOAD, content=VIDEO, headers=WEBM)
    assert code_of(again) == "access_denied"


def test_what_is_still_to_come_from_a_co_host_who_was_removed_is_not_waited_for(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "LOOK_S", 0.05)
    bearer = stage.client(stage.holder).headers["Authorization"]
    with begun(stage, len(VIDEO), Expect="100-continue", Authorization=bearer) as connection:
        assert connection.sock is not None
        assert connection.sock.recv(len(CONTINUE)) == CONTINUE
        removed(stage, stage.holder)
        # Not one byte of it has come.
        answer = connection.getresponse()
        assert (answer.status, answer.headers["connection"]) == (403, "close")
        assert b"co_host_removed" in answer.read()
    assert (rows(stage), stage.files()) == ([], NOTHING)


def test_while_nothing_is_known_an_upload_of_a_co_host_goes_on(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*_: object) -> bool:
        raise DatabaseLockedError("the store")

    monkeypatch.setattr(uploads, "LOOK_S", 0.05)
    monkeypatch.setattr(uploads, "is_co_host", locked)
    bearer = stage.client(stage.holder).headers["Authorization"]
    with (
        listening(FAULTS) as heard,
        begun(stage, len(VIDEO), Expect="100-continue", Authorization=bearer) as connection,
    ):
        assert connection.sock is not None
        assert connection.sock.recv(len(CONTINUE)) == CONTINUE
        heard.wait_for("could not be asked")
        connection.send(VIDEO)
        answer = connection.getresponse()
        assert answer.status == 201, answer.read()
        answer.read()


def test_what_arrives_after_the_number_was_given_away_is_the_first_mentors(stage: Stage) -> None:
    bearer = stage.client(stage.holder).headers["Authorization"]
    with begun(stage, len(VIDEO), Expect="100-continue", Authorization=bearer) as connection:
        assert connection.sock is not None
        assert connection.sock.recv(len(CONTINUE)) == CONTINUE
        stage.give_terms_away(stage.buyer)
        connection.send(VIDEO)
        answer = connection.getresponse()
        assert answer.status == 201, answer.read()
        answer.read()
    assert stage.api.get(ROOM).json()["recordings"] == []
    stage.give_terms_away(stage.mentor)
    (listed,) = stage.api.get(ROOM).json()["recordings"]
    assert rows(stage) == [listed["recording"]]
