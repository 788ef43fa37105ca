from __future__ import annotations

from traceback import format_exception
from typing import TYPE_CHECKING, cast

import pytest
from web3.providers import BaseProvider

from marketplace.bindings.node import call, estimate_gas
from marketplace.bindings.transactions import PreparedTransaction
from marketplace.chain.connection import (
    NodeAddressInvalid,
    over_provider,
    reach_node,
)
from marketplace.chain.heads import next_time_of
from marketplace.domain.addresses import ChecksumAddress

if TYPE_CHECKING:
    from web3 import HTTPProvider
    from web3.types import RPCEndpoint, RPCResponse

SOMEWHERE = PreparedTransaction(
    to=ChecksumAddress("0x0000000000000000000000000000000000000001"), data=b"", summary="Nothing"
)


class Heard(BaseProvider):
    """Notes what is asked, and answers it with one value."""

    def __init__(self, answer: object) -> None:
        super().__init__()
        self.methods: list[str] = []
        self._answer = answer

    def make_request(self, method: RPCEndpoint, params: object) -> RPCResponse:
        del params
        self.methods.append(method)
        return {"jsonrpc": "2.0", "id": 1, "result": self._answer}


def test_a_connection_waits_a_bounded_time_and_never_tries_twice() -> None:
    provider = cast("HTTPProvider", reach_node("http://127.0.0.1:8545", 2.5).provider)
    retries: object = provider.exception_retry_configuration
    assert retries is None
    assert dict(provider.get_request_kwargs())["timeout"] == 2.5


def test_a_contract_cannot_make_this_process_fetch_addresses() -> None:
    assert reach_node("http://127.0.0.1:8545").provider.global_ccip_read_enabled is False


def test_a_question_to_the_contract_is_one_request() -> None:
    heard = Heard("0x10")
    web3 = over_provider(heard)

    assert call(web3, SOMEWHERE) == b"\x10"
    assert estimate_gas(web3, SOMEWHERE, ChecksumAddress("0x" + "11" * 20)) == 16

    assert heard.methods == ["eth_call", "eth_estimateGas"]


def test_headers_of_a_chain_that_proves_authority_are_read() -> None:
    block = {"number": "0x1", "timestamp": "0x64", "extraData": "0x" + "ab" * 97}

    found = next_time_of(over_provider(Heard(block)))

    assert found is not None


@pytest.mark.parametrize(
    "url",
    ["", "127.0.0.1:8545", "ws://127.0.0.1:8545", "file:///node.ipc", "http://", "https:///x"],
)
def test_an_address_that_http_cannot_reach_is_refused(url: str) -> None:
    with pytest.raises(NodeAddressInvalid, match="write http:// or https://"):
        reach_node(url)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://user:secret@node.example/secret",
        "https://secret@node.example:99999/secret",
        "https://user:secret/more@node.example",
        "secret:more@node.example",
        "https://secret\u2100@node.example",
    ],
)
def test_an_address_that_is_refused_is_not_repeated(url: str) -> None:
    with pytest.raises(NodeAddressInvalid, match="is written %2F") as refusal:
        reach_node(url)

    assert "secret" not in "".join(format_exception(refusal.value))
