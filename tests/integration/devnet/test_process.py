from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import httpx
import pytest
from typer import Typer
from typer.testing import CliRunner

from marketplace.devnet.server import running_devnet
from scripts.commands.devnet import devnet

if TYPE_CHECKING:
    from collections.abc import Iterator

ASK = {"jsonrpc": "2.0", "id": 1, "method": "eth_chainId", "params": []}
READY = "Development chain ready at "


@contextmanager
def process(*options: str, **environment: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A development chain of its own and the URL that its first line names."""
    command = [sys.executable, "-m", "marketplace.devnet", "--port", "0", *options]
    started = subprocess.Popen(  # noqa: S603 - our own command, no shell
        command, stdout=subprocess.PIPE, text=True, env=os.environ | environment
    )
    assert started.stdout is not None
    try:
        line = started.stdout.readline().rstrip()
        assert line.startswith(READY)
        yield started, line.removeprefix(READY)
    finally:
        started.kill()
        started.communicate()


def test_the_first_line_names_the_url_when_requests_are_answered() -> None:
    with process("--chain-id", "5") as (_, url):
        assert httpx.post(url, json=ASK).json()["result"] == "0x5"


def test_the_environment_sets_what_no_option_does() -> None:
    with process(SEATS_DEVNET_CHAIN_ID="77") as (_, url):
        assert httpx.post(url, json=ASK).json()["result"] == "0x4d"


def test_a_client_that_leaves_before_asking_is_no_defect() -> None:
    command = [sys.executable, "-m", "marketplace.devnet", "--port", "0"]
    started = subprocess.Popen(  # noqa: S603 - our own command, no shell
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert started.stdout is not None
    try:
        url = started.stdout.readline().rstrip().removeprefix(READY)
        with socket.create_connection(("127.0.0.1", httpx.URL(url).port or 0)) as hasty:
            hasty.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99\r\n\r\n{")
        assert httpx.post(url, json=ASK).status_code == httpx.codes.OK
        started.send_signal(signal.SIGTERM)
        _, said = started.communicate(timeout=20)
    finally:
        started.kill()
        started.wait()
    assert said == ""


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_with_status_0(stop: signal.Signals) -> None:
    with process() as (started, _):
        started.send_signal(stop)
        assert started.wait(timeout=20) == 0


def test_a_taken_port_ends_it_with_a_sentence_and_status_5() -> None:
    with running_devnet() as running:
        port = running.url.rpartition(":")[2]
        command = [sys.executable, "-m", "marketplace.devnet", "--port", port]
        ended = subprocess.run(  # noqa: S603 - our own command, no shell
            command, capture_output=True, text=True, check=False
        )
    assert ended.returncode == 5
    assert ended.stderr.startswith(f"Port {port} on 127.0.0.1 is taken: ")
    assert ended.stdout == ""


def test_the_seats_command_ends_with_the_same_status() -> None:
    app = Typer()
    app.command()(devnet)
    with running_devnet() as running:
        port = running.url.rpartition(":")[2]
        result = CliRunner().invoke(app, ["--port", port])
    assert result.exit_code == 5
    assert "is taken" in result.output
