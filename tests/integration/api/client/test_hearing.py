from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from marketplace.client import SeatmarketClient
from marketplace.client.answers.presences import Leave, RoomLevel
from marketplace.client.errors import ApiRefused
from tests.integration.api.client.people import signer
from tests.integration.api.hearing import served
from tests.integration.api.live import SESSION
from tests.integration.api.presences import key_for, opened
from tests.integration.marketplace.world import address_of

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from tests.integration.api.live import LiveChain


def test_a_client_hears_what_happens_and_comes_back_without_a_gap(
    launched_chain: LiveChain, database: Engine
) -> None:
    with served(launched_chain, database) as server, SeatmarketClient(server.url) as client:
        live = server.live
        live.mirror()
        with client.events(drop=SESSION) as stream:
            events = iter(stream)
            live.mint(SESSION, "bo")
            live.mirror()
            told = [next(events)]
            while told[-1].event != "Transfer":
                told.append(next(events))
            last = stream.last_id
        assert last == told[-1].seq
        assert told[-1].arguments["to"] == address_of("bo")
        live.mint(SESSION, "cleo")
        live.mirror()
        client.sign_in(signer("cleo"))
        with client.my_events(after=last) as stream:
            mine = next(iter(stream))
        assert (mine.seq, mine.kind, mine.drop) == (last + 1, "apply", SESSION)
        with pytest.raises(ApiRefused, match="is not kept here"), client.events(after=10**9):
            pass


def test_a_room_hears_who_has_to_leave_by_its_key(
    launched_chain: LiveChain, database: Engine
) -> None:
    with opened(launched_chain, database) as room:
        url = room.server.url
        with SeatmarketClient(url, api_key=key_for(room.live)) as door:
            with SeatmarketClient(url) as guest:
                guest.sign_in(signer("bo"))
                inside = door.redeem(guest.join(SESSION, 1).ticket)
            with door.presences(SESSION, 1) as stream:
                events = iter(stream)
                assert isinstance(next(events), RoomLevel)
                room.sell("bo")
                head = room.live.mirror()
                told = next(events)
        assert isinstance(told, Leave)
        assert (told.admission_id, told.why) == (inside.admission_id, "denied")
        assert told.decision is not None
        assert told.decision.as_of_block == head
