"""The mirror's migrations, as calls: upgrade, downgrade, current, require_current.

It owns which tables and steps make up the history named `mirror`. It refuses to run one: how that
is done is in `marketplace.storage.migrations`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from indexer.store.audit_tables import audits
from indexer.store.fold_tables import outbox_origins
from indexer.store.outbox_tables import outbox_marks
from marketplace.storage.migrations import History

# One of each module that adds tables: what was not imported would not be migrated.
_DECLARED: Final = (outbox_origins, audits, outbox_marks)

MIRROR: Final = History(
    store="mirror",
    metadata=_DECLARED[0].metadata,
    folder=Path(__file__).parent / "migrations",
    upgrade_with="`python -m indexer upgrade`",
)

upgrade: Final = MIRROR.upgrade
downgrade: Final = MIRROR.downgrade
current: Final = MIRROR.current
require_current: Final = MIRROR.require_current
