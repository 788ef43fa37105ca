"""`python -m tests.benchmarks.asking`: requests to one server over a few connections, timed.

Owns the load. What to ask comes as JSON on standard input (`Task`), the figures go to standard
output as one line of JSON. It is a process of its own, so that the server does not wait for the
lock of whoever measures it. Each connection is a thread with a blocking socket: what a request
costs here is counted by nobody, so it is kept small. Refuses answers that are not the one that is
expected: what is quick and wrong is not measured.
"""

from __future__ import annotations

import json
import math
import socket
import sys
import threading
from dataclasses import asdict, dataclass, field
from itertools import count
from time import perf_counter
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Sequence

CONNECTIONS: Final = 4
_PATIENCE_S: Final = 30
_END_OF_HEAD: Final = b"\r\n\r\n"
_LENGTH: Final = b"content-length: "


@dataclass(frozen=True, slots=True)
class Task:
    """What to ask.

    Attributes:
        url: Of the server: `http://host:port`.
        requests: Each as it goes over the wire; they are asked in turn.
        expected: What every answer's body has in it.
        seconds: For how long.
        rate: Requests in a second, of all connections together, sent when they are due whether or
            not earlier ones are answered elsewhere; 0: each as soon as the one before is answered.
        connections: At once.
    """

    url: str
    requests: list[str]
    expected: str
    seconds: float
    rate: float = 0
    connections: int = CONNECTIONS


@dataclass(frozen=True, slots=True)
class Figures:
    """What came of it; milliseconds, counted from when a request was due."""

    count: int
    seconds: float
    p50_ms: float
    p99_ms: float

    @property
    def rps(self) -> float:
        """Answers in a second."""
        return self.count / self.seconds


def percentile(values: Sequence[float], share: int) -> float:
    """The least value that at least `share` percent of all values do not exceed."""
    return sorted(values)[math.ceil(len(values) * share / 100) - 1]


def get(path: str, token: str = "") -> str:
    """A GET request, as it goes over the wire; `token` is of a bearer."""
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{_shown(token)}\r\n"


def post(path: str, body: str, token: str = "") -> str:
    """A POST request with JSON in ASCII, as it goes over the wire; `token` is of a bearer."""
    kind = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    return f"POST {path} HTTP/1.1\r\nHost: localhost\r\n{_shown(token)}{kind}\r\n{body}"


def _shown(token: str) -> str:
    return f"Authorization: Bearer {token}\r\n" if token else ""


@dataclass
class _Asker:
    """One connection, and what was asked over it."""

    task: Task
    place: int
    began: float
    spent: list[float] = field(default_factory=list)
    fault: str | None = None

    def run(self) -> None:
        try:
            self._ask()
        except (OSError, ValueError) as error:
            self.fault = f"{type(error).__name__}: {error}"

    def _ask(self) -> None:
        task, never = self.task, threading.Event()
        host, port = urlsplit(task.url).hostname, urlsplit(task.url).port
        requests = [one.encode() for one in task.requests]
        expected = task.expected.encode()
        with socket.create_connection((str(host), int(port or 80)), _PATIENCE_S) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for number in count(self.place, task.connections):
                due = self.began + number / task.rate if task.rate else perf_counter()
                if due > self.began + task.seconds:
                    return
                if due > perf_counter():
                    never.wait(due - perf_counter())
                connection.sendall(requests[number % len(requests)])
                body = _answered(connection)
                self.spent.append(perf_counter() - due)
                if expected not in body:
                    raise ValueError(body[:500].decode(errors="replace"))


def _answered(connection: socket.socket) -> bytes:
    got = b""
    while _END_OF_HEAD not in got:
        got += _more(connection)
    head, _, body = got.partition(_END_OF_HEAD)
    if not head.startswith(b"HTTP/1.1 200"):
        raise ValueError(got[:500].decode(errors="replace"))
    length = int(head.lower().partition(_LENGTH)[2].split(b"\r\n")[0])
    while len(body) < length:
        body += _more(connection)
    return body


def _more(connection: socket.socket) -> bytes:
    got = connection.recv(65_536)
    if not got:
        raise ConnectionResetError("the server has ended the connection")
    return got


def asked(task: Task) -> Figures:
    """Ask, and time it. Raises ValueError when an answer is not the expected one."""
    began = perf_counter()
    askers = [_Asker(task, place, began) for place in range(task.connections)]
    threads = [threading.Thread(target=one.run) for one in askers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = perf_counter() - began
    faults = [one.fault for one in askers if one.fault is not None]
    if faults:
        raise ValueError(faults[0])
    spent = [one for asker in askers for one in asker.spent]
    p50, p99 = (percentile(spent, share) * 1_000 for share in (50, 99))
    return Figures(len(spent), seconds, round(p50, 3), round(p99, 3))


def main() -> int:
    """Ask what standard input says; 1 with a sentence when an answer was not the expected one."""
    try:
        figures = asked(Task(**json.loads(sys.stdin.read())))
    except ValueError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(json.dumps(asdict(figures)) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
