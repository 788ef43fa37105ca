"""Runs web3.py's side of one case between a snapshot and its revert.

Owns the order of things and the outcome. Refuses to hold cases: they live in the rooms beside
this one and enter themselves into the registry.
"""

from __future__ import annotations

import time
import traceback
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.conformance.node import Outcome
from tests.conformance.rpc import Rpc
from tests.conformance.web3py import (
    blocks,
    calls,
    control,
    filters,
    identity,
    logs,
    queue,
    refusals,
    requests,
    reverts,
    signatures,
    state,
    transactions,
)
from tests.conformance.web3py.registry import IMPLEMENTED
from tests.conformance.web3py.world import make_world
from tests.conformance.world import set_back

if TYPE_CHECKING:
    from tests.conformance.world import World

ROOMS = (
    identity,
    blocks,
    transactions,
    refusals,
    calls,
    reverts,
    state,
    logs,
    filters,
    signatures,
    requests,
    control,
    queue,
)


def implemented_cases() -> frozenset[str]:
    """The names of the cases that the rooms entered."""
    return frozenset(IMPLEMENTED)


def observe(case: str, ground: World) -> Outcome:
    """Run one case; whatever it raises becomes the outcome's error text."""
    world = make_world(ground)
    with httpx.Client(timeout=30) as http:
        error = None
        with set_back(Rpc(ground.chain.url, http), ground, f"web3py's {case}"):
            started = time.monotonic()
            try:
                IMPLEMENTED[case](world)
            # pytest's own failures, as of `raises`, are no Exceptions.
            except (Exception, pytest.fail.Exception):  # noqa: BLE001 - the text is kept, and the test fails with it
                error = traceback.format_exc()
            milliseconds = round(1000 * (time.monotonic() - started))
    return Outcome(case, frozenset(world.provider.sent), milliseconds, error)
