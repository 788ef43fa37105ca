"""The access check over a live chain: who gets in, before and after a sale, what is not known."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest
from sqlalchemy import insert, update

from api.gate.mirror import MirrorFacts
from api.programme.programmes import programme_of
from api.store.tables import recordings
from indexer.store.fold_tables import drop_states, seat_states
from indexer.store.tables import mirrored_contracts
from indexer.sync.shell import Outcome
from marketplace.domain.ids import SeatId
from marketplace.storage.transactions import writing
from tests.integration.api.live import COHORT, SESSION, Live
from tests.integration.api.world import browser, code_of
from tests.integration.marketplace.steering import NodeSteering
from tests.integration.marketplace.world import address_of
from tests.integration.questions import SINGLE, questions
from tests.integration.rows import ROWS

if TYPE_CHECKING:
    import httpx

    from api.gate.values import BlockFacts
    from marketplace.domain.ids import DropId

ROOM: Final[dict[str, str | int]] = {"action": "enter_session", "drop": SESSION, "session": 1}
RESALE: Final[dict[str, str | int]] = {"action": "see_resale", "drop": COHORT}
OWN, OTHER, LEFT, SAME_TERMS, OTHER_MENTORS = (letter * 32 for letter in "abcde")


@pytest.fixture
def door(live: Live) -> Live:
    """The live market with its terms published; ada has a seat, and the room is open."""
    live.publish()
    live.mint(SESSION, "ada")
    live.mirror()
    session = programme_of(live.parts, SESSION).session(1)
    assert session is not None
    travel(live, session.starts_at)
    return live


def travel(live: Live, second: int) -> None:
    live.market.steering.travel(second)
    live.mirror()


def check(client: httpx.Client, **asked: str | int) -> dict[str, Any]:
    """What the access check decides; it must decide."""
    answer = client.get("/v1/access/check", params=asked)
    assert answer.status_code == 200, answer.text
    decision: dict[str, Any] = answer.json()
    return decision


def told(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}.000Z"


def refused(client: httpx.Client, **asked: str | int) -> tuple[int, str]:
    answer = client.get("/v1/access/check", params=asked)
    return answer.status_code, code_of(answer)


def test_the_holder_gets_in_with_the_seat_the_block_and_a_lease(door: Live) -> None:
    head = door.market.web3.eth.get_block("latest")

    decision = check(door.client("ada"), **ROOM)

    assert decision == {
        "allow": True,
        "reason": "admitted",
        "remedy": None,
        "via": "seat",
        "seat": str(SESSION * 1_000_000 + 1),
        "level": "latest",
        "as_of_block": head["number"],
        "block_hash": head["hash"].to_0x_hex(),
        "lag_s": 0,
        "expires_at": told(door.clock() + timedelta(seconds=30)),
    }


def test_who_sold_is_out_and_who_bought_is_in(door: Live) -> None:
    seat = seat_of(check(door.client("ada"), **ROOM))
    door.resell(seat, "ada", "bo")
    sold_in = door.mirror()

    seller = check(door.client("ada"), **ROOM, min_block=sold_in)
    buyer = check(door.client("bo"), **ROOM, min_block=sold_in)

    assert (seller["allow"], seller["reason"]) == (False, "no_seat")
    assert seller["remedy"]["name"] == "buy_seat"
    assert (buyer["allow"], buyer["seat"], buyer["as_of_block"]) == (True, str(seat), sold_in)


def test_a_seat_that_was_sold_and_bought_back_opens_again(door: Live) -> None:
    seat = seat_of(check(door.client("ada"), **ROOM))
    door.resell(seat, "ada", "bo")
    door.resell(seat, "bo", "ada")
    door.mirror()

    assert check(door.client("ada"), **ROOM)["allow"]
    assert not check(door.client("bo"), **ROOM)["allow"]


def test_a_seat_that_a_contract_holds_opens_for_nobody_else(door: Live) -> None:
    # This contract is no wallet, so nobody can come as its owner.
    vault = door.market.contract.address
    seat = seat_of(check(door.client("ada"), **ROOM))
    with writing(door.parts.reads) as connection:
        connection.execute(
            update(seat_states).where(seat_states.c.seat == seat).values(owner=vault)
        )

    assert check(door.client("ada"), **ROOM)["reason"] == "no_seat"
    assert check(door.api, **ROOM)["reason"] == "not_signed_in"


def test_a_reorganisation_gives_the_seat_back_and_nobody_gets_in_meanwhile(door: Live) -> None:
    seat = seat_of(check(door.client("ada"), **ROOM))
    door.resell(seat, "ada", "bo")
    door.mirror()
    assert not check(door.client("ada"), **ROOM)["allow"]
    steering = door.market.steering
    assert isinstance(steering, NodeSteering)
    steering.ask("devnet_reorg", 1, [])
    steering.ask("evm_mine")

    assert door.shell.step() is Outcome.PROGRESSED
    for name in ("ada", "bo"):
        assert refused(door.client(name), **ROOM) == (503, "mirror_behind")
    door.mirror()

    assert check(door.client("ada"), **ROOM)["allow"]
    assert not check(door.client("bo"), **ROOM)["allow"]


def test_nobody_is_told_to_sign_in_and_a_stranger_to_buy(door: Live) -> None:
    anonymous = check(door.api, **ROOM)
    stranger = check(door.client("cleo"), **ROOM)

    assert (anonymous["allow"], anonymous["remedy"]["name"]) == (False, "sign_in")
    assert (stranger["allow"], stranger["reason"]) == (False, "no_seat")
    assert (stranger["remedy"]["drop"], stranger["remedy"]["tiers"]) == (SESSION, [0, 1])


def test_the_mentor_gets_in_without_a_seat(door: Live) -> None:
    assert check(door.client("mentor"), **ROOM)["via"] == "mentor"


def test_before_the_door_opens_the_holder_is_told_when(live: Live) -> None:
    live.publish()
    live.mint(SESSION, "ada")
    live.mirror()
    session = programme_of(live.parts, SESSION).session(1)
    assert session is not None

    early = check(live.client("ada"), **ROOM)

    assert (early["allow"], early["reason"]) == (False, "not_open_yet")
    opens = datetime.fromtimestamp(session.starts_at - 15 * 60, UTC)
    assert early["remedy"]["at"] == told(opens)


def test_after_the_last_second_the_room_is_closed(door: Live) -> None:
    session = programme_of(door.parts, SESSION).session(1)
    assert session is not None
    travel(door, session.ends_at)
    last = check(door.client("ada"), **ROOM)
    travel(door, session.ends_at + 1)

    assert last["allow"]
    assert check(door.client("ada"), **ROOM)["reason"] == "closed"


def test_a_cohorts_resales_are_for_those_who_came_to_the_drop_before(door: Live) -> None:
    assert check(door.client("ada"), **RESALE)["via"] == "seat"
    assert check(door.client("mentor"), **RESALE)["via"] == "mentor"
    assert check(door.client("cleo"), **RESALE)["reason"] == "no_seat"
    assert check(door.api, **RESALE)["reason"] == "not_signed_in"
    assert check(door.api, action="see_resale", drop=SESSION)["via"] == "open_to_all"


def test_who_has_just_bought_is_never_told_no_by_a_mirror_that_is_behind(door: Live) -> None:
    door.resell(seat_of(check(door.client("ada"), **ROOM)), "ada", "cleo")
    bought_in = door.market.web3.eth.block_number
    client = door.client("cleo")

    answer = client.get("/v1/access/check", params={**ROOM, "min_block": bought_in})

    assert (answer.status_code, code_of(answer)) == (503, "mirror_behind")
    assert int(answer.headers["retry-after"]) >= 1
    decision = answer.json()["decision"]
    assert (decision["allow"], decision["reason"]) == (False, "mirror_behind")
    assert decision["remedy"]["block"] == bought_in
    door.mirror()
    assert check(client, **ROOM, min_block=bought_in)["allow"]


def test_a_chain_that_stands_still_closes_no_door_and_a_mirror_that_stops_does(door: Live) -> None:
    client = door.client("ada")
    door.clock.forward(15)
    assert check(client, **ROOM)["lag_s"] == 15
    door.clock.forward(1)
    assert refused(client, **ROOM) == (503, "mirror_behind")
    assert refused(client, action="see_resale", drop=SESSION) == (503, "mirror_behind")

    door.mirror()

    assert check(client, **ROOM)["lag_s"] == 0


def test_what_does_not_exist_is_not_found_unless_the_mirror_may_lack_it(door: Live) -> None:
    head = door.market.web3.eth.block_number
    nowhere: tuple[dict[str, str | int], ...] = (
        {"action": "enter_session", "drop": 99, "session": 1},
        {"action": "see_resale", "drop": 2**64 - 1},
        {"action": "enter_session", "drop": SESSION, "session": 2},
        {"action": "watch_recording", "drop": SESSION, "recording": "nothing"},
        {"action": "watch_recording", "drop": SESSION, "recording": "\0"},
    )
    for asked in nowhere:
        assert refused(door.api, **asked) == (404, "not_found")
        assert refused(door.api, **asked, min_block=head + 1) == (503, "mirror_behind")


def test_what_is_mirrored_while_we_look_is_not_called_missing(live: Live) -> None:
    live.publish()
    behind = live.parts.mirror

    class CatchingUp(MirrorFacts):
        """Stands where it stood, until somebody asks where it stands."""

        def block(self, now: int) -> BlockFacts | None:
            live.mirror()
            return behind.block(now)

    facts = CatchingUp(live.parts.reads, live.parts.mirror_id)
    client = browser(replace(live.parts, mirror=facts))

    assert check(client, action="see_resale", drop=SESSION)["via"] == "open_to_all"


def test_a_drop_whose_terms_nobody_published_opens_nothing(live: Live) -> None:
    live.mirror()

    assert refused(live.api, **ROOM) == (404, "terms_unpublished")


def test_before_anything_is_mirrored_nobody_is_told_no(live: Live) -> None:
    assert refused(live.api, **ROOM) == (503, "mirror_behind")


def add_recording(
    live: Live, name: str, drop: DropId, terms_hash: str, mentor: str = "mentor"
) -> None:
    row = {
        **ROWS[recordings],
        **live.parts.mirror_id.columns,
        "id": name,
        "drop_id": drop,
        "terms_hash": terms_hash,
        "mentor": address_of(mentor),
    }
    with writing(live.parts.store) as connection:
        connection.execute(insert(recordings).values(row))


def test_a_recording_is_for_those_whom_its_session_is_for(door: Live) -> None:
    own, other = (programme_of(door.parts, drop).terms_hash for drop in (SESSION, COHORT))
    add_recording(door, OWN, SESSION, own)
    add_recording(door, OTHER, COHORT, other)
    add_recording(door, LEFT, SESSION, other)
    add_recording(door, SAME_TERMS, COHORT, own)
    add_recording(door, OTHER_MENTORS, SESSION, own, "eve")
    asked: dict[str, str | int] = {"action": "watch_recording", "drop": SESSION}

    assert check(door.client("ada"), **asked, recording=OWN)["via"] == "seat"
    assert check(door.client("ada"), **asked, session=1, recording=OWN)["allow"]
    assert check(door.client("cleo"), **asked, recording=OWN)["reason"] == "no_seat"
    # A right to one thing opens no other: neither another drop's, nor one of a branch that is left.
    for wrong in (OTHER, LEFT, SAME_TERMS, OTHER_MENTORS):
        assert refused(door.client("ada"), **asked, recording=wrong) == (404, "not_found")
    assert refused(door.client("ada"), **asked, session=2, recording=OWN)[0] == 404


def test_what_was_read_of_a_drop_never_opens_another_that_was_given_its_number(
    door: Live,
) -> None:
    assert check(door.client("ada"), **ROOM)["allow"]
    other = programme_of(door.parts, COHORT).terms_hash
    with writing(door.parts.reads) as connection:
        changed = update(drop_states).where(drop_states.c.drop_id == SESSION)
        connection.execute(changed.values(terms_hash=other))

    assert refused(door.client("ada"), **ROOM) == (404, "terms_unpublished")


def test_a_programme_is_not_read_anew_for_each_who_asks(
    door: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = door.client("ada")
    check(client, **ROOM)

    with questions(monkeypatch, door.parts.reads) as asked:
        check(client, **ROOM)

    assert asked == [SINGLE] * 2, "the session, and the gate's facts; no transaction"


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"action": "enter_session"},
        {"action": "enter_session", "drop": 1},
        {"action": "enter_session", "drop": 1, "session": 1, "recording": "r"},
        {"action": "enter_session", "drop": 1, "session": 0},
        {"action": "enter_session", "drop": 0, "session": 1},
        {"action": "enter_session", "drop": "1e0", "session": 1},
        {"action": "enter_session", "drop": 1, "session": 1, "min_block": -1},
        {"action": "enter_session", "drop": 1, "session": 1, "min_block": 2**53},
        {"action": "watch_recording", "drop": 1},
        {"action": "watch_recording", "drop": 1, "session": 1},
        {"action": "see_resale", "drop": 1, "session": 1},
        {"action": "see_resale", "drop": 1, "recording": "r"},
        {"action": "see_resale", "drop": 1, "account": "me"},
        {"action": "fly", "drop": 1},
    ],
)
def test_what_the_action_does_not_take_is_refused(
    client: httpx.Client, asked: dict[str, str | int]
) -> None:
    assert refused(client, **asked) == (422, "invalid_request")


def seat_of(decision: dict[str, Any]) -> SeatId:
    return SeatId(int(decision["seat"]))


def batch(client: httpx.Client, *asked: dict[str, str | int], min_block: int = 0) -> httpx.Response:
    """The answer to several questions at once."""
    body = {"checks": list(asked), "min_block": min_block}
    return client.post("/v1/access/check:batch", json=body)


def test_several_questions_rest_on_one_block_and_what_is_missing_spoils_no_other(
    door: Live,
) -> None:
    missing = ROOM | {"session": 99}
    unknown: dict[str, str | int] = {"action": "see_resale", "drop": 999}
    asked = (ROOM, missing, RESALE, unknown)

    answer = batch(door.client("ada"), *asked)

    assert answer.status_code == 200, answer.text
    told = answer.json()["answers"]
    assert [one["problem"] for one in told] == [None, "not_found", None, "not_found"]
    room, resale = told[0]["decision"], told[2]["decision"]
    assert (room["allow"], resale["allow"]) == (True, True)
    assert room == check(door.client("ada"), **ROOM)
    assert {one["block_hash"] for one in (room, resale)} == {room["block_hash"]}


def test_a_batch_is_never_told_no_by_a_mirror_that_is_behind(door: Live) -> None:
    head = door.market.web3.eth.block_number

    answer = batch(door.client("bo"), ROOM, RESALE, min_block=head + 1)

    assert (answer.status_code, code_of(answer)) == (503, "mirror_behind")


def test_a_batch_of_what_is_no_question_names_the_places(door: Live) -> None:
    answer = batch(
        door.client("ada"),
        ROOM,
        {"action": "watch_recording", "drop": SESSION},
        RESALE | {"session": 1},
    )

    assert (answer.status_code, code_of(answer)) == (422, "invalid_request")
    places = [one["at"] for one in answer.json()["errors"]]
    assert places == ["/body/checks/1/recording", "/body/checks/2/session"]
    many = batch(door.client("ada"), *[ROOM] * 51)
    assert (many.status_code, code_of(many)) == (422, "invalid_request")


def test_a_batch_survives_a_drop_whose_number_was_given_to_another(door: Live) -> None:
    assert batch(door.client("ada"), ROOM).json()["answers"][0]["decision"]["allow"]
    with writing(door.parts.reads) as connection:
        connection.execute(
            update(drop_states)
            .where(drop_states.c.drop_id == SESSION)
            .values(terms_hash="0x" + "11" * 32)
        )

    answer = batch(door.client("ada"), ROOM, RESALE)

    told = answer.json()["answers"]
    assert told[0] == {"decision": None, "problem": "terms_unpublished"}


def test_a_delegate_attends_and_watches_until_the_seat_is_sold(door: Live) -> None:
    seat = seat_of(check(door.client("ada"), **ROOM))
    guest = door.client("cleo")
    assert check(guest, **ROOM)["reason"] == "no_seat"
    door.delegate(seat, "ada", "cleo")
    door.mirror()

    decision = check(guest, **ROOM)

    assert (decision["allow"], decision["via"], decision["seat"]) == (True, "delegate", str(seat))
    assert check(guest, action="see_resale", drop=COHORT)["allow"] is False
    door.resell(seat, "ada", "bo")
    sold_in = door.mirror()
    assert check(guest, **ROOM, min_block=sold_in)["reason"] == "no_seat"
    # What the buyer delegates is the buyer's.
    door.delegate(seat, "bo", "cleo")
    door.mirror()
    assert check(guest, **ROOM)["allow"]
    door.delegate(seat, "bo", "cleo", enable=False)
    door.mirror()
    assert check(guest, **ROOM)["reason"] == "no_seat"


def test_a_right_to_something_else_opens_no_door(door: Live) -> None:
    seat = seat_of(check(door.client("ada"), **ROOM))
    cleo = address_of("cleo")
    for given in (
        door.registry.delegate_token(cleo, door.market.contract.address, seat, rights="vote"),
        door.registry.delegate_token(cleo, door.market.contract.address, seat + 1),
        door.registry.delegate_contract(cleo, door.registry.address),
    ):
        door.market.send("ada", given)
    door.mirror()
    assert check(door.client("cleo"), **ROOM)["reason"] == "no_seat"
    door.market.send("ada", door.registry.delegate_all(cleo))
    door.mirror()
    assert check(door.client("cleo"), **ROOM)["via"] == "delegate"


def test_nobody_is_told_no_or_let_in_while_delegations_are_being_read(door: Live) -> None:
    door.delegate(seat_of(check(door.client("ada"), **ROOM)), "ada", "bo")
    door.mirror()
    assert check(door.client("bo"), **ROOM)["via"] == "delegate"
    with writing(door.parts.reads) as connection:
        connection.execute(
            update(mirrored_contracts)
            .where(mirrored_contracts.c.kind == "delegations")
            .values(joined=0, next_block=mirrored_contracts.c.start_block)
        )
    # What bo was given may have been taken back in a block that is not read yet.
    for name in ("bo", "cleo"):
        assert refused(door.client(name), **ROOM) == (503, "mirror_behind")
    assert refused(door.client("bo"), **ROOM, level="finalized") == (503, "mirror_behind")
    assert check(door.client("ada"), **ROOM)["allow"]
