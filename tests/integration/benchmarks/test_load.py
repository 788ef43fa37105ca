"""The benchmark under load, small: its oracle finds each kind of wrong answer, and none comes."""

from __future__ import annotations

import json
import os
import threading
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Final

import pytest

from scripts.toolchain.errors import ToolFailedError
from tests.benchmarks.crowd import Task, answers_in, asked
from tests.benchmarks.load import Lived, Wished, live
from tests.benchmarks.premises import running_premises
from tests.benchmarks.turmoil import Person
from tests.benchmarks.verdicts import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from tests.benchmarks.verdicts import Answer, Counts, Verdict

pytestmark = pytest.mark.timeout(300)
"""Seconds; the small run takes most of them, once for all tests."""

SMALL: Final = Wished(clients=8, seconds=6, rate=30, acts=6)
ASKED: Final = 181
"""So many are due in that time, however quickly they are answered."""

PATIENCE_S: Final = 30.0
"""For an answer: the machine may be busy with other tests, and none is to be missing."""


@dataclass(frozen=True)
class Small:
    """A small run, and the processes that it was asked at."""

    lived: Lived
    pids: Sequence[int]

    @property
    def right(self) -> list[Answer]:
        """Answers that were right."""
        judged = ((one, self.lived.court.judge(one)) for one in self.lived.answers)
        return [one for one, found in judged if found.verdict == "right"]

    def verdicts(self, change: Callable[[Answer], Answer]) -> Counts:
        """What the right answers come to when each is changed."""
        return counted(self.lived.court, map(change, self.right))


class Interrupted(Exception):
    """Somebody has had enough of a small run."""

    def __init__(self, found: Small) -> None:
        super().__init__()
        self.found = found


def interrupted() -> None:
    with running_premises(SMALL.clients, SMALL.workers, SMALL.seed) as premises:
        raise Interrupted(Small(live(premises, SMALL, PATIENCE_S), premises.pids))


@pytest.fixture(scope="module")
def small() -> Small:
    with pytest.raises(Interrupted) as stopped:
        interrupted()
    return stopped.value.found


def saying(was: str, now: str) -> Callable[[Answer], Answer]:
    """A gate that says something else."""
    return lambda answer: replace(answer, body=answer.body.replace(was, now))


def test_the_gate_is_right_while_seats_are_sold_blocks_go_and_a_leader_dies(small: Small) -> None:
    lived = small.lived
    counts = counted(lived.court, lived.answers)
    told = lived.told(counts)
    assert {name: told[name] for name in ("requests", "wrong", "late", "errors")} == {
        "requests": ASKED,
        "wrong": 0,
        "late": 0,
        "errors": 0,
    }, counts.shown
    assert counts.verdicts["right"] + counts.verdicts["refused"] == ASKED
    # Holders, former holders and strangers; and batches, which bring three decisions each.
    assert 0 < counts.allowed < counts.decisions
    assert counts.decisions > counts.verdicts["right"]
    assert lived.sales > 0
    assert lived.reorgs > 0
    assert len(counts.first_at) > 1
    assert len({block.number for block in lived.court.blocks.values()}) < len(lived.court.blocks)


def test_everything_that_was_started_is_ended_whatever_happens(small: Small) -> None:
    assert len(small.pids) == SMALL.workers
    for pid in small.pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_held_against_a_false_truth_answers_are_wrong(small: Small) -> None:
    somebody = Person.numbered(SMALL.clients).address
    false = {
        name: replace(block, owners=dict.fromkeys(block.owners, somebody))
        for name, block in small.lived.court.blocks.items()
    }
    admitted = [one for one in small.right if '"allow":true' in one.body]
    court = replace(small.lived.court, blocks=false)
    assert counted(court, admitted).verdicts == {"wrong": len(admitted)}
    assert counted(court, small.right).verdicts["right"] == len(small.right) - len(admitted)


def test_the_truth_of_another_block_is_not_the_one_that_counts(small: Small) -> None:
    blocks = small.lived.court.blocks
    first, last = min(blocks.values(), key=lambda one: one.number), small.right[-1]
    assert small.lived.court.judge(last).verdict == "right"
    elsewhere = {name: replace(block, owners=first.owners) for name, block in blocks.items()}
    court = replace(small.lived.court, blocks=elsewhere)
    assert counted(court, small.right).verdicts["wrong"] > 0


def test_a_gate_that_lies_is_wrong(small: Small) -> None:
    count = len(small.right)
    for lie in (
        saying('"allow":true', '"allow":"yes"'),
        saying('"allow":true', '"allow":false'),
    ):
        told = small.verdicts(lie)
        assert told.verdicts["wrong"] == sum('"allow":true' in one.body for one in small.right)
    for lie in (
        saying('"allow":false', '"allow":true'),
        saying('"block_hash":"0x', '"block_hash":"0xf'),
        saying('"as_of_block":', '"as_of_block":1'),
        lambda answer: replace(answer, least=10**9),
    ):
        told = small.verdicts(lie)
        assert told.verdicts["wrong"] > 0
        assert told.verdicts["wrong"] + told.verdicts["right"] == count
        assert told.shown["wrong"]


def test_whoever_is_let_in_by_a_seat_of_another_is_let_in_wrongly(small: Small) -> None:
    admitted = next(
        one for one in small.right if len(one.asked) == 1 and '"allow":true' in one.body
    )
    told = json.loads(admitted.body)
    body = json.dumps({**told, "seat": str(int(told["seat"]) + 50)})
    assert small.lived.court.judge(replace(admitted, body=body)).verdict == "wrong"


def test_answers_to_one_batch_rest_on_one_block(small: Small) -> None:
    batch = next(one for one in small.right if len(one.asked) > 1)
    told = json.loads(batch.body)
    mine = told["answers"][0]["decision"]["block_hash"]
    other = next(name for name in small.lived.court.blocks if name != mine)
    told["answers"][0]["decision"]["block_hash"] = other
    found = small.lived.court.judge(replace(batch, body=json.dumps(told)))
    assert (found.verdict, found.why) == ("wrong", "one batch, several blocks")


def test_an_answer_of_a_block_that_was_replaced_before_it_admits_is_late(small: Small) -> None:
    old = {
        name: replace(block, until=min(one.sent_at for one in small.right) - 20)
        for name, block in small.lived.court.blocks.items()
    }
    court = replace(small.lived.court, blocks=old)
    assert counted(court, small.right).verdicts == {"late": len(small.right)}


def test_a_lag_that_is_not_allowed_is_late(small: Small) -> None:
    told = small.verdicts(saying('"lag_s":', '"lag_s":9'))
    assert told.verdicts == {"late": len(small.right)}


BEHIND: Final = json.dumps({"code": "mirror_behind"})
ANSWERS: Final[Sequence[tuple[int, str, Verdict]]] = (
    (503, BEHIND, "refused"),
    (503, json.dumps({"code": "storage_unreachable"}), "errors"),
    (500, "", "errors"),
    (429, BEHIND, "errors"),
    (200, "[]", "errors"),
    (200, "nothing that could be read", "errors"),
    (0, "", "errors"),
)
"""Statuses and bodies that a server sends, in turn; 0: it ends the connection instead."""


class Failing(BaseHTTPRequestHandler):
    """Answers everything in turn that is no decision."""

    protocol_version = "HTTP/1.1"
    served = 0

    def do_GET(self) -> None:
        status, body, _ = ANSWERS[Failing.served % len(ANSWERS)]
        Failing.served += 1
        if status == 0:
            self.close_connection = True
            return
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def failing() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Failing) as server:
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            serving.join()


def test_what_is_no_decision_is_a_refusal_or_an_error(small: Small, tmp_path: Path) -> None:
    with failing() as url:
        members = {"action": "see_resale", "drop": 1}
        rounds = 4
        rate = 2 * (rounds * len(ANSWERS) - 1)
        asked(Task([url], [""], [members] * 3, 0.5, rate, 1, str(tmp_path / "answers")))
    counts = counted(small.lived.court, answers_in(tmp_path / "answers"))
    of_a_round = [verdict for _, _, verdict in ANSWERS]
    assert counts.verdicts == {
        verdict: rounds * of_a_round.count(verdict) for verdict in set(of_a_round)
    }
    assert counts.decisions == 0


@pytest.mark.parametrize("variable", ["CLIENTS=7", "SECONDS=-1", "RATE=0.0", "WORKERS=many"])
def test_a_load_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    name, _, value = variable.partition("=")
    monkeypatch.setenv(name, value)
    with pytest.raises(ToolFailedError, match=r"CLIENTS|numbers"):
        Wished.by_environment()
