"""Fixtures of the conformance suite: the chains, prepared once, and the JavaScript outcomes.

Owns which processes live how long. Refuses to skip: a missing node or anvil fails with what to do.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.conformance.chains import PROFILES, running
from tests.conformance.node import run_cases
from tests.conformance.probe import compile_probe
from tests.conformance.rpc import Rpc
from tests.conformance.world import World, prepare, set_back

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.conformance.node import Outcome
    from tests.conformance.probe import CompiledProbe

JAVASCRIPT_CLIENTS = ("viem", "ethers")


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker by which a raw test states the methods it covers."""
    config.addinivalue_line("markers", "exercises(*methods): JSON-RPC methods this test sends")


@pytest.fixture(scope="session")
def compiled_probe() -> CompiledProbe:
    """The probe contract, compiled now."""
    return compile_probe()


@pytest.fixture(scope="session")
def http() -> Iterator[httpx.Client]:
    """One keep-alive client for all raw requests."""
    with httpx.Client(timeout=30) as client:
        yield client


@pytest.fixture(scope="session")
def world_of(
    compiled_probe: CompiledProbe, http: httpx.Client, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], World]]:
    """Each chain by name, started and prepared at the first call, ended with the run."""
    worlds: dict[str, World] = {}
    with ExitStack() as chains:

        def world(name: str) -> World:
            if name not in worlds:
                folder = tmp_path_factory.mktemp(name)
                chain = chains.enter_context(running(PROFILES[name], folder))
                worlds[name] = prepare(chain, compiled_probe, Rpc(chain.url, http))
            return worlds[name]

        yield world


@pytest.fixture(scope="session")
def javascript_outcomes(
    request: pytest.FixtureRequest,
    world_of: Callable[[str], World],
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[[str, str], dict[str, Outcome]]:
    """Outcomes by case of a JavaScript client on a chain: one node process for all selected."""
    batches: dict[tuple[str, str], dict[str, Outcome]] = {}

    def outcomes(client: str, chain: str) -> dict[str, Outcome]:
        if (client, chain) not in batches:
            context = tmp_path_factory.mktemp(client) / f"{chain}.json"
            world = world_of(chain)
            world.write(context)
            selected = selected_cases(request.session, client, chain)
            batch = batches[client, chain] = run_cases(client, context, selected)
            # The process may have ended before some: those sent nothing.
            world.ran.extend(f"{client}'s {name}" for name, each in batch.items() if each.methods)
        return batches[client, chain]

    return outcomes


def selected_cases(session: pytest.Session, client: str, chain: str) -> tuple[str, ...]:
    """The cases that this run asks of this client on this chain, in the order of the list."""
    parameters = (getattr(item, "callspec", None) for item in session.items)
    return tuple(
        each.params["case"].name
        for each in parameters
        if each and each.params.get("client") == client and each.params.get("chain") == chain
    )


@pytest.fixture(
    params=[pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in sorted(PROFILES)]
)
def world(request: pytest.FixtureRequest, world_of: Callable[[str], World]) -> World:
    """One chain after the other, for the raw tests."""
    name: str = request.param
    return world_of(name)


@pytest.fixture
def rpc(request: pytest.FixtureRequest, world: World, http: httpx.Client) -> Iterator[Rpc]:
    """A recording endpoint between a snapshot and its revert; the test's mark must come true."""
    control = Rpc(world.chain.url, http)
    recording = Rpc(world.chain.url, http)
    with set_back(control, world, request.node.name):
        yield recording
    promised = {method for mark in request.node.iter_markers("exercises") for method in mark.args}
    assert promised <= recording.sent, f"marked but not sent: {sorted(promised - recording.sent)}"
