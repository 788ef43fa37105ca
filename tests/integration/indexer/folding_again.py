"""Folding a mirror's whole ledger again, as an operator does while no indexer runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.leading import Lead, claim_of
from indexer.rebuilding import rebuilding
from indexer.waking import Stopper
from tests.integration.indexer.simulating import MIRROR

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine

    from indexer.identity import MirrorId


class Unheard:
    """Hears what becomes of a lead, and passes nothing on."""

    def __init__(self) -> None:
        self.events: list[str] = []

    def write(self, event: str, **fields: str | float | bool) -> None:
        assert all(name.isidentifier() for name in fields)
        self.events.append(event)


def folded_again(
    engine: Engine,
    told: Callable[[int], object] = lambda _events: None,
    *,
    mirror: MirrorId = MIRROR,
    stopper: Stopper | None = None,
    lease_s: float = 1.0,
    beside_running: bool = False,
) -> int:
    """Fold all again; gives the number of events. Raises as `rebuilding`."""
    wish = stopper or Stopper()
    lead = Lead(claim_of(engine, mirror, "rebuild"), lease_s, Unheard())
    with rebuilding(engine, mirror, lead, wish, beside_running=beside_running) as work:
        return work.finish(told)
