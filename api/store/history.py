"""The migrations of the API's own tables, as calls: upgrade, downgrade, current, require_current.

It owns which tables and steps make up the history named `api`; how a history is run is in
`marketplace.storage.migrations`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from api.store.tables import METADATA
from marketplace.storage.migrations import History

API: Final = History(
    store="api",
    metadata=METADATA,
    folder=Path(__file__).parent / "migrations",
    upgrade_with="`python -m api upgrade`",
)

upgrade: Final = API.upgrade
downgrade: Final = API.downgrade
current: Final = API.current
require_current: Final = API.require_current
