from __future__ import annotations

import io
import re
from pathlib import Path
from typing import TYPE_CHECKING

from marketplace.devnet.accounts import account_named
from scripts.demo.folder import open_folder
from scripts.demo.house import house
from scripts.demo.script import demo_script
from scripts.demo.story import play
from scripts.views.console import console

if TYPE_CHECKING:
    import pytest

ROOT = Path(__file__).parents[3]
GUIDE = (ROOT / "docs/client.md").read_text("utf-8")


def test_the_guides_program_mints_and_asks_as_it_stands_beside_the_demo(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    program = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)[0]
    monkeypatch.setenv("SEATS_KEY", f"0x{account_named('eve').private_key.hex()}")
    with house(open_folder(tmp_path / "house")) as opened:
        play(opened, console(io.StringIO()), demo_script())
        capsys.readouterr()
        assert opened.stage.deployment.seats in program
        text = program.replace("http://127.0.0.1:8000", opened.url)
        text = text.replace("http://127.0.0.1:8545", opened.stage.url)
        exec(compile(text, "client.md", "exec"), {})  # noqa: S102 - our own guide, word for word
        block = opened.stage.market.head().number
    assert capsys.readouterr().out == f"False not_open_yet {block}\n"
