from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import httpx
import pytest

from marketplace.devnet.server import RunningDevnet, running_devnet
from marketplace.devnet.settings import DevnetSettings
from tests.unit.marketplace.devnet.driving import put_code, signed
from tests.unit.marketplace.devnet.programs import ENDLESS

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def devnet() -> Iterator[RunningDevnet]:
    with running_devnet(DevnetSettings(port=0)) as running:
        yield running


def ask(url: str, method: str, *params: object) -> httpx.Response:
    body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
    return httpx.post(url, json=body, timeout=60)


def test_a_transaction_sent_over_http_is_mined(devnet: RunningDevnet) -> None:
    sent = ask(devnet.url, "eth_sendRawTransaction", "0x" + signed().hex()).json()["result"]
    receipt = ask(devnet.url, "eth_getTransactionReceipt", sent).json()["result"]
    assert receipt["status"] == "0x1"


def test_the_endpoint_answers_while_the_chain_is_busy(devnet: RunningDevnet) -> None:
    with devnet.node.lock:
        endless = "0x" + put_code(devnet.node.chain, ENDLESS).hex()
    with ThreadPoolExecutor() as threads:
        busy = threads.submit(ask, devnet.url, "eth_call", {"to": endless, "gas": hex(10_000_000)})
        assert httpx.get(devnet.url, timeout=60).status_code == 200
        assert not busy.done()
        assert busy.result().json()["error"]["message"].startswith("out of gas")


def test_requests_at_once_are_carried_out_one_after_another(devnet: RunningDevnet) -> None:
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: ask(devnet.url, "evm_mine"), range(24)))
    assert {answer.json()["result"] for answer in answers} == {"0x0"}
    assert ask(devnet.url, "eth_blockNumber").json()["result"] == hex(24)


def test_a_stopped_chain_gives_its_port_back() -> None:
    with running_devnet(DevnetSettings(port=0)) as first:
        port = int(first.url.rpartition(":")[2])
    with running_devnet(DevnetSettings(port=port)) as second:
        assert second.url == first.url
