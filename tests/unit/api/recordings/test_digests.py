from __future__ import annotations

from base64 import b64encode
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.recordings.digests import (
    BLOCK_BYTES,
    HASH_BYTES,
    Digest,
    Digesting,
    is_block,
    parse_repr_digest,
)

HASH = sha256(b"recording").digest()
TEXT = b64encode(HASH).decode()


def digest_of(*pieces: bytes) -> Digest:
    digesting = Digesting()
    for piece in pieces:
        digesting.take(piece)
    return digesting.digest()


@pytest.mark.parametrize("size", [1, BLOCK_BYTES - 1, BLOCK_BYTES, BLOCK_BYTES + 1, 700_000])
def test_a_file_is_known_whole_and_block_by_block(size: int) -> None:
    content = bytes(range(251)) * (size // 251 + 1)
    content = content[:size]
    found = digest_of(content)
    blocks = [content[at : at + BLOCK_BYTES] for at in range(0, size, BLOCK_BYTES)]
    assert found.size_bytes == size
    assert found.sha256 == f"0x{sha256(content).hexdigest()}"
    assert found.block_hashes == b"".join(sha256(block).digest() for block in blocks)
    for number, block in enumerate(blocks):
        kept = found.block_hashes[number * HASH_BYTES :][:HASH_BYTES]
        assert is_block(block, kept)
        assert not is_block(block[:-1], kept)


@given(st.lists(st.integers(0, 2 * BLOCK_BYTES + 1), max_size=5))
def test_it_does_not_matter_how_a_file_comes_in_pieces(lengths: list[int]) -> None:
    pieces = [bytes([number % 256]) * length for number, length in enumerate(lengths)]
    assert digest_of(*pieces) == digest_of(b"".join(pieces))


def test_nothing_has_no_blocks() -> None:
    assert digest_of() == Digest(0, f"0x{sha256().hexdigest()}", b"")


@pytest.mark.parametrize(
    "lines",
    [
        [f"sha-256=:{TEXT}:"],
        [f"sha-512=:AAAA:, sha-256=:{TEXT}:"],
        ["sha-512=:AAAA:", f" sha-256=:{TEXT}:\t"],
        [f"sha-256=:{TEXT}:,sha-256=:{TEXT}:"],
    ],
)
def test_a_digest_that_the_client_sends_is_read(lines: list[str]) -> None:
    assert parse_repr_digest(lines) == f"0x{HASH.hex()}"


def test_no_header_is_no_digest() -> None:
    assert parse_repr_digest([]) is None


@pytest.mark.parametrize(
    "line",
    [
        "",
        "sha-512=:AAAA:",
        f"sha-256={TEXT}",
        f"sha-256=:{TEXT[:-4]}:",
        f"sha-256=:{TEXT}:;q=1",
        f"sha-256=:{TEXT}:, sha-256=:{b64encode(bytes(32)).decode()}:",
        f"sha-256=:{'=' * 44}:",
    ],
)
def test_a_digest_that_cannot_be_held_against_the_upload_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="write one SHA-256"):
        parse_repr_digest([line])
