"""Which cases web3.py implements: every room enters its functions here, under their own names."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conformance.web3py.world import Web3World

    Run = Callable[[Web3World], None]

IMPLEMENTED: dict[str, Run] = {}


def implements(run: Run) -> Run:
    """Enter a function as web3.py's run of the case of the same name."""
    name = run.__name__
    if name in IMPLEMENTED:
        message = f"two functions claim to run the case {name}"
        raise ValueError(message)
    IMPLEMENTED[name] = run
    return run
