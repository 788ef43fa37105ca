"""The migrations of the API's own tables, as calls: upgrade, downgrade, current, require_current.

It owns which tables and steps make up the history named `api`; how a history is run is in
`marketplace.storage.migrations`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from api.store.allowlist_tables import allowlists
from api.store.attendance_tables import attendances
from api.store.co_host_tables import co_hosts
from api.store.product_tables import products
from api.store.request_tables import rate_buckets
from api.store.tables import METADATA
from api.store.waiting_tables import wait_places
from api.store.webhook_tables import webhook_endpoints
from marketplace.storage.migrations import History

# Importing declares them: the history must know every table of the store.
_DECLARED: Final = (
    allowlists,
    attendances,
    co_hosts,
    products,
    rate_buckets,
    wait_places,
    webhook_endpoints,
)

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
