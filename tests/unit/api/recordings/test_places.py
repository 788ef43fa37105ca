from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING

import pytest

from api.recordings.errors import MediaUnavailable, MediaUnusable, UploadCut
from api.recordings.places import PIECE_BYTES, Media, is_id, new_id, open_media
from api.settings import ApiSettings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

REQUIRED = {
    "database_url": "sqlite:///seats.sqlite",
    "node_url": "http://127.0.0.1:8545",
    "contract": "0x9fE46736679d2D9a65F0992F2272dE9f3c7fa6e0",
}


def opened(first: str | None, second: str | None) -> Media | None:
    return open_media(
        ApiSettings.model_validate(REQUIRED | {"media_url": first, "media_copy_url": second})
    )


@pytest.fixture
def media(tmp_path: Path) -> Media:
    found = opened(f"file://{tmp_path}/first", f"file://{tmp_path}/second")
    assert found is not None
    return found


async def pieces(*given: bytes) -> AsyncIterator[bytes]:
    for piece in given:
        yield piece


async def cut(folder: Path, first: bytes) -> AsyncIterator[bytes]:
    yield first
    # What a process leaves that dies here has a name that `remove` knows.
    assert [name[32:] for name in await asyncio.to_thread(os.listdir, folder)] == ["#1"]
    raise UploadCut


async def all_of(given: AsyncIterator[bytes]) -> bytes:
    return b"".join([piece async for piece in given])


def test_no_place_is_no_media() -> None:
    assert opened(None, None) is None


def test_a_file_is_read_as_it_was_written(media: Media) -> None:
    name, content = new_id(), os.urandom(PIECE_BYTES + 5)

    async def there_and_back() -> tuple[bytes, bytes, bytes]:
        await media.first.write(name, pieces(content[:7], content[7:]))
        whole = await all_of(media.first.read(name))
        return (
            whole,
            await media.first.read_at(name, 3, 4),
            await media.first.read_at(name, PIECE_BYTES, 100),
        )

    assert asyncio.run(there_and_back()) == (content, content[3:7], content[-5:])


def test_what_breaks_off_leaves_nothing(media: Media, tmp_path: Path) -> None:
    async def broken_off() -> None:
        with pytest.raises(UploadCut):
            await media.first.write(new_id(), cut(tmp_path / "first", bytes(6 * PIECE_BYTES)))

    asyncio.run(broken_off())
    assert list((tmp_path / "first").iterdir()) == []


def test_removing_takes_what_a_process_has_left_that_died_in_the_middle(
    media: Media, tmp_path: Path
) -> None:
    name, other = new_id(), new_id()
    for left in (name, f"{name}#1", f"{other}#1"):
        (tmp_path / "first" / left).write_bytes(b"half")

    async def removed_twice() -> None:
        await media.first.remove(name)
        await media.first.remove(name)

    asyncio.run(removed_twice())
    assert [path.name for path in (tmp_path / "first").iterdir()] == [f"{other}#1"]


def test_a_file_that_is_missing_is_a_fault_of_the_place(media: Media) -> None:
    async def read() -> None:
        with pytest.raises(MediaUnavailable, match="Reading a recording in the second copy"):
            await media.second.read_at(new_id(), 0, 1)
        with pytest.raises(MediaUnavailable):
            await all_of(media.second.read(new_id()))

    asyncio.run(read())


@pytest.mark.parametrize(
    "name", ["", "..", "../first", "a" * 31, "A" * 32, "a" * 33, "a" * 31 + "/", f"{'a' * 32}\n"]
)
def test_nothing_but_an_id_of_ours_names_a_file(media: Media, name: str) -> None:
    assert not is_id(name)

    async def read() -> None:
        with pytest.raises(ValueError, match="not the id"):
            await media.first.read_at(name, 0, 1)

    asyncio.run(read())
    assert is_id(new_id())


@pytest.mark.parametrize(
    "url",
    [
        "https://bucket.example/x",
        "gs://bucket",
        "memory:///",
        "/folder",
        "",
        "s3://",
        "file://host/folder",
        "s3://bucket/prefix?region=x",
        "s3://key:secret@bucket/prefix",
    ],
)
def test_a_place_that_cannot_be_used_is_named_by_its_setting(tmp_path: Path, url: str) -> None:
    with pytest.raises(MediaUnusable, match="SEATS_API_MEDIA_URL cannot be used") as refused:
        opened(url, f"file://{tmp_path}/second")
    assert "secret" not in str(refused.value)


def test_a_folder_in_the_way_of_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(MediaUnusable, match="SEATS_API_MEDIA_COPY_URL"):
        opened(f"file://{tmp_path}/first", f"file://{tmp_path}/file")


def test_two_names_of_one_folder_are_not_two_copies(tmp_path: Path) -> None:
    with pytest.raises(MediaUnusable, match="the same place"):
        opened(f"file://{tmp_path}/first", f"file://{tmp_path}/first/")


def test_a_bucket_can_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    assert opened("s3://seats/first", "s3://seats-copy/second") is not None
