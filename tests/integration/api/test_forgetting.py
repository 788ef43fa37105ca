"""What sign-in leaves behind is forgotten, a bounded piece at a time."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, insert, select

from api.store.tables import sessions, sign_in_nonces
from marketplace.storage.transactions import reading, writing
from tests.integration.api.world import (
    START,
    Clock,
    Wallet,
    ask_nonce,
    browser,
    parts_for,
    sign_in_client,
    verify,
)

if TYPE_CHECKING:
    from datetime import datetime

    import httpx
    from sqlalchemy import Engine, Table


def count(engine: Engine, table: Table) -> int:
    with reading(engine) as connection:
        return connection.scalar(select(func.count()).select_from(table)) or 0


def leave_nonces(engine: Engine, number: int, issued_at: datetime) -> None:
    rows = [
        {
            "nonce_hash": f"0x{place:064x}",
            "browser_hash": f"0x{place:064x}",
            "issued_at": issued_at,
            "expires_at": issued_at + timedelta(minutes=5),
        }
        for place in range(number)
    ]
    with writing(engine) as connection:
        connection.execute(insert(sign_in_nonces), rows)


def leave_sessions(engine: Engine, number: int, expires_at: datetime) -> None:
    created_at = expires_at - timedelta(days=7)
    rows = [
        {
            "token_hash": f"0x{place:064x}",
            "account": Wallet().address,
            "created_at": created_at,
            "last_seen_at": created_at,
            "expires_at": expires_at,
        }
        for place in range(number)
    ]
    with writing(engine) as connection:
        connection.execute(insert(sessions), rows)


def test_each_new_attempt_forgets_a_hundred_old_ones(
    client: httpx.Client, wallet: Wallet, database: Engine
) -> None:
    leave_nonces(database, 150, START - timedelta(hours=1))

    ask_nonce(client, wallet)
    assert count(database, sign_in_nonces) == 51

    ask_nonce(client, wallet)
    assert count(database, sign_in_nonces) == 2


def test_however_many_ask_there_are_no_more_open_attempts_than_allowed(
    database: Engine, clock: Clock, wallet: Wallet
) -> None:
    client = browser(parts_for(database, clock, max_open_attempts=100))
    leave_nonces(database, 130, START - timedelta(seconds=10))

    message = ask_nonce(client, wallet)["message"]

    assert count(database, sign_in_nonces) == 100
    # The oldest went; whoever came last can finish.
    assert verify(client, message, wallet.sign(message)).status_code == 201


@pytest.mark.parametrize(
    ("over_for", "left"), [(timedelta(hours=25), 51), (timedelta(hours=23), 151)]
)
def test_each_new_session_forgets_a_hundred_that_were_over_a_day_ago(
    client: httpx.Client, wallet: Wallet, database: Engine, over_for: timedelta, left: int
) -> None:
    leave_sessions(database, 150, START - over_for)

    sign_in_client(client, wallet)

    assert count(database, sessions) == left


def test_a_living_session_is_not_forgotten(
    client: httpx.Client, wallet: Wallet, database: Engine
) -> None:
    token = sign_in_client(client, wallet)
    leave_sessions(database, 10, START - timedelta(days=30))

    sign_in_client(client, Wallet())

    asked = {"Authorization": f"Bearer {token}"}
    assert client.get("/v1/auth/session", headers=asked).status_code == 200
    assert count(database, sessions) == 2
