"""Gives every test a chain of its own on a clock that the test moves."""

from __future__ import annotations

import pytest

from marketplace.devnet.chain import DevChain
from marketplace.devnet.rpc import Node
from marketplace.devnet.settings import DevnetSettings
from tests.unit.marketplace.devnet.driving import START, Client, Clock


@pytest.fixture
def clock() -> Clock:
    return Clock(START)


@pytest.fixture
def chain(clock: Clock) -> DevChain:
    return DevChain(DevnetSettings(), clock)


@pytest.fixture
def client(chain: DevChain) -> Client:
    return Client(Node(chain))
