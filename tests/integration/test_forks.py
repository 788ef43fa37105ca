from __future__ import annotations

import json
import signal
import subprocess
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING

import pytest

from tests.forks import Fork, Forks

if TYPE_CHECKING:
    from collections.abc import Iterator

FORKS = Forks("colorsys")


@pytest.fixture
def out() -> Iterator[IO[str]]:
    with TemporaryFile("w+") as file:
        yield file


@pytest.fixture
def error() -> Iterator[IO[str]]:
    with TemporaryFile("w+") as file:
        yield file


def started(argument: str, out: IO[str], error: IO[str]) -> Fork:
    called = ["tests.integration.forked", argument]
    return FORKS.start(called, {"ONLY": "this"}, out.fileno(), error.fileno())


def said(file: IO[str]) -> str:
    file.seek(0)
    return file.read()


def test_a_fork_has_what_it_was_given_and_the_modules_that_were_read(
    out: IO[str], error: IO[str]
) -> None:
    assert started("7", out, error).wait(30) == 7

    given = json.loads(said(out))
    assert given["arguments"] == ["7"]
    assert given["environment"]["ONLY"] == "this"
    # What the interpreter itself sets stays out of it.
    assert given["environment"].keys() - {"ONLY", "LC_CTYPE"} == set()
    assert given["read already"] is True
    assert said(error) == "and more\n"


def test_a_fork_that_a_signal_ends_says_which(out: IO[str], error: IO[str]) -> None:
    waiting = started("wait", out, error)
    with pytest.raises(subprocess.TimeoutExpired):
        waiting.wait(0.01)

    waiting.send_signal(signal.SIGKILL)

    assert waiting.wait(30) == -signal.SIGKILL
    # There is nobody any more to send it to.
    waiting.send_signal(signal.SIGKILL)
    assert waiting.wait(30) == -signal.SIGKILL


def test_forks_live_beside_each_other(out: IO[str], error: IO[str]) -> None:
    waiting = started("wait", out, error)
    with TemporaryFile("w+") as another:
        assert started("0", another, another).wait(30) == 0
    with pytest.raises(subprocess.TimeoutExpired):
        waiting.wait(0.0)
    waiting.send_signal(signal.SIGTERM)
    assert waiting.wait(30) == -signal.SIGTERM


def test_where_modules_cannot_be_read_nothing_starts(out: IO[str], error: IO[str]) -> None:
    forks = Forks("no_such_module")
    with pytest.raises(ChildProcessError, match="could not be started"):
        forks.start(["forked"], {}, out.fileno(), error.fileno())
