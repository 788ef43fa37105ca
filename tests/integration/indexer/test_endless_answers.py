"""A node whose answers have no end, in time or in size: a retry, and never the loop (I-18)."""

from __future__ import annotations

import gzip
import json
import socket
from contextlib import closing, contextmanager, suppress
from threading import Event, Thread
from typing import TYPE_CHECKING, Final

import pytest

from indexer.rpc import transport
from indexer.rpc.errors import AnswerMalformed, NodeSilent
from indexer.rpc.node import RpcNode
from marketplace.bindings.addresses import parse_address

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ANYBODY: Final = parse_address("0x000000000000000000000000000000000000dEaD")
ANSWER: Final = json.dumps({"jsonrpc": "2.0", "id": 0, "result": "0x07"}).encode()
STATUS: Final = b"HTTP/1.1 200 OK\r\n"
PLAIN: Final = STATUS + b"Content-Length: %d\r\n\r\n"
CHUNKED: Final = STATUS + b"Transfer-Encoding: chunked\r\n\r\n"
PAUSE_S: Final = 0.02
PIECES: Final = 60


@contextmanager
def serving(*answers: Sequence[bytes], pause_s: float = 0.0) -> Iterator[str]:
    """Give each question the next answer in its pieces, with a pause before each of them."""
    never, left = Event(), list(answers)
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while left:
            with suppress(ConnectionError), listener.accept()[0] as peer:
                while left and asked(peer):
                    for piece in left.pop(0):
                        never.wait(pause_s)
                        peer.sendall(piece)

    thread = Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        listener.close()


def asked(peer: socket.socket) -> bool:
    """Whether a whole question has come, and not the end."""
    part = b" "
    while part and not part.endswith(b"}"):
        part = peer.recv(65_536)
    return bool(part)


def in_pieces(content: bytes) -> list[bytes]:
    size = len(content) // PIECES + 1
    return [content[start : start + size] for start in range(0, len(content), size)]


def padded(count: int = 4_000) -> bytes:
    """A right answer with white space before it."""
    return b" " * count + ANSWER


def whole(content: bytes) -> list[bytes]:
    return [PLAIN % len(content) + content]


def chunk(content: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(content), content)


SLOW: Final = {
    "the body": [PLAIN % len(padded()), *in_pieces(padded())],
    "chunks": [CHUNKED, *map(chunk, in_pieces(padded())), b"0\r\n\r\n"],
    "headers": [STATUS, *([b"X-More: 1\r\n"] * PIECES), PLAIN[17:] % len(ANSWER) + ANSWER],
    "a status before the status": [b"HTTP/1.1 100 Continue\r\n\r\n"] * PIECES + whole(ANSWER),
}


@pytest.mark.parametrize("slow", SLOW.values(), ids=SLOW.keys())
def test_an_answer_that_never_falls_silent_and_never_ends_is_given_up(slow: list[bytes]) -> None:
    with (
        serving(slow, whole(ANSWER), pause_s=PAUSE_S) as url,
        closing(RpcNode.at(url, timeout_s=0.1, batch_limit=9)) as node,
    ):
        # Twelve pauses in a row are not silent for as long as one may be, and too long together.
        with pytest.raises(NodeSilent, match="no answer in time"):
            node.code(ANYBODY)
        with closing(RpcNode.at(url, timeout_s=5, batch_limit=9)) as patient:
            assert patient.code(ANYBODY) == b"\x07"


def test_an_answer_that_comes_slowly_and_ends_is_waited_for() -> None:
    with (
        serving(SLOW["the body"], SLOW["chunks"], pause_s=PAUSE_S) as url,
        closing(RpcNode.at(url, timeout_s=5, batch_limit=9)) as node,
    ):
        assert node.code(ANYBODY) == b"\x07"
        assert node.code(ANYBODY) == b"\x07"


def zipped(content: bytes) -> list[bytes]:
    packed = gzip.compress(content)
    return [STATUS + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed) + packed]


LARGE: Final = {
    "said to be": whole(padded()),
    "in chunks": [CHUNKED, *map(chunk, in_pieces(padded())), b"0\r\n\r\n"],
    "once unpacked": zipped(padded()),
}


@pytest.mark.parametrize("large", LARGE.values(), ids=LARGE.keys())
def test_an_answer_that_fills_the_memory_is_not_read_to_its_end(
    large: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "LARGEST", 1_000)
    with (
        serving(large, zipped(padded(900)), whole(padded(900))) as url,
        closing(RpcNode.at(url, timeout_s=5, batch_limit=9)) as node,
    ):
        with pytest.raises(AnswerMalformed, match="larger than 1000 bytes"):
            node.code(ANYBODY)

        assert node.code(ANYBODY) == b"\x07"
        assert node.code(ANYBODY) == b"\x07"


@pytest.mark.parametrize("cut", [whole(ANSWER)[0][:-3], zipped(ANSWER)[0][:-3], CHUNKED])
def test_an_answer_that_is_cut_is_no_answer(cut: bytes) -> None:
    with (
        serving([cut]) as url,
        closing(RpcNode.at(url, timeout_s=5, batch_limit=9)) as node,
        pytest.raises(NodeSilent),
    ):
        node.code(ANYBODY)
