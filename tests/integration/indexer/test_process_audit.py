"""`python -m indexer run` when mirror and chain differ, the clock is wrong, or somebody counts."""

from __future__ import annotations

import json
import re
import signal
import time
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from sqlalchemy import delete, insert, select, text

from indexer.store.tables import events
from marketplace.bindings.development import deploy_delegations
from marketplace.domain.times import utc_text
from marketplace.storage.engines import open_engine
from marketplace.storage.transactions import reading, writing
from tests.integration.indexer.processes import finished, running, served_market
from tests.integration.indexer.relay import relaying
from tests.integration.indexer.test_process import environment
from tests.integration.marketplace.steering import NodeSteering

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.integration.marketplace.world import Market

FINAL_DEPTH = 4


@pytest.fixture(scope="module")
def market() -> Iterator[tuple[str, Market]]:
    with served_market() as served:
        yield served


@pytest.fixture
def given(market: tuple[str, Market], tmp_path: Path) -> dict[str, str]:
    url, deployed = market
    return environment(
        tmp_path, url, deployed.contract.address, START_BLOCK=str(deployed.deployment.block)
    )


def finalize(deployed: Market) -> None:
    """Mine until everything that has happened is final."""
    assert isinstance(deployed.steering, NodeSteering)
    for _ in range(FINAL_DEPTH):
        deployed.steering.ask("evm_mine")


def status(given: dict[str, str]) -> dict[str, Any]:
    ended = finished(given, "status", "--json")
    assert ended.returncode == 0, ended.stderr
    told: dict[str, Any] = json.loads(ended.stdout)
    return told


def test_what_is_final_is_audited_and_the_status_says_how_far(
    market: tuple[str, Market], given: dict[str, str]
) -> None:
    deployed = market[1]
    deployed.mint(deployed.drop, "bo")
    finalize(deployed)
    final = deployed.web3.eth.block_number - FINAL_DEPTH
    with running(given) as indexer:
        line = indexer.line("audited")
        while line["last"] < final:
            line = indexer.line("audited")
        assert line["answers"] > 0
        assert indexer.end(signal.SIGTERM) == 0

    told = status(given)

    assert (told["audited"], told["digest"]) == (final, line["digest"])
    assert told["audited_hash"] == line["hash"]
    assert told["disagreement"] is None
    assert (told["lag_blocks"], told["finalized"]) == (0, final)
    assert told["events"] > 5
    assert told["fence"] == 1
    shown = finished(given, "status").stdout
    assert line["digest"] in shown
    assert "disagreement" not in shown


def test_a_mirror_that_differs_from_the_chain_stops_and_stays_stopped_until_it_agrees(
    market: tuple[str, Market], given: dict[str, str]
) -> None:
    finalize(market[1])
    with running(given | {"SEATS_INDEXER_AUDIT": "off"}) as indexer:
        indexer.line("caught_up")
        indexer.end(signal.SIGTERM)
    engine = open_engine(given["SEATS_INDEXER_DATABASE"])
    with reading(engine) as connection:
        row = connection.execute(select(events).filter_by(event="Transfer")).mappings().first()
        assert row is not None
        taken = dict(row)
    at = {name: taken[name] for name in ("block_number", "log_index")}
    with writing(engine) as connection:
        connection.execute(delete(events).filter_by(**at))

    first = finished(given, "run")
    second = finished(given, "run")
    # Whoever switches the audit off does not open doors by that.
    third = finished(given | {"SEATS_INDEXER_AUDIT": "off"}, "run")

    for ended in (first, second, third):
        assert ended.returncode == 6
        said = ended.stderr.splitlines()[-1]
        assert f"disagree about the events at block {at['block_number']}" in said
        assert "python -m indexer verify --from" in said
    # They did not follow the chain before they had looked again.
    assert "caught_up" not in second.stderr + third.stderr
    told = status(given)
    assert f"the events at block {at['block_number']}" in told["disagreement"]
    assert told["level_at"] is None
    assert told["disagreement"] in finished(given, "status").stdout

    with writing(engine) as connection:
        connection.execute(insert(events).values(**taken))
    engine.dispose()
    with running(given) as indexer:
        indexer.line("caught_up")
        indexer.end(signal.SIGTERM)
    assert status(given)["disagreement"] is None


def test_a_node_without_logs_by_block_hash_is_refused(
    market: tuple[str, Market], given: dict[str, str]
) -> None:
    def refuse(body: bytes) -> bytes | None:
        asked = json.loads(body)
        if not isinstance(asked, dict) or "blockHash" not in str(asked["params"]):
            return None
        error = {"code": -32602, "message": "unknown field blockHash"}
        return json.dumps({"jsonrpc": "2.0", "id": asked["id"], "error": error}).encode()

    with relaying(market[0]) as relay:
        relay.instead = refuse
        ended = finished(given | {"SEATS_INDEXER_NODE": relay.url}, "run")

    assert ended.returncode == 6
    assert "it said 'unknown field blockHash'. Use another node" in ended.stderr


def test_a_clock_that_is_behind_the_chain_is_refused_and_later_told(
    given: dict[str, str],
) -> None:
    # A chain of its own: its time is moved.
    with served_market() as (url, deployed):
        given |= {
            "SEATS_INDEXER_NODE": url,
            "SEATS_INDEXER_CONTRACT": deployed.contract.address,
            "SEATS_INDEXER_START_BLOCK": "1",
            "SEATS_INDEXER_MAX_CLOCK_ERROR_S": "60",
        }
        with running(given) as indexer:
            indexer.line("caught_up")
            moved = time.time()
            deployed.steering.travel(deployed.now + 3_600)
            told = indexer.line("clock_wrong")
            assert told["head"] == deployed.web3.eth.block_number
            assert abs(told["ahead_s"] - 3_600) < 60
            deployed.steering.travel(deployed.now + 1)
            while indexer.line("added")["head"] < deployed.web3.eth.block_number:
                pass
            # What is mirrored goes on, and is called level no more.
            assert status(given)["level_at"] <= utc_text(int(moved))
            indexer.end(signal.SIGTERM)

        ended = finished(given, "run")

    assert ended.returncode == 6
    assert "seconds in the future of this machine's clock" in ended.stderr
    assert "set the clock right" in ended.stderr


def scraped(port: int) -> dict[str, float]:
    """Every figure without a label, by name."""
    page = httpx.get(f"http://127.0.0.1:{port}/metrics").text
    found = re.findall(r"^(seats_indexer_\w+) (\S+)$", page, re.MULTILINE)
    return {name: float(value) for name, value in found}


def test_figures_are_served_while_it_runs(
    market: tuple[str, Market], given: dict[str, str]
) -> None:
    url, deployed = market
    finalize(deployed)
    with relaying(url) as relay:
        more = {"SEATS_INDEXER_NODE": relay.url, "SEATS_INDEXER_METRICS_PORT": "0"}
        with running(given | more) as indexer:
            port = indexer.line("serving_metrics")["port"]
            final = deployed.web3.eth.block_number - FINAL_DEPTH
            while indexer.line("audited")["last"] < final:
                pass
            before = scraped(port)
            deployed.mint(deployed.drop, "cleo")
            indexer.line("added")
            relay.mode = "overloaded"
            indexer.line("retrying")
            after = scraped(port)
            page = httpx.get(f"http://127.0.0.1:{port}/metrics").text
            assert indexer.end(signal.SIGTERM) == 0

    head = deployed.web3.eth.block_number
    assert (before["seats_indexer_head_block"], after["seats_indexer_head_block"]) == (
        *(head - 1, head),
    )
    assert before["seats_indexer_audited_block"] == final
    assert after["seats_indexer_events_total"] - before["seats_indexer_events_total"] == 2
    assert after["seats_indexer_blocks_total"] - before["seats_indexer_blocks_total"] == 1
    assert (
        after["seats_indexer_head_to_visible_seconds_count"]
        == before["seats_indexer_head_to_visible_seconds_count"] + 1
    )
    assert before["seats_indexer_lag_seconds"] < 10
    assert before["seats_indexer_lag_blocks"] == 0
    assert before["seats_indexer_leader"] == before["seats_indexer_tables_readable"] == 1
    assert before["seats_indexer_audit_disagrees"] == 0
    assert after["seats_indexer_events_per_second"] > before["seats_indexer_events_per_second"] > 0
    assert 'seats_indexer_retries_total{cause="node_overloaded"}' in page
    assert "python_info" not in page
    with pytest.raises(httpx.ConnectError):
        scraped(port)


def test_what_is_tried_again_beside_the_passes_is_counted(
    market: tuple[str, Market], given: dict[str, str]
) -> None:
    url, deployed = market
    registry = deploy_delegations(deployed.sender("mentor"))
    finalize(deployed)
    with running(given) as indexer:
        indexer.line("caught_up")
        assert indexer.end(signal.SIGTERM) == 0
    with relaying(url) as relay:
        # The registry's history is refused, and what shall tell of heads takes no sockets.
        named = registry.encode()
        relay.instead = lambda body: b"<html>" if b"getLogs" in body and named in body else None
        more = {
            "SEATS_INDEXER_NODE": relay.url,
            "SEATS_INDEXER_NODE_WS": relay.url.replace("http", "ws"),
            "SEATS_INDEXER_DELEGATIONS": registry,
            "SEATS_INDEXER_METRICS_PORT": "0",
        }
        with running(given | more) as indexer:
            port = indexer.line("serving_metrics")["port"]
            unheard = indexer.line("unheard")["code"]
            refused = indexer.line("fill_failed")["code"]
            page = httpx.get(f"http://127.0.0.1:{port}/metrics").text
            assert indexer.end(signal.SIGTERM) == 0

    assert f'seats_indexer_socket_retries_total{{cause="{unheard}"}}' in page
    assert f'seats_indexer_fill_retries_total{{cause="{refused}"}}' in page


def test_a_port_that_is_taken_is_named(market: tuple[str, Market], given: dict[str, str]) -> None:
    port = market[0].rpartition(":")[2]

    ended = finished(given | {"SEATS_INDEXER_METRICS_PORT": port}, "run")

    assert ended.returncode == 2
    assert f"port {port}" in ended.stderr
    assert "another metrics_port" in ended.stderr


def test_a_database_without_the_auditors_tables_is_not_continued(given: dict[str, str]) -> None:
    engine = open_engine(given["SEATS_INDEXER_DATABASE"])
    assert finished(given, "upgrade").returncode == 0
    with writing(engine) as connection:
        connection.execute(text("DROP TABLE audit_findings"))
    engine.dispose()

    ended = finished(given, "run")

    assert ended.returncode == 6
    assert "it lacks audit_findings" in ended.stderr
