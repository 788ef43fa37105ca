"""What whoever asks does to a connection is no failure of the node."""

from __future__ import annotations

import socket
from random import Random
from urllib.parse import urlsplit

from tests.integration.indexer.tree import Tree
from tests.simulation.faults import Faults
from tests.simulation.serving import serving


def test_a_request_that_is_left_unfinished_is_not_answered_and_fails_nothing() -> None:
    with serving(Tree(), Faults(Random(1), calm=True)) as served:
        at = urlsplit(served.url)
        assert at.hostname is not None
        assert at.port is not None
        with socket.create_connection((at.hostname, at.port), timeout=20) as asking:
            asking.sendall(b"POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\n{")
            asking.shutdown(socket.SHUT_WR)
            assert asking.recv(1) == b""
    assert served.failures == []
