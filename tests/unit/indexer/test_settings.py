from __future__ import annotations

import pytest
from pydantic import ValidationError

from indexer.settings import IndexerSettings

GIVEN = {
    "DATABASE": "postgresql://ada:secret@db/x",
    "NODE": "https://node/key",
    "CHAIN_ID": "31337",
    "CONTRACT": "0x5fbdb2315678afecb367f032d93f642f64180aa3",
}


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name, value in GIVEN.items():
        monkeypatch.setenv(f"SEATS_INDEXER_{name}", value)
    return monkeypatch


@pytest.mark.usefixtures("environment")
def test_settings_come_from_the_environment() -> None:
    settings = IndexerSettings()

    assert settings.contract == "0x5FbDB2315678afecb367f032d93F642f64180aa3"
    assert settings.database.get_secret_value().endswith("db/x")


@pytest.mark.usefixtures("environment")
def test_addresses_that_hold_secrets_are_not_shown() -> None:
    shown = repr(IndexerSettings())

    assert "secret" not in shown
    assert "key" not in shown


@pytest.mark.parametrize("name", ["CONTRACT", "DELEGATIONS"])
@pytest.mark.parametrize("key", ["0x" + "ac" * 32, "hunter2", "0x" + "aB" * 20])
def test_what_stands_in_the_place_of_an_address_is_not_repeated(
    environment: pytest.MonkeyPatch, name: str, key: str
) -> None:
    environment.setenv(f"SEATS_INDEXER_{name}", key)
    with pytest.raises(ValidationError) as refusal:
        IndexerSettings()
    (fault,) = refusal.value.errors(include_input=False, include_context=False)
    assert fault["loc"] == (name.lower(),)
    assert "this is no address" in fault["msg"]
    assert "Copy the address again" in fault["msg"]
    assert key not in str(fault)


def test_every_setting_is_described() -> None:
    assert [
        name for name, field in IndexerSettings.model_fields.items() if not field.description
    ] == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CONTRACT", "0x12"),
        ("CONTRACT", "0x5FbDB2315678afecb367f032d93F642f64180AA3"),
        ("CHAIN_ID", "0"),
        ("BATCH_LIMIT", "0"),
        ("CONTRACT_SET", ""),
        ("START_BLOCK", "-1"),
        ("HEARTBEAT_S", "0"),
        ("MAX_HEAD_AGE_S", "0"),
        ("DELEGATIONS", "0x12"),
        ("DELEGATIONS", "0x5fbdb2315678afecb367f032d93f642f64180aa3"),
        ("DELEGATIONS_START_BLOCK", "-1"),
        ("DELEGATIONS_START_BLOCK", "9223372036854775808"),
    ],
)
def test_what_does_not_fit_is_refused_without_showing_secrets(
    environment: pytest.MonkeyPatch, name: str, value: str
) -> None:
    environment.setenv(f"SEATS_INDEXER_{name}", value)

    with pytest.raises(ValidationError) as refusal:
        IndexerSettings()

    assert "secret" not in str(refusal.value)
    assert refusal.value.errors()[0]["loc"] == (name.lower(),)


@pytest.mark.parametrize(
    "given", [{"POLL_INTERVAL_S": "2.1"}, {"POLL_INTERVAL_S": "2", "HEARTBEAT_S": "1"}]
)
def test_a_mirror_looks_as_often_as_it_says_that_it_is_level(
    environment: pytest.MonkeyPatch, given: dict[str, str]
) -> None:
    for name, value in given.items():
        environment.setenv(f"SEATS_INDEXER_{name}", value)

    with pytest.raises(ValidationError, match="SEATS_INDEXER_POLL_INTERVAL_S") as refusal:
        IndexerSettings()

    assert refusal.value.errors()[0]["loc"] == ("heartbeat_s",)
