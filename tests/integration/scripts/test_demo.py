from __future__ import annotations

import json
import os
import pty
import re
import shlex
import signal
import urllib.request
from typing import TYPE_CHECKING

import pytest
from eth_utils.crypto import keccak

from marketplace.devnet.accounts import account_named
from scripts.demo.recording import RECORDING
from tests.integration.scripts.performances import UP, Running, commands_in, running, tear, typed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.seats_command import SeatsCommand

FINNEY = 10**15


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the demo that stays up keeps its files."""
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def up(folder: Path) -> Iterator[tuple[Running, str]]:
    """A demo that stays up, and what it said until then."""
    with running("demo", "--folder", folder / "left", cwd=folder) as demo:
        said = demo.until(UP)
        assert UP in said, demo.told
        yield demo, said


@pytest.fixture(scope="module")
def said(up: tuple[Running, str]) -> str:
    """What the demo said."""
    return up[1]


@pytest.fixture(scope="module")
def lines(said: str) -> list[str]:
    """The lines that it invites to try."""
    return commands_in(said)


def answer(line: str, folder: Path) -> dict[str, object]:
    """What a typed line answers in JSON."""
    read: dict[str, object] = json.loads(typed(line, folder))
    return read


def only(lines: list[str], *words: str) -> str:
    """The one line with all these words."""
    (found,) = [line for line in lines if all(word in line for word in words)]
    return found


def test_decisions_are_told_in_their_order_with_reason_remedy_and_block(said: str) -> None:
    told = re.findall(
        r"^  (yes|no )  (\w+) may (?:not )?(.*?): .*\n +(\w+).*as of block (\d+) \(0x[0-9a-f]{12}…",
        said,
        re.MULTILINE,
    )
    assert [(answer.strip(), who, what) for answer, who, what, _, _ in told] == [
        ("no", "ada", "enter the workshop"),
        ("no", "eve", "enter the workshop"),
        ("yes", "mentor", "enter the workshop"),
        ("yes", "ada", "enter the workshop"),
        ("no", "bo", "enter the workshop"),
        ("no", "eve", "enter the workshop"),
        ("no", "bo", "watch the recording"),
        ("no", "eve", "see what is resold"),
        ("yes", "bo", "see what is resold"),
        ("no", "ada", "enter the workshop"),
        ("no", "ada", "stay in the room"),
        ("no", "ada", "watch the recording"),
        ("yes", "bo", "enter the workshop"),
        ("yes", "bo", "watch the recording"),
    ]
    assert [reason for answer, _, _, reason, _ in told if answer == "no "] == [
        "not_open_yet",
        "not_signed_in",
        *["no_seat"] * 7,
    ]
    assert said.count("what helps: ") == 9
    blocks = [int(block) for *_, block in told]
    assert blocks == sorted(blocks)
    assert blocks[9] == blocks[8] + 1


def test_the_story_ends_in_figures_that_are_right_to_the_wei(said: str, folder: Path) -> None:
    figures = json.loads((folder / "left/figures.json").read_bytes())
    # The cohort's first phase sells at 0.16 ETH, the evening's at 0.04; the royalty is 7.5%.
    assert figures.pop("revoked_ms") < 1_000
    assert figures.pop("api") in said
    assert figures == {
        "drops": 3,
        "minted": 3,
        "resold": 1,
        "royalty_wei": 12 * FINNEY,
        "escrow_wei": 360 * FINNEY,
        "seller_allowed_before": True,
        "seller_allowed_after": False,
        "buyer_allowed_after": True,
        "recording_bytes": RECORDING.stat().st_size,
    }
    assert "seller got      0.148 ETH" in said


def test_the_terms_that_are_left_have_the_hash_that_was_told(said: str, folder: Path) -> None:
    digest = keccak((folder / "left/terms.json").read_bytes()).hex()
    assert f"terms hash      0x{digest}" in said


def test_picture_and_metadata_are_those_of_the_seat(folder: Path) -> None:
    assert json.loads((folder / "left/seat.json").read_bytes())["name"].startswith("Seat 1, ")
    assert (folder / "left/seat.svg").read_text("utf-8").startswith("<svg ")


def test_the_printed_lines_say_who_may_enter(lines: list[str], folder: Path) -> None:
    doors = [line for line in lines if "access/check" in line]
    bought, sold = (answer(line, folder) for line in doors)
    assert (bought["allow"], bought["seat"]) == (True, "2000001")
    assert (sold["allow"], sold["reason"]) == (False, "no_seat")


def test_the_printed_lines_play_the_recording_to_its_holder_alone(
    lines: list[str], folder: Path
) -> None:
    whole, part, refused = (line for line in lines if "/stream" in line)
    typed(whole, folder)
    assert (folder / "workshop.webm").read_bytes() == RECORDING.read_bytes()
    size = RECORDING.stat().st_size
    assert f"content-range: bytes 0-99/{size}" in typed(part, folder)
    assert answer(refused, folder)["code"] == "access_denied"


def test_the_printed_lines_show_a_listing_and_prepare_its_purchase(
    lines: list[str], folder: Path
) -> None:
    listings = answer(only(lines, "/listings"), folder)["listings"]
    assert isinstance(listings, list)
    assert [one["seat"] for one in listings] == ["2000002"]
    prepared = answer(only(lines, "/v1/tx/buy"), folder)
    assert prepared["from"] == account_named("bo").address
    assert prepared["value_wei"] == str(160 * FINNEY)


def test_the_printed_lines_show_the_seat(lines: list[str], folder: Path) -> None:
    history = answer(only(lines, "/history"), folder)
    owners = [account_named(name).address for name in ("ada", "bo")]
    assert isinstance(history["owners"], list)
    assert [one["owner"] for one in history["owners"]] == owners
    typed(only(lines, "/image"), folder)
    assert (folder / "seat.svg").read_bytes() == (folder / "left/seat.svg").read_bytes()
    assert "bo (0x" in typed(only(lines, "seats show"), folder)


def test_the_printed_lines_reach_api_and_chain_without_a_token(
    lines: list[str], folder: Path
) -> None:
    assert "/v1/access/check" in str(answer(only(lines, "openapi.json"), folder)["paths"])
    drops = answer(next(line for line in lines if line.endswith("/v1/drops")), folder)["drops"]
    assert isinstance(drops, list)
    assert [one["drop"] for one in drops] == [1, 2, 3]
    assert int(str(answer(only(lines, "eth_blockNumber"), folder)["result"]), 16) >= 10
    owner = str(answer(only(lines, "eth_call"), folder)["result"])
    assert owner[-40:] == account_named("bo").address[2:].lower()


def test_the_printed_line_signs_in_with_a_key(said: str, lines: list[str], folder: Path) -> None:
    token = typed(only(lines, "sign_in"), folder).strip()
    (api,) = set(re.findall(r"^  API +(http://\S+)$", said, re.MULTILINE))
    request = urllib.request.Request(  # noqa: S310 - loopback
        f"{api}/v1/auth/session", headers={"Authorization": f"Bearer {token}"}
    )
    with urllib.request.urlopen(request, timeout=10) as reply:  # noqa: S310 - loopback
        assert json.loads(reply.read())["account"] == account_named("eve").address


def test_no_printed_line_is_left_untried(lines: list[str]) -> None:
    assert len(lines) == 15


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_demo_that_is_up_ends_cleanly(tmp_path: Path, stop: signal.Signals) -> None:
    with running("demo", cwd=tmp_path) as demo:
        said = demo.until(UP)
        code, rest = demo.stopped(stop)
        assert (code, demo.told) == (0, "")
    (left,) = tmp_path.glob("seats-demo-*")
    assert rest == f"Chain, index and API have ended; their files stay in {left}.\n"
    for url in re.findall(r"^  (?:API|chain) +(http://[\d.:]+)", said, re.MULTILINE):
        with pytest.raises(OSError, match="refused"):
            urllib.request.urlopen(url, timeout=5)  # noqa: S310 - loopback


def test_a_closed_terminal_ends_it_even_when_nobody_passes_the_signal_on(tmp_path: Path) -> None:
    ours, its = pty.openpty()
    with running("demo", "--folder", tmp_path / "left", cwd=tmp_path, terminal=its) as demo:
        os.close(its)
        said = b""
        while UP.encode() not in said:
            said += os.read(ours, 65_536)
        os.close(ours)
        assert (demo.process.wait(timeout=100), demo.told) == (0, "")


@pytest.mark.parametrize("words", ["1. A market", "3. Three", "bo buys it"])
def test_ctrl_c_in_the_middle_ends_it_without_a_traceback(tmp_path: Path, words: str) -> None:
    with running("demo", cwd=tmp_path) as demo:
        demo.until(words)
        code, rest = demo.stopped(signal.SIGINT)
        assert (code, demo.told) == (130, "")
        assert UP not in rest
    assert [path.suffix for path in tmp_path.iterdir()] == [".err"]


def test_an_indexer_that_ends_ends_the_demo_with_its_sentence(tmp_path: Path) -> None:
    with running("demo", "--folder", tmp_path / "left", cwd=tmp_path) as demo:
        demo.until(UP)
        tear(tmp_path / "left/mirror.db")
        code, _ = demo.ended()
        assert code == 6
        assert re.fullmatch(r"The indexer has ended: The tables lack blocks .*\n", demo.told)


def test_once_ends_with_the_story_and_says_how_to_go_on(tmp_path: Path) -> None:
    with running("demo", cwd=tmp_path, SEATS_DEMO_ONCE="1") as demo:
        code, said = demo.ended()
        assert (code, demo.told) == (0, "")
    assert "have ended; their files stay in" in said.splitlines()[-1]
    plan = shlex.split(commands_in(said.split("\nNext\n")[1])[-1])
    assert plan[-2] == "plan"
    assert "From notebook to on-call" in typed(shlex.join([*plan, "--no-gas"]), tmp_path)


@pytest.mark.parametrize("option", ["--port", "--rpc-port"])
def test_a_taken_port_is_a_sentence(
    seats: SeatsCommand, tmp_path: Path, taken_port: int, option: str
) -> None:
    said = seats("demo", option, str(taken_port), "--folder", tmp_path)
    assert (said.exit, said.out) == (5, "")
    assert said.err == (
        f"Port {taken_port} on 127.0.0.1 is taken: stop the program that listens there, or "
        f"choose another with {option} (0 takes a free one).\n"
    )


def test_a_folder_that_cannot_be_made_is_a_sentence_before_anything_is_played(
    seats: SeatsCommand, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    said = seats("demo", "--folder", tmp_path / "file" / "inside")
    assert (said.exit, said.out) == (2, "")
    assert "cannot be used (Not a directory)" in said.err


def test_a_folder_is_not_used_twice(seats: SeatsCommand, tmp_path: Path) -> None:
    (tmp_path / "mirror.db").write_bytes(b"kept")
    said = seats("demo", "--folder", tmp_path)
    assert (said.exit, said.out) == (2, "")
    assert "databases of an earlier demo" in said.err
