"""Asking the gate for more than one yes or no: many answers at once, and signed ones.

Owns how they are asked and read. Refuses to believe a receipt: `seats verify-receipt` holds it
against a chain.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from marketplace.client import routes
from marketplace.client.errors import AnswerUnexpected
from marketplace.domain.errors import RuleViolated
from marketplace.receipts.transport import receipt_from_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from marketplace.client.answers.access import Action, CheckAnswer
    from marketplace.client.answers.chain import Level
    from marketplace.client.transport import Query, Transport
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.ids import DropId
    from marketplace.receipts.values import SignedReceipt


@dataclass(frozen=True, slots=True)
class Check:
    """One question to the gate.

    Attributes:
        action: What is asked for.
        drop: Whose session, recording or listings.
        session: Number of the session, counted from 1; not for `see_resale`.
        recording: Id of the recording; for `watch_recording` alone.
        level: How settled the ownership must be that lets somebody in by a seat. Whoever is let in
            by another right is so as of the latest block: then `level` of the answer is `latest`.
    """

    action: Action
    drop: DropId
    session: int | None = None
    recording: str | None = None
    level: Level = "latest"


@dataclass(frozen=True, slots=True)
class Receipt:
    """A signed decision; `document` is the text to be kept for `seats verify-receipt`."""

    document: str
    signed: SignedReceipt


def query_of(check: Check, min_block: int | None) -> dict[str, str | int | None]:
    """The parameters of one question; what is asked anyway is left out."""
    return {
        "action": check.action,
        "drop": check.drop,
        "session": check.session,
        "recording": check.recording,
        "level": None if check.level == "latest" else check.level,
        "min_block": min_block,
    }


def check_many(
    transport: Transport,
    checks: Sequence[Check],
    min_block: int | None,
    account: ChecksumAddress | None,
) -> tuple[CheckAnswer, ...]:
    """Ask several questions about one account, answered on one block, in their order."""
    asked = [
        {
            "action": one.action,
            "drop": int(one.drop),
            "session": one.session,
            "recording": one.recording,
            "level": one.level,
        }
        for one in checks
    ]
    body: dict[str, object] = {"checks": asked, "min_block": min_block or 0}
    if account is not None:
        body["account"] = account
    answers = transport.ask(routes.ACCESS_BATCH, body=body).answers
    if len(answers) != len(checks):
        raise AnswerUnexpected(routes.ACCESS_BATCH.name, "it has not one answer for each question")
    return answers


def receipt(transport: Transport, query: Query) -> Receipt:
    """Ask for a signed decision. Raises AnswerUnexpected for one that cannot be read."""
    answer = transport.whole(routes.RECEIPT, query=query)
    try:
        document = json.dumps(json.loads(answer.body)["receipt"])
        return Receipt(document, receipt_from_json(document))
    except (KeyError, TypeError, ValueError, RuleViolated) as error:
        raise AnswerUnexpected(routes.RECEIPT.name, "it holds no receipt") from error
