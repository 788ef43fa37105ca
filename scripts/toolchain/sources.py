"""The sources of a compilation: our own and everything they import, by source unit name.

Owns import resolution (remappings, relative paths) and the hash that tells whether a compilation
could give another result. Refuses to know the compiler; a test holds the closure to the
compiler's own metadata.
"""

from __future__ import annotations

import hashlib
import json
import posixpath
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scripts.toolchain.errors import SettingsRefusedError, SourceMissingError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scripts.toolchain.project import Project
    from scripts.toolchain.settings import Settings

_COMMENT_OR_STRING = re.compile(
    r"""//[^\n]*|/\*.*?\*/|("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')""", re.DOTALL
)
_IMPORT = re.compile(r"""(?:^|[;}])\s*import\b[^;"']*["']([^"']+)["'][^;]*(?=;)""", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Source:
    """A source unit: its text and the units it imports."""

    content: str
    imports: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SourceTree:
    """All source units by name, which is the path relative to the project's root."""

    units: Mapping[str, Source]
    own: tuple[str, ...]

    def closure(self, unit: str) -> tuple[str, ...]:
        """List `unit` and everything it imports, directly or not, sorted."""
        found: set[str] = set()
        waiting = [unit]
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting.extend(self.units[name].imports)
        return tuple(sorted(found))

    def digest(self, unit: str, settings: Settings, compiler_version: str) -> str:
        """Hash all that the code of `unit` depends on: sources, settings and compiler.

        Returns the SHA-256 in hexadecimal with the prefix "sha256:".
        """
        digest = hashlib.sha256()
        header = {"compiler": compiler_version, "settings": settings.for_solc({})}
        digest.update(json.dumps(header, sort_keys=True).encode())
        for name in self.closure(unit):
            content = hashlib.sha256(self.units[name].content.encode()).hexdigest()
            digest.update(f"\n{name} {content}".encode())
        return f"sha256:{digest.hexdigest()}"


def gather(project: Project, settings: Settings) -> SourceTree:
    """Read the project's own sources and all they import.

    Raises `SourceMissingError` when an import leads nowhere, `SettingsRefusedError` when there
    is nothing to compile.
    """
    folder = project.root / settings.source_folder
    own = tuple(sorted(path.relative_to(project.root).as_posix() for path in folder.rglob("*.sol")))
    if not own:
        raise SettingsRefusedError(f"{settings.source_folder} holds no Solidity source")
    units: dict[str, Source] = {}
    waiting = [(name, name) for name in own]
    while waiting:
        name, importer = waiting.pop()
        if name in units:
            continue
        path = project.root / name
        if not path.is_file():
            raise SourceMissingError(name, importer)
        # Bytes as they are: the compiler and the hash must see the same line endings.
        content = path.read_bytes().decode("utf-8")
        imports = tuple(_resolve(target, name, settings) for target in imports_of(content))
        units[name] = Source(content, imports)
        waiting.extend((imported, name) for imported in imports)
    return SourceTree(units=dict(sorted(units.items())), own=own)


def imports_of(content: str) -> tuple[str, ...]:
    """List the import paths that a source's text names, as written."""
    uncommented = _COMMENT_OR_STRING.sub(lambda match: match.group(1) or " ", content)
    return tuple(_IMPORT.findall(uncommented))


def _resolve(target: str, importer: str, settings: Settings) -> str:
    if target.startswith(("./", "../")):
        return posixpath.normpath(posixpath.join(posixpath.dirname(importer), target))
    matching = [entry for entry in settings.remappings if target.startswith(entry.prefix)]
    if not matching:
        return target
    longest = max(matching, key=lambda entry: len(entry.prefix))
    return longest.target + target.removeprefix(longest.prefix)
