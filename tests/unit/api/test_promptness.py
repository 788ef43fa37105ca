"""A lane does one piece of work after the other, and nobody waits for long behind another."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

import pytest

from api.promptness import TOLD_TOGETHER, Lane

if TYPE_CHECKING:
    from collections.abc import Callable

LONG_S: Final = 20
"""As long as nothing here takes while all is well."""

WHO: Final[ContextVar[str]] = ContextVar("who", default="nobody")


class Held:
    """A piece of work that is under way until it is let go."""

    def __init__(self) -> None:
        self.begun, self.over = threading.Event(), threading.Event()

    def __call__(self) -> str:
        self.begun.set()
        assert self.over.wait(LONG_S)
        return "held"

    async def is_under_way(self) -> None:
        assert await asyncio.to_thread(self.begun.wait, LONG_S)


def test_pieces_are_done_one_after_the_other_in_their_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("api.promptness.PATIENCE_S", LONG_S)
    lane, seen = Lane(), list[tuple[int, int]]()

    def noting(number: int) -> Callable[[], int]:
        def work() -> int:
            seen.append((number, threading.get_ident()))
            return number * 2

        return work

    async def all_of_them() -> list[int]:
        return await asyncio.gather(*(lane.do(noting(number)) for number in range(50)))

    assert asyncio.run(all_of_them()) == [number * 2 for number in range(50)]
    assert [number for number, _ in seen] == list(range(50))
    assert len({thread for _, thread in seen}) == 1
    assert seen[0][1] != threading.get_ident()


def test_what_a_piece_raises_is_raised_where_it_is_awaited_and_stops_no_other() -> None:
    lane = Lane()

    def fails() -> None:
        raise LookupError

    def ends() -> None:
        raise StopIteration

    async def all_of_them() -> list[object]:
        pieces = (lane.do(fails), lane.do(ends), lane.do(lambda: 7))
        return list(await asyncio.gather(*pieces, return_exceptions=True))

    first, second, third = asyncio.run(all_of_them())
    assert isinstance(first, LookupError)
    assert isinstance(second, RuntimeError)
    assert third == 7


def test_who_stands_behind_a_long_piece_goes_past_it() -> None:
    lane, held = Lane(), Held()

    async def both() -> None:
        long = asyncio.ensure_future(lane.do(held))
        behind = [asyncio.ensure_future(lane.do(lambda: "short")) for _ in range(5)]
        await held.is_under_way()
        assert await asyncio.wait_for(asyncio.gather(*behind), LONG_S) == ["short"] * 5
        # From now on it is known.
        assert await asyncio.wait_for(lane.do(lambda: "later"), LONG_S) == "later"
        assert not long.done()
        held.over.set()
        assert await long == "held"
        assert await lane.do(threading.get_ident) != threading.get_ident()

    asyncio.run(both())


def test_a_burst_after_a_long_rest_is_done_in_the_lane(monkeypatch: pytest.MonkeyPatch) -> None:
    lane, elsewhere, now = Lane(), list[str](), [1_000.0]

    async def noted(work: Callable[[], object]) -> object:
        elsewhere.append("thread")
        return work()

    async def burst() -> None:
        await asyncio.gather(*(lane.do(threading.get_ident) for _ in range(5)))

    monkeypatch.setattr("api.promptness.monotonic", lambda: now[0])
    monkeypatch.setattr("api.promptness.run_in_threadpool", noted)
    asyncio.run(burst())
    now[0] += 3_600
    asyncio.run(burst())

    assert elsewhere == []


def test_what_was_done_before_a_long_piece_is_told_while_that_is_under_way() -> None:
    lane, first, long = Lane(), Held(), Held()
    done = threading.Event()

    async def three() -> None:
        before = asyncio.ensure_future(lane.do(first))
        await first.is_under_way()
        between = asyncio.ensure_future(lane.do(done.set))
        last = asyncio.ensure_future(lane.do(long))
        await asyncio.sleep(0)
        first.over.set()
        assert await asyncio.wait_for(before, LONG_S) == "held"
        await asyncio.wait_for(between, LONG_S)
        assert done.is_set()
        assert not last.done()
        long.over.set()
        assert await last == "held"

    asyncio.run(three())


def test_what_is_done_is_told_though_whoever_gave_the_next_piece_has_gone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lane, first, long = Lane(), Held(), Held()
    real = lane._overtake  # noqa: SLF001 - that its moment has passed is seen nowhere else

    async def three() -> None:
        passed = asyncio.Event()

        def overtake(piece: Any) -> None:  # noqa: ANN401 - as what it stands before
            real(piece)
            passed.set()

        monkeypatch.setattr(lane, "_overtake", overtake)
        # Nobody is sent to another thread at once.
        monkeypatch.setattr("api.promptness.monotonic", lambda: 1_000.0)
        before = asyncio.ensure_future(lane.do(first))
        await first.is_under_way()
        gone = asyncio.ensure_future(lane.do(long))
        await asyncio.sleep(0)
        gone.cancel()
        await asyncio.wait_for(passed.wait(), LONG_S)
        first.over.set()
        await long.is_under_way()
        # Long before the other one is over.
        assert await asyncio.wait_for(before, LONG_S / 4) == "held"
        long.over.set()

    asyncio.run(three())


def test_many_pieces_are_told_before_the_last_is_done() -> None:
    lane, first, last = Lane(), Held(), Held()

    async def many() -> None:
        before = asyncio.ensure_future(lane.do(first))
        await first.is_under_way()
        pieces = [asyncio.ensure_future(lane.do(monotonic)) for _ in range(3 * TOLD_TOGETHER)]
        end = asyncio.ensure_future(lane.do(last))
        await asyncio.sleep(0)
        first.over.set()
        await asyncio.wait_for(asyncio.gather(before, *pieces), LONG_S)
        assert not end.done()
        last.over.set()
        assert await end == "held"

    asyncio.run(many())


def test_a_piece_sees_what_it_was_given_with() -> None:
    lane = Lane()

    async def both() -> tuple[str, str]:
        WHO.set("ada")
        ada = asyncio.ensure_future(lane.do(WHO.get))
        WHO.set("bob")
        return await ada, await lane.do(WHO.get)

    assert asyncio.run(both()) == ("ada", "bob")


def test_who_goes_away_leaves_the_lane_as_it_was() -> None:
    lane, held = Lane(), Held()

    async def goes() -> None:
        piece = asyncio.ensure_future(lane.do(held))
        await held.is_under_way()
        piece.cancel()
        with pytest.raises(asyncio.CancelledError):
            await piece

    # Its loop is closed before the piece is done.
    asyncio.run(goes())
    held.over.set()

    assert asyncio.run(lane.do(lambda: "next")) == "next"


def test_loops_of_several_threads_have_one_lane() -> None:
    lane = Lane()

    async def many(number: int) -> list[int]:
        async def one(place: int) -> int:
            return await lane.do(lambda: number * 1_000 + place)

        return await asyncio.gather(*(one(place) for place in range(200)))

    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda number: asyncio.run(many(number)), range(4)))

    assert found == [[number * 1_000 + place for place in range(200)] for number in range(4)]
