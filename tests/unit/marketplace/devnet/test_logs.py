from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from eth_typing import Address, Hash32
from hypothesis import given
from hypothesis import strategies as st

from marketplace.devnet.blocks import Log
from marketplace.devnet.logs import LogIndex, LogQuery

if TYPE_CHECKING:
    from marketplace.devnet.blocks import Block

ADDRESSES = [Address(bytes([number]) * 20) for number in (1, 2, 3)]
TOPICS = [bytes([number]) * 32 for number in (1, 2, 3)]


@dataclass(frozen=True, slots=True)
class LogsOnly:
    """As much of a block as the index reads."""

    logs: tuple[Log, ...]


def log_at(number: int, address: Address, topics: tuple[bytes, ...]) -> Log:
    return Log(address, topics, b"", number, Hash32(bytes(32)), 0, Hash32(bytes(32)), 0, 0)


def topic_lists() -> st.SearchStrategy[tuple[bytes, ...]]:
    return st.lists(st.sampled_from(TOPICS), max_size=4).map(tuple)


histories = st.lists(
    st.lists(st.tuples(st.sampled_from(ADDRESSES), topic_lists()), max_size=3), max_size=12
)
queries = st.builds(
    LogQuery,
    addresses=st.lists(st.sampled_from(ADDRESSES), max_size=3).map(tuple),
    topics=st.lists(st.lists(st.sampled_from(TOPICS), max_size=2).map(tuple), max_size=4).map(
        tuple
    ),
)


def fill(
    index: LogIndex, history: list[list[tuple[Address, tuple[bytes, ...]]]], first: int
) -> list[Log]:
    every: list[Log] = []
    for number, events in enumerate(history, start=first):
        logs = tuple(log_at(number, address, topics) for address, topics in events)
        index.append(cast("Block", LogsOnly(logs)))
        every += logs
    return every


@given(histories, queries, st.integers(0, 13), st.integers(0, 13))
def test_the_index_finds_what_a_look_at_every_event_finds(
    history: list[list[tuple[Address, tuple[bytes, ...]]]],
    query: LogQuery,
    first: int,
    last: int,
) -> None:
    index = LogIndex()
    every = fill(index, history, first=0)
    expected = [log for log in every if first <= log.block_number <= last and query.matches(log)]
    assert list(index.find(query, first, last)) == expected


@given(histories, histories, st.integers(0, 12), queries)
def test_a_rolled_back_index_equals_one_that_never_saw_the_blocks(
    kept: list[list[tuple[Address, tuple[bytes, ...]]]],
    other: list[list[tuple[Address, tuple[bytes, ...]]]],
    above: int,
    query: LogQuery,
) -> None:
    above = min(above, len(kept))
    rolled, fresh = LogIndex(), LogIndex()
    fill(rolled, kept, first=0)
    rolled.roll_back(above=above - 1)
    fill(fresh, kept[:above], first=0)
    fill(rolled, other, first=above)
    fill(fresh, other, first=above)
    assert rolled.find(query, 0, 99) == fresh.find(query, 0, 99)


def test_an_open_position_still_demands_a_topic() -> None:
    query = LogQuery(topics=((), ()))
    assert query.matches(log_at(0, ADDRESSES[0], (TOPICS[0], TOPICS[1])))
    assert not query.matches(log_at(0, ADDRESSES[0], (TOPICS[0],)))
