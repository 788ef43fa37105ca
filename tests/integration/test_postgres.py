from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from marketplace.storage.engines import open_engine
from marketplace.storage.transactions import reading
from tests.postgres import PostgresNotStartedError, serving

if TYPE_CHECKING:
    from sqlalchemy import URL


def test_the_tests_run_on_postgresql_18_by_unix_socket(postgres_server: URL) -> None:
    engine = open_engine(postgres_server)

    with reading(engine) as connection:
        version = connection.exec_driver_sql("SHOW server_version").scalar_one()
        addresses = connection.exec_driver_sql("SHOW listen_addresses").scalar_one()

    assert version.startswith("18.")
    assert addresses == ""
    engine.dispose()


def test_a_server_that_cannot_start_fails_with_a_sentence() -> None:
    folder = Path(tempfile.mkdtemp(prefix="seatmarket-postgres-"))
    data = folder / "data"
    data.mkdir()
    (data / "PG_VERSION").write_text("18\n")

    with (
        pytest.raises(PostgresNotStartedError, match=r"did not start in .* Reinstall"),
        serving(data),
    ):
        pass

    shutil.rmtree(folder)
