from __future__ import annotations

import pytest

from api.access.asked import Asked
from api.access.plainly import plain_question
from api.gate.values import Action, Level
from marketplace.domain.ids import MAX_DROP


@pytest.mark.parametrize(
    ("query", "asked", "least_block"),
    [
        ("action=see_resale&drop=2", Asked(Action.SEE_RESALE, 2, None, None), 0),
        (
            "min_block=7&session=1&drop=9007199254740991&action=enter_session",
            Asked(Action.ENTER_SESSION, 9_007_199_254_740_991, 1, None),
            7,
        ),
        (
            "action=watch_recording&drop=1&recording=aZ09_-&min_block=0",
            Asked(Action.WATCH_RECORDING, 1, None, "aZ09_-"),
            0,
        ),
        (
            "action=watch_recording&drop=1&session=10000&recording=a",
            Asked(Action.WATCH_RECORDING, 1, 10_000, "a"),
            0,
        ),
        ("action=see_resale&drop=2&level=latest", Asked(Action.SEE_RESALE, 2, None, None), 0),
        (
            "level=finalized&action=see_resale&drop=2",
            Asked(Action.SEE_RESALE, 2, None, None, Level.FINALIZED),
            0,
        ),
    ],
)
def test_what_is_plain_is_read(query: str, asked: Asked, least_block: int) -> None:
    assert plain_question(query.encode()) == (asked, least_block)


@pytest.mark.parametrize(
    "query",
    [
        "",
        "action=see_resale",
        "drop=2",
        "action=fly&drop=2",
        "action=see_resale&drop=0",
        f"action=see_resale&drop={MAX_DROP + 1}",
        "action=see_resale&drop=02",
        "action=see_resale&drop=+2",
        "action=see_resale&drop=2.0",
        "action=see_resale&drop=1_0",
        "action=see_resale&drop=\u0662",
        "action=see_resale&drop=2&drop=2",
        "action=see_resale&drop=2&",
        "action=see_resale&drop=2&account=me",
        "action=see_resale&drop=2&session=1",
        "action=see_resale&drop=2&session=",
        "action=see_resale&drop=2&recording=",
        "action=see_resale&drop=2&level=",
        "action=see_resale&drop=2&level=Safe",
        "action=see_resale&drop=2&level=safe&level=latest",
        "action=see_resale&drop=2&min_block=-1",
        "action=see_resale&drop=2&min_block=9007199254740992",
        "action=see_resale&drop=2;session=1",
        "%61ction=see_resale&drop=2",
        "action=see%5fresale&drop=2",
        "action=enter_session&drop=2",
        "action=enter_session&drop=2&session=0",
        "action=enter_session&drop=2&session=10001",
        "action=watch_recording&drop=2",
        "action=watch_recording&drop=2&recording=a%20b",
        "action=watch_recording&drop=2&recording=a+b",
        f"action=watch_recording&drop=2&recording={'a' * 65}",
    ],
)
def test_whatever_else_comes_is_left_to_the_framework(query: str) -> None:
    assert plain_question(query.encode()) is None
