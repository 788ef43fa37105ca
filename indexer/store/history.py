"""The mirror's migrations, as calls: upgrade, downgrade, current, require_current.

It owns which tables and steps make up the history named `mirror`; how a history is run is in
`marketplace.storage.migrations`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from indexer.store.fold_tables import outbox_origins
from marketplace.storage.migrations import History

MIRROR: Final = History(
    store="mirror",
    # By way of the module that is declared last: what it lacks would not be migrated.
    metadata=outbox_origins.metadata,
    folder=Path(__file__).parent / "migrations",
    upgrade_with="`python -m indexer upgrade`",
)

upgrade: Final = MIRROR.upgrade
downgrade: Final = MIRROR.downgrade
current: Final = MIRROR.current
require_current: Final = MIRROR.require_current
