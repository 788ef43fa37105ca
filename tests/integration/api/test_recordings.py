from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from typing import TYPE_CHECKING, Final

import pytest
from sqlalchemy import func, select, update

from api.recordings.reads import MAX_PER_SESSION
from api.store.tables import recordings
from marketplace.storage.transactions import reading, writing
from tests.integration.api.staging import ROOM, SEAT, VIDEO, Stage, staged
from tests.integration.api.world import code_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import httpx
    from sqlalchemy import Engine

    from tests.integration.api.live import LiveChain

UPLOAD: Final = f"{ROOM}/recordings"
WEBM: Final = {"Content-Type": "video/webm"}
TITLE: Final = {"title": "Part one"}
NOTHING: Final[dict[str, list[str]]] = {"first": [], "second": []}


@pytest.fixture
def stage(launched_chain: LiveChain, database: Engine, tmp_path: Path) -> Iterator[Stage]:
    with staged(launched_chain, database, tmp_path) as found:
        found.give(found.holder, SEAT)
        yield found


def rows(stage: Stage) -> int:
    with reading(stage.parts.store) as connection:
        return connection.scalar(select(func.count()).select_from(recordings)) or 0


def sent(
    stage: Stage, content: bytes = VIDEO, headers: dict[str, str] | None = None, **query: str
) -> httpx.Response:
    client = stage.client(stage.mentor)
    return client.post(
        UPLOAD, params=TITLE | query, content=content, headers=WEBM | (headers or {})
    )


def digest(content: bytes) -> str:
    return f"sha-256=:{b64encode(sha256(content).digest()).decode()}:"


def test_what_the_mentor_uploads_is_kept_twice_and_listed(stage: Stage) -> None:
    answer = sent(stage, headers={"Repr-Digest": digest(VIDEO)}, title="The évening")
    assert answer.status_code == 201, answer.text
    members = answer.json()
    name = members["recording"]
    for place in ("first", "second"):
        assert (stage.folder / place / name).read_bytes() == VIDEO
    assert members["sha256"] == f"0x{sha256(VIDEO).hexdigest()}"
    assert (members["drop"], members["session"], members["size_bytes"]) == (1, 1, len(VIDEO))
    assert stage.api.get(f"/v1/recordings/{name}").json() == members
    listed = stage.api.get(ROOM).json()["recordings"]
    kept = ("recording", "title", "media_type", "size_bytes", "uploaded_at")
    assert listed == [{name: members[name] for name in kept}]
    assert listed[0]["title"] == "The évening"


def test_parameters_of_a_media_type_are_not_kept(stage: Stage) -> None:
    answer = sent(stage, headers={"Content-Type": 'Video/WebM; codecs="vp9,opus"'})
    assert answer.json()["media_type"] == "video/webm"


def test_a_holder_watches_all_of_it_or_a_part(stage: Stage) -> None:
    name = stage.upload()
    path, client = f"/v1/recordings/{name}/stream", stage.client(stage.holder)
    whole = client.get(path)
    assert (whole.status_code, whole.content) == (200, VIDEO)
    assert whole.headers["content-length"] == str(len(VIDEO))
    assert whole.headers["x-content-type-options"] == "nosniff"
    assert whole.headers["cache-control"] == "no-store"
    assert whole.headers["content-disposition"].startswith("inline; filename=")
    tag = whole.headers["etag"]
    part = client.get(path, headers={"Range": "bytes=100-199", "If-Range": tag})
    assert (part.status_code, part.content) == (206, VIDEO[100:200])
    assert part.headers["content-range"] == f"bytes 100-199/{len(VIDEO)}"
    several = client.get(path, headers={"Range": "bytes=0-1,5-9"})
    assert (several.status_code, several.content) == (200, VIDEO)
    beyond = client.get(path, headers={"Range": f"bytes={len(VIDEO)}-"})
    assert (beyond.status_code, code_of(beyond)) == (416, "range_not_satisfiable")
    assert beyond.headers["content-range"] == f"bytes */{len(VIDEO)}"
    unchanged = client.get(path, headers={"If-None-Match": tag})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    head = client.head(path, headers={"Range": "bytes=0-1"})
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(VIDEO))
    assert code_of(client.get(path, headers={"If-Match": '"x"'})) == "precondition_failed"
    assert stage.client(stage.mentor).get(path).content == VIDEO


def test_a_part_across_blocks_is_the_same_bytes(stage: Stage) -> None:
    content = bytes(range(256)) * 3_000
    name = stage.upload(content)
    client = stage.client(stage.holder)
    for first, last in ((262_140, 262_150), (0, 524_288), (524_287, 524_287), (1, 767_999)):
        answer = client.get(
            f"/v1/recordings/{name}/stream", headers={"Range": f"bytes={first}-{last}"}
        )
        assert answer.content == content[first : last + 1]


def test_whoever_has_no_seat_sees_no_byte(stage: Stage) -> None:
    path = f"/v1/recordings/{stage.upload()}/stream"
    for client, reason in (
        (stage.api, "not_signed_in"),
        (stage.client(stage.buyer), "no_seat"),
    ):
        answer = client.get(path, headers={"Range": "bytes=0-0"})
        assert (answer.status_code, code_of(answer)) == (403, "access_denied")
        assert answer.json()["decision"]["reason"] == reason
        assert "etag" not in answer.headers
        assert client.head(path).status_code == 403
    stage.sell()
    assert code_of(stage.client(stage.holder).get(path)) == "access_denied"
    assert stage.client(stage.buyer).get(path).content == VIDEO


def test_only_the_drops_mentor_uploads(stage: Stage) -> None:
    def post(client: httpx.Client) -> httpx.Response:
        return client.post(UPLOAD, params=TITLE, content=VIDEO, headers=WEBM)

    assert code_of(post(stage.api)) == "sign_in_required"
    for wallet in (stage.holder, stage.buyer):
        answer = post(stage.client(wallet))
        assert (answer.status_code, code_of(answer)) == (403, "access_denied")
        assert answer.json()["decision"]["reason"] == "not_the_mentor"
    assert (rows(stage), stage.files()) == (0, NOTHING)


def test_nobody_uploads_to_what_is_not_there(stage: Stage) -> None:
    client = stage.client(stage.mentor)
    for path in ("8/sessions/1", "1/sessions/2"):
        answer = client.post(
            f"/v1/drops/{path}/recordings", params=TITLE, content=VIDEO, headers=WEBM
        )
        assert code_of(answer) == "not_found"


def test_an_upload_that_does_not_say_what_it_is_is_refused(stage: Stage) -> None:
    client = stage.client(stage.mentor)
    for headers, code in (
        ({"Content-Type": "text/html"}, "media_type_refused"),
        ({"Content-Type": "image/svg+xml"}, "media_type_refused"),
        ({"Content-Type": ""}, "media_type_refused"),
        ({"Content-Encoding": "gzip"}, "invalid_request"),
        ({"Content-Range": "bytes 5-9/10"}, "invalid_request"),
        ({"Repr-Digest": "md5=:AAAA:"}, "invalid_request"),
    ):
        assert code_of(sent(stage, headers=headers)) == code
    for title in ("", " ", "two\nlines", "x" * 121, "left\u202eright", "nul\0"):
        assert code_of(sent(stage, title=title)) == "invalid_request"
    assert code_of(client.post(UPLOAD, content=VIDEO, headers=WEBM)) == "invalid_request"
    assert (rows(stage), stage.files()) == (0, NOTHING)


def test_what_arrives_otherwise_than_announced_is_not_kept(stage: Stage) -> None:
    answer = sent(stage, headers={"Repr-Digest": digest(b"something else")})
    assert (answer.status_code, code_of(answer)) == (422, "digest_differs")
    assert code_of(sent(stage, b"")) == "upload_cut"
    assert (rows(stage), stage.files()) == (0, NOTHING)


def test_a_recording_has_a_largest_size(
    launched_chain: LiveChain, database: Engine, tmp_path: Path
) -> None:
    with staged(launched_chain, database, tmp_path, max_recording_bytes=100_000) as stage:
        most = bytes(100_000)
        assert code_of(sent(stage, most + b"x")) == "body_too_large"
        assert (rows(stage), stage.files()) == (0, NOTHING)
        assert sent(stage, most).status_code == 201
        # Other addresses take no more than they did.
        large = stage.api.post("/v1/admissions", json={"ticket": "x" * 70_000})
        assert code_of(large) == "body_too_large"


def test_a_drop_has_room_for_so_many_bytes(
    launched_chain: LiveChain, database: Engine, tmp_path: Path
) -> None:
    with staged(launched_chain, database, tmp_path, max_drop_recordings_bytes=3_000) as stage:
        kept = stage.upload(bytes(2_000))
        answer = sent(stage, bytes(1_001))
        assert (answer.status_code, code_of(answer)) == (409, "rule_violated")
        assert answer.json()["cause"] == "recordings_full"
        assert (rows(stage), stage.files()) == (1, {"first": [kept], "second": [kept]})
        assert sent(stage, bytes(1_000)).status_code == 201


def test_a_session_has_room_for_so_many_recordings(stage: Stage) -> None:
    name = stage.upload(b"one")
    with writing(stage.parts.store) as connection:
        row = connection.execute(select(recordings)).mappings().one()
        for number in range(MAX_PER_SESSION - 1):
            connection.execute(recordings.insert().values({**row, "id": f"{number:032x}"}))
    assert sent(stage).json()["cause"] == "recordings_full"
    assert len(stage.api.get(ROOM).json()["recordings"]) == MAX_PER_SESSION
    assert stage.files()["first"] == [name]


def test_an_api_without_places_takes_and_shows_nothing(
    launched_chain: LiveChain, database: Engine, tmp_path: Path
) -> None:
    with staged(launched_chain, database, tmp_path, media_url=None, media_copy_url=None) as stage:
        stage.give(stage.holder, SEAT)
        answer = sent(stage)
        assert (answer.status_code, code_of(answer)) == (503, "media_off")
        client = stage.client(stage.holder)
        assert code_of(client.get(f"/v1/recordings/{'a' * 32}/stream")) == "media_off"
        assert stage.api.get(ROOM).json()["recordings"] == []


def test_no_path_of_a_request_leads_to_a_file(stage: Stage) -> None:
    name = stage.upload()
    client = stage.client(stage.holder)
    for path in (
        "..%2f..%2fetc%2fpasswd",
        "%2e%2e",
        "..%252f..%252fetc%252fpasswd",
        f"..%2ffirst%2f{name}",
        f"{name}%00",
        f"{name}%231",
        f"{name.upper()}x",
        name[:-1],
        "0" * 32,
        "%ff",
        "a" * 65,
    ):
        for ending in ("", "/stream"):
            answer = client.get(f"/v1/recordings/{path}{ending}")
            assert code_of(answer) in {"not_found", "invalid_request"}, path


def test_a_recording_of_a_drop_opens_nothing_of_another_drop_with_its_number(
    stage: Stage,
) -> None:
    name = stage.upload()
    client = stage.client(stage.holder)
    with writing(stage.parts.store) as connection:
        # As if it had been made for a drop that a reorganisation has taken the number from.
        connection.execute(update(recordings).values(terms_hash="0x" + "ee" * 32))
    assert code_of(client.get(f"/v1/recordings/{name}")) == "not_found"
    assert code_of(client.get(f"/v1/recordings/{name}/stream")) == "not_found"
    assert stage.api.get(ROOM).json()["recordings"] == []


def test_a_recording_of_another_market_in_the_database_is_not_ours(stage: Stage) -> None:
    name = stage.upload()
    with writing(stage.parts.store) as connection:
        connection.execute(update(recordings).values(contract_set="other"))
    assert code_of(stage.client(stage.holder).get(f"/v1/recordings/{name}/stream")) == "not_found"
    assert stage.api.get(ROOM).json()["recordings"] == []


def test_what_is_not_available_does_not_exist(stage: Stage) -> None:
    name = stage.upload()
    with writing(stage.parts.store) as connection:
        connection.execute(update(recordings).values(available_at=None))
    assert code_of(stage.client(stage.holder).get(f"/v1/recordings/{name}/stream")) == "not_found"
    assert stage.api.get(ROOM).json()["recordings"] == []
