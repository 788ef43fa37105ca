"""What whoever asks does to a connection, and what the node does to whoever asks."""

from __future__ import annotations

import socket
from contextlib import closing
from random import Random
from urllib.parse import urlsplit

import pytest

from indexer.rpc.errors import NodeSilent
from indexer.rpc.node import RpcNode
from tests.integration.indexer.tree import Tree
from tests.simulation.faults import Faults
from tests.simulation.serving import TIMEOUT_S, serving


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


def test_a_node_that_falls_silent_on_an_open_connection_is_asked_again() -> None:
    faults = Faults(Random(1), calm=True)
    with (
        serving(Tree(), faults) as served,
        closing(RpcNode.at(served.url, timeout_s=TIMEOUT_S, batch_limit=10)) as node,
    ):
        seen = node.view()
        faults.occurs = lambda kind: kind == "silence"  # type: ignore[method-assign] # no dice
        with pytest.raises(NodeSilent, match="in time"):
            node.view()
        faults.occurs = lambda kind: not kind  # type: ignore[method-assign] # no dice
        assert node.view() == seen
