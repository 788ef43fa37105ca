from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Final

import pytest

from indexer.rpc.client import Client
from indexer.rpc.errors import AnswerMalformed, NodeOverloaded, NodeRefused, NodeSilent
from indexer.rpc.node import RpcNode
from indexer.rpc.values import Call, RangeLogs, StateAnswers
from marketplace.bindings.addresses import parse_address

SEATS: Final = parse_address("0x5FbDB2315678afecb367f032d93F642f64180aa3")
CALLS: Final = (Call(SEATS, b"\x01\x02"), Call(SEATS, b"\x03"))


@dataclass
class Scripted:
    """Answers with these results in turn, or errors where they are pairs of code and text."""

    results: list[Any]
    asked: list[Any] = field(default_factory=list)
    answered_at: int | None = None

    def post(self, body: bytes) -> bytes:
        told = json.loads(body)
        asked = told if isinstance(told, list) else [told]
        self.asked += asked
        return json.dumps([self._answer(one["id"]) for one in asked]).encode()

    def close(self) -> None:
        """Nothing is open."""

    def _answer(self, number: int) -> dict[str, Any]:
        result = self.results[number]
        if isinstance(result, tuple):
            return {"id": number, "error": {"code": result[0], "message": result[1]}}
        return {"id": number, "result": result}


def state(*results: object) -> tuple[StateAnswers | None, list[Any]]:
    scripted = Scripted(list(results))
    return RpcNode(Client(scripted, 9)).state(7, SEATS, CALLS), scripted.asked


def test_a_state_is_asked_for_by_block() -> None:
    told, asked = state("0x5", "0x", "0x07")

    assert told == StateAnswers(5, (b"", b"\x07"))
    assert [(one["method"], one["params"]) for one in asked] == [
        ("eth_getBalance", [SEATS, "0x7"]),
        ("eth_call", [{"to": SEATS, "data": "0x0102"}, "0x7"]),
        ("eth_call", [{"to": SEATS, "data": "0x03"}, "0x7"]),
    ]


@pytest.mark.parametrize(
    "refusal",
    [
        (3, "execution reverted"),
        (3, "custom error"),
        (-32000, "VM Exception: revert"),
        (-1, "Revert"),
    ],
)
def test_what_the_contract_refuses_is_an_answer(refusal: tuple[int, str]) -> None:
    assert state("0x5", refusal, "0x07")[0] == StateAnswers(5, (None, b"\x07"))


@pytest.mark.parametrize(
    "refusal",
    [
        (-32000, "missing trie node"),
        (-32000, "header not found"),
        (-32603, "state at block 7 is pruned"),
        (-32601, "the method does not exist"),
    ],
)
def test_any_other_refusal_is_a_state_that_is_gone(refusal: tuple[int, str]) -> None:
    assert state(refusal, "0x", "0x")[0] is None
    assert state("0x5", "0x", refusal)[0] is None


@pytest.mark.parametrize("results", [(None, "0x", "0x"), ("0x5", None, "0x"), ("0x5", "0x0", "0x")])
def test_what_cannot_be_read_is_no_state(results: tuple[object, ...]) -> None:
    with pytest.raises(AnswerMalformed):
        state(*results)


def test_a_range_whose_last_block_is_another_is_not_believed() -> None:
    header = {
        "number": "0x13",
        "hash": "0x" + "01" * 32,
        "parentHash": "0x" + "02" * 32,
        "timestamp": "0x5",
        "logsBloom": "0x" + "00" * 256,
    }

    def asked(last: int) -> RangeLogs:
        return RpcNode(Client(Scripted([header, []]), 9)).range_logs(10, last, (SEATS,))

    assert asked(19).last is not None
    with pytest.raises(AnswerMalformed, match="block 20 was asked for"):
        asked(20)


@pytest.mark.parametrize(
    ("told", "code"),
    [("0x", b""), ("0x6001", b"\x60\x01"), ((-32000, "missing trie node"), None), (None, None)],
)
def test_a_code_of_then_is_none_where_the_state_is_gone(told: object, code: bytes | None) -> None:
    scripted = Scripted([told])

    assert RpcNode(Client(scripted, 9)).code_then(SEATS, 7) == code
    assert [(one["method"], one["params"]) for one in scripted.asked] == [
        ("eth_getCode", [SEATS, "0x7"])
    ]


class Refusing:
    """What stands before a node and says by an HTTP status that it does not answer."""

    answered_at = None

    def __init__(self, error: Exception) -> None:
        self._error = error

    def post(self, _body: bytes) -> bytes:
        raise self._error

    def close(self) -> None:
        """Nothing is open."""


@pytest.mark.parametrize(
    "error", [NodeRefused("HTTP", 403, "Forbidden"), NodeOverloaded(500), NodeOverloaded(502)]
)
def test_a_status_that_says_that_the_state_is_gone_is_believed(error: Exception) -> None:
    assert RpcNode(Client(Refusing(error), 9)).code_then(SEATS, 7) is None


@pytest.mark.parametrize("error", [NodeSilent("cut off"), NodeOverloaded(429)])
def test_what_says_nothing_of_a_state_is_asked_again(error: Exception) -> None:
    with pytest.raises(type(error)):
        RpcNode(Client(Refusing(error), 9)).code_then(SEATS, 7)
