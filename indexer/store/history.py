"""The mirror's migrations, as calls: upgrade, downgrade, current, require_current.

It owns which tables and steps make up the history named `mirror`; how a history is run is in
`marketplace.storage.migrations`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from indexer.store.tables import METADATA
from marketplace.storage.migrations import History

MIRROR: Final = History(
    store="mirror",
    metadata=METADATA,
    folder=Path(__file__).parent / "migrations",
    upgrade_with="indexer.store.history.upgrade",
)

upgrade: Final = MIRROR.upgrade
downgrade: Final = MIRROR.downgrade
current: Final = MIRROR.current
require_current: Final = MIRROR.require_current
