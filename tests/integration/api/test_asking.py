from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from api.app import create_app
from api.auth.caller import CurrentPrincipal  # noqa: TC001 - FastAPI reads the annotations
from api.gate.asking import Gate, required
from api.gate.values import Action, DropFacts, Opening, Resource, SeatFacts
from marketplace.domain.addresses import ChecksumAddress
from marketplace.domain.drop import DropState
from marketplace.domain.ids import DropId, SeatId, TierIndex
from tests.integration.api.world import (
    BLOCK,
    START,
    ToldMirror,
    Wallet,
    code_of,
    in_front_of,
    sign_in,
)

if TYPE_CHECKING:
    import httpx

    from api.parts import Parts

DROP = DropId(7)
TIER = TierIndex(2)
SEAT = SeatId.of(DROP, TIER, 13)
ROOM = Resource("room", DROP, (Opening(DROP, frozenset({TIER})),))
MENTOR = ChecksumAddress("0x" + "C" * 40)


@pytest.fixture
def door(parts: Parts, mirror: ToldMirror) -> httpx.Client:
    """An application with one door that the gate guards."""
    app = create_app(parts)
    gate = Gate(mirror, parts.settings.allowed_lag_s)
    mirror.drops = (DropFacts(DROP, MENTOR, DropState.LIVE),)

    @app.post("/room/{least_block}")
    def enter(principal: CurrentPrincipal, least_block: int) -> int:
        now = int(START.timestamp())
        decision = gate.ask(principal, Action.ENTER_SESSION, ROOM, now=now, least_block=least_block)
        return required(decision).expires_at - now

    return in_front_of(app, parts.origin.url)


def test_the_holder_enters_and_whoever_has_sold_does_not(
    door: httpx.Client, mirror: ToldMirror, wallet: Wallet
) -> None:
    csrf = {"X-CSRF-Token": sign_in(door, wallet)["csrf_token"]}
    mirror.seats = (SeatFacts(SEAT, wallet.address, 90),)
    assert door.post("/room/0", headers=csrf).json() == 30
    mirror.seats = (SeatFacts(SEAT, MENTOR, 100),)
    answer = door.post("/room/0", headers=csrf)
    assert (answer.status_code, code_of(answer)) == (403, "access_denied")
    assert answer.json()["decision"] == {
        "allow": False,
        "reason": "no_seat",
        "remedy": {
            "name": "buy_seat",
            "sentence": "Buy a seat of drop 7, tier 2.",
            "drop": 7,
            "tiers": [2],
            "at": None,
            "block": None,
            "level": None,
            "after_s": None,
        },
        "via": None,
        "seat": None,
        "level": "latest",
        "as_of_block": 100,
        "block_hash": BLOCK.block_hash,
        "lag_s": 1,
        "expires_at": "2027-03-01T18:00:00.000Z",
    }


def test_nobody_is_denied_with_the_way_in(door: httpx.Client) -> None:
    answer = door.post("/room/0")
    assert code_of(answer) == "access_denied"
    assert answer.json()["decision"]["remedy"]["name"] == "sign_in"


def test_a_mirror_that_does_not_know_yet_is_no_denial(
    door: httpx.Client, mirror: ToldMirror, wallet: Wallet
) -> None:
    csrf = {"X-CSRF-Token": sign_in(door, wallet)["csrf_token"]}
    answer = door.post("/room/101", headers=csrf)
    assert (answer.status_code, code_of(answer)) == (503, "mirror_behind")
    assert answer.headers["retry-after"] == "1"
    assert answer.json()["decision"]["remedy"]["block"] == 101
    mirror.at = replace(BLOCK, lag_s=16)
    assert code_of(door.post("/room/0", headers=csrf)) == "mirror_behind"
