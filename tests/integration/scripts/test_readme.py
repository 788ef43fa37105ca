"""What the README and the walk through the API tell a reader to type, typed word for word.

Both stand in one market, in the order of this file: the walk turns its clock.
"""

from __future__ import annotations

import io
import json
import os
import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from marketplace.devnet.accounts import account_named
from scripts.demo.folder import open_folder
from scripts.demo.house import house
from scripts.demo.script import demo_script
from scripts.demo.story import play
from scripts.views.console import console
from tests.integration.scripts.performances import UP, typed
from tests.integration.scripts.walking import Step, steps_of, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scripts.demo.house import House

ROOT = Path(__file__).parents[3]
README = (ROOT / "README.md").read_text("utf-8")
COMMANDS = re.findall(r"^((?:seats|curl|export) .*?)(?:  +#.*)?$", README, re.MULTILINE)
STEPS = steps_of((ROOT / "docs/api-walkthrough.md").read_text("utf-8"))
PORTS = "export API_PORT=8000 RPC_PORT=8545\n"


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A market as `seats demo` leaves it."""
    with house(open_folder(tmp_path_factory.mktemp("house") / "left")) as here:
        play(here, console(io.StringIO()), demo_script())
        yield here


def test_every_command_of_the_readme_works_as_it_stands(
    opened: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in os.environ if name.startswith("SEATS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    said = {}
    moved = {"http://127.0.0.1:8000": opened.url, "http://127.0.0.1:8545": opened.stage.url}
    exports = ""
    for command in COMMANDS:
        if command.startswith("seats demo"):
            assert command == "seats demo --port 8000 --rpc-port 8545"
            continue
        here = command
        for address, instead in moved.items():
            here = here.replace(address, instead)
        if command.startswith("export "):
            exports += f"{here}\n"
        else:
            said[command] = typed(exports + here, tmp_path)
    assert f"SEATS_CONTRACT={opened.stage.deployment.seats}\n" in exports
    answers = {command: json.loads(text) for command, text in said.items() if text[:1] == "{"}
    assert [answer.get("drop") for answer in answers.values()][:1] == [3]
    mint, door = (
        next(answer for command, answer in answers.items() if path in command)
        for path in ("/v1/tx/mint", "/v1/access/check")
    )
    assert mint["from"] == account_named("eve").address
    assert (door["allow"], door["reason"]) == (False, "no_seat")
    assert (tmp_path / "seat.svg").read_text("utf-8").startswith("<svg ")
    assert (tmp_path / "my-drop.launch.json").exists()
    assert f"0x{account_named('eve').private_key.hex()}" in README


def test_the_walk_through_the_api_says_what_its_page_shows(opened: House, tmp_path: Path) -> None:
    # The first terminal's: what it puts up is up already, on other ports.
    first, *others = STEPS
    lines = first.typed.splitlines()
    assert lines[0] == ". .venv/bin/activate"
    assert f"{lines[1]}\n" == PORTS
    assert lines[2:] == ["seats demo --port $API_PORT --rpc-port $RPC_PORT"]
    assert first.shown == f"{UP}\n"
    (tmp_path / ".venv").symlink_to(sys.prefix)
    environment = {
        "PATH": os.environ["PATH"],
        "TMPDIR": str(tmp_path),
        # What is typed is of these sources, also where the environment was made for others.
        "PYTHONPATH": str(ROOT),
    }
    said = walk([moved(step, opened) for step in others], tmp_path, environment)
    assert len(said) > 20
    for step, words in zip(others, said, strict=True):
        assert not (faults := list(step.faults(words))), "\n".join(faults)


def moved(step: Step, opened: House) -> Step:
    """A step with this market's ports where the page's are set, and nowhere else."""
    ports = (url.rpartition(":")[2] for url in (opened.url, opened.stage.url))
    here = "export API_PORT={} RPC_PORT={}\n".format(*ports)
    return replace(step, typed=step.typed.replace(PORTS, here))
