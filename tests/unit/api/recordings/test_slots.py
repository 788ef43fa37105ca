from __future__ import annotations

import asyncio
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING

import pytest

from api.recordings.errors import UploadCut, UploadsBusy, UploadTooSlow
from api.recordings.slots import MINUTE_S, REMEMBERED_S, SLOW_BYTES, Slots
from marketplace.domain.addresses import ChecksumAddress
from marketplace.domain.ids import DropId

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from api.recordings.slots import Slot

ACCOUNTS = [ChecksumAddress(f"0x{number:040x}") for number in range(1, 10)]
DROP = DropId(1)


@dataclass
class Clock:
    now: float = 1_000

    def __call__(self) -> float:
        return self.now


@dataclass
class Upload:
    """An upload that is under way; what is put in its queue comes next, and None is its end."""

    slot: Slot
    coming: asyncio.Queue[bytes | None] = field(default_factory=asyncio.Queue)
    kept: bytes = b""
    task: asyncio.Task[None] | None = None

    async def _body(self) -> AsyncIterator[bytes]:
        while (piece := await self.coming.get()) is not None:
            yield piece

    async def _keep(self) -> None:
        async for piece in self.slot.arriving(self._body()):
            self.kept += piece

    async def begin(self) -> Upload:
        self.task = asyncio.create_task(self._keep())
        await settled()
        return self

    async def send(self, piece: bytes | None) -> None:
        self.coming.put_nowait(piece)
        await settled()

    @property
    def end(self) -> BaseException | None:
        assert self.task is not None
        return self.task.exception() if self.task.done() else None


async def settled() -> None:
    """Let everything happen that can without more bytes."""
    for _ in range(20):
        await asyncio.sleep(0)


async def full(slots: Slots, taken: ExitStack, most: int) -> list[Upload]:
    """Uploads of as many accounts as there are slots, each to a drop of its own."""
    slot = [
        taken.enter_context(slots.one(account, DropId(number)))
        for number, account in enumerate(ACCOUNTS[:most], 1)
    ]
    return [await Upload(one).begin() for one in slot]


async def ended(*uploads: Upload) -> None:
    for one in uploads:
        assert one.task is not None
        one.task.cancel()
    await asyncio.gather(*(one.task for one in uploads if one.task), return_exceptions=True)


@pytest.mark.parametrize(("most", "of_one"), [(8, 2), (4, 1), (1, 1)])
def test_one_account_has_a_quarter_of_the_slots_at_most(most: int, of_one: int) -> None:
    slots, drops = Slots(most), count(1)
    with ExitStack() as others, ExitStack() as last:
        for number, account in enumerate(ACCOUNTS[: most // of_one]):
            for _ in range(of_one):
                (others if number else last).enter_context(slots.one(account, DropId(next(drops))))
            with pytest.raises(UploadsBusy), slots.one(account, DropId(next(drops))):
                pass
        with pytest.raises(UploadsBusy), slots.one(ACCOUNTS[-1], DropId(next(drops))):
            pass
        last.close()
        with slots.one(ACCOUNTS[-1], DropId(next(drops))):
            pass


def test_one_drops_co_hosts_have_a_quarter_of_the_slots_between_them() -> None:
    slots, mine, another = Slots(8), DropId(1), DropId(2)
    with ExitStack() as taken:
        for account in ACCOUNTS[:2]:
            taken.enter_context(slots.one(account, mine, by_co_host=True))
        with (
            pytest.raises(UploadsBusy, match="2 uploads by one account or by one drop's co-hosts"),
            slots.one(ACCOUNTS[2], mine, by_co_host=True),
        ):
            pass
        with slots.one(ACCOUNTS[2], another, by_co_host=True):
            pass
    with slots.one(ACCOUNTS[2], mine, by_co_host=True):
        pass


def test_no_co_host_keeps_the_mentor_from_uploading_to_the_mentors_own_drop() -> None:
    slots, mine, co_host, mentor = Slots(8), DropId(1), *ACCOUNTS[:2]
    with ExitStack() as taken:
        for _ in range(2):
            taken.enter_context(slots.one(co_host, mine, by_co_host=True))
        for _ in range(2):
            taken.enter_context(slots.one(mentor, mine))
        with pytest.raises(UploadsBusy), slots.one(mentor, mine):
            pass
    # Nor does the mentor keep a co-host from it.
    with ExitStack() as taken:
        for _ in range(2):
            taken.enter_context(slots.one(mentor, mine))
        with slots.one(co_host, mine, by_co_host=True):
            pass


def test_whoever_comes_gets_the_slowest_place_of_those_that_hardly_move() -> None:
    async def played() -> None:
        clock = Clock()
        slots = Slots(4, clock)
        with ExitStack() as taken:
            slow, slowest, *moving = uploads = await full(slots, taken, 4)
            clock.now += MINUTE_S - 1
            with pytest.raises(UploadsBusy), slots.one(ACCOUNTS[4], DROP):
                pass
            await slow.send(bytes(SLOW_BYTES - 1))
            await slowest.send(b"x")
            for one in moving:
                await one.send(bytes(SLOW_BYTES))
            clock.now += 1
            newest = [taken.enter_context(slots.one(ACCOUNTS[4], DROP))]
            await settled()
            assert isinstance(slowest.end, UploadTooSlow)
            assert [one.end for one in (slow, *moving)] == [None] * 3
            newest.append(taken.enter_context(slots.one(ACCOUNTS[5], DROP)))
            await settled()
            assert isinstance(slow.end, UploadTooSlow)
            with pytest.raises(UploadsBusy), slots.one(ACCOUNTS[6], DROP):
                pass
            assert [one.end for one in moving] == [None] * 2
            await ended(*uploads)

    asyncio.run(played())


def test_a_slow_upload_goes_on_as_long_as_nobody_needs_its_place() -> None:
    async def played() -> None:
        clock = Clock()
        slots = Slots(2, clock)
        with ExitStack() as taken:
            slow = await Upload(taken.enter_context(slots.one(ACCOUNTS[0], DROP))).begin()
            clock.now += 10 * MINUTE_S
            with slots.one(ACCOUNTS[1], DROP):
                await slow.send(b"all of it")
                await slow.send(None)
            assert (slow.kept, slow.end) == (b"all of it", None)

    asyncio.run(played())


def test_nobody_who_has_a_share_of_their_own_taken_gets_another_place() -> None:
    async def played() -> None:
        clock = Clock()
        slots = Slots(4, clock)
        with ExitStack() as taken:
            uploads = await full(slots, taken, 4)
            clock.now += MINUTE_S
            with pytest.raises(UploadsBusy, match="by one account"), slots.one(ACCOUNTS[0], DROP):
                pass
            await settled()
            assert [one.end for one in uploads] == [None] * 4
            await ended(*uploads)

    asyncio.run(played())


def test_what_was_fast_and_stands_still_is_slow_a_minute_later() -> None:
    async def played() -> None:
        clock = Clock()
        slots = Slots(1, clock)
        with ExitStack() as taken:
            (one,) = await full(slots, taken, 1)
            clock.now += MINUTE_S
            await one.send(bytes(10 * SLOW_BYTES))
            for seconds in (MINUTE_S - 1, 1):
                with pytest.raises(UploadsBusy), slots.one(ACCOUNTS[1], DROP):
                    pass
                clock.now += seconds
            with slots.one(ACCOUNTS[1], DROP):
                await settled()
                assert isinstance(one.end, UploadTooSlow)

    asyncio.run(played())


def test_what_comes_after_a_slow_minute_counts_at_once() -> None:
    async def played() -> None:
        clock = Clock()
        slots = Slots(1, clock)
        with ExitStack() as taken:
            (one,) = await full(slots, taken, 1)
            clock.now += MINUTE_S
            await one.send(bytes(SLOW_BYTES // 2))
            clock.now += 1
            await one.send(bytes(SLOW_BYTES))
            with pytest.raises(UploadsBusy), slots.one(ACCOUNTS[1], DROP):
                pass
            await settled()
            assert one.end is None
            await ended(one)

    asyncio.run(played())


def test_uploads_that_bring_nothing_and_are_begun_again_keep_nobody_out() -> None:
    async def played() -> None:
        clock = Clock()
        slots = Slots(4, clock)
        with ExitStack() as taken:
            uploads = await full(slots, taken, 4)
            clock.now += MINUTE_S - 1
            await ended(*uploads)
        with ExitStack() as taken:
            first, *others = await full(slots, taken, 4)
            # Who shows at once that bytes come keeps the place.
            await first.send(bytes(SLOW_BYTES))
            with slots.one(ACCOUNTS[4], DROP):
                await settled()
                assert first.end is None
                assert [type(one.end) for one in others].count(UploadTooSlow) == 1
            await ended(first, *others)
        clock.now += REMEMBERED_S
        with ExitStack() as taken:
            uploads = await full(slots, taken, 4)
            with pytest.raises(UploadsBusy), slots.one(ACCOUNTS[4], DROP):
                pass
            await ended(*uploads)

    asyncio.run(played())


@pytest.mark.parametrize("body", [[b"x"], []])
def test_uploads_that_are_kept_back_for_a_minute_and_come_whole_keep_nobody_out(
    body: list[bytes],
) -> None:
    async def played() -> None:
        clock = Clock()
        slots = Slots(4, clock)
        with ExitStack() as taken:
            uploads = await full(slots, taken, 4)
            clock.now += MINUTE_S - 1
            for one in uploads:
                for piece in (*body, None):
                    await one.send(piece)
            assert [(one.kept, one.end) for one in uploads] == [(b"".join(body), None)] * 4
        with ExitStack() as taken:
            uploads = await full(slots, taken, 4)
            with slots.one(ACCOUNTS[4], DROP):
                await settled()
                assert [type(one.end) for one in uploads].count(UploadTooSlow) == 1
            await ended(*uploads)

    asyncio.run(played())


@pytest.mark.parametrize(("too_few", "gets_a_place"), [(0, False), (1, True)])
def test_an_upload_is_judged_by_all_the_time_that_it_was_waited_for(
    too_few: int, *, gets_a_place: bool
) -> None:
    async def played() -> None:
        clock = Clock()
        slots = Slots(1, clock)
        with ExitStack() as taken:
            (one,) = await full(slots, taken, 1)
            await one.send(bytes(2 * SLOW_BYTES))
            clock.now += 2 * MINUTE_S
            await one.send(bytes(SLOW_BYTES - too_few))
            clock.now += MINUTE_S
            await one.send(None)
        with ExitStack() as taken:
            (again,) = await full(slots, taken, 1)
            got = True
            try:
                taken.enter_context(slots.one(ACCOUNTS[1], DROP))
            except UploadsBusy:
                got = False
            assert got is gets_a_place
            await ended(again)

    asyncio.run(played())


def test_co_hosts_who_bring_nothing_in_turn_keep_nobody_out() -> None:
    async def played() -> None:
        clock = Clock()
        slots = Slots(1, clock)
        with slots.one(ACCOUNTS[0], DROP, by_co_host=True) as slot:
            await ended(await Upload(slot).begin())
        with slots.one(ACCOUNTS[1], DROP, by_co_host=True) as slot:
            another = await Upload(slot).begin()
            with slots.one(ACCOUNTS[2], DropId(2)):
                await settled()
                assert isinstance(another.end, UploadTooSlow)

    asyncio.run(played())


@pytest.mark.parametrize(("drop", "by_co_host"), [(DROP, False), (DropId(2), True)])
def test_what_a_co_host_does_is_held_against_no_mentor_and_no_other_drop(
    drop: DropId, *, by_co_host: bool
) -> None:
    async def played() -> None:
        slots = Slots(1, Clock())
        with slots.one(ACCOUNTS[0], DROP, by_co_host=True) as slot:
            await ended(await Upload(slot).begin())
        with slots.one(ACCOUNTS[1], drop, by_co_host=by_co_host) as slot:
            begun = await Upload(slot).begin()
            with pytest.raises(UploadsBusy), slots.one(ACCOUNTS[2], DropId(3)):
                pass
            await ended(begun)

    asyncio.run(played())


def test_a_small_upload_that_came_whole_is_held_against_nobody() -> None:
    async def played() -> None:
        slots = Slots(1, Clock())
        with slots.one(ACCOUNTS[0], DROP) as slot:
            assert [piece async for piece in slot.arriving(two_pieces())] == [b"first", b"second"]
        with (
            slots.one(ACCOUNTS[0], DROP),
            pytest.raises(UploadsBusy),
            slots.one(ACCOUNTS[1], DROP),
        ):
            pass

    asyncio.run(played())


def test_time_in_which_nothing_is_waited_for_makes_no_upload_slow() -> None:
    async def played() -> None:
        clock = Clock()
        slots = Slots(1, clock)
        with slots.one(ACCOUNTS[0], DROP) as slot:
            arriving = slot.arriving(two_pieces())
            for wanted in (b"first", b"second"):
                assert await anext(arriving) == wanted
                # It is written, slowly.
                clock.now += 10 * MINUTE_S
                with pytest.raises(UploadsBusy), slots.one(ACCOUNTS[1], DROP):
                    pass
            assert await anext(arriving, None) is None
            # It is copied, slowly.
            clock.now += 10 * MINUTE_S
            with pytest.raises(UploadsBusy), slots.one(ACCOUNTS[1], DROP):
                pass

    asyncio.run(played())


def test_an_upload_whose_place_was_given_away_while_it_was_written_takes_no_more() -> None:
    async def played() -> None:
        clock = Clock()
        slots = Slots(1, clock)
        newer = ExitStack()
        with slots.one(ACCOUNTS[0], DROP) as slot:
            arriving = slot.arriving(slow_pieces(clock))
            assert await anext(arriving) == b"x"
            newer.enter_context(slots.one(ACCOUNTS[1], DROP))
            with pytest.raises(UploadTooSlow):
                await anext(arriving)
        # It has given its place back once, and the newer one has it still.
        with pytest.raises(UploadsBusy), slots.one(ACCOUNTS[2], DROP):
            pass
        newer.close()
        with slots.one(ACCOUNTS[2], DROP):
            pass

    asyncio.run(played())


def test_what_goes_wrong_while_bytes_come_is_told_as_it_is() -> None:
    async def played() -> None:
        with Slots(1).one(ACCOUNTS[0], DROP) as slot:
            arriving = slot.arriving(cut())
            assert await anext(arriving) == b"x"
            with pytest.raises(UploadCut):
                await anext(arriving)

    asyncio.run(played())


async def two_pieces() -> AsyncIterator[bytes]:
    yield b"first"
    yield b"second"


async def slow_pieces(clock: Clock) -> AsyncIterator[bytes]:
    while True:
        clock.now += MINUTE_S
        yield b"x"


async def cut() -> AsyncIterator[bytes]:
    yield b"x"
    raise UploadCut
