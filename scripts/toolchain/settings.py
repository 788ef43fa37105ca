"""The compiler's settings as foundry.toml gives them, which is their only place.

Refuses every key that would change the bytecode and is not passed on here: Foundry and this
toolchain would otherwise compile different contracts.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from scripts.toolchain.errors import SettingsRefusedError
from scripts.toolchain.solc_json import (
    CodeMetadata,
    Optimizer,
    OutputSelection,
    SolcSettings,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from scripts.toolchain.project import Project

_Kind = TypeVar("_Kind", str, int, bool, list[str])

UNTRANSLATED = frozenset(
    {
        "libraries",
        "model_checker",
        "optimizer_details",
        "revert_strings",
        "use_literal_content",
    }
)


@dataclass(frozen=True, slots=True)
class Remapping:
    """An import `prefix` and the folder (`target`, relative to the root) it stands for."""

    prefix: str
    target: str

    def __str__(self) -> str:
        """Write it as the compiler reads it."""
        return f"{self.prefix}={self.target}"


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything about a compilation that is not a source."""

    source_folder: str
    test_folder: str
    remappings: tuple[Remapping, ...]
    optimizer: bool
    optimizer_runs: int
    evm_version: str
    via_ir: bool
    bytecode_hash: str
    cbor_metadata: bool

    def for_solc(self, selection: OutputSelection) -> SolcSettings:
        """Give the settings as the compiler's standard JSON has them."""
        return SolcSettings(
            remappings=[str(remapping) for remapping in self.remappings],
            optimizer=Optimizer(enabled=self.optimizer, runs=self.optimizer_runs),
            evmVersion=self.evm_version,
            viaIR=self.via_ir,
            metadata=CodeMetadata(bytecodeHash=self.bytecode_hash, appendCBOR=self.cbor_metadata),
            libraries={},
            outputSelection=selection,
        )


def read_settings(project: Project) -> Settings:
    """Read the default profile of the project's foundry.toml.

    Raises `SettingsRefusedError` when the file or a setting is missing, has another type, or is one
    that only Foundry would obey.
    """
    profile = _default_profile(project.foundry_toml)
    untranslated = sorted(UNTRANSLATED & profile.keys())
    if untranslated:
        raise SettingsRefusedError(
            f"{', '.join(untranslated)} would reach Foundry's compiler alone"
        )
    tests = _value(profile, "test", str)
    _refuse_other_code(profile.get("compilation_restrictions", []), tests)
    return Settings(
        source_folder=_value(profile, "src", str),
        test_folder=tests,
        remappings=tuple(_remapping(line) for line in _value(profile, "remappings", list)),
        optimizer=_value(profile, "optimizer", bool),
        optimizer_runs=_value(profile, "optimizer_runs", int),
        evm_version=_value(profile, "evm_version", str),
        via_ir=_value(profile, "via_ir", bool),
        bytecode_hash=_value(profile, "bytecode_hash", str),
        cbor_metadata=_value(profile, "cbor_metadata", bool),
    )


def _refuse_other_code(restrictions: object, test_folder: str) -> None:
    """Let tests be compiled otherwise, which no contract can notice, and nothing else.

    A profile of its own needs no check: Foundry takes it only where a restriction asks for it.
    """
    for restriction in restrictions if isinstance(restrictions, list) else [restrictions]:
        paths = restriction.get("paths") if isinstance(restriction, dict) else None
        if not isinstance(paths, str) or not paths.startswith(f"{test_folder}/"):
            raise SettingsRefusedError(
                f"compilation_restrictions may only name paths in {test_folder}, found {paths!r}"
            )


def _default_profile(foundry_toml: Path) -> Mapping[str, object]:
    try:
        document = tomllib.loads(foundry_toml.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise SettingsRefusedError("the file does not exist") from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsRefusedError(f"it is not TOML ({error})") from error
    profile = document.get("profile", {}).get("default")
    if not isinstance(profile, dict):
        raise SettingsRefusedError("it has no [profile.default]")
    return profile


def _value(profile: Mapping[str, object], key: str, kind: type[_Kind]) -> _Kind:
    value = profile.get(key)
    # An exact type: True would pass for the integer 1 otherwise.
    if type(value) is not kind:
        raise SettingsRefusedError(f"{key} must be given as {kind.__name__}, found {value!r}")
    return value


def _remapping(line: str) -> Remapping:
    prefix, separator, target = line.partition("=")
    if not separator or not prefix or ":" in prefix:
        raise SettingsRefusedError(f"remapping {line!r} is not of the form prefix=target")
    return Remapping(prefix, target)
