from __future__ import annotations

import json
from typing import Any

import pytest

from indexer.rpc.client import Client, Question
from indexer.rpc.errors import AnswerMalformed, NodeRefused

ONE, TWO, THREE = Question("one"), Question("two", (True,)), Question("three")


class Wire:
    """Notes what is posted and plays answers."""

    answered_at = 7

    def __init__(self, *answers: object) -> None:
        self.posted: list[Any] = []
        self._answers = list(answers)

    def post(self, body: bytes) -> bytes:
        self.posted.append(json.loads(body))
        answer = self._answers.pop(0)
        return answer if isinstance(answer, bytes) else json.dumps(answer).encode()

    def close(self) -> None:
        self._answers.clear()


def result(number: int | None, value: object) -> dict[str, object]:
    return {"jsonrpc": "2.0", "id": number, "result": value}


def refusal(number: int | None, code: int, message: str) -> dict[str, object]:
    return {"jsonrpc": "2.0", "id": number, "error": {"code": code, "message": message}}


def test_one_question_is_one_object() -> None:
    wire = Wire(result(0, "0x1"))

    assert Client(wire, 10).ask(TWO) == "0x1"
    assert wire.posted == [{"jsonrpc": "2.0", "id": 0, "method": "two", "params": [True]}]


def test_many_questions_are_batches_of_the_limit_and_answers_come_in_order() -> None:
    wire = Wire([result(1, "b"), result(0, "a")], result(0, "c"))

    assert Client(wire, 2).ask_all([ONE, TWO, THREE]) == ["a", "b", "c"]
    assert [len(posted) if isinstance(posted, list) else 1 for posted in wire.posted] == [2, 1]


def test_a_refusal_names_its_question() -> None:
    wire = Wire([result(0, "a"), refusal(1, -32000, "no such block")])

    with pytest.raises(NodeRefused, match="refused two with error -32000: no such block"):
        Client(wire, 10).ask_all([ONE, TWO])


def test_a_tried_question_keeps_its_refusal_to_itself() -> None:
    wire = Wire([refusal(0, -32000, "no"), result(1, "b")])

    first, second = Client(wire, 10).try_all([ONE, TWO])

    assert first == NodeRefused("one", -32000, "no")
    assert second == "b"


def test_a_batch_that_is_refused_as_a_whole_is_refused_for_each() -> None:
    wire = Wire(refusal(None, -32600, "batches are not served"))

    assert (
        Client(wire, 10).try_all([ONE, TWO])
        == [NodeRefused("one", -32600, "batches are not served")] * 2
    )


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b'{"jsonrpc":"2.0","id":0,"resu',
        b"[" * 100_000,
        [],
        [result(0, "a")],
        [result(0, "a"), 7],
        [result(0, "a"), result(7, "b")],
        [result(0, "a"), {"id": [1], "result": "b"}],
        [result(0, "a"), {"id": {}, "error": {"code": 1}}],
        "a",
    ],
)
def test_an_answer_that_leaves_a_question_open_is_refused(answer: object) -> None:
    with pytest.raises(AnswerMalformed):
        Client(Wire(answer), 10).ask_all([ONE, TWO])


def test_a_long_refusal_is_cut() -> None:
    with pytest.raises(NodeRefused) as refused:
        Client(Wire(refusal(0, 1, "x" * 10_000)), 10).ask(ONE)

    assert len(str(refused.value)) < 400
