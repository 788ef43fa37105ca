"""The edge of every toolchain command: turns its errors into a sentence and an exit code.

Refuses to catch anything else: an unexpected error keeps its traceback.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from scripts.toolchain.errors import ToolchainError

if TYPE_CHECKING:
    from collections.abc import Callable


def run(command: Callable[[], int]) -> int:
    """Run `command` and return its exit code, or the error's after showing its sentence."""
    try:
        return command()
    except ToolchainError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code


def say(line: str) -> None:
    """Show one `line` to whoever called the command."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
