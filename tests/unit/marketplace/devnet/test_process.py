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


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"port": "abc"}, "port is 'abc'; write a whole number."),
        ({"port": "99999"}, "port is '99999'; write 65535 or less."),
        ({"chain_id": "0"}, "chain_id is '0'; write a whole number above 0."),
        ({"fork": "london"}, "fork is 'london'; write 'cancun' or 'prague'."),
    ],
)
def test_a_setting_that_does_not_fit_is_told_what_to_write(
    capsys: pytest.CaptureFixture[str], given: Mapping[str, object], sentence: str
) -> None:
    assert run(given) == 2
    assert capsys.readouterr().err.endswith(f"do not fit: {sentence}\n")


def test_a_mistyped_name_in_the_environment_is_refused(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEATS_DEVNET_PROT", "1")
    assert run({"port": "99999"}) == 2
    assert capsys.readouterr().err == (
        "The environment sets SEATS_DEVNET_PROT, which is no setting of the development chain: "
        "unset it, or write SEATS_DEVNET_PORT.\n"
    )


def test_options_become_settings(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--chain-id", "0", "--safe-depth", "x"]) == 2
    said = capsys.readouterr().err
    assert "chain_id" in said
    assert "safe_depth" in said
