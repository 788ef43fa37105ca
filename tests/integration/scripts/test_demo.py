from __future__ import annotations

import json
import os
import re
import shlex
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING

import pytest
from eth_utils.crypto import keccak

from marketplace.devnet.accounts import account_named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.seats_command import SeatsCommand

ROOT = Path(__file__).parents[3]
SEATS = [sys.executable, "-m", "scripts.entry"]
FINNEY = 10**15


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """What the demo said, and the folder that it left."""
    folder = tmp_path_factory.mktemp("demo")
    run = subprocess.run(  # noqa: S603 - our own command
        [*SEATS, "demo", "--folder", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (run.returncode, run.stderr) == (0, "")
    return run.stdout, folder


@pytest.fixture
def figures(played: tuple[str, Path]) -> dict[str, object]:
    """The figures that the demo left."""
    read: dict[str, object] = json.loads((played[1] / "figures.json").read_bytes())
    return read


def test_every_sum_is_right_to_the_wei(figures: dict[str, object]) -> None:
    # The example: minted at 0.04 ETH, resold at 0.05 ETH, royalty 10%, toll 2% of 0.05 ETH.
    assert {name: figures[name] for name in figures if name.endswith("_wei")} == {
        "face_wei": str(40 * FINNEY),
        "escrow_wei": str(40 * FINNEY),
        "price_wei": str(50 * FINNEY),
        "held_wei": str(5 * FINNEY),
        "seller_got_wei": str(45 * FINNEY),
    }


def test_the_seat_belongs_to_its_buyer_in_its_second_epoch(figures: dict[str, object]) -> None:
    assert figures["owner"] == account_named("bo").address
    assert (figures["seat"], figures["epoch"]) == (1_000_001, 1)


def test_the_terms_that_were_left_have_the_hash_on_the_chain(
    played: tuple[str, Path], figures: dict[str, object]
) -> None:
    digest = f"0x{keccak((played[1] / 'terms.json').read_bytes()).hex()}"
    assert figures["terms_hash"] == digest
    assert digest in played[0]


def test_picture_and_metadata_are_those_of_the_seat(played: tuple[str, Path]) -> None:
    metadata = json.loads((played[1] / "seat.json").read_bytes())
    assert metadata["name"] == "Seat 1, tier 0, drop 1"
    picture = (played[1] / "seat.svg").read_text("utf-8")
    assert picture.startswith("<svg ")
    assert "<title>Seat 1, tier 0, drop 1</title>" in picture


def test_every_act_names_the_block_that_it_rests_on(played: tuple[str, Path]) -> None:
    blocks = re.findall(r"as of block (\d+) \(0x[0-9a-f]{12}…", played[0])
    assert [int(block) for block in blocks] == sorted({int(block) for block in blocks})
    assert len(blocks) == 4


def test_the_used_listing_is_shown_to_be_dead(played: tuple[str, Path]) -> None:
    assert re.search(r"tried again +refused\. Seat 1000001 belongs to 0x", played[0])


def test_a_taken_port_is_a_sentence(seats: SeatsCommand, taken_port: int) -> None:
    said = seats("demo", "--port", str(taken_port))
    assert (said.exit, said.out) == (5, "")
    assert said.err == (
        f"Port {taken_port} on 127.0.0.1 is taken: stop the program that listens "
        "there, or choose another with --port (0 takes a free one).\n"
    )


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def test_a_kept_chain_answers_what_is_printed_and_ends_cleanly(
    seats: SeatsCommand,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    stop: signal.Signals,
) -> None:
    with kept(tmp_path) as (process, lines):
        replies = [ask(line) for line in lines if line.startswith("curl ")]
        owner = account_named("bo").address.lower()[2:]
        assert [reply["result"] for reply in replies] == ["0x6", f"0x{owner:0>64}"]
        for line in lines:
            name, _, value = line.removeprefix("export ").partition("=")
            if line.startswith("export "):
                monkeypatch.setenv(name, value)
        tried = set()
        for line in lines:
            if line.split(" ")[0].endswith("seats"):
                assert which(line.split(" ")[0], path=f"{ROOT}:{os.environ['PATH']}")
                # A record beside the example would be left behind.
                copied = line.replace("scripts/examples", str(tmp_path))
                tried.add(line.split(" ")[1])
                assert seats(*shlex.split(copied)[1:]).exit == 0, line
        assert tried == {"show", "launch"}
        process.send_signal(stop)
        rest, _ = process.communicate(timeout=20)
    assert process.returncode == 0
    assert rest.rstrip().endswith("The chain has ended.")


def test_the_commands_that_are_printed_work_from_here(played: tuple[str, Path]) -> None:
    printed = re.findall(r"^  (\S*seats) (.*)$", played[0].split("\nNext\n")[1], re.MULTILINE)
    assert [arguments.split()[0] for _, arguments in printed] == ["demo", "plan"]
    for command, arguments in printed[1:]:
        run = subprocess.run(  # noqa: S603 - our own command
            [*shlex.split(command), *shlex.split(arguments), "--no-gas"],
            cwd=ROOT,
            capture_output=True,
            check=False,
            timeout=60,
        )
        assert run.returncode == 0


def test_a_folder_that_cannot_be_made_is_a_sentence_before_anything_is_played(
    seats: SeatsCommand, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    said = seats("demo", "--folder", tmp_path / "file" / "inside")
    assert (said.exit, said.out) == (2, "")
    assert said.err.endswith(
        "cannot be written (Not a directory); check the path and your permissions, or leave "
        "--folder out.\n"
    )


def test_a_file_with_faults_ends_the_demo_before_anything_is_played(
    seats: SeatsCommand, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text("[product]\n")
    left = tmp_path / "left"
    for file, why in ((tmp_path / "none.toml", "does not exist"), (broken, "faults")):
        said = seats("demo", file, "--folder", left)
        assert (said.exit, said.out) == (2, "")
        assert why in said.err
        assert not left.exists()


def test_ctrl_c_ends_the_demo_in_the_middle_without_a_traceback(tmp_path: Path) -> None:
    with subprocess.Popen(  # noqa: S603 - our own command
        [*SEATS, "demo", "--folder", str(tmp_path)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as process:
        assert process.stdout is not None
        next(line for line in process.stdout if "A chain of your own" in line)
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "Traceback" not in told


class kept:  # noqa: N801 - read as a word: `with kept(...)`
    """A demo that stays up, with the commands that it printed."""

    def __init__(self, folder: Path) -> None:
        for example in (ROOT / "scripts" / "examples").glob("*.toml"):
            (folder / example.name).write_bytes(example.read_bytes())
        self.process = subprocess.Popen(  # noqa: S603 - our own command
            [*SEATS, "demo", "--keep", "--folder", str(folder / "left")],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )

    def __enter__(self) -> tuple[subprocess.Popen[str], list[str]]:
        return self.process, [line.strip() for line in self.until_ready()]

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def until_ready(self) -> Iterator[str]:
        """The lines up to the one that says how to stop it."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            yield line
            if "until you press Ctrl-C" in line:
                return
        pytest.fail("The demo ended before it was ready.")


def ask(curl: str) -> dict[str, str]:
    """Send what a curl line would send."""
    words = shlex.split(curl)
    url, header, body = words[2], words[4], words[6]
    name, _, value = header.partition(": ")
    request = urllib.request.Request(url, body.encode(), {name: value})  # noqa: S310 - loopback
    with urllib.request.urlopen(request, timeout=10) as reply:  # noqa: S310 - loopback
        answer: dict[str, str] = json.loads(reply.read())
    return answer
