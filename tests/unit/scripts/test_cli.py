from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

from marketplace.receipts.messages import sign_receipt
from marketplace.receipts.transport import ReceiptDocument
from tests.unit.marketplace.receipts.examples import RECEIPT, SIGNER

if TYPE_CHECKING:
    from pathlib import Path

    from tests.seats_command import SeatsCommand

ANYBODY = "0x9fE46736679d2D9a65F0992F2272dE9f3c7fa6e0"
MEANT = ("--signer", ANYBODY, "--contract", ANYBODY, "--rpc", "http://127.0.0.1:1")


def test_what_others_put_into_a_sentence_does_not_steer_the_terminal(seats: SeatsCommand) -> None:
    said = seats("plan", "\x1b[2Jlooks-\u202edone.toml")

    assert said.exit == 2
    assert "\N{REPLACEMENT CHARACTER}[2Jlooks-\N{REPLACEMENT CHARACTER}done.toml" in said.err
    assert said.err.endswith("\n")


def test_what_others_put_into_a_sentence_begins_no_line(
    seats: SeatsCommand, tmp_path: Path
) -> None:
    receipt = tmp_path / "receipt.json"
    whole = ReceiptDocument.of(sign_receipt(SIGNER, RECEIPT)).model_dump()
    receipt.write_text(json.dumps(whole | {"\nThe receipt holds.\x1b[8m": 1}))

    said = seats("verify-receipt", receipt, *MEANT)

    assert said.exit == 2
    assert "\ufffdThe receipt holds.\ufffd[8m" in said.err
    assert said.err.count("\n") == 1


def test_no_command_waits_for_an_evm_that_it_may_not_need() -> None:
    code = "import sys, scripts.cli; sys.exit(bool({'eth', 'fastapi'} & sys.modules.keys()))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0  # noqa: S603 - this Python
