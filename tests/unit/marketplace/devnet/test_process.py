from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from marketplace.devnet.arguments import main
from marketplace.devnet.process import run

if TYPE_CHECKING:
    from collections.abc import Mapping


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"port": "99999"}, "port"),
        ({"fork": "london"}, "fork"),
        ({"chain_id": "0x7a69"}, "chain_id"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_setting_that_does_not_fit_ends_with_its_name_and_status_2(
    capsys: pytest.CaptureFixture[str], given: Mapping[str, object], said: str
) -> None:
    assert run(given) == 2
    written = capsys.readouterr()
    assert said in written.err
    assert written.err.count("\n") == 1
    assert not written.out


def test_the_environment_is_held_to_the_same_rules(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEATS_DEVNET_CHAIN_ID", "-1")
    assert run({}) == 2
    assert "chain_id" in capsys.readouterr().err


def test_options_become_settings(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--chain-id", "0", "--safe-depth", "x"]) == 2
    said = capsys.readouterr().err
    assert "chain_id" in said
    assert "safe_depth" in said
