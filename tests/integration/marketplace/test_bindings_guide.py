from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from marketplace.devnet.accounts import account_named
from marketplace.launch.file import read_launch_file
from scripts.demo.stage import stage
from scripts.launching import create_drop

if TYPE_CHECKING:
    import pytest

ROOT = Path(__file__).parents[3]
GUIDE = (ROOT / "docs/bindings.md").read_text("utf-8")


def test_the_guides_program_mints_lists_and_buys_as_it_stands(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (program,) = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)
    for name in ("ada", "dan"):
        key = account_named(name).private_key.hex()
        monkeypatch.setenv(f"{name.upper()}_KEY", f"0x{key}")
    with stage() as here:
        # As the demo leaves it: the last of three drops is on sale.
        example = ROOT / "scripts/examples/drop-session.toml"
        for _ in range(3):
            file = read_launch_file(example, here.market.next_time())
            create_drop(here.market.seats, here.sender("mentor"), file)
        text = program.replace("http://127.0.0.1:8545", here.url)
        assert text != program
        exec(compile(text, "bindings.md", "exec"), {})  # noqa: S102 - our own guide, word for word
    dan = account_named("dan").address
    assert re.fullmatch(
        rf"Seat 3000\d+ belongs to {dan}; \d+ wei wait with it.\n", capsys.readouterr().out
    )
