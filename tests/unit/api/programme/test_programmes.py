from __future__ import annotations

from api.places import MAX_PAGE
from api.programme.programmes import parsed
from tests.unit.marketplace.launch.texts import SMALL, parse


def test_two_pages_of_drops_are_read_once() -> None:
    document = parse(SMALL).document
    title = parse(SMALL).document.split('"title": "')[1].split('"')[0]
    texts = [document.replace(title, f"{title} {number}") for number in range(2 * MAX_PAGE)]
    parsed.cache_clear()
    for text in (*texts, *texts):
        parsed(text)
    assert parsed.cache_info().misses == len(texts)
