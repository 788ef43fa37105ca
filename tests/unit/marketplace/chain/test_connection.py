from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest

from marketplace.chain.connection import NodeAddressInvalid, describe_node, reach_node

if TYPE_CHECKING:
    from web3 import HTTPProvider


def test_a_connection_waits_a_bounded_time_and_never_tries_twice() -> None:
    provider = cast("HTTPProvider", reach_node("http://127.0.0.1:8545", 2.5).provider)
    retries: object = provider.exception_retry_configuration
    assert retries is None
    assert dict(provider.get_request_kwargs())["timeout"] == 2.5


def test_a_contract_cannot_make_this_process_fetch_addresses() -> None:
    assert reach_node("http://127.0.0.1:8545").provider.global_ccip_read_enabled is False


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
        "https://user:secret@node.example/v3/secret?key=secret",
        "ftp://user:secret@node.example/secret",
        "https://secret@node.example:99999/secret",
    ],
)
def test_a_node_is_described_without_its_secrets(url: str) -> None:
    assert "secret" not in describe_node(url)
    assert "node.example" in describe_node(url)
