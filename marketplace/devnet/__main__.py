"""Owns `python -m marketplace.devnet`: arguments in, one line with the URL out, then it serves.

Refuses to guess: a taken port or a contradictory setting ends it with one sentence and status 1.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from pydantic import ValidationError

from marketplace.devnet.accounts import named_accounts
from marketplace.devnet.errors import DevnetError
from marketplace.devnet.server import PortTaken, serve
from marketplace.devnet.settings import DevnetSettings

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve a development chain until it is stopped; gives the exit status."""
    given = vars(_parser().parse_args(arguments))
    try:
        settings = DevnetSettings(**{name: one for name, one in given.items() if one is not None})
        serve(settings, _announce)
    except (PortTaken, DevnetError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except ValidationError as error:
        first = error.errors()[0]
        sys.stderr.write(f"Setting {first['loc'][0]}: {first['msg']}.\n")
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m marketplace.devnet",
        description="A private Ethereum chain in memory, on 127.0.0.1.",
    )
    fields = DevnetSettings.model_fields
    parser.add_argument("--port", type=int, help=f"0 takes a free one ({fields['port'].default})")
    parser.add_argument("--chain-id", type=int, help=f"EIP-155 ({fields['chain_id'].default})")
    parser.add_argument("--fork", help=f"cancun or prague ({fields['fork'].default})")
    parser.add_argument("--safe-depth", type=int, help="blocks that safe trails the head (2)")
    parser.add_argument("--finalized-depth", type=int, help="the same for finalized (4)")
    return parser


def _announce(url: str) -> None:
    lines = [f"Development chain ready at {url}"]
    lines += [f"  {account.name:<10} {account.address}" for account in named_accounts()]
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
