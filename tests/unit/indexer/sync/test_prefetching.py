from __future__ import annotations

import threading

import pytest

from indexer.rpc.errors import NodeSilent
from indexer.rpc.values import BlockHeader, Mark
from indexer.sync.decision import Backfill
from indexer.sync.gathering import Batch
from indexer.sync.prefetching import Prefetcher

HEAD, FINAL = Mark(10, "a"), Mark(90, "f")


def batch(last: int) -> Batch:
    header = BlockHeader(number=last, hash="h", parent_hash="p", timestamp_s=1, logs_bloom=0)
    return Batch((header,), ())


def gathered(wanted: Backfill, _finalized: Mark) -> Batch:
    return batch(wanted.last)


def test_what_was_gathered_is_taken_once() -> None:
    ahead = Prefetcher(gathered)
    ahead.begin(HEAD, Backfill(11, 20), FINAL)

    assert ahead.take(HEAD, Backfill(11, 20)) == batch(20)
    assert ahead.take(HEAD, Backfill(11, 20)) is None
    ahead.close()


@pytest.mark.parametrize(
    ("head", "wanted", "is_taken"),
    [
        (HEAD, Backfill(11, 30), True),
        (HEAD, Backfill(11, 19), False),
        (HEAD, Backfill(12, 20), False),
        (Mark(10, "b"), Backfill(11, 20), False),
    ],
)
def test_only_the_beginning_of_what_is_wanted_behind_the_same_head_is_taken(
    head: Mark, wanted: Backfill, *, is_taken: bool
) -> None:
    ahead = Prefetcher(gathered)
    ahead.begin(HEAD, Backfill(11, 20), FINAL)

    assert (ahead.take(head, wanted) is not None) is is_taken
    ahead.close()


def test_a_failure_is_raised_where_the_range_is_taken_and_nowhere_else() -> None:
    def failing(_wanted: Backfill, _finalized: Mark) -> Batch:
        raise NodeSilent("no answer in time")

    ahead = Prefetcher(failing)
    ahead.begin(HEAD, Backfill(11, 20), FINAL)
    ahead.settle()
    with pytest.raises(NodeSilent):
        ahead.take(HEAD, Backfill(11, 20))

    ahead.begin(HEAD, Backfill(11, 20), FINAL)
    ahead.forget()
    assert ahead.take(HEAD, Backfill(11, 20)) is None
    ahead.close()


def test_whoever_settles_waits_until_the_node_is_not_being_asked() -> None:
    asking, answered = threading.Event(), threading.Event()

    def slow(wanted: Backfill, _finalized: Mark) -> Batch:
        asking.set()
        assert answered.wait(10)
        return batch(wanted.last)

    ahead = Prefetcher(slow)
    ahead.begin(HEAD, Backfill(11, 20), FINAL)
    assert asking.wait(10)
    waiter = threading.Thread(target=ahead.settle)
    waiter.start()
    assert waiter.is_alive()
    answered.set()
    waiter.join(10)

    assert not waiter.is_alive()
    ahead.close()
    assert not [one for one in threading.enumerate() if one.name.startswith("prefetch")]
