from __future__ import annotations

from datetime import UTC, datetime

import pytest
from starlette.datastructures import Headers

from api.recordings.bodies import MEDIA_TYPES
from api.recordings.errors import PreconditionFailed, RangeNotSatisfiable
from api.recordings.ranges import Span
from api.recordings.reads import Recording
from api.recordings.selecting import Selection, select
from marketplace.domain.ids import DropId
from tests.unit.api.programme.mirrored import MENTOR

RECORDING = Recording(
    id="0123456789abcdef0123456789abcdef",
    drop=DropId(7),
    terms_hash="0x" + "ab" * 32,
    mentor=MENTOR,
    session=2,
    title='"; filename=evil.html',
    media_type="video/webm",
    size_bytes=1_000,
    sha256="0x" + "cd" * 32,
    available_at=datetime(2027, 3, 1, tzinfo=UTC),
    uploaded_by=MENTOR,
)
TAG = '"0x' + "cd" * 32 + '"'


def selected(*, head: bool = False, **headers: str) -> Selection:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return select(Headers(named), RECORDING, head=head)


def test_without_conditions_the_whole_is_sent() -> None:
    assert selected() == Selection(
        200,  # type: ignore[arg-type] # an HTTPStatus is this int
        {
            "ETag": TAG,
            "Accept-Ranges": "bytes",
            "Content-Length": "1000",
            "Content-Type": "video/webm",
            "Content-Disposition": 'inline; filename="drop-7-session-2-01234567.webm"',
            "X-Content-Type-Options": "nosniff",
        },
        Span(0, 999),
    )


def test_a_part_says_which() -> None:
    part = selected(range="bytes=-10")
    assert (part.status, part.span) == (206, Span(990, 999))
    assert part.headers["Content-Range"] == "bytes 990-999/1000"
    assert part.headers["Content-Length"] == "10"


def test_a_part_of_another_file_is_the_whole_of_this_one() -> None:
    assert selected(range="bytes=0-1", if_range='"other"').status == 200
    assert selected(range="bytes=0-1", if_range=TAG).status == 206


def test_several_parts_are_the_whole() -> None:
    whole = selected(range="bytes=0-1,3-4")
    assert (whole.status, whole.span) == (200, Span(0, 999))


def test_a_range_beyond_the_end_is_refused_with_the_size() -> None:
    with pytest.raises(RangeNotSatisfiable) as refused:
        selected(range="bytes=1000-")
    assert refused.value.headers == {"Content-Range": "bytes */1000"}


def test_head_looks_at_no_range() -> None:
    head = selected(head=True, range="bytes=1000-")
    assert (head.status, head.span, head.headers["Content-Length"]) == (200, None, "1000")


def test_what_the_client_has_is_not_sent_again() -> None:
    assert selected(if_none_match=f"W/{TAG}", range="bytes=0-1") == Selection(
        304,  # type: ignore[arg-type] # an HTTPStatus is this int
        {"ETag": TAG},
        None,
    )
    assert selected(if_none_match='"other"').status == 200


def test_another_file_than_is_wanted_is_not_sent() -> None:
    with pytest.raises(PreconditionFailed):
        selected(if_match='"other"')
    assert selected(if_match=TAG).status == 200


@pytest.mark.parametrize("media_type", MEDIA_TYPES)
def test_nothing_is_taken_in_that_runs_in_a_browser(media_type: str) -> None:
    assert media_type.partition("/")[0] in {"audio", "video"}
