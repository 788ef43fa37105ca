"""Processes that begin as forks of one that has read their modules already.

To read the modules of a program takes a second or two, and tests start a hundred programs. One
process reads them once and forks for each start. What it forks is a process like any other: its own
environment, arguments, signals and end.

    python -m tests.forks DESCRIPTOR MODULE…

Owns both sides: the process that is forked, and starting, signalling and awaiting its forks.
Refuses to look at what they say.
"""

from __future__ import annotations

import atexit
import json
import os
import runpy
import signal
import socket
import subprocess
import sys
import threading
from importlib import import_module
from pathlib import Path
from struct import Struct
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROOT: Final = Path(__file__).parents[1]
_NUMBER: Final = Struct("!i")
_START_S: Final = 60.0


class Fork:
    """A process that was started; as `subprocess.Popen`, without its streams."""

    def __init__(self, answers: socket.socket, called: Sequence[str]) -> None:
        self._answers, self._called = answers, called
        self._code: int | None = None
        self.pid = self._answer(_START_S)

    def send_signal(self, wish: signal.Signals) -> None:
        """Send a signal, unless it has ended."""
        try:
            self.wait(0.0)
        except subprocess.TimeoutExpired:
            os.kill(self.pid, wish)

    def wait(self, timeout: float) -> int:
        """Its exit code, or the signal that ended it as a negative number.

        Raises:
            subprocess.TimeoutExpired: it has not ended in so many seconds.
        """
        if self._code is None:
            self._code = self._answer(timeout)
            self._answers.close()
        return self._code

    def _answer(self, timeout: float) -> int:
        self._answers.settimeout(timeout)
        try:
            found = self._answers.recv(_NUMBER.size)
        except (TimeoutError, BlockingIOError):
            raise subprocess.TimeoutExpired(self._called, timeout) from None
        if len(found) != _NUMBER.size:
            raise ChildProcessError(f"{' '.join(self._called)} was lost")
        number: int = _NUMBER.unpack(found)[0]
        return number


class Forks:
    """Starts processes that have read these modules; the first start is the slow one."""

    def __init__(self, *modules: str) -> None:
        self._modules = modules
        self._control: socket.socket | None = None

    def start(
        self, called: Sequence[str], environment: Mapping[str, str], out: int, err: int
    ) -> Fork:
        """Run a module as `python -m` does.

        Args:
            called: Its name and its arguments.
            environment: All of it.
            out: Descriptor of its standard output.
            err: Descriptor of its standard error.

        Raises:
            ChildProcessError: the modules cannot be read.
        """
        control = self._control = self._control or self._read()
        here, there = socket.socketpair()
        try:
            with there:
                socket.send_fds(control, [b"+"], [there.fileno(), out, err])
            here.sendall(json.dumps([list(called), dict(environment)]).encode() + b"\n")
            return Fork(here, called)
        except (OSError, subprocess.TimeoutExpired) as error:
            here.close()
            raise ChildProcessError(f"{called[0]} could not be started") from error

    def _read(self) -> socket.socket:
        here, there = socket.socketpair()
        with there:
            reader = subprocess.Popen(  # noqa: S603 - this module
                [sys.executable, "-m", "tests.forks", str(there.fileno()), *self._modules],
                cwd=ROOT,
                pass_fds=[there.fileno()],
            )

        def end() -> None:
            here.close()
            reader.wait()

        atexit.register(end)
        return here


def main(descriptor: str, *modules: str) -> None:
    """Read modules and fork for each wish, until nobody can wish any more."""
    for module in modules:
        import_module(module)
    if threading.active_count() > 1:
        raise RuntimeError(f"a fork would lose threads of {modules}")
    # Who is forked for a wish is awaited by nobody; and Ctrl-C is for the tests to answer.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with socket.socket(fileno=int(descriptor)) as control:
        while handed := socket.recv_fds(control, 1, 3)[1]:
            if os.fork() == 0:
                control.close()
                _keep(*handed)
                return
            for one in handed:
                os.close(one)


def _keep(answers: int, out: int, err: int) -> None:
    # Between the two: a process that awaits the one which is wished for, and tells how it ended.
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    with socket.socket(fileno=answers) as told:
        with told.makefile() as wishes:
            called, environment = json.loads(wishes.readline())
        started = os.fork()
        if started:
            os.close(out)
            os.close(err)
            told.sendall(_NUMBER.pack(started))
            _, status = os.waitpid(started, 0)
            told.sendall(_NUMBER.pack(os.waitstatus_to_exitcode(status)))
            os._exit(0)
    _become(called, environment, out, err)


def _become(called: list[str], environment: dict[str, str], out: int, err: int) -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for descriptor, stream in ((out, 1), (err, 2)):
        os.dup2(descriptor, stream)
        os.close(descriptor)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = list(called)
    runpy.run_module(called[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
