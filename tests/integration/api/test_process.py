from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import httpx
import pytest

from api.store import history
from tests.integration.api.collecting import collecting
from tests.integration.api.world import CONTRACT, NO_NODE, Wallet, sign_in_client

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

PATIENCE_S = 60


def environment(**settings: str) -> dict[str, str]:
    """This process's environment with other settings of the API."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SEATS_API_")}
    chain = {"node_url": NO_NODE, "contract": CONTRACT}
    given = {f"SEATS_API_{name.upper()}": value for name, value in (chain | settings).items()}
    return kept | {"PYTHONUNBUFFERED": "1"} | given


def run(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - this Python
        [sys.executable, "-m", "api", *arguments],
        env=environment(**settings),
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_S,
    )


def url_of(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=False)


@contextmanager
def running(engine: Engine, **settings: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run the API on a free port; the process and its URL."""
    process = subprocess.Popen(
        [sys.executable, "-m", "api"],
        env=environment(database_url=url_of(engine), port="0", **settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        said = process.stdout.readline()
        assert said.startswith("API ready at http://127.0.0.1:"), said
        yield process, said.rpartition(" ")[2].strip()
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_until_it_is_told_to_stop_and_that_is_no_failure(
    database: Engine, stop: signal.Signals
) -> None:
    with running(database) as (process, url):
        with httpx.Client(base_url=url, timeout=PATIENCE_S) as client:
            assert sign_in_client(client, Wallet())
            assert client.get("/health/live").status_code == 200
            assert client.get("/health/ready").status_code == 503
        process.send_signal(stop)
        _, log = process.communicate(timeout=PATIENCE_S)
        assert process.returncode == 0, log
        assert '"route": "/v1/auth/verify", "status": 201' in log
        assert "Traceback" not in log


def test_figures_are_served_where_they_are_wished(database: Engine) -> None:
    with running(database, metrics_port="0") as (process, url):
        assert process.stderr is not None
        lines = map(json.loads, process.stderr)
        told = next(line for line in lines if line["message"] == "serving metrics")
        assert told["host"] == "127.0.0.1"
        assert httpx.get(f"{url}/health/live").status_code == 200
        assert httpx.get(f"{url}/nowhere/{CONTRACT}").status_code == 404
        page = httpx.get(f"http://127.0.0.1:{told['port']}/metrics").text
    of = 'seats_api_requests_total{method="GET",route='
    assert f'{of}"/health/live",status="200"}} 1.0' in page
    assert f'{of}"unknown",status="404"}} 1.0' in page
    assert "seats_api_mirror_readable 0.0" in page
    assert CONTRACT not in page


def test_a_port_of_figures_that_is_taken_is_told_in_a_sentence(database: Engine) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = str(taken.getsockname()[1])
        refused = run(database_url=url_of(database), port="0", metrics_port=port)
    assert refused.returncode == 2
    assert f"cannot be served on 127.0.0.1, port {port}" in refused.stderr


def test_traces_are_told_at_the_end_at_the_latest(database: Engine) -> None:
    with collecting() as collector:
        with running(database, traces_url=collector.url) as (process, url):
            assert httpx.get(f"{url}/v1/drops/{CONTRACT}?q=hunter2").status_code == 422
            process.send_signal(signal.SIGTERM)
            _, log = process.communicate(timeout=PATIENCE_S)
            assert process.returncode == 0, log
        [request] = collector.spans("GET /v1/drops/{drop}")
    line = next(line for line in map(json.loads, log.splitlines()) if line["message"] == "answered")
    assert line["trace_id"] == request.trace_id.hex()


def test_a_collector_that_is_away_costs_traces_and_nothing_else(database: Engine) -> None:
    away = f"{NO_NODE.replace('//', '//seats:hunter2@')}/hunter2/traces?key=hunter2"
    with running(database, traces_url=away) as (process, url):
        assert httpx.get(f"{url}/v1/drops/{CONTRACT}").status_code == 422
        process.send_signal(signal.SIGTERM)
        _, log = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 0, log
    assert "Traces could not be told to the collector; they are lost." in log
    assert "Traceback" not in log
    assert "hunter2" not in log


def test_tables_are_brought_up_by_a_command_of_their_own(empty_database: Engine) -> None:
    url = url_of(empty_database)
    refused = run(database_url=url)
    assert refused.returncode == 6
    assert "has no tables of the api store yet" in refused.stderr
    assert run("upgrade", database_url=url).returncode == 0
    history.require_current(empty_database)


def test_a_database_that_does_not_answer_is_told_without_its_password() -> None:
    refused = run(database_url="postgresql://seats:hunter2@127.0.0.1:1/seats")
    assert refused.returncode == 4
    assert "cannot be reached" in refused.stderr
    assert "hunter2" not in refused.stderr


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({}, "SEATS_API_DATABASE_URL: "),
        (
            {"database_url": "sqlite:///x", "contract": "seats"},
            "SEATS_API_CONTRACT: this is no account: it is not 0x and 40 hex digits. Copy the ",
        ),
        (
            {"database_url": "sqlite:///x", "operators": "hunter2"},
            "SEATS_API_OPERATORS: this is no account",
        ),
        ({"database_url": "mysql://seats:hunter2@db/seats"}, "cannot be used"),
        ({"database_url": "sqlite:///x", "public_url": "http://seats.example"}, "in clear"),
        ({"database_url": "sqlite:///x", "public_url": "http://hunter2"}, "use https"),
        (
            {"database_url": "sqlite:///x", "public_url": "postgresql://seats:hunter2@db/seats"},
            "SEATS_API_PUBLIC_URL: this is not an origin: write scheme, host and port",
        ),
        (
            {"database_url": "sqlite:///x", "public_url": "https://hunter2:99999"},
            "SEATS_API_PUBLIC_URL: this names a port that browsers would not write: leave it out",
        ),
        (
            {"database_url": "sqlite:///x", "trusted_proxies": "10.0.0.0/8,hunter2"},
            "SEATS_API_TRUSTED_PROXIES: write addresses and networks with commas between them",
        ),
        ({"database_url": "sqlite:///x", "host": "hunter2"}, "together: public_url must be set"),
        ({"database_url": "sqlite:///x", "port": "hunter2"}, "SEATS_API_PORT: "),
        ({"database_url": "sqlite:///x", "traces_url": "hunter2@host"}, "SEATS_API_TRACES_URL: "),
        ({"database_url": "sqlite:///x", "node_url": "http://u:hunter2/3@host"}, "_NODE_URL: "),
        (
            {"database_url": "sqlite:///x", "trusted_proxy": "hunter2"},
            "there is no SEATS_API_TRUSTED_PROXY: did you mean SEATS_API_TRUSTED_PROXIES.",
        ),
        (
            {"databse_url": "hunter2"},
            "did you mean SEATS_API_DATABASE_URL; SEATS_API_DATABASE_URL: ",
        ),
        ({"database_url": "sqlite:///x", "zzz": "hunter2"}, "no SEATS_API_ZZZ: unset it."),
    ],
)
def test_settings_that_do_not_fit_are_told_in_a_sentence(
    settings: dict[str, str], said: str
) -> None:
    for command in ((), ("upgrade",)):
        refused = run(*command, **settings)
        assert refused.returncode == 2
        assert said in refused.stderr
        assert "hunter2" not in refused.stderr
        assert refused.stderr.count("\n") == 1


def test_a_port_that_is_taken_is_told_in_a_sentence(database: Engine) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = str(taken.getsockname()[1])
        refused = run(database_url=url_of(database), port=port)
    assert refused.returncode == 2
    assert f"Port {port} on 127.0.0.1 is taken" in refused.stderr
