from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

import httpx
import pytest

from marketplace.client.errors import (
    AccessDenied,
    AnswerUnexpected,
    ApiRefused,
    ApiUnavailable,
    FileUnusable,
    RecordingCut,
    SignInRequired,
)
from marketplace.domain.ids import DropId
from tests.unit.marketplace.client.told import LATER, always, answered, problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from marketplace.domain.errors import SeatmarketError

DROP = DropId(1)
OCTETS = bytes(range(256)) * 3_000
KEPT = {
    "recording": "abc",
    "drop": 1,
    "session": 1,
    "title": "The evening",
    "media_type": "audio/ogg",
    "size_bytes": len(OCTETS),
    "sha256": f"0x{hashlib.sha256(OCTETS).hexdigest()}",
    "uploaded_at": LATER,
}


def part(octets: bytes, content_range: str, length: int | None = None) -> httpx.Response:
    """A part of a recording; `length` is what it says of itself."""
    headers = {
        "Content-Type": "video/webm",
        "Content-Length": str(len(octets) if length is None else length),
        "Content-Range": content_range,
        "ETag": '"one"',
    }
    return httpx.Response(206, content=octets, headers=headers)


def test_a_file_is_sent_in_pieces_with_its_digest(tmp_path: Path) -> None:
    path = tmp_path / "evening.ogg"
    path.write_bytes(OCTETS)
    told = always(answered(KEPT, 201))
    kept = told.client().upload_recording(DROP, 1, path, title="The evening")
    assert kept.recording == "abc"
    (request,) = told.asked
    assert request.content == OCTETS
    digest = base64.b64encode(hashlib.sha256(OCTETS).digest()).decode()
    assert request.headers["Repr-Digest"] == f"sha-256=:{digest}:"
    assert request.headers["Content-Type"] == "audio/ogg"
    assert request.headers["Content-Length"] == str(len(OCTETS))
    assert "Transfer-Encoding" not in request.headers
    assert request.url.query == b"title=The+evening"


@pytest.mark.parametrize(
    ("name", "why"),
    [("missing.ogg", "No such file"), ("notes.txt", "ends in none of"), (".", "ends in none of")],
)
def test_a_file_that_cannot_be_sent_is_said_so(tmp_path: Path, name: str, why: str) -> None:
    (tmp_path / "notes.txt").write_text("no recording")
    told = always(answered(KEPT, 201))
    with pytest.raises(FileUnusable) as refused:
        told.client().upload_recording(DROP, 1, tmp_path / name, title="The evening")
    assert why in refused.value.why
    assert told.asked == []


def test_a_refused_upload_is_a_refusal(tmp_path: Path) -> None:
    path = tmp_path / "evening.ogg"
    path.write_bytes(OCTETS)
    with pytest.raises(ApiRefused):
        always(problem(413, "body_too_large")).client().upload_recording(
            DROP, 1, path, title="The evening"
        )


def test_a_part_is_read_from_its_place_on() -> None:
    told = always(part(OCTETS[10:20], "bytes 10-19/1000"))
    with told.client().open_recording("abc", first=10, last=19) as stream:
        assert (stream.first, stream.last, stream.size_bytes) == (10, 19, 1_000)
        assert (stream.media_type, stream.etag) == ("video/webm", '"one"')
        assert b"".join(stream.chunks) == OCTETS[10:20]
    assert told.asked[0].headers["Range"] == "bytes=10-19"


def test_the_whole_is_asked_for_without_a_range() -> None:
    whole = httpx.Response(200, content=OCTETS, headers={"Content-Type": "video/webm"})
    told = always(whole)
    with told.client().open_recording("abc") as stream:
        assert (stream.first, stream.last) == (0, len(OCTETS) - 1)
        assert b"".join(stream.chunks) == OCTETS
    assert "Range" not in told.asked[0].headers


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (part(b"abc", "bytes 5-7/10"), "another part"),
        (part(b"abc", "bytes 4-7/10"), "another part"),
        (part(b"abc", "bytes */10"), "which part it is"),
        (httpx.Response(200, content=OCTETS), "another part"),
        (httpx.Response(206, content=iter([b"abc"])), "how long it is"),
        (
            httpx.Response(206, content=b"", headers={"Content-Encoding": "br"}),
            "it is compressed",
        ),
    ],
)
def test_another_part_than_was_asked_for_is_said_to_be_one(
    answer: httpx.Response, why: str
) -> None:
    with (
        pytest.raises(AnswerUnexpected) as unexpected,
        always(answer).client().open_recording("abc", first=4, last=6),
    ):
        pass
    assert why in unexpected.value.why


def test_a_recording_that_breaks_off_is_not_called_whole() -> None:
    def breaking() -> Iterator[bytes]:
        yield b"abc"
        raise httpx.RemoteProtocolError("eof")

    headers = {"Content-Length": "6", "Content-Range": "bytes 4-9/10"}
    for body in (breaking(), iter([b"abc"])):
        answer = httpx.Response(206, content=body, headers=headers)
        client = always(answer).client()
        with client.open_recording("abc", first=4) as stream, pytest.raises(RecordingCut) as cut:
            b"".join(stream.chunks)
        assert (cut.value.received_bytes, cut.value.length_bytes) == (3, 6)


def test_a_recording_is_taken_back_by_its_id() -> None:
    told = always(httpx.Response(204))
    told.client().remove_recording("abc")
    (request,) = told.asked
    assert (request.method, request.url.path) == ("DELETE", "/v1/recordings/abc")
    with pytest.raises(ApiRefused):
        always(problem(404, "not_found")).client().remove_recording("abc")


def test_how_long_a_recording_is_can_be_asked_without_its_bytes() -> None:
    headers = {"Content-Type": "video/webm", "Content-Length": "1000", "ETag": '"one"'}
    told = always(httpx.Response(200, headers=headers))
    head = told.client().recording_head("abc")
    assert (head.media_type, head.size_bytes, head.etag) == ("video/webm", 1_000, '"one"')
    assert told.asked[0].method == "HEAD"


@pytest.mark.parametrize(
    ("status", "kind"),
    [(403, AccessDenied), (401, SignInRequired), (404, ApiRefused), (503, ApiUnavailable)],
)
def test_a_refused_head_has_no_body_and_is_told_by_its_status(
    status: int, kind: type[SeatmarketError]
) -> None:
    answer = httpx.Response(status, headers={"Content-Type": "application/problem+json"})
    with pytest.raises(kind) as error:
        always(answer).client().recording_head("abc")
    assert type(error.value) is kind
