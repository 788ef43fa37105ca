from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from marketplace.domain.addresses import ZERO_ADDRESS
from marketplace.domain.ids import SeatId
from marketplace.receipts.messages import sign_receipt
from marketplace.receipts.transport import (
    MAX_TEXT,
    ReceiptDocument,
    ReceiptMalformed,
    receipt_from_json,
)
from tests.unit.marketplace.receipts.examples import RECEIPT, SIGNER

SIGNED = sign_receipt(SIGNER, RECEIPT)
TEXT = ReceiptDocument.of(SIGNED).model_dump_json()


def test_what_is_written_is_read_again() -> None:
    assert receipt_from_json(TEXT) == SIGNED
    denied = replace(
        RECEIPT,
        account=ZERO_ADDRESS,
        session=0,
        recording="r",
        allow=False,
        reason="not_signed_in",
        via="",
        seat=SeatId(0),
    )
    signed = sign_receipt(SIGNER, denied)
    assert receipt_from_json(ReceiptDocument.of(signed).model_dump_json()) == signed


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("format", "seatmarket.decision.v2"),
        ("chain_id", "31337"),
        ("chain_id", 0),
        ("contract", "0x9Fe46736679d2D9a65F0992F2272dE9f3c7fa6e0"),
        ("account", "ada"),
        ("drop", 0),
        ("session", -1),
        ("recording", ""),
        ("recording", "a\x1b[2J"),
        ("recording", "a\nsignature holds"),
        ("recording", "a\n"),
        ("recording", "[/bold]"),
        ("recording", "r" * 65),
        ("terms_hash", "0x" + "AB" * 32),
        ("allow", "true"),
        ("reason", "Because of <b>"),
        *((name, "a\n") for name in ("action", "reason", "via", "level")),
        ("signature", "0x" + "ab" * 65 + "\n"),
        ("seat", "007"),
        ("seat", 7),
        ("seat", "9" * 78),
        ("as_of_block", 2**53),
        ("signature", "0x" + "ab" * 64),
    ],
)
def test_another_spelling_is_refused_by_its_field(field: str, value: object) -> None:
    altered: dict[str, Any] = json.loads(TEXT) | {field: value}
    with pytest.raises(ReceiptMalformed) as refused:
        receipt_from_json(json.dumps(altered))
    assert refused.value.field == field


def test_unknown_and_missing_fields_are_refused() -> None:
    whole: dict[str, Any] = json.loads(TEXT)
    for text in (
        json.dumps(whole | {"note": "x"}),
        json.dumps({name: value for name, value in whole.items() if name != "seat"}),
        "[]",
        "{",
        " " * (MAX_TEXT + 1),
    ):
        with pytest.raises(ReceiptMalformed):
            receipt_from_json(text)
