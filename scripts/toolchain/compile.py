"""`python -m scripts.toolchain.compile`: writes or checks the committed artifacts.

Owns the comparison of committed files with the sources. Refuses to touch a file whose content
would stay the same. Exit codes: 0 in order, 1 the sources are wrong or have drifted, 2 the tools
are missing.
"""

from __future__ import annotations

import argparse
import json
import sys
from functools import partial
from typing import TYPE_CHECKING

from scripts.toolchain.artifacts import ArtifactDocument, build_artifacts
from scripts.toolchain.command import run, say
from scripts.toolchain.compilation import compile_project, own_warnings
from scripts.toolchain.compiler import install_native
from scripts.toolchain.errors import DriftError
from scripts.toolchain.project import REPOSITORY, Project
from scripts.toolchain.rendering import render

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

_WORDS = {
    "sourcesHash": "sources hash",
    "deployedBytecode": "deployed bytecode",
    "storageLayout": "storage layout",
    "compilerVersion": "compiler version",
    "immutableReferences": "immutable references",
    "linkReferences": "link references",
}
_CONSEQUENCES = frozenset({"bytecodeSize", "deployedBytecodeSize"})


def main(arguments: Sequence[str] | None = None, project: Project = REPOSITORY) -> int:
    """Run the command and return its exit code."""
    options = _options(arguments)
    if options.install_compiler:
        return run(_install)
    return run(partial(_compile, options, project))


def layout_text(documents: Mapping[str, ArtifactDocument]) -> str:
    """Write the layouts of all contracts that store anything, as the snapshot has them."""
    return render(
        {
            f"{document['sourceName']}:{name}": document["storageLayout"]
            for name, document in documents.items()
            if document["storageLayout"]["variables"]
        }
    )


def check(documents: Mapping[str, ArtifactDocument], folder: Path) -> None:
    """Compare the artifacts in `folder` with the compiled `documents`.

    Raises `DriftError` naming every contract and field that differs.
    """
    differences: list[str] = []
    for name, document in documents.items():
        path = folder / f"{name}.json"
        if not path.is_file():
            differences.append(f"{name} has no artifact.")
        elif path.read_text(encoding="utf-8") != render(document):
            changed = ", ".join(_changed(path, document)) or "the file's form"
            differences.append(f"The artifact of {name} differs from its sources: {changed}.")
    differences.extend(
        f"The artifact {path.name} belongs to no contract."
        for path in _committed(folder)
        if path.stem not in documents
    )
    if differences:
        raise DriftError(differences, "Run `make artifacts` and commit the result.")


def write(documents: Mapping[str, ArtifactDocument], folder: Path) -> int:
    """Write the artifacts, remove those of contracts that are gone; return how many changed."""
    folder.mkdir(parents=True, exist_ok=True)
    changed = 0
    for path in _committed(folder):
        if path.stem not in documents:
            path.unlink()
            changed += 1
    for name, document in documents.items():
        changed += _write_if_changed(folder / f"{name}.json", render(document))
    return changed


def _compile(options: argparse.Namespace, project: Project) -> int:
    compilation = compile_project(project, force=options.force)
    for warning in own_warnings(compilation):
        sys.stderr.write(f"{warning}\n\n")
    documents = build_artifacts(compilation)
    if options.check:
        check(documents, project.artifacts)
        say(f"Artifacts match their sources: {_sizes(documents)}.")
    elif options.layout:
        project.storage_layout.parent.mkdir(parents=True, exist_ok=True)
        _write_if_changed(project.storage_layout, layout_text(documents))
        say(f"Storage layout written to {project.storage_layout.relative_to(project.root)}.")
    else:
        changed = write(documents, project.artifacts)
        say(f"{changed} of {len(documents)} artifacts changed: {_sizes(documents)}.")
    return 0


def _install() -> int:
    if install_native():
        say("The native Solidity compiler is installed.")
    else:
        say("The native Solidity compiler cannot be had here; npm's gives the same bytecode.")
    return 0


def _changed(path: Path, document: ArtifactDocument) -> list[str]:
    try:
        committed = json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError:
        return ["it is not JSON"]
    if not isinstance(committed, dict):
        return ["it is not an object"]
    keys = sorted((committed.keys() | document.keys()) - _CONSEQUENCES)
    return [_WORDS.get(key, key) for key in keys if committed.get(key) != document.get(key)]


def _committed(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.json"))


def _write_if_changed(path: Path, text: str) -> bool:
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return False
    path.write_text(text, encoding="utf-8")
    return True


def _sizes(documents: Mapping[str, ArtifactDocument]) -> str:
    sizes = [f"{name} {doc['deployedBytecodeSize']:,}" for name, doc in documents.items()]
    return f"{', '.join(sizes) or 'no contract'} bytes"


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m scripts.toolchain.compile",
        description="Compile the contracts and write their artifacts.",
    )
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--check", action="store_true", help="compare instead of writing")
    mode.add_argument("--layout", action="store_true", help="write the storage layout snapshot")
    mode.add_argument(
        "--install-compiler",
        action="store_true",
        help="have py-solc-x install the native compiler, if the network allows",
    )
    parser.add_argument("--force", action="store_true", help="compile even if nothing changed")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
