"""The command `seats`, and a market on a development chain that it can be pointed at."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest

from scripts.demo.stage import Stage, stage
from tests.seats_command import seats

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["market", "seats", "taken_port"]


@pytest.fixture
def taken_port() -> Iterator[int]:
    """A port that somebody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield int(listener.getsockname()[1])


@pytest.fixture(scope="module")
def market() -> Iterator[Stage]:
    """A market on a chain of its own, for all tests of a module."""
    with stage() as here:
        yield here
