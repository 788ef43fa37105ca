from __future__ import annotations

import io
import json
from typing import Any

import pytest

from indexer.journal import Journal
from indexer.rpc.errors import NodeSilent
from indexer.rpc.values import BlockHeader, Mark
from indexer.sync.shell import Outcome
from indexer.sync.steps import Step


@pytest.fixture
def stream() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def journal(stream: io.StringIO) -> Journal:
    return Journal(stream, lambda: 1_800_000_010.5)


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_batch_is_one_line_with_its_lag(stream: io.StringIO, journal: Journal) -> None:
    head = BlockHeader(
        number=7, hash="0x7", parent_hash="0x6", timestamp_s=1_800_000_000, logs_bloom=0
    )

    journal.added(head, 2, 5)

    (told,) = lines(stream)
    assert told["at"] == "2027-01-15T08:00:10Z"
    assert (told["event"], told["blocks"], told["events"], told["lag_s"]) == ("added", 2, 5, 10)


def test_a_rollback_tells_its_depth(stream: io.StringIO, journal: Journal) -> None:
    journal.rolled_back(Mark(9, "0x9"), Mark(6, "0x6"), 4)

    (told,) = lines(stream)
    assert (told["event"], told["depth"], told["generation"]) == ("rolled_back", 3, 4)


def test_rest_is_told_when_it_begins(stream: io.StringIO, journal: Journal) -> None:
    for outcome in (Outcome.CAUGHT_UP, Outcome.CAUGHT_UP, Outcome.NODE_BEHIND):
        journal.waiting(outcome)
    journal.failed(NodeSilent("gone"), 1, 0.1)
    journal.waiting(Outcome.NODE_BEHIND)

    told = [line["event"] for line in lines(stream)]
    assert told == ["caught_up", "node_behind", "retrying", "node_behind"]


def test_a_failure_is_told_by_code_and_sentence(stream: io.StringIO, journal: Journal) -> None:
    journal.failed(NodeSilent("no answer in time"), 3, 0.4)

    (told,) = lines(stream)
    assert (told["code"], told["failures"], told["wait_s"]) == ("node_silent", 3, 0.4)
    assert "no answer in time" in told["said"]


def test_steps_are_not_told(stream: io.StringIO, journal: Journal) -> None:
    journal.reached(Step.MOVED)

    assert stream.getvalue() == ""
