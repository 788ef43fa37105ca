"""Compiles the probe contract with the pinned compiler, under the settings of foundry.toml.

Owns the compiled form only; the contract itself is tests/contracts/probe/Probe.sol. Refuses to
cache: a run compiles once, in about a second, and can never test a stale contract.
"""

from __future__ import annotations

import json
import subprocess
import tomllib
from dataclasses import dataclass

from tests.conformance.chains import ROOT

SOURCE = ROOT / "tests" / "contracts" / "probe" / "Probe.sol"
COMPILER = ROOT / "scripts" / "toolchain" / "solc"


@dataclass(frozen=True, slots=True)
class CompiledProbe:
    """The probe's ABI as JSON text, its creation code and its runtime code as 0x strings."""

    abi: str
    bytecode: str
    runtime: str


def compile_probe() -> CompiledProbe:
    """Compile Probe.sol; raises RuntimeError with the compiler's own words on any error."""
    settings = tomllib.loads((ROOT / "foundry.toml").read_text())["profile"]["default"]
    request = {
        "language": "Solidity",
        "sources": {"Probe.sol": {"content": SOURCE.read_text()}},
        "settings": {
            "optimizer": {"enabled": settings["optimizer"], "runs": settings["optimizer_runs"]},
            "evmVersion": settings["evm_version"],
            "outputSelection": {
                "*": {"Probe": ["abi", "evm.bytecode.object", "evm.deployedBytecode.object"]}
            },
        },
    }
    run = subprocess.run(  # noqa: S603 - our own compiler, no shell
        [str(COMPILER), "--standard-json"],
        input=json.dumps(request),
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode != 0:
        message = f"The pinned compiler did not run: {run.stderr.strip()}"
        raise RuntimeError(message)
    answer = json.loads(run.stdout)
    errors = [e["formattedMessage"] for e in answer.get("errors", []) if e["severity"] == "error"]
    if errors:
        message = "Probe.sol does not compile:\n" + "\n".join(errors)
        raise RuntimeError(message)
    contract = answer["contracts"]["Probe.sol"]["Probe"]
    return CompiledProbe(
        abi=json.dumps(contract["abi"]),
        bytecode="0x" + contract["evm"]["bytecode"]["object"],
        runtime="0x" + contract["evm"]["deployedBytecode"]["object"],
    )
