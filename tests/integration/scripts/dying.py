"""Runs `seats` in a process that kills itself at a named step of a launch: no cleaning up follows.

    python -m tests.integration.scripts.dying STEP launch FILE …

Refuses to end in any other way: a step that is never reached is a failure of the test.
"""

from __future__ import annotations

import os
import signal
import sys
from functools import partial, wraps
from typing import TYPE_CHECKING, Final, ParamSpec, TypeVar

from marketplace.chain import sender
from scripts import cli, launching

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

_P = ParamSpec("_P")
_R = TypeVar("_R")

NOT_REACHED: Final = 99


def die() -> None:
    """End at once; nothing of this process runs any more."""
    os.kill(os.getpid(), signal.SIGKILL)


def dying_before(function: Callable[_P, _R], calls: int = 1) -> Callable[_P, _R]:
    """Die instead of the call of this number."""
    left = calls

    @wraps(function)
    def call(*arguments: _P.args, **named: _P.kwargs) -> _R:
        nonlocal left
        left -= 1
        if not left:
            die()
        return function(*arguments, **named)

    return call


def dying_after(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Die when the call has ended."""

    @wraps(function)
    def call(*arguments: _P.args, **named: _P.kwargs) -> _R:
        found = function(*arguments, **named)
        die()
        return found

    return call


_STEPS: Final = {
    "signed": lambda: _replace(launching, "intend", dying_before),
    "noted": lambda: _replace(launching, "intend", dying_after),
    "sent": lambda: _replace(sender, "wait_for_receipt", dying_before),
    "mined": lambda: _replace(launching, "complete", dying_before),
    # The intention takes two, of the file and of its folder.
    "half recorded": lambda: _replace(os, "fsync", partial(dying_before, calls=3)),
    "recorded": lambda: _replace(launching, "complete", dying_after),
}
"""What each step puts into the program."""


def _replace(module: ModuleType, name: str, dying: Callable[..., object]) -> None:
    setattr(module, name, dying(getattr(module, name)))


if __name__ == "__main__":
    _STEPS[sys.argv.pop(1)]()
    try:
        cli.main()
    finally:
        sys.exit(NOT_REACHED)
