"""How a receipt and what became of its claims are shown.

Owns the lines. Refuses to judge: `marketplace.receipts.proving` does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from marketplace.domain.addresses import ZERO_ADDRESS
from marketplace.domain.times import utc_text
from marketplace.receipts.proving import Verdict
from scripts.views.console import table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rich.console import Console

    from marketplace.receipts.proving import Finding
    from marketplace.receipts.values import DecisionReceipt

_WORDS: Final[Mapping[Verdict, str]] = {
    Verdict.HOLDS: "holds",
    Verdict.FALSE: "does not hold",
    Verdict.UNPROVABLE: "not proven",
    Verdict.SIGNED_ONLY: "signed, not provable",
}


def show_receipt(out: Console, receipt: DecisionReceipt) -> None:
    """Say what was decided, and in which market."""
    who = "somebody not signed in" if receipt.account == ZERO_ADDRESS else receipt.account
    what = receipt.action.replace("_", " ")
    thing = f"drop {receipt.drop}"
    if receipt.session:
        thing += f", session {receipt.session}"
    if receipt.recording:
        thing += f", recording {receipt.recording}"
    by = f" by seat {receipt.seat}" if receipt.seat else ""
    via = f" as {receipt.via}{by}" if receipt.allow else ""
    said = "yes" if receipt.allow else "no"
    out.print(f"{who}: {what}, {thing}: {said} ({receipt.reason}{via})", soft_wrap=True)
    out.print(f"of the market {receipt.contract} on chain {receipt.chain_id}", soft_wrap=True)
    out.print(
        f"decided {utc_text(receipt.decided_at)} on block {receipt.block_number}, counted until "
        f"{utc_text(receipt.expires_at)}",
        soft_wrap=True,
    )


def show_findings(out: Console, found: Iterable[Finding]) -> None:
    """Say what became of each claim."""
    made = table("claim", "verdict", "why")
    for one in found:
        made.add_row(one.claim, _WORDS[one.verdict], one.sentence)
    out.print(made)
