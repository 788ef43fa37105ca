"""What can go wrong in the toolchain; every message is a sentence that says what to do.

ToolchainError
├── the tools or their settings cannot be used: exit code 2
│   ├── CompilerMissingError, ToolMissingError, ToolFailedError
│   └── SettingsRefusedError, SourceMissingError, LinkingRefusedError
└── the sources were judged and found wanting: exit code 1
    ├── CompilationFailedError
    └── DriftError

Refuses to print and to exit: `run` in `scripts.toolchain.command` does both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


class ToolchainError(Exception):
    """A reason to stop, with the exit code of the command that meets it."""

    exit_code: ClassVar[int] = 2


class CompilerMissingError(ToolchainError):
    """No compiler of the pinned version answers on this machine."""

    def __init__(self, version: str) -> None:
        """Name the `version` that package.json pins."""
        super().__init__(
            f"No Solidity compiler {version} was found, neither a native one nor npm's; "
            "run `make setup`."
        )


class ToolMissingError(ToolchainError):
    """A tool that `make setup` installs is not there."""

    def __init__(self, tool: str, expected: Path | str) -> None:
        """Name the `tool` and where it was `expected`."""
        super().__init__(f"{tool} was not found ({expected}); run `make setup`.")


class ToolFailedError(ToolchainError):
    """A tool stopped without an answer that could be judged."""

    def __init__(self, tool: str, output: str) -> None:
        """Name the `tool` and show the last of its `output`."""
        self.output = output
        super().__init__(f"{tool} gave no usable answer; it said:\n{output.strip() or '(nothing)'}")


class SettingsRefusedError(ToolchainError):
    """foundry.toml says something that the compile step would not repeat faithfully."""

    def __init__(self, what: str) -> None:
        """Say `what` is wrong with the file."""
        super().__init__(f"foundry.toml cannot be followed: {what}.")


class SourceMissingError(ToolchainError):
    """An import leads nowhere."""

    def __init__(self, unit: str, importer: str) -> None:
        """Name the missing source `unit` and the file that imports it."""
        super().__init__(
            f"{importer} imports {unit}, which does not exist; correct the import, or run "
            "`make setup` if it belongs to an npm package."
        )


class LinkingRefusedError(ToolchainError):
    """Libraries cannot be given addresses that depend on their code alone."""

    def __init__(self, why: str) -> None:
        """Say `why` linking stops."""
        super().__init__(f"Libraries cannot be linked: {why}.")


class CompilationFailedError(ToolchainError):
    """The compiler refuses the sources; the message is the compiler's own."""

    exit_code: ClassVar[int] = 1

    def __init__(self, messages: Sequence[str]) -> None:
        """Keep the compiler's formatted `messages`."""
        self.messages = tuple(messages)
        super().__init__("\n".join(message.strip() for message in self.messages))


class DriftError(ToolchainError):
    """A committed file no longer says what the sources say."""

    exit_code: ClassVar[int] = 1

    def __init__(self, differences: Sequence[str], remedy: str) -> None:
        """List the `differences` and the command that is the `remedy`."""
        self.differences = tuple(differences)
        super().__init__("\n".join((*self.differences, remedy)))
