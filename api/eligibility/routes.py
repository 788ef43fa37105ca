"""The addresses of allowlists and of eligibility.

Owns paths, parameters and which problems each route names. Refuses rules. A list is not read before
its sender is known to be the drop's mentor.
"""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, Request
from pydantic import BeforeValidator, Field
from starlette.concurrency import run_in_threadpool

from api.actions.orders import MAX_QUANTITY
from api.actions.routes import CHAIN_PROBLEMS
from api.answers import documented
from api.auth.caller import CALLER_PROBLEMS, SignedInCaller
from api.catalogue.drop_routes import MIRROR_PROBLEMS
from api.eligibility.asking import Wish, eligibility
from api.eligibility.bodies import AllowlistAnswer, AllowlistRequest, EligibilityAnswer
from api.eligibility.publishing import listed_phase, publish
from api.long_bodies import described, long_body
from api.places import DropInPath, whole
from api.programme.publishing import mentored_drop
from api.requests import ApiParts  # noqa: TC001 - FastAPI reads the annotations
from api.wire import Account, Uint256In  # noqa: TC001 - FastAPI reads the annotations
from marketplace.bindings.addresses import parse_address
from marketplace.domain.ids import PhaseIndex, SeatId

ALLOWLIST_PATH: Final = "/v1/drops/{drop}/phases/{phase}/allowlist"
MAX_BODY_BYTES: Final = 1_572_864
"""25,000 accounts with a line each."""

MAX_PHASE: Final = 15
STORE_PROBLEMS: Final = ("storage", "storage_unreachable", "storage_locked")

PhaseInPath = Annotated[
    int,
    Path(ge=0, le=MAX_PHASE, description="The phase's number in the drop, from 0."),
    BeforeValidator(whole),
]
"""The number of a phase of a drop."""

router = APIRouter(tags=["eligibility"])


@router.put(
    ALLOWLIST_PATH,
    openapi_extra=described(AllowlistRequest),
    responses=documented(
        *CALLER_PROBLEMS,
        *MIRROR_PROBLEMS,
        "malformed_body",
        "body_too_large",
        "body_too_slow",
        "long_body_under_way",
        "long_bodies_busy",
        "unsupported_media_type",
        "invalid_request",
        "not_found",
        "mentor_required",
        "phase_without_list",
        "allowlist_differs",
    ),
)
async def publish_allowlist(
    drop: DropInPath,
    phase: PhaseInPath,
    request: Request,
    caller: SignedInCaller,
    parts: ApiParts,
) -> AllowlistAnswer:
    """Publish who may mint in a phase: its mentor sends the list that it was launched with.

    Taken only if its Merkle root is the phase's. Repeatable; the body may have 1.5 MiB. Whoever
    asks for an account's eligibility is then given its proof.
    """
    account = caller.session.account
    mirrored = await run_in_threadpool(mentored_drop, parts, drop, account)
    found = listed_phase(mirrored, PhaseIndex(phase))
    async with long_body(request, AllowlistRequest, account) as body:
        listed = await run_in_threadpool(publish, parts, found, account, body.accounts)
    return AllowlistAnswer(
        drop=drop, phase=phase, root=f"0x{listed.root.hex()}", accounts=len(listed.accounts)
    )


@router.get(
    "/v1/drops/{drop}/phases/{phase}/eligibility",
    responses=documented(*CHAIN_PROBLEMS, *STORE_PROBLEMS, "not_found", "invalid_request"),
)
def show_eligibility(
    drop: DropInPath,
    phase: PhaseInPath,
    parts: ApiParts,
    account: Annotated[Account, Query(description="Who would mint, and own the seats.")],
    quantity: Annotated[
        int,
        Query(ge=1, le=MAX_QUANTITY),
        BeforeValidator(whole),
        Field(description="How many seats are wanted."),
    ] = 1,
    opening_seat: Annotated[
        Uint256In | None,
        Query(description="For a phase of another drop's holders: token id of the account's seat."),
    ] = None,
) -> EligibilityAnswer:
    """Say whether an account may mint now: for what price, and with which proof of an allowlist.

    Tried on the state after the newest block, as if the account had the money.
    """
    wish = Wish(
        drop=drop,
        phase=PhaseIndex(phase),
        account=parse_address(account),
        quantity=quantity,
        opening_seat=None if opening_seat is None else SeatId(opening_seat),
    )
    with parts.chain.turn():
        return EligibilityAnswer.of(eligibility(parts, wish))
