"""The addresses of the actions, one for each row of the table.

Owns paths and which problems they name. Refuses rules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fastapi import APIRouter, Depends

from api.actions.answers import PreparedAnswer, prepared_answer
from api.actions.check_ins import CheckInMessageAnswer, check_in_message
from api.actions.orders import (  # noqa: TC001 - FastAPI reads the annotations
    CheckInMessageOrder,
    Order,
)
from api.actions.passes import PassMessageAnswer, PassMessageOrder, pass_message
from api.actions.table import ACTIONS
from api.actions.trying import site_of, tried
from api.answers import documented
from api.requests import ApiParts, JsonRoute, json_only

if TYPE_CHECKING:
    from collections.abc import Callable

    from api.actions.table import Action
    from api.parts import Parts

BODY_PROBLEMS: Final = (
    "malformed_body",
    "body_too_large",
    "body_too_slow",
    "unsupported_media_type",
    "invalid_request",
)
CHAIN_PROBLEMS: Final = ("chain_unavailable", "wrong_node", "mirror_inconsistent")
TRYING_PROBLEMS: Final = (
    *CHAIN_PROBLEMS,
    "contract_reverted",
    "rule_violated",
    "allowance_missing",
)

router = APIRouter(
    prefix="/v1/tx", tags=["actions"], dependencies=[Depends(json_only)], route_class=JsonRoute
)


@router.post(
    "/check-in-message",
    responses=documented(*BODY_PROBLEMS, *CHAIN_PROBLEMS, "contract_reverted"),
)
def prepare_check_in_message(body: CheckInMessageOrder, parts: ApiParts) -> CheckInMessageAnswer:
    """Prepare the message of a check-in: holder and verifier sign it, each on their own.

    Whoever sends `POST /v1/tx/check-in` brings the signatures of those who do not send it.
    """
    with parts.chain.turn():
        return check_in_message(site_of(parts), body)


@router.post(
    "/pass-message",
    responses=documented(*BODY_PROBLEMS, *CHAIN_PROBLEMS, "contract_reverted", "rule_violated"),
)
def prepare_pass_message(body: PassMessageOrder, parts: ApiParts) -> PassMessageAnswer:
    """Prepare the message of a pass: signed by the key that a phase names, it lets an account mint.

    Anybody may ask; the signature of `signer` is what counts. A pass serves one mint.
    """
    with parts.chain.turn():
        return pass_message(site_of(parts), body)


def _endpoint(action: Action) -> Callable[..., PreparedAnswer]:
    """The handler of an action; the framework reads from its annotations what it takes."""

    def prepare(body: Order, parts: Parts) -> PreparedAnswer:
        with parts.chain.turn():
            site = site_of(parts)
            return prepared_answer(parts, tried(site, action.plan(site, body), body.account))

    prepare.__name__ = f"prepare_{action.path.replace('-', '_')}"
    done_by = f"The contract lets it be done by {action.who}."
    prepare.__doc__ = f"Prepare a transaction that {action.does}.\n\n{done_by}"
    prepare.__annotations__ = {"body": action.order, "parts": ApiParts, "return": PreparedAnswer}
    return prepare


for _action in ACTIONS:
    router.add_api_route(
        f"/{_action.path}",
        _endpoint(_action),
        methods=["POST"],
        responses=documented(*BODY_PROBLEMS, *TRYING_PROBLEMS),
    )
