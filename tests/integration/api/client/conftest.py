"""The typed client in front of the live API, signed in as somebody or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.databases import Databases, SqliteDatabases
from tests.integration.api.client.people import People

if TYPE_CHECKING:
    from tests.integration.api.live import Live


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Databases:
    """One kind is enough: the API's own tests have both, and its client sees neither."""
    return SqliteDatabases(tmp_path_factory.mktemp("client"))


@pytest.fixture
def people(live: Live) -> People:
    """Everybody who takes part; the market is mirrored and its terms are published."""
    live.mirror()
    live.publish()
    return People(live)
