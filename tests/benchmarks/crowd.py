"""`python -m tests.benchmarks.crowd`: very many clients at some servers, each at its own pace.

Owns the load. What to ask comes as JSON on standard input (`Task`); every answer goes to a file, a
line of JSON each, as it came. A client is a task of one event loop with one connection that is kept
alive; it asks when it is its turn, whether or not others have been answered, so that a slow server
is not spared, and it never has two requests under way. Refuses to judge: that takes the truth,
which is known when all is over.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
from dataclasses import astuple, dataclass, field
from itertools import count
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode, urlsplit

from tests.benchmarks.asking import get, post
from tests.benchmarks.verdicts import Answer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import TextIO

BATCHES: Final = 0.1
"""The share of requests that ask everything at once."""

DEMANDING: Final = 0.2
"""The share of requests that name the newest block which anybody in the crowd has heard of."""

PATIENCE_S: Final = 10.0
"""For an answer, where nothing else is said."""

_END_OF_HEAD: Final = b"\r\n\r\n"
_LENGTH: Final = re.compile(rb"\r\ncontent-length: *([0-9]+)\r\n", re.IGNORECASE)
_BLOCK: Final = re.compile(rb'"as_of_block":([0-9]+)')


@dataclass(frozen=True, slots=True)
class Task:
    """What to ask.

    Attributes:
        urls: Of the servers, which clients are spread over: `http://host:port`.
        tokens: The bearer token of each client; an empty one: not signed in.
        questions: Members of each question, as the API names them.
        seconds: For how long.
        rate: Requests in a second, of all clients together.
        seed: Of the dice that choose what is asked.
        answers: The file for the answers.
        patience_s: For how long an answer is waited for; then there is none.
    """

    urls: Sequence[str]
    tokens: Sequence[str]
    questions: Sequence[Mapping[str, Any]]
    seconds: float
    rate: float
    seed: int
    answers: str
    patience_s: float = PATIENCE_S


@dataclass
class _Crowd:
    """What all clients share: when it began, what they have heard, and where it is written."""

    task: Task
    written: TextIO
    began: float = field(default_factory=time.perf_counter)
    newest: int = 0

    def note(self, answer: Answer) -> None:
        self.written.write(json.dumps(astuple(answer)) + "\n")


class _Client:
    """One connection, and what is asked over it."""

    def __init__(self, crowd: _Crowd, place: int) -> None:
        self._crowd = crowd
        self._place = place
        self._dice = Random(f"{crowd.task.seed} {place}")
        self._open: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def run(self) -> None:
        task, clients = self._crowd.task, len(self._crowd.task.tokens)
        for number in count(self._place, clients):
            after_s = number / task.rate
            if after_s > task.seconds:
                break
            due = self._crowd.began + after_s
            turn = asyncio.Event()
            asyncio.get_running_loop().call_later(due - time.perf_counter(), turn.set)
            await turn.wait()
            await self._ask(due)
        self._close()

    async def _ask(self, due: float) -> None:
        everything = self._dice.random() < BATCHES
        places = range(len(self._crowd.task.questions))
        asked = list(places) if everything else [self._dice.choice(places)]
        least = self._crowd.newest if self._dice.random() < DEMANDING else 0
        sent_at = time.time()
        try:
            status, body = await asyncio.wait_for(
                self._answered(self._request(asked, least).encode()), self._crowd.task.patience_s
            )
        except (OSError, EOFError, ValueError, asyncio.LimitOverrunError) as error:
            status, body = 0, f"{type(error).__name__}: {error}".encode()
            self._close()
        took_ms = round((time.perf_counter() - due) * 1_000, 3)
        for found in _BLOCK.finditer(body):
            self._crowd.newest = max(self._crowd.newest, int(found[1]))
        self._crowd.note(Answer(self._place, asked, least, sent_at, took_ms, status, body.decode()))

    def _request(self, asked: Sequence[int], least: int) -> str:
        task, token = self._crowd.task, self._crowd.task.tokens[self._place]
        questions = [task.questions[one] for one in asked]
        if len(questions) > 1:
            body = json.dumps({"checks": questions, "min_block": least})
            return post("/v1/access/check:batch", body, token)
        named = {**questions[0], "min_block": least} if least else questions[0]
        return get(f"/v1/access/check?{urlencode(named)}", token)

    async def _answered(self, request: bytes) -> tuple[int, bytes]:
        reader, writer = await self._connection()
        writer.write(request)
        head = await reader.readuntil(_END_OF_HEAD)
        length = _LENGTH.search(head)
        if length is None:
            raise ValueError(f"an answer without its length: {head[:200]!r}")
        return int(head.split(b" ", 2)[1]), await reader.readexactly(int(length[1]))

    async def _connection(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        # A server ends what was silent for a while; nobody's answer is lost by that.
        if self._open is None or self._open[0].at_eof() or self._open[1].is_closing():
            self._close()
            parts = urlsplit(self._crowd.task.urls[self._place % len(self._crowd.task.urls)])
            self._open = await asyncio.open_connection(parts.hostname, parts.port)
        return self._open

    def _close(self) -> None:
        if self._open is not None:
            self._open[1].close()
            self._open = None


def asked(task: Task) -> None:
    """Ask for so long, and write all answers down."""
    with Path(task.answers).open("w", encoding="utf-8") as written:
        asyncio.run(_asked(_Crowd(task, written)))


def answers_in(path: Path) -> Iterator[Answer]:
    """What was written down."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield Answer(*json.loads(line))


async def _asked(crowd: _Crowd) -> None:
    async with asyncio.TaskGroup() as all_of_them:
        for place in range(len(crowd.task.tokens)):
            all_of_them.create_task(_Client(crowd, place).run())


def main() -> int:
    """Ask what standard input says."""
    asked(Task(**json.loads(sys.stdin.read())))
    return 0


if __name__ == "__main__":
    sys.exit(main())
