from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from marketplace.devnet.accounts import account_named
from marketplace.launch.file import read_launch_file
from marketplace.launch.record import Launched
from scripts.demo.folder import open_folder
from scripts.demo.house import house
from scripts.demo.stage import address_named, signer_named
from scripts.launching import create_drop
from scripts.publishing import publish_launch

if TYPE_CHECKING:
    import pytest

    from scripts.demo.house import House

ROOT = Path(__file__).parents[3]
GUIDE = (ROOT / "docs/client.md").read_text("utf-8")


def open_a_drop(opened: House) -> None:
    """Launch the example of a drop session and publish its terms."""
    stage, mentor = opened.stage, address_named("mentor")
    example = ROOT / "scripts/examples/drop-session.toml"
    file = read_launch_file(example, stage.market.next_time(), mentor)
    created = create_drop(stage.market.seats, stage.sender("mentor"), file)
    launched = Launched(
        chain_id=stage.market.seats.chain_id,
        contract=stage.market.seats.address,
        drop=created.drop,
        mentor=mentor,
        transaction_hash=f"0x{created.mined.transaction_hash.hex()}",
        block=created.mined.block_number,
        block_hash=f"0x{created.mined.block_hash.hex()}",
        gas_used=created.mined.gas_used,
        terms_hash=f"0x{created.terms_hash.hex()}",
        terms=file.document,
    )
    publish_launch(opened.url, signer_named("mentor"), launched)


def test_the_guides_program_mints_and_asks_as_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    program = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)[0]
    monkeypatch.setenv("SEATS_KEY", f"0x{account_named('eve').private_key.hex()}")
    with house(open_folder(tmp_path / "house")) as opened:
        open_a_drop(opened)
        assert opened.stage.deployment.seats in program
        text = program.replace("http://127.0.0.1:8000", opened.url)
        text = text.replace("http://127.0.0.1:8545", opened.stage.url)
        exec(compile(text, "client.md", "exec"), {})  # noqa: S102 - our own guide, word for word
        block = opened.stage.market.head().number
    assert capsys.readouterr().out == f"False not_open_yet {block}\n"
