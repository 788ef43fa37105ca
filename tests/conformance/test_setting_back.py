"""Who leaves a block behind is named, in place of whoever comes next."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.conformance.chains import DEVNET, RunningChain
from tests.conformance.node import run_cases
from tests.conformance.probe import CompiledProbe
from tests.conformance.rpc import Rpc
from tests.conformance.world import Series, World, set_back

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.conformance.node import Outcome

LAST = 200
CASES = ("chain_id_is_the_configured_one", "node_names_its_software")
"""Any two; the chain here answers them nothing of use."""


class Chain:
    """Answers what is asked around cases; its head is `LAST` until somebody moves it."""

    def __init__(self) -> None:
        self.head = LAST
        self.reverts = 0
        self.reverted: Callable[[], None] = lambda: None
        self.over = threading.Event()
        self.hangs = False

    def answer(self, method: str) -> object:
        match method:
            case "eth_blockNumber":
                return hex(self.head)
            case "evm_snapshot":
                return "0x1"
            case "evm_revert":
                self.reverts += 1
                self.reverted()
                return True
            case _:
                if self.hangs:
                    self.over.wait()
                return None

    def leaves_a_block(self) -> None:
        """Grow by one at each revert."""
        self.head += 1


@pytest.fixture
def chain() -> Chain:
    return Chain()


@pytest.fixture
def world(chain: Chain, tmp_path: Path) -> Iterator[World]:
    with serving(chain) as port:
        probe = CompiledProbe("[]", "0x", "0x")
        running = RunningChain(DEVNET, port, tmp_path / "out")
        yield World(running, probe, "0x" + "11" * 20, Series(1, LAST))


@contextmanager
def serving(chain: Chain) -> Iterator[int]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            answer = {"jsonrpc": "2.0", "id": asked["id"], "result": chain.answer(asked["method"])}
            body = json.dumps(answer).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_port
        finally:
            chain.over.set()
            server.shutdown()
            thread.join()


def in_javascript(world: World, folder: Path, **changes: object) -> list[Outcome]:
    context = world.write(folder / "context.json")
    context.write_text(json.dumps(json.loads(context.read_text()) | changes))
    outcomes = run_cases("viem", context, CASES)
    return [outcomes[name] for name in CASES]


def test_a_block_that_outlives_the_revert_is_told_of_the_case_that_left_it(
    chain: Chain, world: World
) -> None:
    chain.reverted = chain.leaves_a_block
    with httpx.Client() as http:
        rpc = Rpc(world.chain.url, http)
        with (
            pytest.raises(AssertionError, match=r"^mining left the head at block 201 instead"),
            set_back(rpc, world, "mining"),
        ):
            pass


def test_a_block_that_comes_later_is_told_of_the_case_before_the_next(
    chain: Chain, world: World
) -> None:
    with httpx.Client() as http:
        rpc = Rpc(world.chain.url, http)
        with set_back(rpc, world, "mining"):
            pass
        chain.head += 1
        for _ in range(2):
            with (
                pytest.raises(AssertionError, match=r"^mining left the head at block 201 instead"),
                set_back(rpc, world, "next"),
            ):
                pass
    assert world.ran[-1] == "mining"


def test_a_javascript_case_that_leaves_a_block_is_named_and_no_other_is_run(
    chain: Chain, world: World, tmp_path: Path
) -> None:
    chain.reverted = chain.leaves_a_block
    first, second = in_javascript(world, tmp_path)
    left = f"{CASES[0]} left the head at block 201 instead of 200"
    assert left in str(first.error)
    assert left in str(second.error)
    assert "before this case" in str(second.error)
    assert chain.reverts == 1


def test_a_block_that_was_there_before_the_javascript_cases_is_told_of_who_ran_before(
    chain: Chain, world: World, tmp_path: Path
) -> None:
    chain.head += 1
    world.ran.append("ethers's last case")
    for outcome in in_javascript(world, tmp_path):
        assert "ethers's last case left the head at block 201" in str(outcome.error)
    assert chain.reverts == 0


def test_after_a_javascript_case_that_is_late_no_other_is_run(
    chain: Chain, world: World, tmp_path: Path
) -> None:
    chain.hangs = True
    first, second = in_javascript(world, tmp_path, caseMilliseconds=200)
    assert "no answer within 200 ms" in str(first.error)
    assert "before this case" in str(second.error)
    assert f"{CASES[0]} was late" in str(second.error)
    assert chain.reverts == 1
