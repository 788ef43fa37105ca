from __future__ import annotations

import io
import json
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from marketplace.devnet.accounts import account_named
from scripts.demo.folder import open_folder
from scripts.demo.house import house
from scripts.demo.script import demo_script
from scripts.demo.story import play
from scripts.views.console import console
from tests.integration.scripts.performances import typed

if TYPE_CHECKING:
    import pytest

ROOT = Path(__file__).parents[3]
README = (ROOT / "README.md").read_text("utf-8")
COMMANDS = re.findall(r"^((?:seats|curl|export) .*?)(?:  +#.*)?$", README, re.MULTILINE)


def test_every_command_of_the_readme_works_as_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in os.environ if name.startswith("SEATS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    said = {}
    with house(open_folder(tmp_path / "house")) as opened:
        play(opened, console(io.StringIO()), demo_script())
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
