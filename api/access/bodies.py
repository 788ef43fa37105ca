"""Several questions in one request, and their answers.

Owns both forms. Refuses rules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final, Self

from pydantic import Field

from api.access.asked import Asked
from api.gate.answers import DecisionAnswer
from api.gate.values import Action, Level
from api.places import (  # noqa: TC001 - pydantic reads the annotations
    BlockNumber,
    DropNumber,
    SessionNumber,
)
from api.problems import kind_of
from api.wire import Account, WireModel
from marketplace.domain.ids import MAX_DROP
from marketplace.receipts.transport import (
    ReceiptDocument,  # noqa: TC001 - pydantic reads the annotations
)

if TYPE_CHECKING:
    from api.access.others import NotLed
    from api.access.together import Nothing
    from api.gate.decision import Decision

MAX_QUESTIONS: Final = 50
MAX_RECORDING_CHARACTERS: Final = 64


class CheckQuestion(WireModel):
    """One question; what belongs to its action is as in `GET /v1/access/check`."""

    action: Annotated[Action, Field(strict=False)]
    """What the account wants to do."""

    drop: Annotated[DropNumber, Field(ge=1, le=MAX_DROP)]
    session: SessionNumber | None = None
    """Its number in the drop's terms, from 1: needed to enter, left out for `see_resale`."""

    recording: Annotated[str, Field(max_length=MAX_RECORDING_CHARACTERS)] | None = None
    """Its id: needed for `watch_recording`, left out otherwise."""

    level: Annotated[Level, Field(strict=False)] = Level.LATEST
    """How settled the ownership must be that lets somebody in by a seat."""

    @property
    def asked(self) -> Asked:
        """The question as a value."""
        return Asked(self.action, self.drop, self.session, self.recording, self.level)


class CheckQuestions(WireModel):
    """Up to 50 questions, all about the caller, or about the account that a program names."""

    checks: Annotated[list[CheckQuestion], Field(min_length=1, max_length=MAX_QUESTIONS)]
    """The questions, each decided by itself."""

    min_block: BlockNumber = 0
    """The newest block that you know of: nothing is decided by an older one."""

    account: Account | None = None
    """Whom they are about, for an API key; nobody else names one. Null: about whoever asks."""


class ReceiptAnswer(WireModel):
    """A decision, and the same signed: `seats verify-receipt` checks `receipt` by itself."""

    decision: DecisionAnswer
    receipt: ReceiptDocument
    """What was decided, for whom and on which block, with its signature."""

    signer: Account
    """Whose key signed. Whoever checks a receipt takes it from the operator, not from here."""


class CheckAnswer(WireModel):
    """The answer to one question: a decision, or the code of why there is none."""

    decision: DecisionAnswer | None = None
    """The gate's answer; null where there is none, and `problem` says why."""

    problem: str | None = Field(
        default=None,
        description="`not_found` or `terms_unpublished`, and for an account that is named also "
        "`mentor_required` or `api_key_refused`; null with a decision.",
    )

    @classmethod
    def of(cls, answer: Decision | Nothing | NotLed) -> Self:
        """Write an answer."""
        if isinstance(answer, Exception):
            return cls(problem=kind_of(answer).code)
        return cls(decision=DecisionAnswer.of(answer))


class CheckAnswers(WireModel):
    """One answer for each question, in their order; all decisions rest on one block."""

    answers: list[CheckAnswer]
    """The first is about the first question, and so on."""
