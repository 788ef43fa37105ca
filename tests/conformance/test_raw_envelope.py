"""JSON-RPC 2.0 itself: identifiers, batches, notifications, bodies that are no requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conformance.rpc import Rpc

PARSE_ERROR = -32700
INVALID_REQUEST = -32600
METHOD_NOT_FOUND = -32601


@pytest.mark.parametrize("identifier", [0, 7, "seven", 2**53 - 1])
def test_answer_carries_the_identifier_of_its_question(rpc: Rpc, identifier: object) -> None:
    answer = rpc.post({"jsonrpc": "2.0", "id": identifier, "method": "eth_chainId", "params": []})
    assert answer == {"jsonrpc": "2.0", "id": identifier, "result": "0x7a69"}


def test_parameters_may_be_left_out(rpc: Rpc) -> None:
    answer = rpc.post({"jsonrpc": "2.0", "id": 1, "method": "eth_chainId"})
    assert answer["result"] == "0x7a69"


def test_batch_answers_each_request_also_beside_a_refused_one(rpc: Rpc) -> None:
    methods = ["eth_chainId", "eth_sellSeat", "net_version"]
    batch = [{"jsonrpc": "2.0", "id": n, "method": m, "params": []} for n, m in enumerate(methods)]
    answers = {answer["id"]: answer for answer in rpc.post(batch)}
    assert answers[0]["result"] == "0x7a69"
    assert answers[1]["error"]["code"] == METHOD_NOT_FOUND
    assert answers[2]["result"] == "31337"


def test_hundred_requests_fit_into_one_batch(rpc: Rpc) -> None:
    numbers = range(100)
    batch = [
        {"jsonrpc": "2.0", "id": n, "method": "eth_getBlockByNumber", "params": [hex(n), False]}
        for n in numbers
    ]
    answers = {answer["id"]: answer["result"]["number"] for answer in rpc.post(batch)}
    assert answers == {n: hex(n) for n in numbers}


def test_empty_batch_is_an_invalid_request(rpc: Rpc) -> None:
    assert rpc.post([])["error"]["code"] == INVALID_REQUEST


def test_notification_gets_no_answer(rpc: Rpc) -> None:
    response = rpc.http.post(rpc.url, json={"jsonrpc": "2.0", "method": "eth_chainId"})
    assert response.content == b""


def test_body_that_is_not_json_is_refused(rpc: Rpc) -> None:
    headers = {"content-type": "application/json"}
    answer = rpc.http.post(rpc.url, content=b'{"jsonrpc":', headers=headers).json()
    # anvil takes a broken body for an invalid request.
    assert answer["error"]["code"] in {PARSE_ERROR, INVALID_REQUEST}
    assert answer["id"] is None
