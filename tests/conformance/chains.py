"""Starts and ends the two chains under test, and states what is expected of each.

Owns the processes, their ports and their output. Refuses to look into a chain: whatever it knows
beyond the profile, it asks by JSON-RPC.
"""

from __future__ import annotations

import platform
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60
CHAIN_ID = 31337


@dataclass(frozen=True, slots=True)
class ChainProfile:
    """What a client may expect of a chain: depths are in blocks behind the head."""

    name: str
    chain_id: int
    safe_depth: int
    finalized_depth: int
    software: str


@dataclass(frozen=True, slots=True)
class RunningChain:
    """A chain that answers on `url`; its output so far is in the file `output`."""

    profile: ChainProfile
    port: int
    output: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def websocket_url(self) -> str:
        return f"ws://127.0.0.1:{self.port}"

    def last_words(self, lines: int = 12) -> str:
        """The end of what the server wrote, for a failed test to show."""
        return "\n".join(self.output.read_text(errors="replace").splitlines()[-lines:])


DEVNET = ChainProfile("devnet", CHAIN_ID, safe_depth=2, finalized_depth=4, software="seatmarket")
ANVIL = ChainProfile("anvil", CHAIN_ID, safe_depth=32, finalized_depth=64, software="anvil")
PROFILES = {profile.name: profile for profile in (DEVNET, ANVIL)}


def anvil_binary() -> Path:
    """The anvil that package-lock.json pins, for this machine's platform."""
    machine = {"x86_64": "amd64", "AMD64": "amd64", "aarch64": "arm64"}.get(
        platform.machine(), platform.machine()
    )
    package = f"anvil-{platform.system().lower()}-{machine}"
    binary = ROOT / "node_modules" / "@foundry-rs" / package / "bin" / "anvil"
    if not binary.is_file():
        message = (
            f"anvil is not installed: {binary.relative_to(ROOT)} is missing. "
            "Run `npm ci` in the project's folder (make setup does it)."
        )
        raise FileNotFoundError(message)
    return binary


def free_port() -> int:
    """A TCP port of the loopback interface that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def command_for(profile: ChainProfile, port: int) -> list[str]:
    """The command line that serves this chain on this port."""
    options = ["--port", str(port), "--chain-id", str(profile.chain_id)]
    if profile is ANVIL:
        return [str(anvil_binary()), *options]
    return [sys.executable, "-m", "marketplace.devnet", *options]


@contextmanager
def running(profile: ChainProfile, folder: Path) -> Iterator[RunningChain]:
    """Serve a fresh chain for the length of the block; its output is kept in `folder`.

    Raises RuntimeError with the server's last words when it ends early or does not answer.
    """
    chain = RunningChain(profile, free_port(), folder / f"{profile.name}.out")
    with chain.output.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - our own command, no shell
            command_for(profile, chain.port), cwd=ROOT, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        wait_until_it_answers(process, chain)
        yield chain
    finally:
        end(process)


def wait_until_it_answers(process: subprocess.Popen[bytes], chain: RunningChain) -> None:
    """Return once the chain tells its id; the pause between two questions watches the process."""
    request = {"jsonrpc": "2.0", "id": 1, "method": "eth_chainId", "params": []}
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            httpx.post(chain.url, json=request, timeout=5).raise_for_status()
        except httpx.HTTPError:
            try:
                process.wait(timeout=0.05)
            except subprocess.TimeoutExpired:
                continue
            break
        return
    message = (
        f"{chain.profile.name} did not answer on port {chain.port} "
        f"(exit code {process.poll()}). It wrote:\n{chain.last_words()}"
    )
    raise RuntimeError(message)


def end(process: subprocess.Popen[bytes]) -> None:
    """End this process, and only this one, by its pid."""
    process.terminate()
    try:
        process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(timeout=5)
