from __future__ import annotations

from typing import Any

import pytest

from indexer.audit.auditor import Stretch
from indexer.identity import Kind
from indexer.metrics import Metrics
from indexer.rpc.errors import HeadsUnheard, NodeOverloaded, NodeSilent
from indexer.rpc.values import BlockHeader, Mark
from indexer.store.audits import Audited

AUDITED = Audited(last=Mark(9, "0x9"), config_hash="0xc", events=7, digest="0xd", owed={})


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [1_000.0]
    monkeypatch.setattr("indexer.metrics.time.monotonic", lambda: now[0])
    return now


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


def header(number: int) -> BlockHeader:
    return BlockHeader(
        number=number,
        hash=f"0x{number}",
        parent_hash=f"0x{number - 1}",
        timestamp_s=0,
        logs_bloom=0,
    )


def value(metrics: Metrics, name: str, **labels: str) -> Any:  # noqa: ANN401 - None where there is none
    return metrics.registry.get_sample_value(f"seats_indexer_{name}", labels)


def test_a_batch_is_counted(metrics: Metrics) -> None:
    metrics.added([header(7)], 2, 5)
    metrics.added([header(8)], 1, 0)

    assert (value(metrics, "blocks_total"), value(metrics, "events_total")) == (3, 5)


def test_a_head_is_visible_from_when_it_was_first_named(
    metrics: Metrics, clock: list[float]
) -> None:
    metrics.seen(header(7))
    clock[0] += 0.25
    metrics.seen(header(7))
    clock[0] += 0.25
    metrics.added([header(6)], 1, 0)
    assert value(metrics, "head_to_visible_seconds_count") == 0

    metrics.added([header(7)], 1, 0)

    assert value(metrics, "head_to_visible_seconds_sum") == 0.5
    assert value(metrics, "head_to_visible_seconds_bucket", le="0.25") == 0
    assert value(metrics, "head_to_visible_seconds_bucket", le="0.5") == 1
    assert metrics.node_head == 7


def test_every_head_of_a_commit_is_observed_the_slow_ones_too(
    metrics: Metrics, clock: list[float]
) -> None:
    for number in range(1, 11, 2):
        metrics.seen(header(number))
        clock[0] += 4.0
        metrics.seen(header(number + 1))
        clock[0] += 0.5
        metrics.added([header(number), header(number + 1)], 2, 0)

    assert value(metrics, "head_to_visible_seconds_count") == 10
    assert value(metrics, "head_to_visible_seconds_sum") == 5 * (4.5 + 0.5)
    assert value(metrics, "head_to_visible_seconds_bucket", le="2.5") == 5


def test_a_head_that_was_left_and_is_named_again_counts_from_then(
    metrics: Metrics, clock: list[float]
) -> None:
    metrics.seen(header(7))
    metrics.added([header(7)], 1, 0)
    metrics.seen(header(7))
    clock[0] += 100
    metrics.rolled_back(header(7).mark, header(6).mark, 1)
    metrics.seen(header(7))
    clock[0] += 0.5
    metrics.added([header(7)], 1, 0)

    assert value(metrics, "head_to_visible_seconds_sum") == 0.5


def test_the_rate_is_that_of_the_last_minute(metrics: Metrics, clock: list[float]) -> None:
    metrics.added([header(7)], 1, 300)
    clock[0] += 59
    metrics.added([header(8)], 1, 300)
    assert value(metrics, "events_per_second") == 10

    clock[0] += 2

    assert value(metrics, "events_per_second") == 5


def test_reorganisations_are_counted_by_depth(metrics: Metrics) -> None:
    metrics.rolled_back(Mark(9, "0x9"), Mark(6, "0x6"), 4)

    assert value(metrics, "reorg_depth_blocks_bucket", le="2.0") == 0
    assert value(metrics, "reorg_depth_blocks_bucket", le="3.0") == 1


def test_failures_are_counted_by_their_cause(metrics: Metrics) -> None:
    metrics.failed(NodeSilent("gone"), 1, 0.1)
    metrics.failed(NodeOverloaded(429), 2, 0.1)
    metrics.failed(NodeSilent("gone"), 3, 0.1)
    metrics.audit_failed(NodeSilent("gone"), 1, 0.1)
    metrics.fill_failed(Kind.DELEGATIONS, NodeSilent("gone"), 2)
    metrics.fill_failed(Kind.DELEGATIONS, NodeOverloaded(429), 4)
    metrics.unheard(HeadsUnheard("no answer in time"), 1, 0.1)

    assert value(metrics, "retries_total", cause="node_silent") == 2
    assert value(metrics, "retries_total", cause="node_overloaded") == 1
    assert value(metrics, "audit_retries_total", cause="node_silent") == 1
    assert value(metrics, "fill_retries_total", cause="node_silent") == 1
    assert value(metrics, "fill_retries_total", cause="node_overloaded") == 1
    assert value(metrics, "socket_retries_total", cause="heads_unheard") == 1


def test_answers_of_the_contract_are_counted_where_there_are_some(metrics: Metrics) -> None:
    metrics.audited(Stretch(range(4, 10), AUDITED, 3, 12, final=9))
    metrics.audited(Stretch(range(4, 10), AUDITED, 3, None, final=9))

    assert value(metrics, "audit_answers_total") == 12


def test_whoever_leads_says_so(metrics: Metrics) -> None:
    assert value(metrics, "leader") == 0
    metrics.leading(leads=True)
    assert value(metrics, "leader") == 1
    metrics.leading(leads=False)
    assert value(metrics, "leader") == 0


def test_whoever_led_and_stands_by_knows_no_head_of_the_node(metrics: Metrics) -> None:
    metrics.leading(leads=True)
    metrics.seen(header(7))
    assert metrics.node_head == 7

    metrics.leading(leads=False)

    assert metrics.node_head is None
