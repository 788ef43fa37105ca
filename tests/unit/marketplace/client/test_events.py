from __future__ import annotations

import json
from itertools import chain
from typing import TYPE_CHECKING

import httpx
import pytest

from marketplace.client.errors import AnswerUnexpected
from marketplace.client.transport import MAX_ANSWER_BYTES
from tests.unit.marketplace.client.told import BLOCK_HASH, always

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

EVENT = {
    "seq": 7,
    "kind": "apply",
    "topic": "seat",
    "event": "Transfer",
    "drop": 1,
    "seat": "1000001",
    "arguments": {},
    "block_number": 9,
    "block_hash": BLOCK_HASH,
    "log_index": 0,
    "tx_hash": BLOCK_HASH,
}


def block(number: str, data: str) -> bytes:
    """One event as it is sent."""
    return f"id: {number}\nevent: Transfer\ndata: {data}\n\n".encode()


class Pieces(httpx.SyncByteStream):
    """Bytes that come one after the other."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = pieces

    def __iter__(self) -> Iterator[bytes]:
        yield from self._pieces


def sent(*blocks: bytes, rest: Iterable[bytes] = ()) -> tuple[list[int], int | None, str | None]:
    """The numbers that were given, where to go on from, and what went wrong."""
    headers = {"Content-Type": "text/event-stream"}
    stream_of = Pieces(chain((b"".join(blocks),), rest))
    told = always(httpx.Response(200, stream=stream_of, headers=headers))
    given: list[int] = []
    with told.client().events(after=5) as stream:
        try:
            given.extend(one.seq for one in stream)
        except AnswerUnexpected as error:
            return given, stream.last_id, str(error)
        return given, stream.last_id, None


def test_a_stream_ends_where_the_server_ends_it() -> None:
    end = b'event: end\ndata: {"reason":"session_ended"}\n\n'
    whole = block("7", json.dumps(EVENT))
    assert sent(b": alive\n\n", whole, end, whole) == ([7], 7, None)


@pytest.mark.parametrize("number", ["seven", "", "-1", "\u0667", "1_0", "9" * 5_000])
def test_an_id_that_is_no_number_is_an_error_with_a_name(number: str) -> None:
    given, last, said = sent(block("7", json.dumps(EVENT)), block(number, json.dumps(EVENT)))
    assert (given, last) == ([7], 7)
    assert said is not None
    assert "an event's id is no number" in said


def test_bytes_that_are_no_text_are_an_error_with_a_name() -> None:
    given, last, said = sent(block("7", json.dumps(EVENT)), b"data: \xff\n\n")
    assert (given, last) == ([7], 7)
    assert said is not None
    assert "a line is no UTF-8" in said


def test_who_comes_back_is_told_again_of_what_could_not_be_read() -> None:
    given, last, said = sent(block("7", json.dumps(EVENT)), block("8", '{"seq": 8}'))
    assert (given, last) == ([7], 7)
    assert said is not None


@pytest.mark.parametrize("name", ["data", "event", "more"])
def test_a_block_without_an_end_is_not_read_to_its_end(name: str) -> None:
    def lines() -> Iterator[bytes]:
        for number in range(5):
            named = f"{name}{number}" if name == "more" else name
            sent_lines.append(number)
            yield f"{named}: {'x' * 2**20}\n".encode()
        yield b"\n"

    sent_lines: list[int] = []
    given, last, said = sent(block("7", json.dumps(EVENT)), rest=lines())
    assert (given, last) == ([7], 7)
    assert said is not None
    assert f"a block is over {MAX_ANSWER_BYTES} bytes" in said
    assert len(sent_lines) < 5


def test_many_blocks_may_have_more_bytes_than_one() -> None:
    whole = json.dumps(EVENT | {"arguments": {"more": "x" * 2**20}})
    assert sent(*(block("7", whole) for _ in range(5))) == ([7] * 5, 7, None)


def test_what_a_reader_does_not_know_is_passed_over() -> None:
    whole = block("7", json.dumps(EVENT))
    assert sent(b": alive\nmore: 1\nretry: 5\n" + whole) == ([7], 7, None)
