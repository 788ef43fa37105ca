"""The commands of the indexer over a mirror of a tree, whose node they need not ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.integration.indexer.market import SEATS
from tests.integration.indexer.tree import CHAIN_ID

if TYPE_CHECKING:
    from sqlalchemy import Engine


def settings_of(engine: Engine) -> dict[str, str]:
    """The environment in which they find the mirror of a database."""
    return {
        "SEATS_INDEXER_DATABASE": engine.url.render_as_string(hide_password=False),
        "SEATS_INDEXER_NODE": "http://127.0.0.1:1",
        "SEATS_INDEXER_CHAIN_ID": str(CHAIN_ID),
        "SEATS_INDEXER_CONTRACT": SEATS,
    }
