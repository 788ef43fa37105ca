"""One compilation of all our sources, kept on disk until an input changes.

Owns what the compiler is asked for. Refuses to read another tool's cache: Foundry's output is
what the result is compared with.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from scripts.toolchain.compiler import Compiler, find_compilers, run_compiler
from scripts.toolchain.settings import Settings, read_settings
from scripts.toolchain.solc_json import OutputSelection, SolcInput, SolcOutput, SolcSource
from scripts.toolchain.sources import SourceTree, gather

if TYPE_CHECKING:
    from pathlib import Path

    from scripts.toolchain.project import Project

_OWN = [
    "abi",
    "evm.bytecode.linkReferences",
    "evm.bytecode.object",
    "evm.deployedBytecode.immutableReferences",
    "evm.deployedBytecode.linkReferences",
    "evm.deployedBytecode.object",
    "evm.methodIdentifiers",
    "metadata",
    "storageLayout",
]


@dataclass(frozen=True, slots=True)
class Compilation:
    """The sources, the settings and what the compiler made of them."""

    tree: SourceTree
    settings: Settings
    compiler_version: str
    output: SolcOutput


def compile_project(project: Project, *, force: bool = False) -> Compilation:
    """Compile the project's sources with the preferred compiler, or give the kept result.

    The result is kept under the hash of the whole input and the compiler's version; `force`
    compiles regardless.
    """
    settings = read_settings(project)
    tree = gather(project, settings)
    compiler = find_compilers()[0]
    standard_input = standard_input_for(tree, settings)
    key = _key(standard_input, compiler)
    kept = project.cache / "solc" / "output.json"
    output = None if force else _kept_output(kept, key)
    if output is None:
        output = run_compiler(compiler, standard_input)
        _keep(kept, key, output)
    return Compilation(tree, settings, compiler.version, output)


def standard_input_for(
    tree: SourceTree, settings: Settings, own_outputs: list[str] | None = None
) -> SolcInput:
    """Give the compiler's input: code for our own sources, ABIs alone for npm's."""
    selection: OutputSelection = {"*": {"*": ["abi"]}}
    for unit in tree.own:
        selection[unit] = {"*": own_outputs or _OWN}
    return SolcInput(
        language="Solidity",
        sources={name: SolcSource(content=source.content) for name, source in tree.units.items()},
        settings=settings.for_solc(selection),
    )


def own_warnings(compilation: Compilation) -> list[str]:
    """List the compiler's warnings about our own sources, as it formats them."""
    return [
        message["formattedMessage"].strip()
        for message in compilation.output.get("errors", [])
        if message.get("sourceLocation", {"file": ""})["file"] in compilation.tree.own
    ]


def _key(standard_input: SolcInput, compiler: Compiler) -> str:
    whole = json.dumps([compiler.version, compiler.native, standard_input], sort_keys=True)
    return hashlib.sha256(whole.encode()).hexdigest()


def _kept_output(kept: Path, key: str) -> SolcOutput | None:
    if not kept.is_file():
        return None
    try:
        document = json.loads(kept.read_text(encoding="utf-8"))
    except json.JSONDecodeError:
        # Cut off while it was written: compiling again repairs it.
        return None
    return cast("SolcOutput", document["output"]) if document["key"] == key else None


def _keep(kept: Path, key: str, output: SolcOutput) -> None:
    kept.parent.mkdir(parents=True, exist_ok=True)
    fresh = kept.with_suffix(f".{key[:16]}")
    fresh.write_text(json.dumps({"key": key, "output": output}), encoding="utf-8")
    fresh.replace(kept)
