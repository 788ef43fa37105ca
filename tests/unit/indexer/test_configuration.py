from __future__ import annotations

from traceback import format_exception
from typing import TYPE_CHECKING

import pytest

from indexer.configuration import ConfigurationUnusable, SettingsUnfit, load_settings
from indexer.process import exit_code

if TYPE_CHECKING:
    from pathlib import Path

FILE = """
database = "sqlite:///mirror.sqlite"
node = "https://node/hunter2"
chain_id = 31337
contract = "0x5fbdb2315678afecb367f032d93f642f64180aa3"
start_block = 3
poll_interval_s = 0.5
audit = "headers"
"""


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE", "NODE", "CHAIN_ID", "CONTRACT", "START_BLOCK", "CONFIG"):
        monkeypatch.delenv(f"SEATS_INDEXER_{name}", raising=False)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "indexer.toml"
    path.write_text(FILE, encoding="utf-8")
    return path


def test_settings_come_from_the_file(file: Path) -> None:
    settings = load_settings(file, {})

    assert settings.database.get_secret_value() == "sqlite:///mirror.sqlite"
    assert (settings.chain_id, settings.start_block, settings.audit) == (31337, 3, "headers")
    assert settings.poll_interval_s == 0.5
    assert settings.range_blocks == 2_000


@pytest.mark.parametrize("name", ["SEATS_INDEXER_START_BLOCK", "seats_indexer_start_block"])
def test_the_environment_goes_before_the_file(
    file: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "7")

    settings = load_settings(file, {name: "7"})

    assert (settings.start_block, settings.chain_id) == (7, 31337)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("data_base = 'x'", "there is no setting data_base: did you mean database?"),
        ("poll_intervall_s = 1", "did you mean poll_interval_s?"),
        ("zzz = 1", "there is no setting zzz: docs/indexer.md lists what there is"),
        ("[indexer]", "there is no setting indexer"),
        ("chain_id = ", "it is not TOML"),
        ("chain_id = 1", "it is not TOML"),
    ],
)
def test_a_file_that_cannot_be_meant_is_refused(file: Path, line: str, said: str) -> None:
    file.write_text(f"{FILE}\n{line}\n", encoding="utf-8")

    with pytest.raises(ConfigurationUnusable) as refusal:
        load_settings(file, {})

    assert said in str(refusal.value)
    assert str(file) in str(refusal.value)
    assert exit_code(refusal.value) == 2


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationUnusable, match="No such file or directory"):
        load_settings(tmp_path / "none.toml", {})


def test_what_is_no_text_is_refused(file: Path) -> None:
    file.write_bytes(b"\xff\xfe")

    with pytest.raises(ConfigurationUnusable, match="it is not TOML"):
        load_settings(file, {})


def test_what_does_not_fit_is_named_by_where_it_stands(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_text(f"{FILE}\nbatch_limit = 0\n", encoding="utf-8")
    monkeypatch.setenv("SEATS_INDEXER_CONTRACT", "0x12")

    with pytest.raises(SettingsUnfit) as refusal:
        load_settings(file, {"SEATS_INDEXER_CONTRACT": "0x12"})

    said = str(refusal.value)
    assert f"batch_limit in {file}: Input should be greater than or equal to 1" in said
    assert "SEATS_INDEXER_CONTRACT: " in said
    assert "hunter2" not in said
    assert exit_code(refusal.value) == 2


@pytest.mark.parametrize(
    "address",
    ["wss://user:hunter2/3@node", "wss://hunter2\u2100@node", "wss://node..example/hunter2"],
)
def test_an_address_that_cannot_be_read_is_not_repeated(
    file: Path, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("SEATS_INDEXER_NODE_WS", address)

    with pytest.raises(SettingsUnfit, match="write ws://HOST:PORT or wss://") as refusal:
        load_settings(file, {"SEATS_INDEXER_NODE_WS": address})

    assert "hunter2" not in "".join(format_exception(refusal.value))
    assert exit_code(refusal.value) == 2


def test_what_is_missing_is_named_as_the_environment_calls_it() -> None:
    with pytest.raises(SettingsUnfit, match="SEATS_INDEXER_DATABASE: Field required"):
        load_settings(None, {})


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (
            "SEATS_INDEXER_POL_INTERVAL_S",
            "there is no SEATS_INDEXER_POL_INTERVAL_S: did you mean SEATS_INDEXER_POLL_INTERVAL_S",
        ),
        ("seats_indexer_stand_bye", "did you mean SEATS_INDEXER_STAND_BY."),
        ("SEATS_INDEXER_ZZZ", "there is no SEATS_INDEXER_ZZZ: docs/indexer.md lists what there is"),
    ],
)
def test_a_variable_that_is_no_setting_is_refused_with_the_nearest_that_is(
    file: Path, name: str, said: str
) -> None:
    with pytest.raises(SettingsUnfit) as refusal:
        load_settings(file, {name: "hunter2"})

    assert said in str(refusal.value)
    assert "hunter2" not in str(refusal.value)
    assert exit_code(refusal.value) == 2


def test_a_misspelt_variable_is_told_together_with_what_is_missing_for_it() -> None:
    with pytest.raises(SettingsUnfit) as refusal:
        load_settings(None, {"SEATS_INDEXER_DATABSE": "x"})

    said = str(refusal.value)
    assert "there is no SEATS_INDEXER_DATABSE: did you mean SEATS_INDEXER_DATABASE;" in said
    assert "SEATS_INDEXER_DATABASE: Field required" in said


def test_variables_of_others_and_that_of_the_file_are_passed_over(file: Path) -> None:
    others = {"SEATS_INDEXER_CONFIG": str(file), "SEATS_API_PORT": "1", "SEATS_INDEXERS": "2"}

    assert load_settings(file, others).chain_id == 31337


@pytest.mark.parametrize(
    ("chain_id", "told", "most"),
    [(1, None, 60), (31337, None, None), (1337, None, None), (31337, 5, 5), (1, 900, 900)],
)
def test_the_clock_is_held_against_every_chain_that_is_no_development_chain(
    file: Path, chain_id: int, told: int | None, most: int | None
) -> None:
    text = FILE.replace("31337", str(chain_id))
    text += "" if told is None else f"max_clock_error_s = {told}\n"
    file.write_text(text, encoding="utf-8")

    assert load_settings(file, {}).clock_error_s == most
