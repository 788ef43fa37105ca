"""`python -m indexer` as people run it: a process, its lines, its sentences, its exit codes."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from indexer.store.history import MIRROR
from marketplace.devnet.server import running_devnet
from marketplace.devnet.settings import DevnetSettings
from marketplace.storage.engines import open_engine
from marketplace.storage.transactions import writing
from tests.conformance.chains import CHAIN_ID, ROOT
from tests.integration.indexer import processes
from tests.integration.indexer.processes import finished, running, served_market
from tests.integration.indexer.relay import relaying

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.integration.marketplace.world import Market

NOBODY_THERE = "0x000000000000000000000000000000000000dEaD"


@pytest.fixture(scope="module")
def market() -> Iterator[tuple[str, Market]]:
    with served_market() as served:
        yield served


def environment(folder: Path, url: str, contract: str, **more: str) -> dict[str, str]:
    return processes.environment(f"sqlite:///{folder / 'mirror.sqlite'}", url, contract, **more)


def test_it_mirrors_until_it_is_stopped_and_says_where_it_stands(
    market: tuple[str, Market], tmp_path: Path
) -> None:
    url, deployed = market
    given = environment(tmp_path, url, deployed.contract.address)
    with running(given) as indexer:
        assert indexer.line("started")["chain_id"] == CHAIN_ID
        indexer.line("caught_up")
        deployed.mint(deployed.drop, "bo")
        assert indexer.line("added")["events"] == 2
        assert indexer.end(signal.SIGTERM) == 0

    told = json.loads(finished(given, "status", "--json").stdout)

    assert told["head"] == deployed.web3.eth.block_number
    assert told["live"] is True
    # The others are forks of a process that has read the modules; this one is what a shell starts.
    shell = [sys.executable, "-m", "indexer", "status"]
    shown = subprocess.run(  # noqa: S603 - our own command, no shell
        shell, cwd=ROOT, env=given, capture_output=True, text=True, check=True, timeout=60
    )
    assert "finalized" in shown.stdout


def test_after_a_kill_it_goes_on_where_it_was(market: tuple[str, Market], tmp_path: Path) -> None:
    url, deployed = market
    given = environment(tmp_path, url, deployed.contract.address)
    with running(given) as first:
        first.line("caught_up")
        first.end(signal.SIGKILL)
    deployed.mint(deployed.drop, "bo")

    with running(given) as second:
        started = second.line("started")
        assert started["fence"] == 2
        assert started["head"] == deployed.web3.eth.block_number - 1
        assert second.line("added")["blocks"] == 1


def test_a_node_that_goes_away_is_asked_until_it_answers(
    market: tuple[str, Market], tmp_path: Path
) -> None:
    url, deployed = market
    with relaying(url) as relay:
        relay.mode = "overloaded"
        with running(environment(tmp_path, relay.url, deployed.contract.address)) as indexer:
            assert indexer.line("retrying")["code"] == "node_overloaded"
            relay.mode = "forward"
            indexer.line("caught_up")
            relay.mode = "cut"
            deployed.mint(deployed.drop, "bo")
            assert indexer.line("retrying")["code"] == "node_silent"
            assert indexer.line("retrying")["failures"] == 2
            relay.mode = "truncated"
            while indexer.line("retrying")["code"] != "answer_malformed":
                pass
            relay.mode = "forward"
            assert indexer.line("added")["events"] == 2


def test_a_wiped_node_is_refused(tmp_path: Path) -> None:
    with served_market() as (url, deployed):
        given = environment(tmp_path, url, deployed.contract.address)
        with running(given) as indexer:
            indexer.line("caught_up")
    with running_devnet(DevnetSettings(port=0, genesis_time=1_700_000_000)) as fresh:
        ended = finished({**given, "SEATS_INDEXER_NODE": fresh.url}, "run")

    assert ended.returncode == 6
    assert "genesis block is" in ended.stderr
    assert "another database" in ended.stderr


@pytest.mark.parametrize(
    ("changes", "code", "sentence"),
    [
        ({"CHAIN_ID": "1"}, 6, "chain id is 31337, and the mirror follows 1"),
        ({"CONTRACT": NOBODY_THERE}, 6, "There is no contract at"),
        ({"CONTRACT": "0x12"}, 2, "SEATS_INDEXER_CONTRACT"),
        ({"NODE": "ftp://localhost"}, 2, "Write http://HOST:PORT"),
        ({"NODE": "https://user:abc/def@localhost"}, 2, "in a password / is written %2F"),
        ({"DATABASE": "mysql://localhost/x"}, 2, "Write sqlite:///PATH or postgresql://"),
        ({"DATABASE": "sqlite:////nonexistent/folder/x"}, 4, "cannot be reached"),
        ({"POLL_INTERVAL_S": "0"}, 2, "greater than 0"),
        ({"CHAIN_ID": str(2**63)}, 2, "SEATS_INDEXER_CHAIN_ID: Input should be less than"),
        ({"START_BLOCK": str(2**63)}, 2, "SEATS_INDEXER_START_BLOCK: Input should be less than"),
        ({"METRICS_PORT": "0", "METRICS_HOST": "here..example"}, 2, "name another metrics_port or"),
    ],
)
def test_what_cannot_work_is_refused_with_a_sentence(
    market: tuple[str, Market], tmp_path: Path, changes: dict[str, str], code: int, sentence: str
) -> None:
    url, deployed = market
    given = environment(tmp_path, url, deployed.contract.address)

    ended = finished(
        given | {f"SEATS_INDEXER_{name}": value for name, value in changes.items()}, "run"
    )

    assert (ended.returncode, ended.stdout) == (code, "")
    assert sentence in ended.stderr
    assert "Traceback" not in ended.stderr


def test_another_configuration_of_the_same_mirror_is_refused(
    market: tuple[str, Market], tmp_path: Path
) -> None:
    url, deployed = market
    given = environment(tmp_path, url, deployed.contract.address)
    with running(given) as indexer:
        indexer.line("caught_up")

    ended = finished(given | {"SEATS_INDEXER_START_BLOCK": "2"}, "run")

    assert ended.returncode == 6
    assert "another start block" in ended.stderr


def test_a_start_after_the_contracts_creation_is_refused(
    market: tuple[str, Market], tmp_path: Path
) -> None:
    url, deployed = market
    created = deployed.deployment.block
    given = environment(tmp_path, url, deployed.contract.address, START_BLOCK=str(created + 1))

    ended = finished(given, "run")

    assert ended.returncode == 6
    assert f"start_block {created + 1}" in ended.stderr
    with running(given | {"SEATS_INDEXER_START_BLOCK": str(created)}) as indexer:
        indexer.line("caught_up")


def test_a_mirror_whose_contracts_first_events_are_missing_is_refused_when_it_starts(
    market: tuple[str, Market], tmp_path: Path
) -> None:
    url, deployed = market
    created = str(deployed.deployment.block)
    given = environment(tmp_path, url, deployed.contract.address, START_BLOCK=created)
    with running(given) as indexer:
        indexer.line("caught_up")
    engine = open_engine(given["SEATS_INDEXER_DATABASE"])
    with writing(engine) as connection:
        # As an earlier version left it that was begun too late.
        connection.execute(text("DELETE FROM platform_states"))
    assert f"was there before start_block {created}" in (ended := finished(given, "run")).stderr
    assert ended.returncode == 6

    with writing(engine) as connection:
        # One that is only being built knows no more yet, and is built to its end.
        connection.execute(
            text("UPDATE fold_versions SET complete = 0 WHERE fold = 'platform_states'")
        )
    engine.dispose()
    with running(given) as indexer:
        indexer.line("caught_up")


def test_one_that_stands_by_with_an_older_fold_is_refused_when_it_starts(
    market: tuple[str, Market], tmp_path: Path
) -> None:
    url, deployed = market
    given = environment(tmp_path, url, deployed.contract.address)
    engine = open_engine(given["SEATS_INDEXER_DATABASE"])
    with running(given) as leader:
        leader.line("caught_up")
        with writing(engine) as connection:
            connection.execute(
                text("UPDATE fold_versions SET version = 99 WHERE fold = 'seat_states'")
            )

        ended = finished(given, "run")

        assert ended.returncode == 6
        assert "seat_states was folded by version 99" in ended.stderr
        assert "standing_by" not in ended.stderr
    engine.dispose()


def test_a_database_of_another_version_is_refused(
    market: tuple[str, Market], tmp_path: Path
) -> None:
    url, deployed = market
    given = environment(tmp_path, url, deployed.contract.address)
    engine = open_engine(given["SEATS_INDEXER_DATABASE"])
    MIRROR.upgrade(engine)
    with writing(engine) as connection:
        connection.execute(text("UPDATE mirror_version SET version_num = 'mirror_0099'"))
    engine.dispose()

    ended = finished(given, "run")

    assert ended.returncode == 6
    assert "Run the program that wrote it" in ended.stderr


def test_an_older_database_is_not_migrated_unasked(
    market: tuple[str, Market], tmp_path: Path
) -> None:
    url, deployed = market
    given = environment(tmp_path, url, deployed.contract.address)
    engine = open_engine(given["SEATS_INDEXER_DATABASE"])
    MIRROR.upgrade(engine, "mirror_0001")
    engine.dispose()

    ended = finished(given, "run")

    assert ended.returncode == 6
    assert "back it up" in ended.stderr


def test_a_locked_database_is_told_and_left_alone(
    market: tuple[str, Market], tmp_path: Path
) -> None:
    url, deployed = market
    given = environment(tmp_path, url, deployed.contract.address, BUSY_TIMEOUT_MS="20")
    engine = open_engine(given["SEATS_INDEXER_DATABASE"])
    MIRROR.upgrade(engine)
    with writing(engine):
        ended = finished(given, "run")
    engine.dispose()

    assert ended.returncode == 4
    assert "locked by another process" in ended.stderr


def test_the_status_of_no_mirror_says_what_to_do(
    market: tuple[str, Market], tmp_path: Path
) -> None:
    url, deployed = market
    given = environment(tmp_path, url, deployed.contract.address)
    assert "`python -m indexer upgrade`" in finished(given, "status").stderr
    upgraded = finished(given, "upgrade")
    assert upgraded.returncode == 0
    # Of empty tables no step copies anything.
    told = [json.loads(line)["event"] for line in upgraded.stderr.splitlines()]
    assert told == ["upgrading", "upgraded"] * int(MIRROR.newest[-4:])

    ended = finished(given, "status")

    assert ended.returncode == 4
    assert "python -m indexer run" in ended.stderr
