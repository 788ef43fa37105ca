from __future__ import annotations

import pytest
from pydantic import SecretStr, ValidationError

from api.settings import ApiSettings

STORE = SecretStr("postgresql://seats:hunter2@db/seats")
NODE = SecretStr("https://node.example/v3/hunter2")
CONTRACT = "0x9fE46736679d2D9a65F0992F2272dE9f3c7fa6e0"
OTHER = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"
REQUIRED = {"database_url": STORE, "node_url": NODE, "contract": CONTRACT}


def test_the_database_has_no_default_and_its_password_is_not_shown() -> None:
    with pytest.raises(ValidationError, match="database_url"):
        ApiSettings.model_validate({})
    assert "hunter2" not in repr(ApiSettings.model_validate(REQUIRED))


def test_settings_come_from_the_environment_and_do_not_change(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SEATS_API_DATABASE_URL", "sqlite:///x")
    monkeypatch.setenv("SEATS_API_NODE_URL", "http://127.0.0.1:8545")
    monkeypatch.setenv("SEATS_API_CONTRACT", CONTRACT)
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
        {"contract": CONTRACT.lower()},
        {"contract": "seats.example"},
        {"media_url": "file:///media"},
        {"media_url": "file:///media", "media_copy_url": "file:///media"},
        {"traces_url": "collector:4318"},
        {"traces_url": "https:///v1/traces"},
        {"node_url": "node.example:8545"},
        {"node_url": "ws://node.example"},
        {"traces_share": 1.1},
        {"trusted_proxies": "*"},
        {"trusted_proxies": "0.0.0.0/0"},
        {"trusted_proxies": "10.0.0.0/8, ::/0"},
        {"trusted_proxies": "10.0.0.1/8"},
        {"trusted_proxies": "proxy.example"},
        {"trusted_proxies": "10.0.0.1,,10.0.0.2"},
        {"operators": CONTRACT.lower()},
        {"operators": f"{CONTRACT},"},
        {"operators": "night shift"},
    ],
)
def test_what_would_weaken_or_confuse_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        ApiSettings.model_validate(REQUIRED | wrong)


@pytest.mark.parametrize("name", ["node_url", "traces_url"])
def test_an_address_that_cannot_be_read_is_not_repeated(name: str) -> None:
    for address in ("https://user:hunter2/3@node.example", "https://hunter2\u2100@node.example"):
        with pytest.raises(ValidationError, match="write http:// or https://") as refusal:
            ApiSettings.model_validate(REQUIRED | {name: address})
        assert refusal.value.errors()[0]["loc"] == (name,)
        assert "hunter2" not in str(refusal.value)


def test_proxies_are_named_by_address_or_network() -> None:
    proxies = {"trusted_proxies": " 10.0.0.0/8, 192.0.2.7,2001:db8::/32 "}
    settings = ApiSettings.model_validate(REQUIRED | proxies)
    assert settings.trusted_proxies == "10.0.0.0/8,192.0.2.7/32,2001:db8::/32"
    assert ApiSettings.model_validate(REQUIRED).trusted_proxies == ""


def test_a_public_address_allows_listening_everywhere() -> None:
    everywhere = {"host": "0.0.0.0", "public_url": "https://seats.example"}  # noqa: S104 - behind a proxy
    ApiSettings.model_validate(REQUIRED | everywhere)


def test_every_setting_is_described() -> None:
    described = ApiSettings.model_json_schema()["properties"]
    assert [name for name, field in described.items() if not field.get("description")] == []


def test_operators_are_accounts_and_nobody_is_one_unnamed() -> None:
    named = ApiSettings.model_validate(REQUIRED | {"operators": f" {CONTRACT} , {OTHER}"})
    assert named.operator_accounts == {CONTRACT, OTHER}
    assert ApiSettings.model_validate(REQUIRED).operator_accounts == frozenset()


@pytest.mark.parametrize("name", ["contract", "operators"])
@pytest.mark.parametrize("key", ["0x" + "ac" * 32, "hunter2", "0x" + "aB" * 20, OTHER.lower()])
def test_what_stands_in_the_place_of_an_account_is_not_repeated(name: str, key: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        ApiSettings.model_validate(REQUIRED | {name: key})
    (fault,) = refusal.value.errors(include_input=False, include_context=False)
    assert fault["loc"] == (name,)
    assert "Copy the address again" in fault["msg"]
    assert "it may be a key" in fault["msg"]
    assert key.lower() not in str(fault).lower()


@pytest.mark.parametrize(
    "wrong",
    [
        {"public_url": "postgresql://seats:hunter2@db/seats"},
        {"public_url": "http://hunter2"},
        {"public_url": "https://hunter2:443"},
        {"trusted_proxies": "hunter2"},
        {"host": "hunter2"},
    ],
)
def test_what_stands_in_the_wrong_setting_is_not_repeated(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError) as refusal:
        ApiSettings.model_validate(REQUIRED | wrong)
    (fault,) = refusal.value.errors(include_input=False, include_context=False)
    assert "hunter2" not in str(fault)
