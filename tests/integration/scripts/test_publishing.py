from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from marketplace.bindings.addresses import parse_address
from marketplace.bindings.development import deploy_coin
from marketplace.client import SeatmarketClient
from marketplace.client.patience import Patience
from marketplace.devnet.accounts import account_named
from marketplace.domain.ids import DropId, PhaseIndex
from marketplace.launch.record import read_record, record_path
from scripts.demo.folder import open_folder
from scripts.demo.house import house
from scripts.demo.stage import signer_named, stage
from scripts.publishing import ApiElsewhere, DropUnmirrored, publish_launch
from tests.unit.marketplace.launch.texts import with_line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scripts.demo.house import House
    from tests.seats_command import SeatsCommand

TEXT = with_line("starts = 2030-01-11T19:00:00+02:00", 'starts = "launch + 20 days"')
NOWHERE = "http://127.0.0.1:1"


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A chain, an index and an API, for all tests of this module."""
    with house(open_folder(tmp_path_factory.mktemp("house"))) as found:
        yield found


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A launch file that never grows old."""
    path = tmp_path / "drop.toml"
    path.write_text(TEXT, "utf-8")
    return path


@pytest.fixture
def seats_here(seats: SeatsCommand, opened: House, monkeypatch: pytest.MonkeyPatch) -> SeatsCommand:
    """The command with the market, the API and eve's key in its environment."""
    monkeypatch.setenv("SEATS_RPC", opened.stage.url)
    monkeypatch.setenv("SEATS_CONTRACT", opened.stage.market.seats.address)
    monkeypatch.setenv("SEATS_KEY", f"0x{account_named('eve').private_key.hex()}")
    return seats


def test_a_launch_publishes_its_terms_where_it_is_told_to(
    seats_here: SeatsCommand, opened: House, file: Path
) -> None:
    said = seats_here("launch", file, "--api", opened.url)
    assert (said.exit, said.err) == (0, "")
    (launched,) = read_record(record_path(file)).launches
    assert f"The terms of drop {launched.drop} are published." in said.out
    assert "Readers see: One evening, a drop session by Ada." in said.out
    assert f"{opened.url}/v1/drops/{launched.drop}/terms" in said.out
    with SeatmarketClient(opened.url) as client:
        assert client.terms(DropId(launched.drop)).document == launched.terms


def test_what_was_launched_is_published_later_and_again(
    seats_here: SeatsCommand, opened: House, file: Path
) -> None:
    assert seats_here("launch", file).exit == 0
    (launched,) = read_record(record_path(file)).launches
    # What is published is what was launched, whatever the file has become.
    file.write_text("nothing of a launch file")
    for _ in range(2):
        said = seats_here("publish", file, "--api", opened.url)
        assert (said.exit, said.err) == (0, "")
        assert "Readers see: One evening" in said.out
    with SeatmarketClient(opened.url) as client:
        assert client.terms(DropId(launched.drop)).document == launched.terms


def test_a_launch_whose_publishing_failed_is_published_by_itself(
    seats_here: SeatsCommand, opened: House, file: Path
) -> None:
    said = seats_here("launch", file, "--api", NOWHERE)
    assert said.exit == 4
    assert "is on the chain" in said.out
    assert "The API does not answer" in said.err
    assert "`seats publish" in said.err
    assert seats_here("publish", file, "--api", opened.url).exit == 0


def test_only_the_mentors_key_publishes(
    seats_here: SeatsCommand, opened: House, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert seats_here("launch", file).exit == 0
    monkeypatch.setenv("SEATS_KEY", f"0x{account_named('ada').private_key.hex()}")
    said = seats_here("publish", file, "--api", opened.url)
    assert said.exit == 3
    assert "only the mentor publishes a drop's terms" in said.err


def test_a_file_that_was_never_launched_is_not_published(
    seats_here: SeatsCommand, file: Path
) -> None:
    said = seats_here("publish", file, "--api", NOWHERE)
    assert (said.exit, said.out) == (3, "")
    assert "drop.launch.json names no launch: launch the file first" in said.err


def test_a_file_that_was_launched_elsewhere_is_not_published(
    seats_here: SeatsCommand, opened: House, file: Path
) -> None:
    assert seats_here("launch", file).exit == 0
    path = record_path(file)
    path.write_text(path.read_text().replace('"chain_id": 31337', '"chain_id": 1'))
    said = seats_here("publish", file, "--api", opened.url)
    assert said.exit == 3
    assert "names no launch on" in said.err


@pytest.mark.parametrize(
    ("api", "code", "why"),
    [
        (NOWHERE, 4, "The API does not answer"),
        ("http://seats.example", 2, "http would carry the token in clear"),
        # The chain speaks HTTP as well, and nothing else that the API does.
        ("the chain", 6, "is not the API's"),
    ],
)
def test_an_api_that_is_none_is_a_sentence(
    seats_here: SeatsCommand, opened: House, file: Path, api: str, code: int, why: str
) -> None:
    assert seats_here("launch", file).exit == 0
    said = seats_here("publish", file, "--api", opened.stage.url if api == "the chain" else api)
    assert (said.exit, said.out) == (code, "")
    assert why in said.err


def test_an_address_that_is_none_is_found_before_anything_is_launched(
    seats_here: SeatsCommand, opened: House, file: Path
) -> None:
    before = opened.stage.market.seats.drop_count()
    said = seats_here("launch", file, "--api", "seats.example")
    assert (said.exit, said.out) == (2, "")
    assert opened.stage.market.seats.drop_count() == before


def test_an_api_of_another_market_is_refused_at_once(
    seats_here: SeatsCommand, opened: House, file: Path
) -> None:
    assert seats_here("launch", file).exit == 0
    (launched,) = read_record(record_path(file)).launches
    elsewhere = launched.model_copy(update={"chain_id": 1})
    with pytest.raises(ApiElsewhere, match="name that market's API"):
        publish_launch(opened.url, signer_named("eve"), elsewhere)


def test_a_drop_of_another_chain_is_not_published(
    seats_here: SeatsCommand, opened: House, file: Path
) -> None:
    # The same terms launched in the same minute would be the same to every reader.
    file.write_text(with_line('penalty = "0%"', 'penalty = "3%"', TEXT), "utf-8")
    with stage() as other:
        assert seats_here("launch", file, "--rpc", other.url).exit == 0
    (launched,) = read_record(record_path(file)).launches
    with pytest.raises(DropUnmirrored):
        publish_launch(opened.url, signer_named("eve"), launched, Patience(seconds=0))


def test_an_allowlist_is_published_with_the_terms_as_it_was_launched(
    seats_here: SeatsCommand, opened: House, file: Path
) -> None:
    ann, bob = (account_named(name).address for name in ("ada", "bo"))
    friends = file.with_name("friends.csv")
    friends.write_text(f"account,who\n{ann},Ann\n{bob},Bob\n", "utf-8")
    text = TEXT.replace('gate = "public"', 'gate = { allowlist = "friends.csv" }')
    file.write_text(text, "utf-8")
    assert seats_here("launch", file).exit == 0
    (launched,) = read_record(record_path(file)).launches
    assert [(one.phase, set(one.accounts)) for one in launched.allowlists] == [(0, {ann, bob})]
    # What is published is what was launched, whatever the list has become.
    friends.write_text("nobody any more")
    with SeatmarketClient(opened.url) as client:
        drop, phase = DropId(launched.drop), PhaseIndex(0)
        assert client.eligibility(drop, phase, parse_address(ann)).cause == "allowlist_unpublished"
        for _ in range(2):
            said = seats_here("publish", file, "--api", opened.url)
            assert (said.exit, said.err) == (0, "")
            assert '2 accounts are listed for "Sale"' in said.out
        assert client.eligibility(drop, phase, parse_address(bob)).eligible is True
        assert client.drop(drop).phases[0].gate == "allowlist"


def test_a_drop_in_a_coin_is_planned_launched_published_and_shown_in_it(
    seats_here: SeatsCommand, opened: House, file: Path
) -> None:
    here = opened.stage
    opening = file.with_name("opening.toml")
    opening.write_text(TEXT, "utf-8")
    assert seats_here("launch", opening).exit == 0
    coin = deploy_coin(here.sender("guardian"))
    text = TEXT.replace('"ETH"', f'{{ address = "{coin}", decimals = 18 }}')
    text = text.replace('gate = "public"', "gate = { seats_of = 1 }")
    file.write_text(text.replace('"0.05"', '"25.5"').replace('"0.04"', '"25.5"'), "utf-8")
    planned = seats_here("plan", file)
    assert (planned.exit, planned.err) == (0, "")
    assert f"Amounts are of {coin}, 18 decimals" in planned.out
    gas = re.search(r"([0-9,]+) gas, measured", planned.out)

    refused = seats_here("launch", file)
    assert (refused.exit, "the platform takes no new drops in" in refused.err) == (2, True)
    owner, seats = here.sender("deployer"), here.market.seats
    owner.send(seats.set_currency(coin, allowed=True))
    file.write_text(file.read_text("utf-8").replace("decimals = 18", "decimals = 6"), "utf-8")
    refused = seats_here("launch", file)
    assert refused.exit == 2
    assert "has 18 decimals, and the file says 6; write decimals = 18" in refused.err
    file.write_text(file.read_text("utf-8").replace("decimals = 6", "decimals = 18"), "utf-8")

    launched = seats_here("launch", file, "--api", opened.url)
    assert (launched.exit, launched.err) == (0, "")
    took = re.search(r"It took ([0-9,]+) gas", launched.out)
    assert gas is not None
    assert took is not None
    figures = [int(one[1].replace(",", "")) for one in (gas, took)]
    assert figures[0] == pytest.approx(figures[1], abs=500)
    (record,) = read_record(record_path(file)).launches
    with SeatmarketClient(opened.url) as client:
        drop = client.drop(DropId(record.drop))
        assert (drop.currency, drop.decimals, drop.phases[0].opening_drop) == (coin, 18, 1)
    shown = seats_here("show", str(record.drop))
    assert f"{coin}, 18 decimals: all amounts here are of it" in shown.out
    assert " 25.5 " in shown.out
    assert "Phase 0 is opened by seats of drop 1." in shown.out
