from __future__ import annotations

import errno
import io
import json
from typing import Any

import pytest

from indexer.audit.auditor import Stretch
from indexer.identity import Kind
from indexer.journal import Journal
from indexer.metrics import Metrics
from indexer.rpc.errors import NodeSilent
from indexer.rpc.values import BlockHeader, Mark
from indexer.store.audits import Audited
from indexer.sync.shell import Outcome
from indexer.sync.steps import Step


@pytest.fixture
def stream() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def journal(stream: io.StringIO) -> Journal:
    return Journal(stream, lambda: 1_800_000_010.5, steady=iter(range(100, 10_000, 10)).__next__)


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_batch_is_one_line_with_its_lag(stream: io.StringIO, journal: Journal) -> None:
    head = BlockHeader(
        number=7, hash="0x7", parent_hash="0x6", timestamp_s=1_800_000_000, logs_bloom=0
    )

    journal.added([head], 2, 5)

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


def header(number: int, timestamp_s: int) -> BlockHeader:
    return BlockHeader(
        number=number, hash="0x7", parent_hash="0x6", timestamp_s=timestamp_s, logs_bloom=0
    )


def test_a_head_of_the_future_is_told_when_it_begins(stream: io.StringIO) -> None:
    journal = Journal(stream, lambda: 1_800_000_000, max_ahead_s=60)
    for ahead in (60, 61, 90, 0, 61):
        journal.seen(header(7, 1_800_000_000 + ahead))

    told = [(line["event"], line["ahead_s"]) for line in lines(stream)]
    assert told == [("clock_wrong", 61), ("clock_wrong", 61)]


def test_a_head_of_any_future_is_let_pass_where_time_is_moved(
    stream: io.StringIO, journal: Journal
) -> None:
    journal.seen(header(7, 2_000_000_000))

    assert stream.getvalue() == ""


def stretch(claims: int | None, blocks: range = range(4, 10)) -> Stretch:
    last = Mark(blocks[-1], f"0x{blocks[-1]}")
    audited = Audited(last=last, config_hash="0xc", events=7, digest="0xd", owed={"0x0": 5})
    return Stretch(blocks, audited, 3, claims, final=49)


def test_what_was_audited_is_told_with_its_digest(stream: io.StringIO, journal: Journal) -> None:
    journal.audited(stretch(12))

    (told,) = lines(stream)
    assert {name: told[name] for name in told if name != "at"} == {
        "event": "audited",
        "first": 4,
        "last": 9,
        "of": 49,
        "hash": "0x9",
        "events": 3,
        "answers": 12,
        "digest": "0xd",
    }


def test_a_state_that_the_node_lacks_is_told_when_that_begins(
    stream: io.StringIO, journal: Journal
) -> None:
    for claims in (None, None, 4, None):
        journal.audited(stretch(claims))

    told = [line["event"] for line in lines(stream) if line["event"] != "audited"]
    assert told == ["audit_without_state", "audit_without_state"]


def test_a_failed_audit_is_told_by_code_and_sentence(stream: io.StringIO, journal: Journal) -> None:
    journal.audit_failed(NodeSilent("no answer in time"), 3, 0.4)

    (told,) = lines(stream)
    assert (told["event"], told["code"]) == ("audit_retrying", "node_silent")
    assert (told["failures"], told["wait_s"]) == (3, 0.4)


def test_steps_are_not_told(stream: io.StringIO, journal: Journal) -> None:
    journal.reached(Step.MOVED)

    assert stream.getvalue() == ""


def test_history_of_an_added_contract_is_told_as_it_comes(
    stream: io.StringIO, journal: Journal
) -> None:
    journal.filled(Kind.DELEGATIONS, 7, 3, of=12)
    journal.fill_failed(Kind.DELEGATIONS, NodeSilent("no answer in time"), 4)
    journal.joined(Kind.DELEGATIONS, 12)
    filled, failed, joined = lines(stream)
    assert (filled["event"], filled["next_block"], filled["events"]) == ("filled", 7, 3)
    assert filled["of"] == 12
    assert (failed["event"], failed["code"], failed["passes"]) == ("fill_failed", "node_silent", 4)
    assert (joined["event"], joined["kind"], joined["head"]) == ("joined", "delegations", 12)


def test_tables_that_are_built_again_are_named(stream: io.StringIO, journal: Journal) -> None:
    journal.rebuilt({"sales", "mints"}, 5_000, done=5_000, of=12_000)
    (told,) = lines(stream)
    assert (told["event"], told["folds"], told["events"]) == ("rebuilt", "mints sales", 5_000)
    assert (told["done"], told["of"], told["complete"]) == (5_000, 12_000, False)


def test_from_the_second_line_on_what_takes_long_is_told_with_its_rate_and_rest(
    stream: io.StringIO, journal: Journal
) -> None:
    for next_block in (7, 17):
        journal.filled(Kind.DELEGATIONS, next_block, 30, of=47)
    for done in (5_000, 10_000):
        journal.rebuilt({"sales"}, 5_000, done=done, of=30_000)
    for blocks in (range(4, 10), range(10, 20)):
        journal.audited(stretch(12, blocks))

    told = [line for line in lines(stream) if line["event"] != "audit_without_state"]
    rates = [(one["event"], one.get("events_per_s"), one.get("left_s")) for one in told]
    assert rates == [
        ("filled", None, None),
        ("filled", 3, 30),
        ("rebuilt", None, None),
        ("rebuilt", 500, 40),
        ("audited", None, None),
        ("audited", 0, 30),
    ]


def test_the_rest_of_what_is_begun_by_another_term_is_measured_anew(
    stream: io.StringIO, journal: Journal
) -> None:
    journal.filled(Kind.DELEGATIONS, 7, 30, of=47)
    journal.started()
    journal.filled(Kind.DELEGATIONS, 17, 30, of=47)

    assert "left_s" not in lines(stream)[-1]


def test_a_stretch_that_ends_at_the_last_final_block_needs_no_rest(
    stream: io.StringIO, journal: Journal
) -> None:
    for blocks in (range(40, 50), range(40, 50)):
        journal.audited(stretch(12, blocks))

    assert all("left_s" not in line for line in lines(stream))


class Full(io.StringIO):
    """Has no room for a while, as a file on a disk that is full."""

    full = True

    def flush(self) -> None:
        if self.full:
            raise OSError(errno.ENOSPC, "No space left on device")


def test_a_line_that_cannot_be_written_is_counted_and_ends_nothing() -> None:
    stream, metrics = Full(), Metrics()
    journal = Journal(stream, lambda: 1_800_000_000)
    journal.write("before_anybody_counts")
    journal.counted_by(metrics.lines_lost)

    journal.write("lost")
    journal.failed(NodeSilent("gone"), 1, 0.1)
    stream.full = False
    journal.write("told")

    assert metrics.registry.get_sample_value("seats_indexer_lines_lost_total") == 3
    assert lines(stream)[-1]["event"] == "told"
