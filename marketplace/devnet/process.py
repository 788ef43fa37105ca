"""Owns a development chain as a process: settings in, the URL on standard output, an exit status.

Refuses to guess: a taken port (status 5) or a setting that does not fit (status 2) ends it with one
sentence. The statuses are those of every command of this project.
"""

from __future__ import annotations

import difflib
import os
import sys
from typing import TYPE_CHECKING, Final

from pydantic import ValidationError

from marketplace.devnet.accounts import named_accounts
from marketplace.devnet.errors import DevnetError
from marketplace.devnet.server import PortTaken, serve
from marketplace.devnet.settings import DevnetSettings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic_core import ErrorDetails


class UnknownSetting(DevnetError):
    """The environment has a setting that nobody reads."""

    def __init__(self, name: str, meant: str) -> None:
        super().__init__(
            f"The environment sets {name}, which is no setting of the development chain: unset it, "
            f"or write {meant}."
        )


UNFIT_SETTINGS: Final = 2
PORT_TAKEN: Final = 5


def run(given: Mapping[str, object]) -> int:
    """Serve a chain until SIGINT or SIGTERM; gives the exit status.

    Args:
        given: Fields of `DevnetSettings`; None leaves one to the environment or its default.
    """
    chosen = {name: value for name, value in given.items() if value is not None}
    try:
        _refuse_unknown(os.environ)
        serve(DevnetSettings.model_validate(chosen), _announce)
    except PortTaken as error:
        sys.stderr.write(f"{error}\n")
        return PORT_TAKEN
    except DevnetError as error:
        sys.stderr.write(f"{error}\n")
        return UNFIT_SETTINGS
    except ValidationError as error:
        wrong = "; ".join(_fault(fault) for fault in error.errors())
        sys.stderr.write(f"The development chain's settings do not fit: {wrong}.\n")
        return UNFIT_SETTINGS
    return 0


def _refuse_unknown(environment: Mapping[str, str]) -> None:
    """Find mistyped settings, which would be ignored in silence. Raises UnknownSetting."""
    prefix = DevnetSettings.model_config["env_prefix"]
    known = [f"{prefix}{field}".upper() for field in DevnetSettings.model_fields]
    for name in sorted(environment):
        if name.upper().startswith(prefix) and name.upper() not in known:
            near = difflib.get_close_matches(name.upper(), known, n=1)
            raise UnknownSetting(name, near[0] if near else ", ".join(known))


def _fault(fault: ErrorDetails) -> str:
    """What a setting is and what it must be, in this project's words."""
    name, given, bounds = fault["loc"][0], fault["input"], fault.get("ctx", {})
    asked = {
        "greater_than": "write a whole number above {gt}",
        "greater_than_equal": "write {ge} or more",
        "less_than": "write a whole number below {lt}",
        "less_than_equal": "write {le} or less",
        "literal_error": "write {expected}",
        "extra_forbidden": "there is no such setting, so leave it out",
    }.get(fault["type"], "write a whole number")
    return f"{name} is {given!r}; {asked.format(**bounds)}"


def _announce(url: str) -> None:
    lines = [f"Development chain ready at {url}"]
    lines += [f"  {account.name:<10} {account.address}" for account in named_accounts()]
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()
