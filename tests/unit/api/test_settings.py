from __future__ import annotations

import pytest
from pydantic import SecretStr, ValidationError

from api.settings import ApiSettings

STORE = SecretStr("postgresql://seats:hunter2@db/seats")


def test_the_database_has_no_default_and_its_password_is_not_shown() -> None:
    with pytest.raises(ValidationError, match="database_url"):
        ApiSettings.model_validate({})
    assert "hunter2" not in repr(ApiSettings(database_url=STORE))


def test_settings_come_from_the_environment_and_do_not_change(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SEATS_API_DATABASE_URL", "sqlite:///x")
    monkeypatch.setenv("SEATS_API_PORT", "0")
    settings = ApiSettings.model_validate({})
    assert settings.port == 0
    with pytest.raises(ValidationError):
        settings.port = 1  # type: ignore[misc] # frozen is what this test is about


@pytest.mark.parametrize(
    "wrong",
    [
        {"public_url": "http://seats.example"},
        {"host": "0.0.0.0"},  # noqa: S104 - refused is what it shall be
        {"statement": "two\nlines"},
        {"statement": "ünsigned"},
        {"nonce_lifetime_s": 301},
        {"session_idle_s": 60, "session_touch_s": 60},
        {"unheard_of": 1},
    ],
)
def test_what_would_weaken_or_confuse_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        ApiSettings.model_validate({"database_url": STORE} | wrong)


def test_a_public_address_allows_listening_everywhere() -> None:
    ApiSettings(database_url=STORE, host="0.0.0.0", public_url="https://seats.example")  # noqa: S104 - behind a proxy


def test_every_setting_is_described() -> None:
    described = ApiSettings.model_json_schema()["properties"]
    assert [name for name, field in described.items() if not field.get("description")] == []
