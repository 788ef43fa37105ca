from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

import pytest

from scripts.demo.recording import RECORDING, recording

if TYPE_CHECKING:
    from collections.abc import Iterator

HEADER, SEGMENT, INFO, TRACKS, CLUSTER, VOID = (
    0x1A45DFA3,
    0x18538067,
    0x1549A966,
    0x1654AE6B,
    0x1F43B675,
    0xEC,
)
DOC_TYPE, DURATION, CODEC = 0x4282, 0x4489, 0x86
TRACK = 0xAE
SEEDS: Final = (0, 1, 7, 2**64)


def number(octets: bytes, at: int, *, marked: bool) -> tuple[int, int]:
    """An EBML number and where it ends; an id keeps its length marker (RFC 8794, section 4)."""
    length = 9 - octets[at].bit_length()
    value = int.from_bytes(octets[at : at + length], "big")
    return (value if marked else value & ((1 << (7 * length)) - 1)), at + length


def elements(octets: bytes) -> Iterator[tuple[int, bytes]]:
    """The elements of one level; they must fill the bytes."""
    at = 0
    while at < len(octets):
        name, at = number(octets, at, marked=True)
        size, at = number(octets, at, marked=False)
        assert at + size <= len(octets)
        yield name, octets[at : at + size]
        at += size


@pytest.mark.parametrize("seed", SEEDS)
def test_every_variation_is_a_whole_webm_of_vp9_and_opus(seed: int) -> None:
    header, segment, void = elements(recording(seed))
    assert (header[0], segment[0], void[0]) == (HEADER, SEGMENT, VOID)
    assert dict(elements(header[1]))[DOC_TYPE] == b"webm"
    parts = list(elements(segment[1]))
    tracks = [part for name, part in elements(dict(parts)[TRACKS]) if name == TRACK]
    assert [dict(elements(track))[CODEC] for track in tracks] == [b"V_VP9", b"A_OPUS"]
    (milliseconds,) = struct.unpack(">d", dict(elements(dict(parts)[INFO]))[DURATION])
    assert 20_000 < milliseconds < 30_000
    assert sum(name == CLUSTER for name, _ in parts) > 3


def test_a_seed_decides_bytes_and_size() -> None:
    assert recording(3) == recording(3)
    assert len({recording(seed) for seed in range(20)}) == 20
    assert len({len(recording(seed)) for seed in range(20)}) > 15


def test_the_recording_is_small_enough_for_a_repository() -> None:
    assert RECORDING.stat().st_size < 300_000
