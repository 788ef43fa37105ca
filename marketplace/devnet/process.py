"""Owns a development chain as a process: settings in, the URL on standard output, an exit status.

Refuses to guess: a taken port (status 5) or a setting that does not fit (status 2) ends it with one
sentence. The statuses are those of every command of this project.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

from pydantic import ValidationError

from marketplace.devnet.accounts import named_accounts
from marketplace.devnet.errors import DevnetError
from marketplace.devnet.server import PortTaken, serve
from marketplace.devnet.settings import DevnetSettings

if TYPE_CHECKING:
    from collections.abc import Mapping

UNFIT_SETTINGS: Final = 2
PORT_TAKEN: Final = 5


def run(given: Mapping[str, object]) -> int:
    """Serve a chain until SIGINT or SIGTERM; gives the exit status.

    Args:
        given: Fields of `DevnetSettings`; None leaves one to the environment or its default.
    """
    chosen = {name: value for name, value in given.items() if value is not None}
    try:
        serve(DevnetSettings.model_validate(chosen), _announce)
    except PortTaken as error:
        sys.stderr.write(f"{error}\n")
        return PORT_TAKEN
    except DevnetError as error:
        sys.stderr.write(f"{error}\n")
        return UNFIT_SETTINGS
    except ValidationError as error:
        wrong = "; ".join(f"{fault['loc'][0]}: {fault['msg']}" for fault in error.errors())
        sys.stderr.write(f"The development chain's settings do not fit: {wrong}.\n")
        return UNFIT_SETTINGS
    return 0


def _announce(url: str) -> None:
    lines = [f"Development chain ready at {url}"]
    lines += [f"  {account.name:<10} {account.address}" for account in named_accounts()]
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()
