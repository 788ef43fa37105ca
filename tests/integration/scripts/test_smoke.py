from __future__ import annotations

import io
import json
import signal
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

import httpx
import pytest

from marketplace.client import SeatmarketClient
from marketplace.domain.ids import DropId, SeatId
from marketplace.domain.money import Bps, Wei
from marketplace.launch.file import parse_launch_file
from scripts.demo.figures import ChainSaysOtherwise, figures_of
from scripts.demo.folder import open_folder
from scripts.demo.house import house
from scripts.demo.recording import recording
from scripts.demo.script import smoke_script
from scripts.demo.stage import stage
from scripts.demo.story import play
from scripts.launching import create_drop
from scripts.views.console import console
from tests.integration.scripts.performances import running

if TYPE_CHECKING:
    from pathlib import Path

    from tests.seats_command import SeatsCommand

Line: TypeAlias = dict[str, str | int | bool]
MOST = 2**80 - 1
NAMES = [
    "drops",
    "minted",
    "resold",
    "royalty_wei",
    "escrow_wei",
    "seller_allowed_before",
    "seller_allowed_after",
    "buyer_allowed_after",
    "revoked_ms",
    "recording_bytes",
    "api",
]


def expected(seed: int, price: int, royalty: int) -> Line:
    """What follows from the values by arithmetic alone."""
    script = smoke_script(seed, Wei(price), Bps(royalty))
    minted = 1 + script.evening_seats + script.keeper_seats
    return {
        "drops": 2,
        "minted": minted,
        "resold": 1,
        "royalty_wei": price * royalty // 10_000,
        "escrow_wei": price * minted,
        "seller_allowed_before": True,
        "seller_allowed_after": False,
        "buyer_allowed_after": True,
        "recording_bytes": len(recording(seed)),
    }


@pytest.mark.parametrize(
    ("seed", "price", "royalty"), [(7, 1, 2_000), (-3, 12_345_678_901_234_567, 333), (0, MOST, 0)]
)
def test_one_line_of_json_says_what_came_of_the_values(
    tmp_path: Path, seed: int, price: int, royalty: int
) -> None:
    given = ("--seed", str(seed), "--price-wei", str(price), "--royalty-bps", str(royalty))
    with running("smoke", *given, cwd=tmp_path) as smoke:
        code, said = smoke.ended()
        assert code == 0, smoke.told
        told = smoke.told
    (line,) = said.splitlines()
    figures: Line = json.loads(line)
    assert list(figures) == NAMES
    assert str(figures.pop("api")) in told
    # How soon it shall be is measured by `make bench-access`, on a machine that does nothing else.
    assert 0 <= int(figures.pop("revoked_ms")) < 30_000
    assert figures == expected(seed, price, royalty)
    # Nothing is left behind but what this test itself keeps.
    assert [path.suffix for path in tmp_path.iterdir()] == [".err"]


def test_a_kept_market_answers_what_the_line_says_until_it_is_stopped(tmp_path: Path) -> None:
    with running("smoke", "--keep", "--folder", tmp_path / "left", cwd=tmp_path) as smoke:
        figures = json.loads(smoke.until("{"))
        assert list(figures) == NAMES
        with SeatmarketClient(str(figures["api"])) as api:
            drops = [api.drop(DropId(number)) for number in (1, 2)]
            assert sum(drop.escrow_wei for drop in drops) == figures["escrow_wei"]
            sold = api.seat(SeatId(2_000_001))
            assert sold.held_wei == figures["royalty_wei"]
            assert len(api.history(sold.seat).sales) == figures["resold"]
        assert smoke.stopped(signal.SIGTERM) == (0, "")
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{figures['api']}/health/live")
    assert (tmp_path / "left" / "api.db").exists()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("--royalty-bps", "2001"), "resale.royalty: 20.01% is out of bounds"),
        (("--royalty-bps", "-1"), 'resale.royalty: "-0.01%" is no share'),
        (("--price-wei", str(MOST + 1)), "price"),
        (("--price-wei", "0"), "--price-wei"),
        (("--price-wei", "-5"), "--price-wei"),
        (("--price-wei", "0.04"), "--price-wei"),
        (("--seed", "one"), "--seed"),
        (("--port", "65536"), "--port"),
        (("--port", "18000", "--rpc-port", "18000"), "cannot share port 18000"),
    ],
)
def test_a_value_that_does_not_fit_is_named_before_anything_begins(
    seats: SeatsCommand, tmp_path: Path, given: tuple[str, ...], said: str
) -> None:
    told = seats("smoke", *given, "--folder", tmp_path / "left")
    assert (told.exit, told.out) == (2, "")
    assert said in told.err
    assert not (tmp_path / "left").exists()


@pytest.mark.parametrize("option", ["--port", "--rpc-port"])
def test_a_taken_port_is_a_sentence(seats: SeatsCommand, taken_port: int, option: str) -> None:
    told = seats("smoke", option, str(taken_port))
    assert (told.exit, told.out) == (5, "")
    assert f"choose another with {option}" in told.err


def test_ctrl_c_before_the_line_leaves_nothing(tmp_path: Path) -> None:
    with running("smoke", cwd=tmp_path, merged=True) as smoke:
        assert "3. Three wallets" in smoke.until("3. Three wallets")
        code, rest = smoke.stopped(signal.SIGINT)
        assert code == 130
        assert "Traceback" not in rest
        assert "royalty_wei" not in rest
    assert [path.suffix for path in tmp_path.iterdir()] == [".err"]


def test_sums_that_differ_between_api_and_contract_end_the_run(tmp_path: Path) -> None:
    script = smoke_script(1, Wei(10**18), Bps(500))
    with stage() as other, house(open_folder(tmp_path)) as opened:
        for text in (script.evening, script.cohort):
            file = parse_launch_file(text.name, text.octets, other.market.next_time())
            create_drop(other.market.seats, other.sender("mentor"), file)
        story = play(opened, console(io.StringIO()), script)
        assert figures_of(opened, story).royalty_wei == 5 * 10**16
        with pytest.raises(ChainSaysOtherwise, match=r"the escrow of drop 1 is .* says 0"):
            figures_of(replace(opened, stage=other), story)
