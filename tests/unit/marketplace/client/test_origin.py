from __future__ import annotations

import pytest

from marketplace.client import SeatmarketClient
from marketplace.client.errors import ApiAddressInvalid
from marketplace.client.origin import ApiOrigin


@pytest.mark.parametrize(
    ("text", "url", "authority"),
    [
        ("https://seats.example", "https://seats.example", "seats.example"),
        ("https://Seats.Example:443/", "https://seats.example", "seats.example"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000", "127.0.0.1:8000"),
        ("http://localhost:80", "http://localhost", "localhost"),
        ("http://[::1]:8000", "http://[::1]:8000", "[::1]:8000"),
        ("https://seats.example:8443", "https://seats.example:8443", "seats.example:8443"),
    ],
)
def test_an_origin_is_written_in_one_way(text: str, url: str, authority: str) -> None:
    origin = ApiOrigin.parse(text)
    assert (origin.url, origin.authority) == (url, authority)
    with SeatmarketClient(text) as client:
        assert client.url == url


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("http://seats.example", "http would carry the token in clear"),
        ("http://127.0.0.1.example", "http would carry the token in clear"),
        ("ftp://seats.example", "does not begin with http:// or https://"),
        ("seats.example", "does not begin with http:// or https://"),
        ("https://", "does not begin with http:// or https://"),
        ("https://seats.example/v1", "more than scheme, host and port"),
        ("https://seats.example?x=1", "more than scheme, host and port"),
        ("https://seats.example#x", "more than scheme, host and port"),
        ("https://me:secret@seats.example", "more than scheme, host and port"),
        ("https://seats.example:99999", "it is no web address"),
        ("https://[::1", "it is no web address"),
        ("", "does not begin with http:// or https://"),
    ],
)
def test_an_address_for_no_token_is_refused(text: str, why: str) -> None:
    with pytest.raises(ApiAddressInvalid) as refused:
        SeatmarketClient(text)
    assert why in refused.value.why
    assert "secret" not in str(refused.value)
