from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Final

import pytest

from api.logs import FAULTS
from marketplace.chain.keys import signer_of_key
from marketplace.client import SeatmarketClient
from marketplace.client.errors import AccessDenied, ApiRefused, RecordingCut, SignInRequired
from tests.integration.api.staging import DROP, SEAT, VIDEO, Stage, listening, staged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sqlalchemy import Engine

    from tests.integration.api.live import LiveChain
    from tests.integration.api.world import Wallet

    Clients = Callable[[Wallet | None], SeatmarketClient]

LONG: Final = bytes(range(256)) * 65_536
"""16 MiB: more than the buffers of a connection take in."""

CUT: Final = "A stream was cut"


@pytest.fixture
def stage(launched_chain: LiveChain, database: Engine, tmp_path: Path) -> Iterator[Stage]:
    """The session has begun, the holder has a seat, and the API is on a socket."""
    with staged(launched_chain, database, tmp_path, served=True, stream_recheck_s=0.1) as found:
        found.give(found.holder, SEAT)
        found.to_the_session()
        yield found


@pytest.fixture
def client_of(stage: Stage) -> Iterator[Clients]:
    """Makes clients, of a wallet or of nobody, and closes them."""
    with ExitStack() as clients:

        def made(wallet: Wallet | None) -> SeatmarketClient:
            client = clients.enter_context(SeatmarketClient(stage.url))
            if wallet is not None:
                client.sign_in(signer_of_key(bytes(wallet.signer.key)))
            return client

        yield made


def test_who_may_enter_changes_with_the_seat(stage: Stage, client_of: Clients) -> None:
    holder, buyer = client_of(stage.holder), client_of(stage.buyer)
    asked = client_of(None).check_access("enter_session", DROP, session=1)
    assert (asked.allow, asked.reason) == (False, "not_signed_in")
    before = holder.check_access("enter_session", DROP, session=1)
    assert (before.allow, before.via, before.seat) == (True, "seat", SEAT)
    assert not buyer.check_access("enter_session", DROP, session=1).allow
    stage.sell()
    after = holder.check_access("enter_session", DROP, session=1)
    assert (after.allow, after.reason) == (False, "no_seat")
    assert after.remedy is not None
    assert (after.remedy.name, after.remedy.drop) == ("buy_seat", DROP)
    assert buyer.check_access("enter_session", DROP, session=1).allow


def test_a_ticket_opens_a_door_once_and_the_seat_keeps_it_open(
    stage: Stage, client_of: Clients
) -> None:
    holder, room = client_of(stage.holder), client_of(None)
    ticket = holder.join(DROP, 1)
    assert ticket.ticket not in repr(ticket)
    admission = room.redeem(ticket.ticket)
    assert (admission.account, admission.seat) == (stage.holder.address, SEAT)
    with pytest.raises(ApiRefused):
        room.redeem(ticket.ticket)
    assert room.renew(admission.admission).decision.allow
    stage.sell()
    with pytest.raises(AccessDenied) as denied:
        room.renew(admission.admission)
    assert denied.value.problem.decision is not None
    assert denied.value.problem.decision.reason == "no_seat"
    with pytest.raises(AccessDenied):
        holder.join(DROP, 1)


def test_a_recording_is_sent_found_and_watched(
    stage: Stage, client_of: Clients, tmp_path: Path
) -> None:
    path = tmp_path / "evening.webm"
    path.write_bytes(VIDEO)
    mentor, holder = client_of(stage.mentor), client_of(stage.holder)
    kept = mentor.upload_recording(DROP, 1, path, title="The evening")
    (listed,) = holder.session(DROP, 1).recordings
    assert listed.recording == kept.recording
    assert holder.recording(kept.recording) == kept
    assert holder.recording_head(kept.recording).size_bytes == len(VIDEO)
    with holder.open_recording(kept.recording) as whole:
        assert b"".join(whole.chunks) == VIDEO
    with holder.open_recording(kept.recording, first=100, last=199) as part:
        assert part.size_bytes == len(VIDEO)
        assert b"".join(part.chunks) == VIDEO[100:200]
    beyond = holder.open_recording(kept.recording, first=len(VIDEO))
    with pytest.raises(ApiRefused) as refused, beyond:
        pass
    assert refused.value.problem.status == 416


def test_a_recording_is_taken_back(stage: Stage, client_of: Clients) -> None:
    recording = stage.upload()
    mentor, holder = client_of(stage.mentor), client_of(stage.holder)
    with pytest.raises(AccessDenied):
        holder.remove_recording(recording)
    mentor.remove_recording(recording)
    assert holder.session(DROP, 1).recordings == ()
    for asks in (holder.recording, mentor.remove_recording):
        with pytest.raises(ApiRefused) as refused:
            asks(recording)
        assert refused.value.problem.code == "not_found"


def test_a_recording_breaks_off_when_the_seat_is_sold(
    stage: Stage, client_of: Clients, tmp_path: Path
) -> None:
    path = tmp_path / "long.webm"
    path.write_bytes(LONG)
    mentor, holder = client_of(stage.mentor), client_of(stage.holder)
    kept = mentor.upload_recording(DROP, 1, path, title="The evening")
    with listening(FAULTS) as heard, holder.open_recording(kept.recording) as stream:
        got = bytearray(next(stream.chunks))
        stage.sell()
        heard.wait_for(CUT)
        with pytest.raises(RecordingCut) as cut:
            got.extend(octet for chunk in stream.chunks for octet in chunk)
    assert cut.value.length_bytes == len(LONG)
    assert len(got) <= cut.value.received_bytes < len(LONG)
    assert LONG.startswith(got)
    assert not holder.check_access("watch_recording", DROP, recording=kept.recording).allow


def test_a_recording_stays_shut_for_others(stage: Stage, client_of: Clients) -> None:
    recording = stage.upload()
    buyer = client_of(stage.buyer)
    assert not buyer.check_access("watch_recording", DROP, session=1, recording=recording).allow
    for refused in (buyer, client_of(None)):
        with pytest.raises(AccessDenied), refused.open_recording(recording):
            pass
        with pytest.raises(AccessDenied):
            refused.recording_head(recording)


def test_only_the_mentor_sends_recordings(stage: Stage, client_of: Clients, tmp_path: Path) -> None:
    path = tmp_path / "evening.webm"
    path.write_bytes(VIDEO)
    with pytest.raises(AccessDenied):
        client_of(stage.holder).upload_recording(DROP, 1, path, title="Mine")
    with pytest.raises(SignInRequired):
        client_of(None).upload_recording(DROP, 1, path, title="Nobody's")


def test_sessions_of_an_account_are_listed_and_ended(stage: Stage, client_of: Clients) -> None:
    first, second = client_of(stage.holder), client_of(stage.holder)
    me = first.who_am_i()
    assert [one.current for one in first.my_sessions().sessions].count(True) == 1
    second.end_session(me.id)
    with pytest.raises(SignInRequired):
        first.who_am_i()
    second.sign_out()
    with pytest.raises(SignInRequired):
        second.my_sessions()


def test_a_proxy_of_the_environment_gets_to_see_nothing(
    client_of: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    client_of(None).live()
