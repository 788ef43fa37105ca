"""The addresses of webhook endpoints.

Owns paths, headers and which problems each route names, and that a process which serves also sends.
Refuses rules.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Annotated, Final

from fastapi import APIRouter, Depends, FastAPI, Header, Path, Query, Request, Response

from api.answers import documented
from api.auth.actors import Actor
from api.auth.caller import ACTOR_PROBLEMS, actor_with
from api.idempotency.asking import REPEAT_PROBLEMS, Given, Sent, once, sender_of
from api.idempotency.attempts import Once
from api.keys.values import Scope
from api.places import DEFAULT_PAGE, PageLimit, drop_of
from api.recordings.conditions import is_another
from api.requests import ApiParts, JsonRoute, json_only
from api.webhooks import managing
from api.webhooks.bodies import (
    PLACE,
    DeliveriesAnswer,
    EndpointAnswer,
    EndpointEdit,
    EndpointRequest,
    EndpointsAnswer,
    SecretAnswer,
    place_of,
)
from api.webhooks.dispatching import Dispatcher
from api.webhooks.errors import EditedMeanwhile
from api.webhooks.managing import EndpointWish

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from api.parts import Parts

_BODY: Final = (
    "malformed_body",
    "body_too_large",
    "body_too_slow",
    "unsupported_media_type",
)
_ALWAYS: Final = (
    *ACTOR_PROBLEMS,
    "invalid_request",
    "storage",
    "storage_unreachable",
    "storage_locked",
)
_CHANGED: Final = (
    *_BODY,
    "mentor_required",
    "webhook_address_refused",
    "mirror_missing",
    "mirror_incomplete",
)

# What a database cannot even be asked for is none: PostgreSQL's text holds no NUL.
_ID: Final = "^[a-z0-9_]{1,64}$"

EndpointPath = Annotated[str, Path(pattern=_ID, description="Its id, as the list has it.")]
DeliveryPath = Annotated[
    str, Path(pattern=_ID, description="Its id, as the endpoint's log has it.")
]
After = Annotated[str | None, Query(pattern=PLACE, description="The `next` of the page before.")]

Manager = Annotated[Actor, Depends(actor_with(Scope.WEBHOOKS_MANAGE))]


def _once(
    request: Request, parts: ApiParts, manager: Manager, sent: Sent, key: Given = None
) -> Iterator[Once]:
    del key
    with once(request, parts, sender_of(request, manager), sent) as one:
        yield one


OnceForManager = Annotated[Once, Depends(_once, scope="function")]


@asynccontextmanager
async def _dispatching(app: FastAPI) -> AsyncIterator[None]:
    """Send beside the requests, in every process that has the key."""
    parts: Parts = app.state.parts
    if parts.settings.webhook_key is None:
        yield
        return
    dispatcher = Dispatcher(parts, parts.settings.webhook_key)
    sending = asyncio.create_task(dispatcher.run(app.state.streams.listening))
    try:
        yield
    finally:
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)


router = APIRouter(
    prefix="/v1/webhook-endpoints",
    tags=["webhooks"],
    dependencies=[Depends(json_only)],
    route_class=JsonRoute,
    lifespan=_dispatching,
)


@router.post(
    "",
    responses=documented(
        *_ALWAYS, *_CHANGED, "not_found", "rule_violated", "webhooks_off", *REPEAT_PROBLEMS
    ),
    status_code=201,
)
def register_endpoint(
    body: EndpointRequest,
    manager: Manager,
    response: Response,
    parts: ApiParts,
    once: OnceForManager,
) -> SecretAnswer:
    """Register an address that is told what becomes of your drops. Gives its secret, this once.

    With `drops` it is told of these alone, which must be yours. A program may do it for you, with
    an API key that has the scope `webhooks:manage`.
    """
    wish = EndpointWish(
        body.url,
        frozenset(one.value for one in body.events),
        {drop_of(one) for one in body.drops},
    )
    along = once.keeping(
        SecretAnswer.of, headers=lambda given: {"ETag": managing.etag_of(given.endpoint)}
    )
    given = managing.register(parts, manager, wish, along)
    response.headers["ETag"] = managing.etag_of(given.endpoint)
    return SecretAnswer.of(given)


@router.get("", responses=documented(*_ALWAYS))
def list_endpoints(manager: Manager, parts: ApiParts) -> EndpointsAnswer:
    """List your endpoints.

    A program may do it for you, with an API key that has the scope `webhooks:manage`. One that is
    limited to drops sees those that name some of its drops and no others.
    """
    found = managing.all_of(parts, manager)
    return EndpointsAnswer(endpoints=[EndpointAnswer.of(one) for one in found])


@router.get("/{endpoint}", responses=documented(*_ALWAYS, "not_found"))
def show_endpoint(
    endpoint: EndpointPath, manager: Manager, response: Response, parts: ApiParts
) -> EndpointAnswer:
    """Show one of your endpoints. Its ETag is what an edit must name.

    A program may do it for you, with an API key that has the scope `webhooks:manage`.
    """
    found = managing.find(parts, manager, endpoint)
    response.headers["ETag"] = managing.etag_of(found)
    return EndpointAnswer.of(found)


@router.patch(
    "/{endpoint}",
    responses=documented(*_ALWAYS, *_CHANGED, "not_found", "edited_meanwhile"),
)
def edit_endpoint(
    endpoint: EndpointPath,
    body: EndpointEdit,
    manager: Manager,
    response: Response,
    parts: ApiParts,
    if_match: Annotated[str, Header(description="The ETag that you have read.")],
) -> EndpointAnswer:
    """Edit one of your endpoints as you have read it. What is left out stays.

    `If-Match` names the ETag that was read; `enabled` lets one go on that was disabled. A program
    may do it for you, with an API key that has the scope `webhooks:manage`.
    """
    found = managing.find(parts, manager, endpoint)
    if is_another([if_match], managing.etag_of(found)):
        raise EditedMeanwhile(managing.etag_of(found))
    change = managing.Edit(
        url=body.url,
        events=None if body.events is None else frozenset(one.value for one in body.events),
        drops=None if body.drops is None else {drop_of(one) for one in body.drops},
        enabled=body.enabled,
    )
    edited = managing.edit(parts, manager, found, change)
    response.headers["ETag"] = managing.etag_of(edited)
    return EndpointAnswer.of(edited)


@router.delete("/{endpoint}", responses=documented(*_ALWAYS, "not_found"), status_code=204)
def remove_endpoint(endpoint: EndpointPath, manager: Manager, parts: ApiParts) -> None:
    """End one of your endpoints. What was sent there is forgotten.

    A program may do it for you, with an API key that has the scope `webhooks:manage`.
    """
    managing.remove(parts, manager, endpoint)


@router.post(
    "/{endpoint}/rotate-secret",
    responses=documented(
        *_ALWAYS, "not_found", "edited_meanwhile", "webhooks_off", *REPEAT_PROBLEMS
    ),
)
def rotate_secret(
    endpoint: EndpointPath, manager: Manager, parts: ApiParts, once: OnceForManager
) -> SecretAnswer:
    """Make a new secret for an endpoint. For a day messages carry signatures of both.

    A program may do it for you, with an API key that has the scope `webhooks:manage`.
    """
    along = once.keeping(SecretAnswer.of, status=lambda _: 200)
    return SecretAnswer.of(managing.rotate(parts, manager, endpoint, along))


@router.get("/{endpoint}/deliveries", responses=documented(*_ALWAYS, "not_found"))
def list_deliveries(
    endpoint: EndpointPath,
    manager: Manager,
    parts: ApiParts,
    after: After = None,
    limit: PageLimit = DEFAULT_PAGE,
) -> DeliveriesAnswer:
    """List what was sent to an endpoint and what became of it: the newest first, for 30 days.

    A program may do it for you, with an API key that has the scope `webhooks:manage`.
    """
    found = managing.find(parts, manager, endpoint)
    page = managing.deliveries(parts, manager, found, place_of(after), limit)
    return DeliveriesAnswer.of(page, limit)


@router.post(
    "/{endpoint}/deliveries/{delivery}/replay",
    responses=documented(*_ALWAYS, "not_found", "rule_violated"),
    response_description="It waits to be sent.",
    status_code=202,
)
def replay_delivery(
    endpoint: EndpointPath, delivery: DeliveryPath, manager: Manager, parts: ApiParts
) -> None:
    """Send a message again. It comes under the same id.

    A program may do it for you, with an API key that has the scope `webhooks:manage`.
    """
    managing.replay(parts, manager, endpoint, delivery)
