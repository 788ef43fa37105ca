from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import delete, event, func, select

from api.idempotency.asking import HEADER
from api.sessions.doors import ask_again
from api.sessions.joining import redeem
from api.sessions.tokens import Pass, hash_of
from api.sessions.writes import RoomKey, Ticket, clear, end_denied, keep_ticket
from api.store.attendance_tables import attendances
from api.store.tables import admissions, join_tickets
from marketplace.domain.drop import DropState
from marketplace.storage.transactions import reading, writing
from tests.integration.api.staging import (
    DROP,
    ROOM,
    SEAT,
    SECOND_SEAT,
    Stage,
    staged,
)
from tests.integration.api.world import BLOCK, Wallet, code_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import httpx
    from sqlalchemy import Engine, Table

    from api.gate.decision import Decision
    from tests.integration.api.live import LiveChain


@pytest.fixture
def stage(launched_chain: LiveChain, database: Engine, tmp_path: Path) -> Iterator[Stage]:
    """The session has begun, and the holder has a seat."""
    with staged(launched_chain, database, tmp_path) as found:
        found.give(found.holder, SEAT)
        found.to_the_session()
        yield found


def joined(stage: Stage, wallet: Wallet) -> str:
    answer = stage.client(wallet).post(f"{ROOM}/join")
    assert answer.status_code == 201, answer.text
    ticket: str = answer.json()["ticket"]
    return ticket


def bring(stage: Stage, ticket: str) -> httpx.Response:
    return stage.api.post("/v1/admissions", json={"ticket": ticket})


def admitted(stage: Stage, wallet: Wallet) -> str:
    answer = bring(stage, joined(stage, wallet))
    assert answer.status_code == 201, answer.text
    admission: str = answer.json()["admission"]
    return admission


def renewed(stage: Stage, admission: str) -> httpx.Response:
    return stage.api.post("/v1/admissions/renew", json={"admission": admission})


def count(stage: Stage, table: Table) -> int:
    with reading(stage.parts.store) as connection:
        return connection.scalar(select(func.count()).select_from(table)) or 0


def seconds_left(stage: Stage, members: dict[str, Any]) -> float:
    until = stage.clock.now.fromisoformat(members["expires_at"])
    return (until - stage.clock.now).total_seconds()


def test_a_holder_comes_in_by_a_ticket_and_stays(stage: Stage) -> None:
    ticket = stage.client(stage.holder).post(f"{ROOM}/join").json()
    assert ticket["decision"]["via"] == "seat"
    assert ticket["decision"]["as_of_block"] == BLOCK.number
    assert seconds_left(stage, ticket) <= 60
    admission = bring(stage, ticket["ticket"]).json()
    assert admission["account"] == stage.holder.address
    assert admission["seat"] == str(SEAT)
    assert (admission["drop"], admission["session"]) == (1, 1)
    assert seconds_left(stage, admission) <= 31
    stage.clock.forward(20)
    again = renewed(stage, admission["admission"])
    assert again.status_code == 200
    assert again.json()["admission"] == admission["admission"]
    assert seconds_left(stage, again.json()) > 20
    assert set(again.json()) == {"admission", "expires_at", "decision"}


def test_nothing_that_opens_a_door_is_kept(stage: Stage) -> None:
    ticket = joined(stage, stage.holder)
    admission = bring(stage, ticket).json()["admission"]
    with reading(stage.parts.store) as connection:
        kept = [*connection.execute(select(join_tickets)), *connection.execute(select(admissions))]
    assert len(kept) == 2
    assert ticket not in str(kept)
    assert admission not in str(kept)


def test_a_ticket_is_used_once(stage: Stage) -> None:
    ticket = joined(stage, stage.holder)
    assert bring(stage, ticket).status_code == 201
    again = bring(stage, ticket)
    assert (again.status_code, code_of(again)) == (410, "ticket_spent")
    assert count(stage, admissions) == 1


@pytest.mark.parametrize("key", [{}, {HEADER: "fresh"}], ids=["no key", "key"])
def test_nothing_is_written_for_a_ticket_that_is_none_or_is_spent(
    stage: Stage, key: dict[str, str]
) -> None:
    spent = joined(stage, stage.holder)
    bring(stage, spent)
    said: list[str] = []

    def note(*statement: Any) -> None:  # noqa: ANN401 - as SQLAlchemy gives it
        said.append(statement[2].upper())

    event.listen(stage.parts.store, "before_cursor_execute", note)
    for ticket in (spent, "A" * 43):
        answer = stage.api.post("/v1/admissions", json={"ticket": ticket}, headers=key)
        assert (answer.status_code, code_of(answer)) == (410, "ticket_spent")
    event.remove(stage.parts.store, "before_cursor_execute", note)
    assert any(one.startswith("SELECT") for one in said)
    writing_words = ("INSERT", "UPDATE", "DELETE", "BEGIN IMMEDIATE")
    assert [one for one in said if one.startswith(writing_words)] == []


def test_of_two_that_bring_a_ticket_at_once_one_comes_in(stage: Stage) -> None:
    ticket = joined(stage, stage.holder)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: bring(stage, ticket).status_code, range(4)))
    assert sorted(answers) == [201, 410, 410, 410]


def test_of_two_tickets_of_a_seat_that_come_at_once_one_stays(stage: Stage) -> None:
    tickets = [joined(stage, stage.holder) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda one: bring(stage, one), tickets))
    assert [answer.status_code for answer in answers] == [201] * 4
    states = [renewed(stage, answer.json()["admission"]).status_code for answer in answers]
    assert sorted(states) == [200, 409, 409, 409]


def test_a_ticket_is_too_old_in_the_second_in_which_it_ends(stage: Stage) -> None:
    answer = stage.client(stage.holder).post(f"{ROOM}/join").json()
    stage.clock.forward(seconds_left(stage, answer))
    assert code_of(bring(stage, answer["ticket"])) == "ticket_spent"
    # It was spent by that.
    stage.clock.forward(-10)
    assert code_of(bring(stage, answer["ticket"])) == "ticket_spent"


def test_a_ticket_that_nobody_gave_opens_nothing(stage: Stage) -> None:
    assert code_of(bring(stage, "A" * 43)) == "ticket_spent"
    admission = admitted(stage, stage.holder)
    assert code_of(bring(stage, admission)) == "ticket_spent"
    assert code_of(renewed(stage, joined(stage, stage.holder))) == "admission_ended"


def test_a_body_that_holds_no_ticket_is_refused(stage: Stage) -> None:
    bodies: tuple[object, ...] = (
        {},
        {"ticket": 1},
        {"ticket": "x"},
        {"ticket": "A" * 43, "a": 1},
        [],
    )
    codes = {code_of(stage.api.post("/v1/admissions", json=body)) for body in bodies}
    assert codes == {"invalid_request"}
    assert code_of(stage.api.post("/v1/admissions", content=b"{")) == "unsupported_media_type"


def test_whoever_sold_between_ticket_and_door_stays_out(stage: Stage) -> None:
    ticket = joined(stage, stage.holder)
    stage.sell()
    answer = bring(stage, ticket)
    assert (answer.status_code, code_of(answer)) == (403, "access_denied")
    assert answer.json()["decision"]["reason"] == "no_seat"
    # The failed attempt has spent it, also for somebody who buys the seat back.
    stage.give(stage.holder, SEAT)
    assert code_of(bring(stage, ticket)) == "ticket_spent"


def test_whoever_sold_and_bought_back_in_between_comes_in(stage: Stage) -> None:
    ticket = joined(stage, stage.holder)
    stage.sell()
    stage.give(stage.holder, SEAT, since=BLOCK.number)
    assert bring(stage, ticket).status_code == 201


def test_a_ticket_lets_in_who_asked_for_it_and_nobody_else(stage: Stage) -> None:
    ticket = joined(stage, stage.holder)
    # The buyer has the ticket and a seat; it still speaks for the holder alone.
    stage.sell()
    assert code_of(bring(stage, ticket)) == "access_denied"


def test_whoever_sells_is_out_at_the_next_renewal_and_stays_out(stage: Stage) -> None:
    admission = admitted(stage, stage.holder)
    stage.sell()
    out = renewed(stage, admission)
    assert (out.status_code, code_of(out)) == (403, "access_denied")
    stage.give(stage.holder, SEAT)
    assert code_of(renewed(stage, admission)) == "admission_ended"
    assert code_of(stage.client(stage.buyer).post(f"{ROOM}/join")) == "access_denied"


def test_a_buyer_whose_purchase_a_reorganisation_took_is_out_at_the_next_renewal(
    stage: Stage,
) -> None:
    stage.sell()
    admission = admitted(stage, stage.buyer)
    stage.give(stage.holder, SEAT)
    out = renewed(stage, admission)
    assert (out.status_code, code_of(out)) == (403, "access_denied")
    assert renewed(stage, admitted(stage, stage.holder)).status_code == 200


def test_the_buyer_takes_the_sellers_place(stage: Stage) -> None:
    sellers = admitted(stage, stage.holder)
    stage.sell()
    buyers = admitted(stage, stage.buyer)
    answer = renewed(stage, sellers)
    assert (answer.status_code, code_of(answer)) == (409, "admission_replaced")
    assert renewed(stage, buyers).status_code == 200


def test_one_seat_is_one_presence(stage: Stage) -> None:
    phone = admitted(stage, stage.holder)
    laptop = admitted(stage, stage.holder)
    assert code_of(renewed(stage, phone)) == "admission_replaced"
    assert renewed(stage, laptop).status_code == 200


def test_two_seats_of_two_people_are_two_presences(stage: Stage) -> None:
    stage.give(stage.buyer, SECOND_SEAT)
    one, other = admitted(stage, stage.holder), admitted(stage, stage.buyer)
    assert [renewed(stage, by).status_code for by in (one, other)] == [200, 200]


def test_whoever_sells_one_of_two_seats_stays_by_the_other(stage: Stage) -> None:
    stage.give(stage.holder, SEAT, SECOND_SEAT)
    admission = admitted(stage, stage.holder)
    stage.sell()
    stays = renewed(stage, admission)
    assert stays.json()["decision"]["seat"] == str(SECOND_SEAT)
    # The buyer comes in by the first one, and nobody has to go.
    buyers = admitted(stage, stage.buyer)
    assert renewed(stage, admission).status_code == 200
    assert renewed(stage, buyers).status_code == 200


def test_the_mentor_comes_in_by_the_account_once(stage: Stage) -> None:
    first = admitted(stage, stage.mentor)
    answer = bring(stage, joined(stage, stage.mentor)).json()
    assert answer["seat"] is None
    assert answer["decision"]["via"] == "mentor"
    assert code_of(renewed(stage, first)) == "admission_replaced"


def test_who_is_let_go_while_a_renewal_asks_is_over_and_not_replaced(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    admission = admitted(stage, stage.holder)

    def asked(*given: Any, **named: Any) -> Decision:  # noqa: ANN401 - as the function has it
        decision = ask_again(*given, **named)
        with writing(stage.parts.store) as connection:
            end_denied(connection, [hash_of(Pass.ADMISSION, admission)], stage.clock.now)
        return decision

    monkeypatch.setattr("api.sessions.joining.ask_again", asked)
    out = renewed(stage, admission)
    assert (out.status_code, code_of(out)) == (410, "admission_ended")


def test_the_id_of_an_admission_names_it_and_opens_nothing(stage: Stage) -> None:
    answer = bring(stage, joined(stage, stage.holder)).json()
    with reading(stage.parts.store) as connection:
        assert connection.scalar(select(admissions.c.token_hash)) == answer["admission_id"]
    refused = renewed(stage, answer["admission_id"])
    assert (refused.status_code, code_of(refused)) == (422, "invalid_request")


def test_a_lease_that_is_over_is_not_renewed(stage: Stage) -> None:
    answer = bring(stage, joined(stage, stage.holder)).json()
    stage.clock.forward(seconds_left(stage, answer))
    ended = renewed(stage, answer["admission"])
    assert (ended.status_code, code_of(ended)) == (410, "admission_ended")
    stage.clock.forward(-20)
    assert code_of(renewed(stage, answer["admission"])) == "admission_ended"


def test_no_lease_reaches_beyond_the_session(stage: Stage) -> None:
    ends = stage.clock.now.fromisoformat(stage.api.get(ROOM).json()["ends_at"])
    stage.clock.now = ends - timedelta(seconds=5)
    ticket = stage.client(stage.holder).post(f"{ROOM}/join").json()
    assert seconds_left(stage, ticket) <= 6
    admission = bring(stage, ticket["ticket"]).json()
    assert seconds_left(stage, admission) <= 6
    stage.clock.now = ends + timedelta(seconds=1)
    closed = stage.client(stage.holder).post(f"{ROOM}/join")
    assert closed.json()["decision"]["reason"] == "closed"
    assert code_of(renewed(stage, admission["admission"])) == "admission_ended"


def test_a_mirror_that_does_not_know_ends_nothing(stage: Stage) -> None:
    admission, ticket = admitted(stage, stage.holder), joined(stage, stage.holder)
    stage.mirror.at = replace(BLOCK, lag_s=1_000)
    behind = renewed(stage, admission)
    assert (behind.status_code, code_of(behind)) == (503, "mirror_behind")
    assert "retry-after" in behind.headers
    assert code_of(bring(stage, ticket)) == "mirror_behind"
    assert code_of(stage.client(stage.holder).post(f"{ROOM}/join")) == "mirror_behind"
    stage.mirror.at = BLOCK
    assert renewed(stage, admission).status_code == 200
    assert code_of(bring(stage, ticket)) == "ticket_spent"


def test_a_drop_that_a_reorganisation_took_may_come_back(stage: Stage) -> None:
    admission = admitted(stage, stage.holder)
    kept = stage.mirror.drops
    stage.mirror.drops = ()
    assert code_of(renewed(stage, admission)) == "mirror_behind"
    stage.mirror.drops = kept
    assert renewed(stage, admission).status_code == 200


def test_what_was_given_for_a_drop_opens_no_other_drop_of_its_number(stage: Stage) -> None:
    admission, ticket = admitted(stage, stage.holder), joined(stage, stage.holder)
    document = stage.api.get("/v1/drops/1/terms")
    stage.give_number_away()
    assert document.status_code == 200
    # Nobody has published the other drop's terms.
    assert code_of(bring(stage, ticket)) == "terms_unpublished"
    assert code_of(renewed(stage, admission)) == "terms_unpublished"
    stage.give_number_away(stage.terms_hash)
    assert renewed(stage, admission).status_code == 200


def test_somebody_who_knows_a_newer_block_is_told_to_wait(stage: Stage) -> None:
    client = stage.client(stage.holder)
    for drop in ("1", "8"):
        answer = client.post(f"/v1/drops/{drop}/sessions/1/join", params={"min_block": 101})
        assert code_of(answer) == "mirror_behind"
        assert answer.json()["decision"]["remedy"]["block"] == 101
    assert code_of(client.post("/v1/drops/8/sessions/1/join?min_block=100")) == "not_found"
    assert client.post(f"{ROOM}/join", params={"min_block": 100}).status_code == 201


def test_only_sessions_that_there_are_can_be_joined(stage: Stage) -> None:
    client = stage.client(stage.holder)
    answers = {
        path: code_of(client.post(f"/v1/drops/{path}"))
        for path in (
            "8/sessions/1/join",
            "1/sessions/2/join",
            "18446744073709551615/sessions/1/join",
            "1/sessions/0/join",
            "18446744073709551616/sessions/1/join",
            "x/sessions/1/join",
            "1/sessions/1/join?min_block=-1",
            "1/sessions/1/join?minblock=1",
        )
    }
    assert list(answers.values()) == ["not_found"] * 3 + ["invalid_request"] * 5
    assert count(stage, join_tickets) == 0


def test_nobody_joins_without_being_signed_in(stage: Stage) -> None:
    assert code_of(stage.api.post(f"{ROOM}/join")) == "sign_in_required"


def test_a_drop_that_is_over_has_no_rooms(stage: Stage) -> None:
    admission = admitted(stage, stage.holder)
    stage.mirror.drops = tuple(
        replace(one, state=DropState.CANCELLED) for one in stage.mirror.drops
    )
    answer = renewed(stage, admission)
    assert answer.json()["decision"]["reason"] == "drop_ended"
    assert code_of(stage.client(stage.mentor).post(f"{ROOM}/join")) == "access_denied"


def test_what_is_long_over_is_cleared_away_a_little_at_a_time(stage: Stage) -> None:
    admitted(stage, stage.holder)
    now = stage.clock.now
    room = RoomKey(stage.parts.mirror_id, DROP, stage.terms_hash, 1)
    old = Ticket(room, stage.holder.address, now - timedelta(days=2), now - timedelta(days=2), 1)
    with writing(stage.parts.store) as connection:
        for number in range(150):
            keep_ticket(connection, f"0x{number:064x}", old)
    joined(stage, stage.holder)
    assert count(stage, join_tickets) == 52
    joined(stage, stage.holder)
    assert (count(stage, join_tickets), count(stage, admissions)) == (3, 1)
    stage.clock.now += timedelta(days=2)
    with writing(stage.parts.store) as connection:
        clear(connection, stage.clock.now - timedelta(days=1))
    assert (count(stage, join_tickets), count(stage, admissions)) == (0, 0)


def test_who_comes_in_again_and_again_fills_no_table(stage: Stage) -> None:
    for _ in range(5):
        admitted(stage, stage.holder)
    assert (count(stage, join_tickets), count(stage, admissions)) == (5, 5)
    # The admissions last half a minute, and for ten more it can be told why they ended.
    stage.clock.forward(660)
    admitted(stage, stage.holder)
    assert (count(stage, join_tickets), count(stage, admissions)) == (1, 1)


def attended(stage: Stage) -> list[tuple[int, int, str, str, str]]:
    """Seat, session, whose it was, who came and by what, of all attendance that is kept."""
    kept = attendances.c
    with reading(stage.parts.store) as connection:
        rows = connection.execute(
            select(kept.seat, kept.session, kept.holder, kept.account, kept.via).order_by(kept.seat)
        )
        return [tuple(row) for row in rows]


def test_of_two_tickets_of_a_seat_that_come_at_once_one_attendance_is_kept(stage: Stage) -> None:
    tickets = [joined(stage, stage.holder) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda one: bring(stage, one), tickets))
    assert [answer.status_code for answer in answers] == [201] * 4
    holder = stage.holder.address
    assert attended(stage) == [(SEAT, 1, holder, holder, "seat")]


def test_attendance_is_kept_in_the_commit_that_lets_somebody_in_or_not_at_all(
    stage: Stage,
) -> None:
    ticket = joined(stage, stage.holder)

    def fails(*_: object) -> None:
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        redeem(stage.parts, ticket, fails)
    assert (count(stage, admissions), attended(stage)) == (0, [])


def test_whoever_stays_by_another_seat_has_attended_with_that_one_too(stage: Stage) -> None:
    stage.give(stage.holder, SEAT, SECOND_SEAT)
    admission = admitted(stage, stage.holder)
    holder = stage.holder.address
    first, second = (SEAT, 1, holder, holder, "seat"), (SECOND_SEAT, 1, holder, holder, "seat")
    assert attended(stage) == [first]
    stage.sell()
    assert renewed(stage, admission).status_code == 200
    assert attended(stage) == [first, second]


def test_who_is_in_when_attendance_begins_to_be_kept_is_kept_at_the_next_renewal(
    stage: Stage,
) -> None:
    admission = admitted(stage, stage.holder)
    with writing(stage.parts.store) as connection:
        connection.execute(delete(attendances))
    assert renewed(stage, admission).status_code == 200
    assert [seat for seat, *_ in attended(stage)] == [SEAT]


def test_a_renewal_that_is_refused_keeps_nothing(stage: Stage) -> None:
    stage.give(stage.holder, SEAT, SECOND_SEAT)
    admission = admitted(stage, stage.holder)
    admitted(stage, stage.holder)
    stage.sell()
    assert code_of(renewed(stage, admission)) == "admission_replaced"
    assert [seat for seat, *_ in attended(stage)] == [SEAT]
