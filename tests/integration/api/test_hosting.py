"""Co-hosts: who names them, what they may, and that it ends with the mentor's word."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import httpx
import pytest
from sqlalchemy import func, select, text

from api.app import create_app
from api.hosting.facts import StoredCoHosts
from api.hosting.writes import HostedDrop, hold_co_host
from api.keys.values import Scope
from api.store.co_host_tables import co_hosts
from marketplace.domain.addresses import ZERO_ADDRESS
from marketplace.domain.drop import DropState
from marketplace.storage.engines import open_engine
from marketplace.storage.transactions import reading, writing
from tests.integration.api.staging import DROP, ROOM, SEAT, VIDEO, Stage, staged
from tests.integration.api.test_asking_about_others import ROOM as ROOM_ASKED
from tests.integration.api.test_asking_about_others import ask, decision, program_of
from tests.integration.api.test_joining import admitted, bring, joined, renewed
from tests.integration.api.world import PATIENCE_S, InProcess, Wallet, code_of
from tests.integration.plans import plan_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine

    from tests.integration.api.live import LiveChain

HOSTS: Final = f"/v1/drops/{DROP}/co-hosts"
UPLOAD: Final = f"{ROOM}/recordings?title=Part"
WEBM: Final = {"Content-Type": "video/webm"}
MOST: Final = 3


@pytest.fixture
def stage(launched_chain: LiveChain, database: Engine, tmp_path: Path) -> Iterator[Stage]:
    """The session has begun; nobody has a seat."""
    with staged(launched_chain, database, tmp_path, max_co_hosts=MOST) as found:
        found.to_the_session()
        yield found


def named(stage: Stage, wallet: Wallet) -> Wallet:
    answer = stage.client(stage.mentor).put(f"{HOSTS}/{wallet.address}")
    assert answer.status_code == 200, answer.text
    return wallet


def removed(stage: Stage, wallet: Wallet) -> None:
    answer = stage.client(stage.mentor).delete(f"{HOSTS}/{wallet.address}")
    assert answer.status_code == 204, answer.text


def accounts(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    assert answer.json()["drop"] == DROP
    return [one["account"] for one in answer.json()["co_hosts"]]


def checked(stage: Stage, wallet: Wallet) -> tuple[bool, str, str | None]:
    return decision(ask(stage.client(wallet), None))


def count(stage: Stage) -> int:
    with reading(stage.parts.store) as connection:
        return connection.scalar(select(func.count()).select_from(co_hosts)) or 0


def test_the_mentor_names_lists_and_removes(stage: Stage) -> None:
    client = stage.client(stage.mentor)
    assert accounts(client.get(HOSTS)) == []
    first = client.put(f"{HOSTS}/{stage.holder.address}")
    assert first.json()["account"] == stage.holder.address
    stage.clock.forward(5)
    named(stage, stage.buyer)
    # Again, from another moment: what was kept is kept.
    again = client.put(f"{HOSTS}/{stage.holder.address}")
    assert (again.status_code, again.json()) == (200, first.json())
    assert accounts(client.get(HOSTS)) == [stage.holder.address, stage.buyer.address]
    removed(stage, stage.holder)
    removed(stage, stage.holder)
    assert accounts(client.get(HOSTS)) == [stage.buyer.address]


def test_a_co_host_sees_who_helps_and_says_nothing_about_it(stage: Stage) -> None:
    client = stage.client(named(stage, stage.holder))
    assert accounts(client.get(HOSTS)) == [stage.holder.address]
    for answer in (
        client.put(f"{HOSTS}/{stage.buyer.address}"),
        client.delete(f"{HOSTS}/{stage.holder.address}"),
        stage.client(stage.buyer).get(HOSTS),
        stage.client(stage.buyer).put(f"{HOSTS}/{stage.buyer.address}"),
    ):
        assert (answer.status_code, code_of(answer)) == (403, "mentor_required")
    removed(stage, stage.holder)
    assert code_of(client.get(HOSTS)) == "mentor_required"


def test_no_key_of_any_scope_names_anybody(stage: Stage) -> None:
    program = program_of(stage, stage.mentor, scopes=list(Scope))
    for method in ("PUT", "DELETE"):
        answer = program.request(method, f"{HOSTS}/{stage.holder.address}")
        assert (answer.status_code, code_of(answer)) == (403, "api_key_refused")
    assert code_of(program.get(HOSTS)) == "api_key_refused"
    assert code_of(stage.api.put(f"{HOSTS}/{stage.holder.address}")) == "sign_in_required"
    assert count(stage) == 0


def test_only_somebody_else_can_be_named_and_only_for_a_drop_that_there_is(stage: Stage) -> None:
    client, other = stage.client(stage.mentor), stage.holder.address
    for account in (stage.mentor.address, ZERO_ADDRESS, other.swapcase(), "0x12", "ada"):
        answer = client.put(f"{HOSTS}/{account}")
        assert (answer.status_code, code_of(answer)) == (422, "invalid_request"), account
    for drop in (999, 2**64 - 1):
        assert code_of(client.put(f"/v1/drops/{drop}/co-hosts/{other}")) == "not_found"
    assert code_of(client.get(f"/v1/drops/{2**64}/co-hosts")) == "invalid_request"
    assert count(stage) == 0


def test_of_many_that_are_named_at_once_as_many_are_kept_as_may_be(stage: Stage) -> None:
    client, wallets = stage.client(stage.mentor), [Wallet() for _ in range(MOST + 3)]
    with ThreadPoolExecutor(len(wallets)) as pool:
        answers = list(pool.map(lambda one: client.put(f"{HOSTS}/{one.address}"), wallets))
    codes = sorted(answer.status_code for answer in answers)
    assert codes == [200] * MOST + [409] * 3
    assert {code_of(one) for one in answers if one.is_error} == {"too_many_co_hosts"}
    kept = [one for one, answer in zip(wallets, answers, strict=True) if not answer.is_error]
    # Who is named already may be named again, and one that goes makes room.
    named(stage, kept[0])
    removed(stage, kept[0])
    named(stage, stage.holder)
    assert count(stage) == MOST


def test_of_one_that_is_named_many_times_at_once_there_is_one(stage: Stage) -> None:
    client, path = stage.client(stage.mentor), f"{HOSTS}/{stage.holder.address}"
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: client.put(path), range(4)))
    assert {answer.status_code for answer in answers} == {200}
    assert count(stage) == 1


def test_a_co_host_comes_in_early_by_the_account_and_is_in_once(stage: Stage) -> None:
    co_host = named(stage, stage.holder)
    stage.clock.forward(-24 * 3_600)
    answer = bring(stage, joined(stage, co_host))
    assert answer.status_code == 201, answer.text
    admission = answer.json()
    assert (admission["account"], admission["seat"]) == (co_host.address, None)
    assert admission["decision"]["via"] == "co_host"
    assert renewed(stage, admission["admission"]).status_code == 200
    # The mentor has a place of their own.
    mentors = admitted(stage, stage.mentor)
    admitted(stage, co_host)
    assert code_of(renewed(stage, admission["admission"])) == "admission_replaced"
    assert renewed(stage, mentors).status_code == 200


def test_who_is_removed_between_ticket_and_door_stays_out(stage: Stage) -> None:
    ticket = joined(stage, named(stage, stage.holder))
    removed(stage, stage.holder)
    answer = bring(stage, ticket)
    assert (answer.status_code, code_of(answer)) == (403, "access_denied")
    assert answer.json()["decision"]["reason"] == "no_seat"
    # It was spent by that, also for somebody who is named again.
    named(stage, stage.holder)
    assert code_of(bring(stage, ticket)) == "ticket_spent"


def test_who_is_removed_is_out_at_the_next_renewal_and_stays_out(stage: Stage) -> None:
    admission = admitted(stage, named(stage, stage.holder))
    removed(stage, stage.holder)
    out = renewed(stage, admission)
    assert (out.status_code, code_of(out)) == (403, "access_denied")
    named(stage, stage.holder)
    assert code_of(renewed(stage, admission)) == "admission_ended"


def test_what_one_worker_takes_back_no_other_gives(stage: Stage) -> None:
    path, others = f"{HOSTS}/{stage.holder.address}", []
    with ExitStack() as closing:
        for _ in range(2):
            engine = open_engine(stage.parts.store.url)
            closing.callback(engine.dispose)
            others.append(InProcess(create_app(replace(stage.parts, store=engine, reads=engine))))
        for mine, theirs in (others, others[::-1], others):
            mentor = before(stage, mine, stage.mentor)
            client = before(stage, theirs, stage.holder)
            assert decision(ask(client, None)) == (False, "no_seat", None)
            assert mentor.put(path).status_code == 200
            assert decision(ask(client, None)) == (True, "admitted", "co_host")
            ticket = client.post(f"{ROOM}/join").json()["ticket"]
            assert mentor.delete(path).status_code == 204
            assert decision(ask(client, None)) == (False, "no_seat", None)
            assert (
                code_of(client.post("/v1/admissions", json={"ticket": ticket})) == "access_denied"
            )


def before(stage: Stage, worker: InProcess, wallet: Wallet) -> httpx.Client:
    """Somebody who is signed in, before one worker."""
    signed_in = stage.client(wallet).headers
    return httpx.Client(transport=worker, base_url=stage.url, headers=signed_in, timeout=PATIENCE_S)


def test_no_decision_that_follows_a_removal_is_a_yes(stage: Stage) -> None:
    client = stage.client(named(stage, stage.holder))
    with ThreadPoolExecutor(4) as pool:
        before = [pool.submit(ask, client, None) for _ in range(6)]
        removed(stage, stage.holder)
        after = [pool.submit(ask, client, None) for _ in range(6)]
        assert {one.result().status_code for one in before} == {200}
        assert {decision(one.result()) for one in after} == {(False, "no_seat", None)}


def test_a_co_host_publishes_nothing_and_makes_no_key_for_the_drop(stage: Stage) -> None:
    client = stage.client(named(stage, stage.holder))
    for answer in (
        client.put(f"/v1/drops/{DROP}/terms", json={"document": "{}"}),
        client.put(f"/v1/drops/{DROP}/phases/0/allowlist", json={"accounts": [ZERO_ADDRESS]}),
    ):
        assert code_of(answer) == "mentor_required"
    wish = {"name": "Door", "scopes": ["access:check"], "expires_in_s": 60, "drops": [int(DROP)]}
    assert code_of(client.post("/v1/api-keys", json=wish)) == "mentor_required"


def test_a_co_host_watches_and_adds_recordings_in_person(stage: Stage) -> None:
    client = stage.client(named(stage, stage.holder))
    made = client.post(UPLOAD, content=VIDEO, headers=WEBM)
    assert made.status_code == 201, made.text
    name = made.json()["recording"]
    assert client.get(f"/v1/recordings/{name}/stream").content == VIDEO
    # A program acts for the mentor, and not for whom the mentor has named.
    program = program_of(stage, stage.holder, scopes=["recordings:write"])
    refused = program.post(UPLOAD, content=VIDEO, headers=WEBM)
    assert (refused.status_code, code_of(refused)) == (403, "access_denied")
    own = program_of(stage, stage.mentor, scopes=["recordings:write"])
    assert own.post(UPLOAD, content=VIDEO, headers=WEBM).status_code == 201
    removed(stage, stage.holder)
    assert code_of(client.post(UPLOAD, content=VIDEO, headers=WEBM)) == "access_denied"
    assert code_of(client.get(f"/v1/recordings/{name}/stream")) == "access_denied"


def test_a_program_of_the_mentors_learns_who_helps_and_a_co_hosts_does_not(stage: Stage) -> None:
    named(stage, stage.holder)
    door = program_of(stage, stage.mentor)
    assert decision(ask(door, stage.holder)) == (True, "admitted", "co_host")
    checks = [ROOM_ASKED, {"action": "see_resale", "drop": int(DROP)}]
    body = {"checks": checks, "account": stage.holder.address}
    answers = door.post("/v1/access/check:batch", json=body).json()["answers"]
    assert [one["decision"]["via"] for one in answers] == ["co_host", "open_to_all"]
    other = program_of(stage, stage.holder)
    assert code_of(ask(other, stage.buyer)) == "mentor_required"
    removed(stage, stage.holder)
    assert decision(ask(door, stage.holder)) == (False, "no_seat", None)


def test_the_name_does_not_follow_the_number_to_another_drop(stage: Stage) -> None:
    admission = admitted(stage, named(stage, stage.holder))
    kept = stage.terms_hash
    stage.give_number_away()
    assert accounts(stage.client(stage.mentor).get(HOSTS)) == []
    stage.give_number_away(kept)
    assert accounts(stage.client(stage.mentor).get(HOSTS)) == [stage.holder.address]
    assert renewed(stage, admission).status_code == 200


def test_another_mentor_of_the_same_terms_has_named_nobody(stage: Stage) -> None:
    named(stage, stage.holder)
    stage.give_terms_away(stage.buyer)
    assert checked(stage, stage.holder) == (False, "no_seat", None)
    assert accounts(stage.client(stage.buyer).get(HOSTS)) == []
    assert code_of(stage.client(stage.mentor).get(HOSTS)) == "mentor_required"


@pytest.mark.parametrize("state", [DropState.CANCELLED, DropState.FAILED])
def test_a_drop_that_is_over_has_no_co_hosts_either(stage: Stage, state: DropState) -> None:
    named(stage, stage.holder)
    stage.mirror.drops = tuple(replace(one, state=state) for one in stage.mirror.drops)
    answers = {decision(ask(stage.client(one), None)) for one in (stage.mentor, stage.holder)}
    assert answers == {(False, "drop_ended", None)}


def blocked(engine: Engine) -> bool:
    """Whether a transaction of this database waits for another; SQLite's wait unseen."""
    if engine.dialect.name == "sqlite":
        return True
    waits = text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    with reading(engine) as connection:
        return bool(connection.scalar(waits))


def test_a_removal_comes_after_what_was_begun_to_be_kept(stage: Stage) -> None:
    store = stage.parts.store
    order: list[str] = []
    account = named(stage, stage.holder).address
    hosted = HostedDrop(stage.parts.mirror_id, DROP, stage.terms_hash, stage.mentor.address)

    def goes() -> None:
        removed(stage, stage.holder)
        order.append("removed")

    with ThreadPoolExecutor(1) as pool:
        with writing(store) as connection:
            assert hold_co_host(connection, hosted, account)
            going = pool.submit(goes)
            while not (going.done() or blocked(store)):
                continue
            order.append("kept")
        going.result(30)
    assert order == ["kept", "removed"]
    with writing(store) as connection:
        assert not hold_co_host(connection, hosted, account)


def test_who_helps_is_found_by_looks_into_an_index(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = StoredCoHosts(stage.parts.store, stage.parts.mirror_id)
    told = plan_of(monkeypatch, lambda: asked.named(stage.holder.address, {DROP}))

    assert told
    assert not [line for line in told if "SCAN" in line or "Seq Scan" in line]


def test_whoever_has_a_seat_or_is_the_mentor_is_not_looked_for(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[str] = []

    def told(_: StoredCoHosts, account: str, drops: object) -> tuple[()]:
        del drops
        looked.append(account)
        return ()

    monkeypatch.setattr(StoredCoHosts, "named", told)
    stage.give(stage.buyer, SEAT)
    for wallet in (stage.mentor, stage.buyer, stage.holder):
        checked(stage, wallet)
    ask(stage.client(stage.holder), None, action="see_resale", session=None)
    assert looked == [stage.holder.address]
