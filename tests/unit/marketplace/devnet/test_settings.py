from __future__ import annotations

import pytest
from pydantic import ValidationError

from marketplace.devnet.settings import DevnetSettings


def test_the_environment_sets_what_is_not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEATS_DEVNET_CHAIN_ID", "5")
    monkeypatch.setenv("SEATS_DEVNET_PORT", "1")
    settings = DevnetSettings(port=2)
    assert (settings.chain_id, settings.port) == (5, 2)


@pytest.mark.parametrize(
    "wrong",
    [{"chain_id": 0}, {"chain_id": 2**53}, {"port": -1}, {"port": 65_536}, {"fork": "london"}],
)
def test_what_is_out_of_bounds_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        DevnetSettings.model_validate(wrong)


def test_settings_do_not_change() -> None:
    settings = DevnetSettings()
    with pytest.raises(ValidationError):
        settings.port = 1  # type: ignore[misc] # that is what is tested
