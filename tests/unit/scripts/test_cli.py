from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.seats_command import SeatsCommand


def test_what_others_put_into_a_sentence_does_not_steer_the_terminal(seats: SeatsCommand) -> None:
    said = seats("plan", "\x1b[2Jlooks-\u202edone.toml")

    assert said.exit == 2
    assert "\N{REPLACEMENT CHARACTER}[2Jlooks-\N{REPLACEMENT CHARACTER}done.toml" in said.err
    assert said.err.endswith("\n")


def test_no_command_waits_for_an_evm_that_it_may_not_need() -> None:
    code = "import sys, scripts.cli; sys.exit(bool({'eth', 'fastapi'} & sys.modules.keys()))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0  # noqa: S603 - this Python
