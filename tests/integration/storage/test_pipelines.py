"""Questions that a loop does not wait for: their answers, and what becomes of those without one."""

from __future__ import annotations

import asyncio
import threading
from select import select as select_ready
from typing import TYPE_CHECKING, Any, Final, TypeVar

import psycopg
import pytest
import uvloop
from sqlalchemy import Double, Integer, Text, bindparam, cast, func, literal, select, text, update

from api.store.tables import sessions
from indexer.store.tables import checkpoints
from marketplace.storage import pipelines
from marketplace.storage.aside import stepping_aside
from marketplace.storage.columns import BIG
from marketplace.storage.direct import DIRECT, Direct
from marketplace.storage.engines import open_engine
from marketplace.storage.single import rows_of
from marketplace.storage.transactions import writing
from marketplace.storage.waiting import WouldWaitError, promptly
from tests.integration.rows import BUYER, fill
from tests.integration.storage.holding import door_before
from tests.integration.storage.opening import opened

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Mapping
    from pathlib import Path

    from sqlalchemy import Engine, Select

    from tests.databases import Databases

T = TypeVar("T")

LONG_S: Final = 20
"""As long as nothing here takes while all is well."""

HEAD: Final = select(checkpoints.c.head_number)
OF_ACCOUNT: Final = select(sessions).where(
    sessions.c.account == bindparam("account", type_=sessions.c.account.type)
)
NUMBER: Final = select(bindparam("number", type_=BIG).label("number"))
SLEEPING: Final = select(
    cast(func.pg_sleep(bindparam("seconds", type_=Double())), Text()).label("slept")
)
QUOTIENT: Final = select((literal(12) // bindparam("by", type_=Integer())).label("quotient"))


@pytest.fixture
def server(postgres_databases: Databases) -> Iterator[Engine]:
    """A database of a server, with some rows. Files have no pipelines."""
    url = postgres_databases.create(migrated=True)
    engine = open_engine(url)
    with writing(engine) as connection:
        fill(connection, checkpoints, sessions)
    yield engine
    engine.dispose()
    postgres_databases.drop(url)


@pytest.fixture
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine on which nothing counts as late, however full it is."""
    monkeypatch.setattr(pipelines, "PATIENCE_S", LONG_S)


def connected(engine: Engine, *statements: Select[Any]) -> None:
    """Ask where waiting is no matter, so that there is a connection to be had."""
    for statement in statements or (HEAD,):
        rows_of(engine, statement, {})


async def asked(
    engine: Engine, statement: Select[Any], given: Mapping[str, object]
) -> list[tuple[Any, ...]]:
    """The answer, which is awaited on the loop."""

    def work() -> list[tuple[Any, ...]]:
        with promptly():
            return rows_of(engine, statement, given)

    return await stepping_aside(work)


def run(
    work: Callable[[], Awaitable[T]],
    loop: Callable[[], asyncio.AbstractEventLoop] = uvloop.new_event_loop,
) -> T:
    """Do it on a loop of its own, of the kind that the API is served on unless said otherwise."""

    async def whole() -> T:
        return await work()

    with asyncio.Runner(loop_factory=loop) as runner:
        return runner.run(whole())


def ended(engine: Engine) -> None:
    """Every connection to the database is ended by the server but the one that says so."""
    with writing(engine) as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )


def counted(engine: Engine) -> int:
    """Connections to the database, but the one that counts them."""
    with writing(engine) as connection:
        found: int = connection.execute(
            text(
                "SELECT count(*) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        ).scalar_one()
    return found


@pytest.mark.usefixtures("_patient")
def test_answers_are_the_same_as_where_they_are_waited_for(server: Engine) -> None:
    given = {"account": BUYER}
    known = rows_of(server, OF_ACCOUNT, given)

    async def both() -> list[list[tuple[Any, ...]]]:
        return [await asked(server, OF_ACCOUNT, given) for _ in range(3)]

    assert run(both) == [known] * 3


@pytest.mark.usefixtures("_patient")
def test_each_who_asks_at_once_has_their_own_answer(server: Engine) -> None:
    connected(server)

    async def many() -> list[tuple[Any, ...]]:
        # None is of no kind, for which the statement is prepared anew in the midst of others.
        numbers = [None if number % 50 == 7 else number for number in range(500)]
        found = await asyncio.gather(*(asked(server, NUMBER, {"number": one}) for one in numbers))
        assert found == [[(one,)] for one in numbers]
        return await asked(server, HEAD, {})

    assert run(many) == [(7,)]


@pytest.mark.usefixtures("_patient")
def test_what_is_longer_than_the_sockets_buffer_is_sent_on(server: Engine) -> None:
    connected(server)
    long = "x" * 3_000_000
    said = select(func.length(bindparam("long", type_=Text())).label("length"))

    async def some() -> list[list[tuple[Any, ...]]]:
        return await asyncio.gather(*(asked(server, said, {"long": long}) for _ in range(4)))

    assert run(some) == [[(3_000_000,)]] * 4


@pytest.mark.usefixtures("_patient")
def test_each_question_is_of_the_moment_in_which_it_is_asked(server: Engine) -> None:
    connected(server)

    async def twice() -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
        before = await asked(server, HEAD, {})
        with writing(server) as connection:
            connection.execute(update(checkpoints).values(head_number=8))
        return before, await asked(server, HEAD, {})

    assert run(twice) == ([(7,)], [(8,)])


@pytest.mark.usefixtures("_patient")
def test_what_goes_wrong_is_left_to_who_can_wait_and_harms_no_other(server: Engine) -> None:
    connected(server)
    assert rows_of(server, QUOTIENT, {"by": 4}) == [(3,)]

    async def three() -> list[Any]:
        assert await asked(server, QUOTIENT, {"by": 4}) == [(3,)]
        return [
            *await asyncio.gather(
                asked(server, HEAD, {}),
                asked(server, QUOTIENT, {"by": 0}),
                asked(server, QUOTIENT, {"by": 6}),
                return_exceptions=True,
            )
        ]

    before = counted(server)
    first, second, third = run(three)
    assert (first, third) == ([(7,)], [(2,)])
    assert isinstance(second, WouldWaitError)
    assert counted(server) == before
    with pytest.raises(psycopg.errors.DivisionByZero):
        rows_of(server, QUOTIENT, {"by": 0})


@pytest.mark.usefixtures("_patient")
def test_what_cannot_be_prepared_is_prepared_again_once_it_can(server: Engine) -> None:
    connected(server)
    missing = select(literal(1).label("one")).select_from(text("late_comer"))

    async def both() -> list[tuple[Any, ...]]:
        found = await asyncio.gather(
            *(asked(server, missing, {}) for _ in range(3)), return_exceptions=True
        )
        assert all(isinstance(one, WouldWaitError) for one in found)
        with writing(server) as connection:
            connection.execute(text("CREATE TABLE late_comer AS SELECT 1 AS one"))
        await asyncio.to_thread(connected, server)
        return await asked(server, missing, {})

    assert run(both) == [(1,)]


def test_nobody_stands_behind_an_answer_that_does_not_come(
    server: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    connected(server, HEAD)
    monkeypatch.setattr(pipelines, "REST_S", LONG_S)

    async def late() -> list[Any]:
        return [
            *await asyncio.gather(
                asked(server, SLEEPING, {"seconds": float(LONG_S)}),
                asked(server, HEAD, {}),
                return_exceptions=True,
            )
        ]

    found = run(lambda: asyncio.wait_for(late(), LONG_S / 2))
    assert [type(one) for one in found] == [WouldWaitError] * 2
    # For a while it is left alone, though there is a connection.
    connected(server)

    async def again() -> None:
        with pytest.raises(WouldWaitError):
            await asked(server, HEAD, {})

    run(again)
    monkeypatch.setattr(pipelines, "monotonic", lambda: float("inf"))

    async def afterwards() -> list[tuple[Any, ...]]:
        return await asked(server, HEAD, {})

    monkeypatch.setattr(pipelines, "PATIENCE_S", LONG_S)
    assert run(afterwards) == [(7,)]


@pytest.mark.usefixtures("_patient")
def test_a_loop_that_was_busy_is_no_server_that_is_late(
    server: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    connected(server)

    async def busy() -> list[tuple[Any, ...]]:
        await asked(server, HEAD, {})
        pipeline = pipeline_of(server)
        answer = asyncio.ensure_future(asked(server, HEAD, {}))
        await asyncio.sleep(0)
        # The loop's thread does something else, until the answer is there and its time has passed.
        select_ready([pipeline._socket], [], [], LONG_S)  # noqa: SLF001 - where answers come
        monkeypatch.setattr(pipelines, "PATIENCE_S", 0)
        # Which of the two a loop does first is its own affair.
        pipeline._look_after()  # noqa: SLF001 - its time has passed
        return await answer

    assert run(busy) == [(7,)]


@pytest.mark.parametrize("is_under_way", [False, True])
@pytest.mark.usefixtures("_patient")
def test_a_connection_that_is_lost_is_given_up_and_another_one_taken(
    server: Engine, *, is_under_way: bool
) -> None:
    connected(server)

    async def lost() -> list[tuple[Any, ...]]:
        assert await asked(server, HEAD, {}) == [(7,)]
        waiting = asyncio.ensure_future(asked(server, SLEEPING, {"seconds": float(LONG_S)}))
        if not is_under_way:
            waiting.cancel()
        await asyncio.sleep(0)
        await asyncio.to_thread(ended, server)
        with pytest.raises(WouldWaitError if is_under_way else asyncio.CancelledError):
            await asyncio.wait_for(waiting, LONG_S / 2)
        pipeline = pipeline_of(server)
        await over(pipeline)
        # Or the loop would go on looking at a file that may be another one by now.
        assert not asyncio.get_running_loop().remove_reader(pipeline._socket)  # noqa: SLF001 - the file that it was
        # Nothing is to be had without waiting, until somebody who could wait has been there.
        with pytest.raises(WouldWaitError):
            await asked(server, HEAD, {})
        await asyncio.to_thread(connected, server)
        return await asked(server, HEAD, {})

    # This kind says whether it looked.
    assert run(lost, asyncio.SelectorEventLoop) == [(7,)]


def pipeline_of(engine: Engine) -> pipelines.Pipeline:
    """That of the loop under way."""
    direct: Direct = engine.get_execution_options()[DIRECT]
    return direct.pipelines._of_loops[asyncio.get_running_loop()]  # noqa: SLF001 - that it is over is seen nowhere else


async def over(pipeline: pipelines.Pipeline) -> None:
    """Return when it was given up."""
    async with asyncio.timeout(LONG_S):
        while not pipeline.is_over:  # noqa: ASYNC110 - nothing else tells
            await asyncio.sleep(0)


@pytest.mark.usefixtures("_patient")
def test_who_goes_away_takes_nobodys_answer_along(server: Engine) -> None:
    connected(server)

    async def goes() -> list[list[tuple[Any, ...]]]:
        tasks = [
            asyncio.ensure_future(asked(server, NUMBER, {"number": number})) for number in range(9)
        ]
        await asyncio.sleep(0)
        for task in tasks[::3]:
            task.cancel()
        found = await asyncio.gather(*tasks, return_exceptions=True)
        assert all(isinstance(one, asyncio.CancelledError) for one in found[::3])
        return [one for one in found if isinstance(one, list)]

    assert run(goes) == [[(number,)] for number in range(9) if number % 3]


@pytest.mark.usefixtures("_patient")
def test_a_loop_that_has_ended_leaves_its_connection_to_the_next(server: Engine) -> None:
    connected(server)

    async def once() -> list[tuple[Any, ...]]:
        return await asked(server, HEAD, {})

    before = counted(server)
    for _ in range(5):
        assert run(once) == [(7,)]
    assert counted(server) == before


@pytest.mark.usefixtures("_patient")
def test_a_loop_that_ended_amid_a_question_leaves_nothing_to_the_next(server: Engine) -> None:
    connected(server)

    async def amid() -> None:
        await asked(server, HEAD, {})
        task = asyncio.ensure_future(asked(server, SLEEPING, {"seconds": 0.1}))
        await asyncio.sleep(0)
        task.cancel()

    async def next_one() -> list[tuple[Any, ...]]:
        with pytest.raises(WouldWaitError):
            await asked(server, HEAD, {})
        await asyncio.to_thread(connected, server)
        return await asked(server, HEAD, {})

    run(amid)
    assert run(next_one) == [(7,)]


@pytest.mark.usefixtures("_patient")
def test_an_engine_that_is_put_away_takes_its_pipelines_along(
    server: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    connected(server)
    give_up, threads = pipelines.Pipeline.give_up, list[int]()

    def noted(pipeline: pipelines.Pipeline) -> None:
        threads.append(threading.get_ident())
        give_up(pipeline)

    monkeypatch.setattr(pipelines.Pipeline, "give_up", noted)

    async def puts_away() -> None:
        await asked(server, HEAD, {})
        pipeline = pipeline_of(server)
        # On its own thread, and on another one.
        server.dispose()
        assert pipeline.is_over
        await asyncio.to_thread(connected, server)
        await asked(server, HEAD, {})
        pipeline = pipeline_of(server)
        await asyncio.to_thread(server.dispose)
        await over(pipeline)

    run(puts_away)
    # A loop is no other thread's.
    assert set(threads) == {threading.get_ident()}


@pytest.mark.usefixtures("_patient")
def test_it_takes_no_place_from_those_who_wait(server: Engine) -> None:
    with opened(server.url) as engine:
        connected(engine)

        async def one() -> list[tuple[Any, ...]]:
            await asked(engine, HEAD, {})
            # The engine has one connection of each kind.
            await asyncio.to_thread(connected, engine)
            return await asked(engine, HEAD, {})

        assert run(one) == [(7,)]


@pytest.mark.usefixtures("_patient")
def test_a_server_that_keeps_its_last_word_back_holds_up_no_loop(
    server: Engine, tmp_path: Path
) -> None:
    with door_before(server.url, tmp_path) as door, opened(door.url) as engine:
        connected(engine)

        async def held() -> list[tuple[Any, ...]]:
            await asked(engine, HEAD, {})
            with door.holding():
                waiting = asyncio.ensure_future(asked(engine, NUMBER, {"number": 1}))
                for _ in range(100):
                    await asyncio.sleep(0)
                assert not waiting.done()
            return await waiting

        assert run(held) == [(1,)]
