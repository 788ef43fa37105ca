"""Owns the arguments of `python -m marketplace.devnet`.

Refuses defaults: what is not given comes from `SEATS_DEVNET_*` and `DevnetSettings`.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from marketplace.devnet.process import run
from marketplace.devnet.settings import DevnetSettings

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve a development chain until it is stopped; gives the exit status."""
    return run(vars(_parser().parse_args(arguments)))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m marketplace.devnet",
        description="A private Ethereum chain in memory, on 127.0.0.1.",
    )
    fields = DevnetSettings.model_fields
    for name, meaning in (
        ("port", "TCP port; 0 takes a free one"),
        ("chain_id", "EIP-155 chain id"),
        ("fork", "cancun or prague"),
        ("safe_depth", "blocks by which safe trails the head"),
        ("finalized_depth", "blocks by which finalized trails the head"),
        ("block_gas_limit", "gas in one block"),
    ):
        option = f"--{name.replace('_', '-')}"
        parser.add_argument(option, help=f"{meaning} (default {fields[name].default})")
    return parser
