from __future__ import annotations

import pytest

from marketplace.web_addresses import parts_of

HTTP = {"http", "https"}


@pytest.mark.parametrize(
    ("address", "host", "port"),
    [
        ("http://127.0.0.1:8545", "127.0.0.1", 8545),
        ("https://user:hunter2@node.example/v3/key?x=1", "node.example", None),
        ("https://user:hunter%2F2@node.example", "node.example", None),
        ("http://[::1]:8545/", "::1", 8545),
        ("https://bücher.example", "bücher.example", None),
    ],
)
def test_an_address_is_taken_apart(address: str, host: str, port: int | None) -> None:
    parts = parts_of(address, HTTP)

    assert parts is not None
    assert (parts.hostname, parts.port) == (host, port)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "node.example:8545",
        "ws://node.example",
        "http://",
        "https:///x",
        "https://user:abc/def@node.example",
        "https://node.example:99999",
        "https://node.example:0",
        "http://[::1",
        "http://[hunter2]/",
        "http://hunter2\u2100@node.example",
        "https://node..example",
        f"https://{'a' * 64}.example",
    ],
)
def test_what_names_no_server_is_none_and_raises_nothing(address: str) -> None:
    assert parts_of(address, HTTP) is None
