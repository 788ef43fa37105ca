"""A disk that fills up under the API's own store: nothing half done, and on from there.

The store is SQLite, whose files may not grow beyond a limit that is raised from outside. What
PostgreSQL says instead is told to the indexer in `tests/integration/indexer/test_full.py`, and
becomes the same error here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx

from api.store import history
from marketplace.storage.engines import open_engine
from tests.integration.api.test_process import PATIENCE_S, running
from tests.integration.api.world import UNLIMITED, Wallet, ask_nonce, code_of, verify
from tests.integration.indexer.cramped import give_room

if TYPE_CHECKING:
    from pathlib import Path

MORE_BYTES = 100_000
MOST_ASKED = 100
"""More attempts to sign in than there is room for."""


def test_a_full_disk_is_told_and_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "api.sqlite"
    engine = open_engine(f"sqlite:///{path}")
    history.upgrade(engine)
    free = {name: str(value) for name, value in UNLIMITED.items()}
    with running(engine, **free) as (process, url), httpx.Client(base_url=url) as client:
        client.timeout = httpx.Timeout(PATIENCE_S)
        wallet, other = Wallet(), Wallet()
        first, second = (ask_nonce(client, one, "bearer") for one in (wallet, other))
        token = verified(client, wallet, first).json()["token"]
        mine = {"Authorization": f"Bearer {token}"}
        give_room(process.pid, path.with_name("api.sqlite-wal").stat().st_size + MORE_BYTES)

        wish = {"session": "bearer", "account": wallet.address}
        asked = (client.post("/v1/auth/nonce", json=wish) for _ in range(MOST_ASKED))
        refused = next(answer for answer in asked if answer.status_code != 201)

        assert (refused.status_code, code_of(refused)) == (503, "storage_locked")
        assert refused.headers["Retry-After"] == "1"
        assert str(path) not in refused.text
        spent = verified(client, other, second)
        assert (spent.status_code, code_of(spent)) == (503, "storage_locked")
        assert client.get("/v1/auth/session", headers=mine).status_code == 200

        give_room(process.pid)
        # Nothing was done: the nonce that failed then has not been spent.
        assert verified(client, other, second).status_code == 201
        assert client.get("/v1/auth/session", headers=mine).status_code == 200
        process.terminate()
        _, log = process.communicate(timeout=PATIENCE_S)
    engine.dispose()
    assert process.returncode == 0
    assert "Traceback" not in log
    assert "Make room, then try again." in log


def verified(client: httpx.Client, wallet: Wallet, asked: dict[str, str]) -> httpx.Response:
    return verify(client, asked["message"], wallet.sign(asked["message"]), asked["attempt"])
