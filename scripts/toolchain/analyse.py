"""`python -m scripts.toolchain.analyse`: Slither over the contracts, by the pinned compiler.

Fails on any finding of low impact or above. A finding may be suppressed on the line before it,
with a reason: `// slither-disable-next-line detector -- reason`. Refuses to count a run that
crashed or analysed nothing as clean. Exit codes: 0 clean, 1 findings, 2 no usable answer.
"""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NotRequired, TypedDict, cast

from scripts.toolchain.command import run, say
from scripts.toolchain.compilation import standard_input_for
from scripts.toolchain.compiler import find_compilers, run_compiler
from scripts.toolchain.errors import DriftError, ToolFailedError, ToolMissingError
from scripts.toolchain.forge import forge_binary
from scripts.toolchain.project import REPOSITORY, TOOLCHAIN, Project
from scripts.toolchain.settings import Settings, read_settings
from scripts.toolchain.sources import SourceTree, gather

if TYPE_CHECKING:
    from scripts.toolchain.solc_json import SolcInput

CONFIGURATION = TOOLCHAIN.parent.parent / ".slither.config.json"
_ANALYSED = re.compile(r"analyzed \((\d+) contracts with (\d+) detectors\), \d+ result")
_SUPPRESSION = re.compile(r"^\s*//\s*slither-disable-(?P<scope>\S+)\s*(?P<rest>.*)$")
_WITH_REASON = re.compile(r"(?!all\b)[a-z0-9-]+(?:,[a-z0-9-]+)* -- \S.*")


class Finding(TypedDict):
    """One of Slither's results; `description` names the place."""

    check: str
    impact: str
    description: str
    unused_ignores: NotRequired[list[dict[str, str]]]


@dataclass(frozen=True, slots=True)
class Analysis:
    """What Slither looked at, and what it found."""

    contracts: int
    detectors: int
    findings: tuple[Finding, ...]


def main(project: Project = REPOSITORY) -> int:
    """Run the command and return its exit code."""
    return run(partial(_analyse, project))


def analyse(project: Project) -> Analysis:
    """Run Slither over the project's own sources.

    Raises `ToolMissingError` without Slither, `CompilationFailedError` for sources that do not
    compile, and `ToolFailedError` when Slither crashes or sees no contract.
    """
    settings = read_settings(project)
    tree = gather(project, settings)
    folder = project.cache / "slither"
    folder.mkdir(parents=True, exist_ok=True)
    # The name has no .json: Slither would take the file for a syntax tree.
    target, report = folder / "standard-input", folder / "report.json"
    target.write_text(json.dumps(_standard_input(tree, settings)), encoding="utf-8")
    report.unlink(missing_ok=True)
    done = _slither(project, target, report)
    said = done.stdout + done.stderr
    analysed = _ANALYSED.search(said)
    if analysed is None or not report.is_file():
        _raise_compiler_errors(tree, settings)
        raise ToolFailedError("slither", said)
    document = json.loads(report.read_text(encoding="utf-8"))
    contracts, detectors = int(analysed.group(1)), int(analysed.group(2))
    if not document.get("success") or not contracts or not detectors:
        raise ToolFailedError("slither", said)
    findings = document["results"].get("detectors", [])
    return Analysis(contracts, detectors, tuple(cast("list[Finding]", findings)))


def unreasoned_suppressions(tree: SourceTree) -> list[str]:
    """List suppressions in our own sources that give no reason, or cover more than a line."""
    found: list[str] = []
    for unit in tree.own:
        for number, line in enumerate(tree.units[unit].content.splitlines(), start=1):
            match = _SUPPRESSION.match(line)
            if match and not (
                match["scope"] == "next-line" and _WITH_REASON.fullmatch(match["rest"])
            ):
                found.append(
                    f"{unit}:{number} must suppress named detectors on the next line with a "
                    "reason: `// slither-disable-next-line detector -- reason`."
                )
    return found


def _analyse(project: Project) -> int:
    started = time.monotonic()
    unreasoned = unreasoned_suppressions(gather(project, read_settings(project)))
    if unreasoned:
        raise DriftError(unreasoned, "Slither was not run.")
    analysis = analyse(project)
    if analysis.findings:
        raise DriftError(
            [_sentence(finding) for finding in analysis.findings],
            f"Slither found {len(analysis.findings)} problems in {analysis.contracts} contracts "
            f"({analysis.detectors} detectors); repair them, or suppress the line with a reason.",
        )
    say(
        f"Slither: {analysis.contracts} contracts, {analysis.detectors} detectors, no findings "
        f"({time.monotonic() - started:.0f} s)."
    )
    return 0


def _sentence(finding: Finding) -> str:
    unused = "; ".join(
        f"{item['file']}:{item['line']}" for item in finding.get("unused_ignores", ())
    )
    text = f"{finding['description'].strip()} {unused}".strip()
    return f"{finding['check']} ({finding['impact']}): {text}"


def _standard_input(tree: SourceTree, settings: Settings) -> SolcInput:
    standard_input = standard_input_for(tree, settings)
    outputs = ["abi", "devdoc", "userdoc", "evm.bytecode", "evm.deployedBytecode"]
    standard_input["settings"]["outputSelection"] = {"*": {"*": outputs, "": ["ast"]}}
    return standard_input


def _slither(project: Project, target: Path, report: Path) -> subprocess.CompletedProcess[str]:
    # Beside the interpreter: the PATH may lead to another environment's.
    slither = Path(sys.executable).with_name("slither")
    if not slither.is_file():
        raise ToolMissingError("slither", slither.name)
    command = [str(slither), str(target), "--compile-force-framework", "Solc-json"]
    command += ["--solc", str(TOOLCHAIN / "solc")]
    command += ["--config-file", str(CONFIGURATION), "--json", str(report), "--warn-unused-ignores"]
    # Slither asks `forge config` for the settings of any folder with foundry.toml.
    forge = forge_binary(REPOSITORY, sys.platform, platform.machine()).parent
    return subprocess.run(  # noqa: S603 - the analyser that pip installed
        command,
        check=False,
        capture_output=True,
        text=True,
        cwd=project.root,
        env={**os.environ, "PATH": f"{forge}{os.pathsep}{os.environ.get('PATH', '')}"},
    )


def _raise_compiler_errors(tree: SourceTree, settings: Settings) -> None:
    run_compiler(find_compilers()[0], standard_input_for(tree, settings, ["abi"]))


if __name__ == "__main__":
    sys.exit(main())
