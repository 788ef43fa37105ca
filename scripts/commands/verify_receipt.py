"""Owns `seats verify-receipt`: a signed decision held against a chain.

Refuses to believe the file: whose signature counts, and of which market, is named by whoever checks
it.
"""

# Annotations are evaluated: typer reads them.

from pathlib import Path
from typing import Annotated

import typer

from marketplace.bindings.addresses import parse_address
from marketplace.bindings.delegations import CANONICAL, Delegations
from marketplace.bindings.deploy import connect
from marketplace.chain.connection import reach_node
from marketplace.chain.heads import chain_id_of
from marketplace.chain.history import NodeAtBlock
from marketplace.domain.errors import ChainUnavailable, RuleViolated, typed_error
from marketplace.receipts.proving import Meant, Verdict, findings
from marketplace.receipts.transport import MAX_TEXT, receipt_from_json
from scripts.commands.options import Contract, Rpc
from scripts.views.console import console
from scripts.views.receipt import show_findings, show_receipt


@typed_error
class ReceiptFileUnusable(RuleViolated):
    """A file that cannot be read as text."""

    code = "file_unusable"

    file: Path
    why: str

    def _sentence(self) -> str:
        return (
            f"{self.file} cannot be read ({self.why}): name the file that the API's answer is in."
        )


@typed_error
class ReceiptFalse(RuleViolated):
    """A claim of the receipt is not what the chain says."""

    code = "receipt_false"

    sentence_of_claim: str

    def _sentence(self) -> str:
        return f"The receipt does not hold. {self.sentence_of_claim}"


@typed_error
class ReceiptUnproven(ChainUnavailable):
    """Nothing contradicts the receipt, and this node cannot prove all of it."""

    code = "receipt_unproven"

    sentence_of_claim: str

    def _sentence(self) -> str:
        return f"The receipt is not proven. {self.sentence_of_claim}"


def verify_receipt(
    file: Annotated[Path, typer.Argument(help="A receipt, as GET /v1/access/receipt gave it.")],
    signer: Annotated[
        str,
        typer.Option(
            envvar="SEATS_RECEIPT_SIGNER", help="Whose signature counts: the API's signing address."
        ),
    ],
    rpc: Rpc,
    contract: Contract,
    registry: Annotated[
        str, typer.Option(help="Address of the registry of delegations, for a delegate's receipt.")
    ] = CANONICAL,
) -> None:
    """Hold a signed decision of the gate against a chain, however long ago it was given.

    Exit codes: 0 it holds, 2 it is no receipt, 3 it does not hold, 4 this node cannot prove it.
    """
    signed = receipt_from_json(_text(file))
    meant, receipt = Meant(parse_address(signer), parse_address(contract)), signed.receipt
    web3 = reach_node(rpc)
    out = console()
    show_receipt(out, receipt)
    chain = NodeAtBlock(
        web3,
        receipt.contract,
        Delegations(web3, parse_address(registry)),
        receipt.block_number,
        bytes.fromhex(receipt.block_hash[2:]),
    )
    found = findings(signed, meant, chain)
    show_findings(out, found)
    for verdict, error in ((Verdict.FALSE, ReceiptFalse), (Verdict.UNPROVABLE, ReceiptUnproven)):
        for one in found:
            if one.verdict is verdict:
                raise error(one.sentence)
    # Last, because what is above says more: a stranger's contract could have told anything.
    connect(web3, receipt.contract, chain_id_of(web3))


def _text(file: Path) -> str:
    try:
        with file.open(encoding="utf-8") as opened:
            return opened.read(MAX_TEXT + 1)
    except OSError as error:
        raise ReceiptFileUnusable(file, error.strerror or "no reason given") from error
    except UnicodeDecodeError as error:
        raise ReceiptFileUnusable(file, "it is not UTF-8") from error
