from __future__ import annotations

import re
from pathlib import Path

from marketplace.devnet.methods.table import METHODS, REFUSED

DOCUMENT = Path(__file__).parents[5] / "docs" / "devnet.md"
METHOD = re.compile(r"`((?:web3|net|eth|personal|evm|anvil|hardhat|devnet)_\w+)`")


def documented() -> set[str]:
    rows = [line for line in DOCUMENT.read_text().splitlines() if line.startswith("| `")]
    return {name for row in rows for name in METHOD.findall(row.split("|")[1])}


def test_every_method_is_documented_and_every_documented_method_exists() -> None:
    assert documented() == set(METHODS)


def test_a_refused_method_is_not_answered_as_well() -> None:
    assert not set(METHODS) & set(REFUSED)


def test_every_method_says_what_it_does() -> None:
    assert not [name for name, run in METHODS.items() if not run.__doc__]
