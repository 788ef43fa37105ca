"""`python -m api`: serve; `python -m api upgrade`: bring the tables to this version first.

Owns the command line and what is told at its end. Refuses options for settings: they come from
`SEATS_API_*`, because a database's address holds a password that a command line would show.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from pydantic import ValidationError

from api import process
from api.logs import log_to
from api.settings import ApiSettings
from marketplace.domain.errors import SeatmarketError
from marketplace.storage.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says; gives the exit code."""
    parser = argparse.ArgumentParser(prog="python -m api", description="Seatmarket's HTTP API.")
    parser.add_argument("command", nargs="?", choices=("run", "upgrade"), default="run")
    command = parser.parse_args(arguments).command
    try:
        settings = ApiSettings.model_validate({})
    except ValidationError as error:
        return _told(f"The API's settings do not fit: {_faults(error)}.", process.INPUT)
    try:
        if command == "upgrade":
            process.upgrade(settings)
        else:
            log_to()
            process.run(settings, _announce)
    except (SeatmarketError, StorageError) as error:
        return _told(str(error), process.exit_code(error))
    return process.DONE


def _announce(url: str) -> None:
    sys.stdout.write(f"API ready at {url}\n")
    sys.stdout.flush()


def _told(sentence: str, code: int) -> int:
    sys.stderr.write(f"{sentence}\n")
    return code


def _faults(error: ValidationError) -> str:
    # The values stay out: one of them may be a password in the wrong place.
    return "; ".join(
        f"{_variable(fault['loc'])}: {fault['msg'].removeprefix('Value error, ').rstrip('.')}"
        for fault in error.errors(include_input=False)
    )


def _variable(place: tuple[int | str, ...]) -> str:
    return f"SEATS_API_{str(place[0]).upper()}" if place else "together"


if __name__ == "__main__":
    sys.exit(main())
