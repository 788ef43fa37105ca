"""Engines with as few connections as there can be."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from marketplace.storage.engines import PoolBounds, open_engine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import URL, Engine


@contextmanager
def opened(url: URL) -> Iterator[Engine]:
    """An engine with one connection of each kind, for which nobody waits long."""
    engine = open_engine(url, pool=PoolBounds(connections=1, wait_s=0.05))
    try:
        yield engine
    finally:
        engine.dispose()
