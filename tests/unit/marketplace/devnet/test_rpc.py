from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from marketplace.devnet.chain import DevChain
from marketplace.devnet.rpc import Node
from marketplace.devnet.settings import DevnetSettings
from tests.unit.marketplace.devnet.driving import START, Client, Clock, put_code
from tests.unit.marketplace.devnet.programs import ECHO_REVERT

if TYPE_CHECKING:
    import logging

ASK = {"jsonrpc": "2.0", "id": 1, "method": "eth_chainId", "params": []}


def test_a_result_bears_the_requests_id(client: Client) -> None:
    for key in (0, 1, "a", None, 1.5):
        answer = client.post(ASK | {"id": key})
        assert answer == {"jsonrpc": "2.0", "id": key, "result": "0x7a69"}


def test_params_may_be_left_out(client: Client) -> None:
    assert client.post({"jsonrpc": "2.0", "id": 1, "method": "eth_chainId"})["result"] == "0x7a69"


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[1,", b"[" * 100_000])
def test_a_body_that_is_not_json_is_a_parse_error(client: Client, body: bytes) -> None:
    answer = json.loads(client.node.handle(body) or b"null")
    assert (answer["id"], answer["error"]["code"]) == (None, -32700)


@pytest.mark.parametrize(
    "body",
    [
        1,
        "x",
        None,
        [],
        {},
        ASK | {"jsonrpc": "1.0"},
        ASK | {"method": 5},
        ASK | {"id": {}},
        ASK | {"id": True},
    ],
)
def test_json_that_is_no_request_is_an_invalid_request(client: Client, body: object) -> None:
    assert client.post(body)["error"]["code"] == -32600


def test_an_id_is_a_finite_number(client: Client) -> None:
    answer = client.node.handle(b'{"jsonrpc": "2.0", "id": NaN, "method": "eth_chainId"}')
    assert json.loads(answer or b"null")["error"]["code"] == -32600


def test_an_unknown_method_is_not_found(client: Client) -> None:
    code, message = client.refusal("eth_unheardOf")
    assert code == -32601
    assert "eth_unheardOf" in message


@pytest.mark.parametrize("method", ["eth_subscribe", "eth_getProof", "debug_traceCall"])
def test_what_only_other_nodes_have_is_refused_with_advice(client: Client, method: str) -> None:
    code, message = client.refusal(method)
    assert code == -32601
    assert "anvil" in message


def test_named_params_are_refused(client: Client) -> None:
    assert client.post(ASK | {"params": {"a": 1}})["error"]["code"] == -32602


@pytest.mark.parametrize(
    ("method", "params"), [("eth_chainId", ["0x1"]), ("eth_getBalance", []), ("eth_call", ["0x"])]
)
def test_wrong_arguments_are_invalid_params(
    client: Client, method: str, params: list[object]
) -> None:
    assert client.refusal(method, *params)[0] == -32602


def test_a_notification_is_carried_out_and_not_answered(client: Client) -> None:
    assert client.post({"jsonrpc": "2.0", "method": "evm_mine"}) is None
    assert client.ask("eth_blockNumber") == "0x1"


def test_a_batch_is_answered_in_order_without_notifications(client: Client) -> None:
    notification = {"jsonrpc": "2.0", "method": "evm_mine"}
    answers = client.post([ASK, notification, 5, ASK | {"id": 2, "method": "eth_blockNumber"}])
    assert [answer["id"] for answer in answers] == [1, None, 2]
    assert answers[2]["result"] == "0x1"


def test_a_batch_of_notifications_is_not_answered(client: Client) -> None:
    assert client.post([{"jsonrpc": "2.0", "method": "evm_mine"}]) is None


def test_a_batch_has_a_limit() -> None:
    client = Client(Node(DevChain(DevnetSettings(max_batch=2), Clock(START))))
    assert len(client.post([ASK] * 2)) == 2
    assert client.post([ASK] * 3)["error"]["code"] == -32600


def test_a_revert_has_code_3_and_its_bytes(client: Client) -> None:
    reverter = put_code(client.node.chain, ECHO_REVERT)
    answer = client.answer("eth_call", {"to": "0x" + reverter.hex(), "data": "0xcf479181"})
    assert answer["error"] == {"code": 3, "message": "execution reverted", "data": "0xcf479181"}


def test_a_defect_is_an_internal_error_and_logged(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def break_down(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(client.node.chain, "mine", break_down)
    assert client.refusal("evm_mine")[0] == -32603
    records: list[logging.LogRecord] = caplog.records
    assert [record.exc_info and record.exc_info[0] for record in records] == [ZeroDivisionError]
