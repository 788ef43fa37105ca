"""`python -m api`: serve; `python -m api upgrade`: bring the tables to this version first.

Owns the command line and what is told at its end. Refuses options for settings: they come from
`SEATS_API_*`, because a database's address holds a password that a command line would show. Refuses
a variable that is called as settings are and is none: a misspelt one would silently be the default.
"""

from __future__ import annotations

import argparse
import os
import sys
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from pydantic import ValidationError

from api import exits
from api.logs import log_to
from api.settings import ApiSettings
from marketplace.domain.errors import SeatmarketError
from marketplace.storage.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_PREFIX: Final = "SEATS_API_"


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says; gives the exit code."""
    parser = argparse.ArgumentParser(prog="python -m api", description="Seatmarket's HTTP API.")
    parser.add_argument("command", nargs="?", choices=("run", "upgrade"), default="run")
    command = parser.parse_args(arguments).command
    faults = _misspelt(os.environ)
    try:
        settings = ApiSettings.model_validate({})
    except ValidationError as error:
        return _unfit([*faults, *_faults(error)])
    if faults:
        return _unfit(faults)
    # It takes seconds, and whoever has mistyped a setting need not wait for it.
    from api import process  # noqa: PLC0415 - read last

    try:
        if command == "upgrade":
            process.upgrade(settings)
        else:
            log_to()
            process.run(settings, _announce)
    except (SeatmarketError, StorageError) as error:
        return _told(str(error), exits.exit_code(error))
    return exits.DONE


def _announce(url: str) -> None:
    sys.stdout.write(f"API ready at {url}\n")
    sys.stdout.flush()


def _told(sentence: str, code: int) -> int:
    sys.stderr.write(f"{sentence}\n")
    return code


def _unfit(faults: Iterable[str]) -> int:
    return _told(f"The API's settings do not fit: {'; '.join(faults)}.", exits.INPUT)


def _misspelt(environment: Iterable[str]) -> list[str]:
    said = []
    for name in sorted({one.upper() for one in environment if one.upper().startswith(_PREFIX)}):
        written = name.removeprefix(_PREFIX).lower()
        if written not in ApiSettings.model_fields:
            near = get_close_matches(written, ApiSettings.model_fields, n=1, cutoff=0.5)
            meant = f"did you mean {_variable((near[0],))}" if near else "unset it"
            said.append(f"there is no {name}: {meant}")
    return said


def _faults(error: ValidationError) -> list[str]:
    # The values stay out: one of them may be a password in the wrong place.
    return [
        f"{_variable(fault['loc'])}: {fault['msg'].removeprefix('Value error, ').rstrip('.')}"
        for fault in error.errors(include_input=False)
    ]


def _variable(place: tuple[int | str, ...]) -> str:
    return f"{_PREFIX}{str(place[0]).upper()}" if place else "together"


if __name__ == "__main__":
    sys.exit(main())
