from __future__ import annotations

import pytest

from api.peers import NOWHERE, name_of, peer_of


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", NOWHERE),
        ("seats.example", NOWHERE),
    ],
)
def test_whoever_has_many_addresses_has_one_name(host: str, name: str) -> None:
    assert name_of(host) == name


def test_a_header_names_nobody() -> None:
    told = [(b"x-forwarded-for", b"192.0.2.9"), (b"forwarded", b"for=192.0.2.9")]
    assert peer_of({"client": ("192.0.2.7", 1), "headers": told}) == "192.0.2.7"
    assert peer_of({"client": None, "headers": told}) == NOWHERE
