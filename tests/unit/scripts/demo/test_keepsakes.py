from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

from scripts.demo.keepsakes import write_keepsakes

if TYPE_CHECKING:
    from pathlib import Path

SVG = "<svg xmlns='http://www.w3.org/2000/svg'><text>é</text></svg>"


def data_address(kind: str, text: str) -> str:
    """A `data:` address as the contract writes it."""
    return f"data:{kind};base64,{base64.b64encode(text.encode()).decode()}"


METADATA = json.dumps({"name": "Seat 1", "image": data_address("image/svg+xml", SVG)})
TOKEN_URI = data_address("application/json", METADATA)


def test_the_files_hold_what_the_chain_said(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "folder"
    paths = write_keepsakes(folder, TOKEN_URI, "{}\n", {"drop": 1})
    assert [path.name for path in paths] == ["seat.svg", "seat.json", "terms.json", "figures.json"]
    assert (folder / "seat.svg").read_text("utf-8") == SVG
    assert (folder / "terms.json").read_bytes() == b"{}\n"
    assert json.loads((folder / "figures.json").read_bytes()) == {"drop": 1}
