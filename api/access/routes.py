"""The addresses of the access check.

Owns its parameters and which problems it names. Refuses rules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

from fastapi import APIRouter, Depends, Query, Request, Response

from api.access.asked import Asked, decision_on, require_fitting
from api.access.bodies import (
    MAX_RECORDING_CHARACTERS,
    CheckAnswer,
    CheckAnswers,
    CheckQuestions,
    ReceiptAnswer,
)
from api.access.others import (
    OTHER_PROBLEMS,
    CurrentAsker,
    OtherAccount,
    asker_of,
    subject_of,
)
from api.access.plainly import short_way
from api.access.receipts import required_signer, signed_decision
from api.access.together import decisions_on
from api.answers import documented
from api.auth.caller import WALLET_PROBLEMS, CurrentPrincipal
from api.gate.answers import DecisionAnswer
from api.gate.values import Action, Level
from api.places import (
    BlockNumber,
    DropNumber,
    SessionNumber,
)
from api.promptness import at_once
from api.requests import (
    ApiParts,
    JsonRoute,
    json_only,
    parts_of,
)
from marketplace.domain.ids import MAX_DROP
from marketplace.receipts.transport import ReceiptDocument

if TYPE_CHECKING:
    from api.gate.decision import Decision
    from api.wire import Account

router = APIRouter(prefix="/v1/access", tags=["access"], route_class=JsonRoute)

_UNKNOWN: Final = (
    "session_ended",
    "api_key_refused",
    *WALLET_PROBLEMS,
    "invalid_request",
    "storage",
    "storage_unreachable",
    "storage_locked",
    "mirror_behind",
)
"""What either can answer with: a question that is none, or one that cannot be decided."""


async def _question(
    action: Annotated[Action, Query(description="What the account wants to do.")],
    drop: Annotated[DropNumber, Query(ge=1, le=MAX_DROP, description="The drop's number.")],
    session: Annotated[
        SessionNumber | None,
        Query(description="Its number in the terms; not for `see_resale`."),
    ] = None,
    recording: Annotated[
        str | None,
        Query(max_length=MAX_RECORDING_CHARACTERS, description="Its id, for `watch_recording`."),
    ] = None,
    level: Annotated[
        Level,
        Query(
            description="How settled the ownership must be that lets somebody in by a seat; by any "
            "other right they are let in as of the latest block, and `level` of the answer says so."
        ),
    ] = Level.LATEST,
) -> Asked:
    asked = Asked(action, drop, session, recording, level)
    require_fitting([("/query", asked)])
    return asked


Question = Annotated[Asked, Depends(_question)]
"""What the parameters ask."""

MinBlock = Annotated[
    BlockNumber,
    Query(description="The newest block that you know of: nothing is said by an older one."),
]


async def answer(
    request: Request, asked: Asked, least_block: int, account: Account | None = None
) -> Response:
    """Answer one question, whichever way it was read."""
    parts = await parts_of(request)

    def decided() -> Decision:
        subject = subject_of(asker_of(request, parts), account)
        found = decision_on(parts, subject.principal, asked, least_block)
        subject.require_led(parts, found)
        return found.decision

    decision = await at_once(decided)
    # Written here: the framework would look at each field of what it was just made of.
    return Response(DecisionAnswer.of(decision).model_dump_json(), media_type="application/json")


async def check(
    asked: Question, request: Request, account: OtherAccount = None, min_block: MinBlock = 0
) -> Response:
    """Ask whether you get in, now. A no is an answer; what is not known is a problem.

    The answer is about whoever asks and counts until `expires_at`. `enter_session` needs `session`,
    `watch_recording` needs `recording`, `see_resale` neither. With `level`, ownership or a
    delegation that is younger than the last block of that level does not count yet. A program with
    an API key that has the scope `access:check` asks about any `account`, as far as the drop is the
    key's.
    """
    return await answer(request, asked, min_block, account)


router.add_api_route(
    "/check",
    check,
    response_model=DecisionAnswer,
    responses=documented(*_UNKNOWN, "not_found", "terms_unpublished", *OTHER_PROBLEMS),
    route_class_override=short_way(answer),
)


@router.get(
    "/receipt",
    responses=documented(*_UNKNOWN, "not_found", "terms_unpublished", "receipts_off"),
)
def receipt(
    asked: Question, principal: CurrentPrincipal, parts: ApiParts, min_block: MinBlock = 0
) -> ReceiptAnswer:
    """Ask the gate and get its answer signed: it can be proven later.

    The question is that of `GET /v1/access/check`, about whoever asks. A receipt opens nothing: it
    says what was so on one block.
    """
    signer = required_signer(parts)
    decided = decision_on(parts, principal, asked, min_block)
    signed = signed_decision(parts, principal, asked, decided)
    return ReceiptAnswer(
        decision=DecisionAnswer.of(decided.decision),
        receipt=ReceiptDocument.of(signed),
        signer=signer.address,
    )


@router.post(
    "/check:batch",
    dependencies=[Depends(json_only)],
    responses=documented(
        *_UNKNOWN,
        "malformed_body",
        "body_too_large",
        "body_too_slow",
        "unsupported_media_type",
        "cross_site_request",
        "csrf_token_wrong",
        "api_key_required",
        "api_key_ended",
    ),
)
def check_batch(questions: CheckQuestions, asker: CurrentAsker, parts: ApiParts) -> CheckAnswers:
    """Ask the gate up to 50 questions at once: all are decided on one block.

    A question about what there is not, or about a drop that is not the key's, has the problem's
    code in the place of a decision. The answers are about whoever asks, or about the `account` that
    a program names with an API key that has the scope `access:check`.
    """
    asked = [one.asked for one in questions.checks]
    require_fitting([(f"/body/checks/{place}", one) for place, one in enumerate(asked)])
    subject = subject_of(asker, questions.account)
    answers = subject.told(
        parts, asked, lambda: decisions_on(parts, subject.principal, asked, questions.min_block)
    )
    return CheckAnswers(answers=[CheckAnswer.of(one) for one in answers])
