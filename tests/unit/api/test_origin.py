from __future__ import annotations

import pytest

from api.origin import Origin


@pytest.mark.parametrize(
    "url",
    [
        "https://seats.example",
        "https://seats.example:8443",
        "http://127.0.0.1:8000",
        "http://[::1]:1",
    ],
)
def test_an_origin_is_written_as_it_was_read(url: str) -> None:
    assert Origin.parse(url).url == url


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://seats.example", "in clear"),
        ("http://localhost.evil.example", "in clear"),
        ("https://seats.example/", "not an origin"),
        ("https://user@seats.example", "not an origin"),
        ("https://Seats.example", "not an origin"),
        ("ftp://seats.example", "not an origin"),
        ("https://seats.example:443", "leave it out"),
        ("https://seats.example:99999", "leave it out"),
        ("https://seats.example\n", "not an origin"),
        ("", "not an origin"),
    ],
)
def test_everything_else_is_refused_with_the_reason(url: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        Origin.parse(url)
