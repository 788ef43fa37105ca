"""One drop followed by clients that have none of our Python: viem and ethers, over HTTP alone."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from marketplace.devnet.accounts import account_named
from scripts.demo.acts import launch
from scripts.demo.folder import open_folder
from scripts.demo.house import house
from scripts.demo.people import people
from scripts.demo.script import Text
from scripts.demo.stage import address_named
from tests.conformance.node import find_node

if TYPE_CHECKING:
    from scripts.demo.acts import Launched
    from scripts.demo.house import House

HERE = Path(__file__).parent
EXAMPLE = HERE.parents[2] / "scripts" / "examples" / "drop-session.toml"
PRICE_WEI = 41_000_000_000_000_001
PATIENCE_S = 90


def launched(opened: House) -> Launched:
    """Launch the drop session and publish its terms, as its mentor."""
    with people(opened, ["mentor"]) as them:
        mentor = them["mentor"]
        mentor.sign_in()
        return launch(opened, mentor, Text(EXAMPLE.name, EXAMPLE.read_bytes()))


def followed(library: str, opened: House, folder: Path) -> dict[str, Any]:
    """Let one library follow a new drop; what it saw."""
    drop = launched(opened)
    context = {
        "api": opened.url,
        "rpc": opened.stage.url,
        "chain_id": opened.stage.market.seats.chain_id,
        "contract": opened.stage.deployment.seats,
        "keys": {
            "seller": f"0x{account_named('ada').private_key.hex()}",
            "buyer": f"0x{account_named('bo').private_key.hex()}",
        },
        "drop": drop.drop.drop,
        "phase": 0,
        "session": 1,
        "price": str(PRICE_WEI),
        "opens_at": int(drop.file.calendar.meetings[0].starts.timestamp()),
    }
    told = folder / "context.json"
    told.write_text(json.dumps(context), encoding="utf-8")
    run = subprocess.run(  # noqa: S603 - our own script
        [str(find_node()), str(HERE / "javascript" / "run.mjs"), library, str(told)],
        cwd=HERE.parents[2],
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    seen: dict[str, Any] = json.loads(run.stdout)
    return seen


@pytest.mark.parametrize("library", ["viem", "ethers"])
def test_a_library_that_knows_no_abi_follows_a_drop_to_the_door(
    library: str, tmp_path: Path
) -> None:
    with house(open_folder(tmp_path / "house")) as opened:
        seen = followed(library, opened, tmp_path)
    seller, buyer = address_named("ada"), address_named("bo")

    assert seen["early"]["reason"] == "not_open_yet"
    assert seen["sellerBefore"]["allow"] is True
    assert seen["sellerBefore"]["seat"] == seen["seat"]
    assert (seen["buyerBefore"]["allow"], seen["buyerBefore"]["reason"]) == (False, "no_seat")
    assert (seen["sellerAfter"]["allow"], seen["sellerAfter"]["reason"]) == (False, "no_seat")
    assert seen["sellerAfter"]["remedy"]["name"] == "buy_seat"
    assert (seen["buyerAfter"]["allow"], seen["buyerAfter"]["via"]) == (True, "seat")

    assert seen["digests"][0] == seen["digests"][1]
    assert seen["offered"] == [seen["seat"]]
    assert seen["stillOffered"] == 0
    assert seen["ownerOnChain"] == seen["seatInApi"]["owner"] == buyer
    assert [(one["owner"], one["how"]) for one in seen["history"]] == [
        (seller, "mint"),
        (buyer, "sale"),
    ]
    assert seen["twice"]["status"] == 409
