from __future__ import annotations

from ipaddress import ip_address

import pytest

from api.webhooks.addresses import fault_of, may_connect


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example/",
        "ftp://hooks.example/",
        "hooks.example",
        "https://",
        "https://me:secret@hooks.example/",
        "https://me@hooks.example/",
        "https://hooks.example/#part",
        "https://hooks.example:0/",
        "https://hooks.example:99999/",
        "https://[::1/",
        "https://hooks.example/a b",
        "https://hooks.example/\r\nX: 1",
        "https://h\u00f6oks.example/",
        "https://hooks.example/" + "x" * 2_048,
    ],
)
def test_what_is_no_plain_https_address_is_refused(url: str) -> None:
    assert fault_of(url, development=False) is not None


@pytest.mark.parametrize("url", ["https://hooks.example", "https://hooks.example:8443/a?b=c"])
def test_an_https_address_is_taken(url: str) -> None:
    assert fault_of(url, development=False) is None


def test_plain_http_is_for_development() -> None:
    assert fault_of("http://127.0.0.1:8080/", development=True) is None
    assert fault_of("ftp://127.0.0.1/", development=True) is not None


INSIDE = [
    "127.0.0.1",
    "127.9.9.9",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",  # noqa: S104 - an address to be refused
    "255.255.255.255",
    "224.0.0.1",
    "::1",
    "::",
    "fe80::1",
    "fc00::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:8.8.8.8",
    "2002:7f00:1::",
    "2001:0:7f00:1::",
    "64:ff9b:1::7f00:1",
    "fec0::1",
    "::127.0.0.1",
    "::8.8.8.8",
    "::ffff:0:127.0.0.1",
    "::ffff:0:8.8.8.8",
    "4000::1",
    "2001:db8::1",
    "64:ff9b::7f00:1",
    # What one version of Python calls global, and another does not.
    "192.0.0.8",
    "192.0.0.9",
    "192.0.0.100",
    "192.0.0.192",
    "64:ff9b::c000:c0",
    "192.88.99.1",
    "64:ff9b::c058:6301",
    "2001:1::1",
    "2001:3::1",
    "2001:4:112::1",
    "2001:20::1",
    "2001:30::1",
    "3fff::1",
    "3fff:fff::1",
]


@pytest.mark.parametrize("address", INSIDE)
def test_no_connection_leads_inside(address: str) -> None:
    assert not may_connect(ip_address(address), development=False)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700:4700::1111", "64:ff9b::808:808"])
def test_a_public_address_is_connected_to(address: str) -> None:
    assert may_connect(ip_address(address), development=False)


def test_development_opens_this_machine_and_nothing_else() -> None:
    opened = [one for one in INSIDE if may_connect(ip_address(one), development=True)]
    assert opened == ["127.0.0.1", "127.9.9.9", "::1"]
