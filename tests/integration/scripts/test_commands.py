from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import TYPE_CHECKING

import httpx
import pytest

from marketplace.chain.keys import write_keystore
from marketplace.devnet.accounts import account_named
from marketplace.devnet.server import running_devnet
from marketplace.devnet.settings import DevnetSettings
from marketplace.domain.ids import DropId
from scripts.demo.stage import stage
from tests.unit.marketplace.launch.texts import with_line

if TYPE_CHECKING:
    from pathlib import Path

    from scripts.demo.stage import Stage
    from tests.seats_command import SeatsCommand

NOWHERE = "http://127.0.0.1:1"
TEXT = with_line("starts = 2030-01-11T19:00:00+02:00", 'starts = "launch + 20 days"')
KEY = account_named("eve").private_key


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A launch file that never grows old."""
    path = tmp_path / "drop.toml"
    path.write_text(TEXT, "utf-8")
    return path


@pytest.fixture
def seats_here(seats: SeatsCommand, market: Stage, monkeypatch: pytest.MonkeyPatch) -> SeatsCommand:
    """The command with the market and eve's key in its environment."""
    monkeypatch.setenv("SEATS_RPC", market.url)
    monkeypatch.setenv("SEATS_CONTRACT", market.market.seats.address)
    monkeypatch.setenv("SEATS_KEY", f"0x{KEY.hex()}")
    return seats


def drops(market: Stage) -> int:
    """How many drops there are."""
    return market.market.seats.drop_count()


def test_a_launch_creates_the_drop_and_leaves_a_record(
    seats_here: SeatsCommand, market: Stage, file: Path
) -> None:
    said = seats_here("launch", file)
    assert (said.exit, said.err) == (0, "")
    record = json.loads(file.with_name("drop.launch.json").read_bytes())
    (launch,) = record["launches"]
    assert launch["drop"] == drops(market)
    terms = market.market.seats.terms_of(launch["drop"]).terms
    assert terms.mentor == launch["mentor"] == account_named("eve").address
    assert market.market.head().hash.hex() == launch["block_hash"].removeprefix("0x")


def test_a_second_launch_is_refused_unless_it_is_asked_for(
    seats_here: SeatsCommand, market: Stage, file: Path
) -> None:
    assert seats_here("launch", file).exit == 0
    before = drops(market)
    said = seats_here("launch", file)
    assert (said.exit, said.out) == (3, "")
    assert f"This file was launched as drop {before} in block" in said.err
    assert drops(market) == before
    assert seats_here("launch", file, "--again").exit == 0
    assert drops(market) == before + 1


def test_a_record_of_a_chain_that_began_anew_does_not_count(
    seats_here: SeatsCommand, market: Stage, file: Path
) -> None:
    # With the same terms in the same minute, both chains would hold the very same transaction.
    file.write_text(with_line('penalty = "0%"', 'penalty = "3%"', TEXT), "utf-8")
    with stage() as other:
        # The same contract address, mentor and drop id; only the blocks differ.
        assert seats_here("launch", file, "--rpc", other.url).exit == 0
        before = drops(market)
        said = seats_here("launch", file)
        assert said.exit == 0
        assert "The record names drop 1, on a chain 31337 that is not this one" in said.out
        assert drops(market) == before + 1
        for url in (market.url, other.url):
            assert seats_here("launch", file, "--rpc", url).exit == 3
        assert (drops(market), drops(other)) == (before + 1, 1)


def test_a_reorganisation_does_not_make_a_launch_be_forgotten(
    seats_here: SeatsCommand, market: Stage, file: Path
) -> None:
    assert seats_here("launch", file).exit == 0
    record = file.with_name("drop.launch.json")
    block_hash = json.loads(record.read_bytes())["launches"][0]["block_hash"]
    record.write_text(record.read_text().replace(block_hash, f"0x{1:064x}"))
    before = drops(market)
    assert seats_here("launch", file).exit == 3
    assert drops(market) == before


def test_launch_means_the_next_block_on_a_chain_that_was_idle(
    seats_here: SeatsCommand, file: Path
) -> None:
    with stage() as here:
        now = here.market.head().time
        request = {"jsonrpc": "2.0", "id": 1, "method": "evm_increaseTime", "params": [864_000]}
        assert "error" not in httpx.post(here.url, json=request).json()
        assert seats_here("launch", file, "--rpc", here.url).exit == 0
        starts = here.market.seats.terms_of(DropId(1)).terms.starts_at
    assert starts >= int((now + timedelta(days=30)).timestamp()) - 60


def test_a_record_that_cannot_be_read_stops_the_launch(
    seats_here: SeatsCommand, market: Stage, file: Path
) -> None:
    file.with_name("drop.launch.json").write_text("{")
    before = drops(market)
    said = seats_here("launch", file)
    assert said.exit == 3
    assert "mend the record or move it away" in said.err
    assert drops(market) == before


def test_a_keystore_signs(
    seats_here: SeatsCommand, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_keystore(tmp_path / "key.json", KEY, "correct horse")
    monkeypatch.delenv("SEATS_KEY")
    monkeypatch.setenv("SEATS_KEYSTORE_PASSWORD", "wrong horse")
    said = seats_here("launch", file, "--keystore", tmp_path / "key.json")
    assert said.exit == 2
    assert "the password does not open it" in said.err
    monkeypatch.setenv("SEATS_KEYSTORE_PASSWORD", "correct horse")
    assert seats_here("launch", file, "--keystore", tmp_path / "key.json").exit == 0


@pytest.mark.parametrize(
    ("key", "code", "why"),
    [
        ("", 2, "it is not set; set it, or use a keystore"),
        ("0x12", 2, "it does not hold a private key of 32 bytes"),
        (f"0x{0:064x}", 2, "; use one of 64 hexadecimal digits that are not all 0"),
        ("zz", 2, "it is not hexadecimal; write 64 digits"),
        (f"0x{7:064x}", 3, "has 0 ETH and needs"),
    ],
    ids=["no key", "short", "zero", "not hexadecimal", "unfunded"],
)
def test_an_account_that_cannot_launch_is_a_sentence(
    seats_here: SeatsCommand,
    market: Stage,
    file: Path,
    monkeypatch: pytest.MonkeyPatch,
    key: str,
    code: int,
    why: str,
) -> None:
    monkeypatch.setenv("SEATS_KEY", key)
    before = drops(market)
    said = seats_here("launch", file)
    assert (said.exit, said.out) == (code, "")
    assert why in said.err
    assert key == "" or key not in said.err
    assert drops(market) == before
    assert not file.with_name("drop.launch.json").exists()


def test_faults_are_named_before_a_node_is_asked(seats_here: SeatsCommand, file: Path) -> None:
    file.write_text("product = ", "utf-8")
    said = seats_here("launch", file, "--rpc", NOWHERE)
    assert said.exit == 2
    assert "has one fault" in said.err


def test_the_launching_mentor_cannot_be_the_resolver(
    seats_here: SeatsCommand, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEATS_KEY", f"0x{account_named('resolver').private_key.hex()}")
    said = seats_here("launch", file)
    assert said.exit == 2
    assert "name somebody who is neither you nor your payout" in said.err


def test_an_audience_of_a_drop_that_is_not_there_is_refused_before_anything_is_sent(
    seats_here: SeatsCommand, market: Stage, file: Path
) -> None:
    line = 'gift_cooldown = "1 day"'
    file.write_text(with_line(line, f"{line}\naudience = [999]", TEXT), "utf-8")
    before = drops(market)
    said = seats_here("launch", file)
    assert (said.exit, said.out) == (2, "")
    assert "line 45, resale.audience: there is no drop 999: the contract has" in said.err
    assert drops(market) == before


def test_a_fee_above_the_mentors_limit_is_refused(seats_here: SeatsCommand, file: Path) -> None:
    file.write_text(with_line('highest_fee = "5%"', 'highest_fee = "2%"', TEXT), "utf-8")
    said = seats_here("launch", file)
    assert said.exit == 3
    assert "fee" in said.err


def test_nothing_is_launched_where_money_would_be_lost(
    seats_here: SeatsCommand, file: Path, market: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scripts.commands.launch.DEVELOPMENT_CHAINS", frozenset())
    said = seats_here("launch", file)
    assert said.exit == 2
    assert "whose key everybody knows" in said.err
    text = TEXT.replace("0x976EA74026E726554dB657fA54763abd0C3a0aa9", "0x" + "1" * 40)
    file.write_text(text.replace("0x23618e81E3f5cdF7f54C3d65f7FBc0aBf5B21E8f", "0x" + "2" * 40))
    before = drops(market)
    said = seats_here("launch", file)
    assert said.exit == 3
    assert "Nobody outside the project has audited the contract" in said.err
    assert drops(market) == before


def test_a_drop_is_shown_with_its_block(
    seats_here: SeatsCommand, market: Stage, file: Path
) -> None:
    assert seats_here("launch", file).exit == 0
    said = seats_here("show", str(drops(market)))
    assert (said.exit, said.err) == (0, "")
    head = market.market.head()
    assert f"as of block {head.number} (0x{head.hash.hex()[:12]}…" in said.out
    assert f"eve ({account_named('eve').address})" in said.out


@pytest.mark.parametrize(
    ("arguments", "code", "why"),
    [
        (["999"], 3, "There is no drop 999"),
        (["999000001"], 3, "There is no seat 999000001"),
        (["0"], 2, "is no seat and no drop"),
        (["one"], 2, "is no seat and no drop"),
        (["-1"], 2, "No such option"),
        (["01"], 2, "'01' is no seat and no drop"),
        (["\u0661"], 2, "is no seat and no drop"),
        (["9" * 5_000], 2, "'99999999999999999999…' is no seat and no drop"),
        ([str(2**64 * 1_000_000 + 1)], 2, "is no seat and no drop"),
        ([str((2**64 - 1) * 1_000_000 + 1)], 3, "There is no seat 18446744073709551615000001"),
        (["1", "--contract", "0x12"], 2, "is not an address"),
        (["1", "--contract", "0x" + "1" * 40], 6, "There is no contract at 0x1111"),
        (["1", "--chain-id", "5"], 6, "The node serves chain 31337, and chain 5 was asked for"),
        (["1", "--rpc", NOWHERE], 4, "The node does not answer"),
        (["1", "--rpc", "ftp://127.0.0.1"], 2, "write http:// or https://"),
        (["1", "--rpc", "https://user:abc/def@host"], 2, "write http:// or https://"),
    ],
    ids=lambda value: " ".join(value)[:40] if isinstance(value, list) else None,
)
def test_what_cannot_be_shown_is_a_sentence(
    seats_here: SeatsCommand, arguments: list[str], code: int, why: str
) -> None:
    said = seats_here("show", *arguments)
    assert (said.exit, said.out) == (code, "")
    assert why in said.err
    assert "Traceback" not in said.err


def test_another_contract_at_the_address_is_refused(
    seats_here: SeatsCommand, market: Stage
) -> None:
    said = seats_here("show", "1", "--contract", market.deployment.renderer)
    assert said.exit == 6
    assert "is not this version of Seats" in said.err


def test_a_chain_without_a_market_is_a_sentence(seats_here: SeatsCommand, market: Stage) -> None:
    with running_devnet(DevnetSettings(port=0)) as empty:
        said = seats_here("show", "1", "--rpc", empty.url)
    assert said.exit == 6
    assert f"There is no contract at {market.market.seats.address}" in said.err


def test_the_gas_of_a_plan_is_what_launching_takes(seats_here: SeatsCommand, file: Path) -> None:
    planned = re.search(r"([0-9,]+) gas, measured", seats_here("plan", file).out)
    launched = re.search(r"It took ([0-9,]+) gas", seats_here("launch", file).out)
    assert planned
    assert launched
    figures = [int(one[1].replace(",", "")) for one in (planned, launched)]
    # Zero bytes are cheaper, and a minute later the terms hash has others.
    assert figures[0] == pytest.approx(figures[1], abs=500)
