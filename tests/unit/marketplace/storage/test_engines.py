from __future__ import annotations

from typing import cast

import pytest
from sqlalchemy import event

from marketplace.storage.engines import describe, open_engine
from marketplace.storage.errors import UnsupportedDatabaseError

SECRET = "hunter2"  # noqa: S105 - the test shows that it is not repeated


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        (f"mysql://u:{SECRET}@h/d", "mysql is not a supported"),
        (f"postgresql+psycopg2://u:{SECRET}@h/d", "psycopg2 is not a supported"),
        (f"postgresql+asyncpg://u:{SECRET}@h/d", "asyncpg is not a supported"),
        ("sqlite+aiosqlite:///x", "aiosqlite is not a supported"),
        (f"u:{SECRET}@h", "not a URL"),
        (f"postgresql://u:p@x:{SECRET}/d", "not a URL"),
        ("", "not a URL"),
        ("sqlite://", "SQLite needs a file"),
        ("sqlite:///:memory:", "SQLite needs a file"),
        ("sqlite:///x?mode=ro", "options are set by the program"),
    ],
)
def test_an_unsupported_address_is_refused_without_its_password(url: str, fault: str) -> None:
    with pytest.raises(UnsupportedDatabaseError, match=fault) as refusal:
        open_engine(url)

    assert SECRET not in str(refusal.value)
    assert "Write sqlite:///PATH or postgresql://USER@HOST/NAME." in str(refusal.value)


@pytest.mark.parametrize("url", ["postgresql://h/d", "postgresql+psycopg://h/d"])
def test_postgresql_is_spoken_to_through_psycopg_3(url: str) -> None:
    assert open_engine(url).dialect.driver == "psycopg"


@pytest.mark.parametrize(
    ("url", "name"),
    [
        (f"postgresql://u:{SECRET}@db.example/seats?password={SECRET}", "seats on db.example"),
        ("postgresql:///seats?host=/run/postgres", "seats on /run/postgres"),
        ("postgresql://", "default on the local socket"),
        ("sqlite:///seats.sqlite", "seats.sqlite"),
    ],
)
def test_a_database_is_named_without_its_credentials(url: str, name: str) -> None:
    assert describe(open_engine(url)) == name


def test_a_server_that_is_gone_without_a_word_is_noticed() -> None:
    engine = open_engine("postgresql://h/d")
    given: dict[str, object] = {}

    class Seen(Exception):
        """Nothing is connected to."""

    def see(*call: object) -> None:
        given.update(cast("dict[str, object]", call[3]))
        raise Seen

    event.listen(engine, "do_connect", see)
    with pytest.raises(Seen):
        engine.connect()

    kept = ("keepalives_idle", "keepalives_interval", "keepalives_count", "tcp_user_timeout")
    # Ten seconds of silence, four questions five seconds apart; what was sent is given up as soon.
    assert [given[name] for name in kept] == [10, 5, 4, 30_000]
