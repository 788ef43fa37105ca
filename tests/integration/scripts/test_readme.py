from __future__ import annotations

import io
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from marketplace.devnet.accounts import account_named
from scripts.demo.stage import stage
from scripts.demo.story import play
from scripts.views.console import console
from tests.integration.scripts.test_demo import ask

if TYPE_CHECKING:
    import pytest

    from tests.seats_command import SeatsCommand

ROOT = Path(__file__).parents[3]
README = (ROOT / "README.md").read_text("utf-8")
COMMANDS = re.findall(r"^((?:seats|curl|export) .*?)(?:  +#.*)?$", README, re.MULTILINE)


def test_every_command_of_the_readme_works_as_it_stands(
    seats: SeatsCommand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SEATS_KEY", f"0x{account_named('eve').private_key.hex()}")
    tried = set()
    with stage() as here:
        play(here, console(io.StringIO()), ROOT / "scripts/examples/drop-session.toml", tmp_path)
        monkeypatch.setenv("SEATS_RPC", here.url)
        for command in COMMANDS:
            words = shlex.split(command)
            tried.add(words[0])
            if words[0] == "seats" and words[1] != "demo":
                assert seats(*words[1:]).exit == 0, command
            elif words[0] == "export" and words[1].startswith("SEATS_CONTRACT="):
                assert words[1] == f"SEATS_CONTRACT={here.deployment.seats}"
                monkeypatch.setenv(*words[1].split("="))
            elif words[0] == "curl":
                asked = command.replace("$SEATS_RPC", here.url)
                answer = ask(asked.replace("'$SEATS_CONTRACT'", here.deployment.seats))
                assert answer["result"][-40:] == account_named("bo").address[2:].lower()
    assert tried == {"seats", "export", "curl"}
