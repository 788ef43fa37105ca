"""The JSON of endpoints and deliveries: what comes in and what goes out.

Owns the shapes. Refuses rules: these objects only carry.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Final, Self

from pydantic import BeforeValidator, Field

from api.webhooks.addresses import MAX_URL
from api.webhooks.messages import EventType
from api.webhooks.schedule import Fault
from api.webhooks.values import Disabled, State
from api.wire import Moment, WireModel
from marketplace.domain.ids import MAX_DROP

if TYPE_CHECKING:
    from collections.abc import Iterable

    from api.webhooks.managing import Given
    from api.webhooks.values import Delivery, Endpoint

MAX_DROPS: Final = 100
PLACE: Final = r"^[0-9]{1,16}-dlv_[0-9a-f]{24}$"
"""How a place in an endpoint's log is written."""


def _type(value: object) -> object:
    return EventType(value) if isinstance(value, str) and value in set(EventType) else value


Type = Annotated[EventType, BeforeValidator(_type)]
Types = Annotated[list[Type], Field(min_length=1, max_length=len(EventType))]
Url = Annotated[str, Field(min_length=1, max_length=MAX_URL)]
Drops = Annotated[list[Annotated[int, Field(ge=1, le=MAX_DROP)]], Field(max_length=MAX_DROPS)]


class EndpointRequest(WireModel):
    """Registers an endpoint."""

    url: Url
    events: Types
    drops: Drops = Field(default_factory=list)
    """Numbers of the only drops that it is told of, which must be yours; none: all of yours, later
    ones too."""


class EndpointEdit(WireModel):
    """Edits an endpoint; what is left out stays."""

    url: Url | None = None
    """Address that messages are sent to from now on: https, on a public host. Null: it stays."""

    events: Types | None = None
    """What it is told of from now on; null: it stays."""

    drops: Drops | None = None
    """Numbers of the only drops that it is told of from now on; none: all of yours; null: it
    stays."""

    enabled: bool | None = None
    """`false` ends sending, `true` lets it go on that was disabled; null: it stays."""


class EndpointAnswer(WireModel):
    """Where messages are sent, of what, and whether they still are."""

    endpoint: str
    """Id of the endpoint."""

    url: str
    events: list[EventType]
    drops: list[int]
    """Numbers of the only drops that it is told of; empty: all of its owner's."""

    created_at: Moment
    rotated_at: Moment | None
    """When its secret was made anew, in UTC; null: never."""

    failing_since: Moment | None
    """The first failure since something last arrived, in UTC; null: none since."""

    disabled_at: Moment | None
    """When sending ended, in UTC; null: it goes on."""

    disabled_why: Disabled | None
    """What ended sending; null: it goes on."""

    @classmethod
    def of(cls, endpoint: Endpoint) -> Self:
        """Write an endpoint down."""
        return cls(
            endpoint=endpoint.id,
            url=endpoint.url,
            events=sorted(EventType(one) for one in endpoint.events),
            drops=sorted(endpoint.drops),
            created_at=endpoint.created_at,
            rotated_at=endpoint.rotated_at,
            failing_since=endpoint.failing_since,
            disabled_at=endpoint.disabled_at,
            disabled_why=endpoint.disabled_why,
        )


class EndpointsAnswer(WireModel):
    """An account's endpoints, the oldest first."""

    endpoints: list[EndpointAnswer]
    """All that the caller may manage."""


class SecretAnswer(WireModel):
    """An endpoint and its secret, which is shown this once."""

    endpoint: EndpointAnswer
    """What the secret is of."""

    secret: str
    """Key of the signatures, `whsec_` and base64, as libraries of standard-webhooks take it."""

    @classmethod
    def of(cls, given: Given) -> Self:
        """Write both down."""
        return cls(endpoint=EndpointAnswer.of(given.endpoint), secret=given.secret)


class DeliveryRow(WireModel):
    """A message on its way to an endpoint, or what became of it."""

    delivery: str
    """Id of the delivery."""

    message: str
    """Id of the message, its `webhook-id`: the same each time it is sent."""

    type: EventType
    """What it tells of."""

    retracts: str | None
    """Id of the message that this one takes back; null: it takes none back."""

    state: State
    """How far it has come."""

    created_at: Moment
    attempts: int
    """How often it was sent."""

    attempted_at: Moment | None
    """When it was last sent, in UTC; null: not yet."""

    due_at: Moment | None
    """When it is sent next, in UTC; null: it is not sent any more."""

    status: int | None
    """HTTP status of the last attempt's answer; null: there was none."""

    duration_ms: int | None
    """How long the last attempt took, in milliseconds; null: there was no connection."""

    answer: str | None
    """The first bytes of the last answer, as text; null: there was none."""

    fault: Fault | None
    """Why there is no answer; null: there is one, or nothing was tried yet."""

    @classmethod
    def of(cls, delivery: Delivery) -> Self:
        """Write a delivery down."""
        return cls(
            delivery=delivery.id,
            message=delivery.message_id,
            type=EventType(delivery.type),
            retracts=delivery.retracts,
            state=delivery.state,
            created_at=delivery.created_at,
            attempts=delivery.attempts,
            attempted_at=delivery.attempted_at,
            due_at=delivery.due_at if delivery.state is State.WAITING else None,
            status=delivery.status,
            duration_ms=delivery.duration_ms,
            answer=delivery.answer,
            fault=None if delivery.fault is None else Fault(delivery.fault),
        )


class DeliveriesAnswer(WireModel):
    """A page of an endpoint's log, the newest first."""

    deliveries: list[DeliveryRow]
    """A page of them."""

    next: str | None
    """The next page's `after`; null: this is the last."""

    @classmethod
    def of(cls, found: Iterable[Delivery], limit: int) -> Self:
        """Write a page down."""
        page = list(found)
        last = page[-1] if len(page) == limit else None
        return cls(
            deliveries=[DeliveryRow.of(one) for one in page],
            next=None if last is None else f"{last.seq}-{last.id}",
        )


def place_of(text: str | None) -> tuple[int, str] | None:
    """Read a place in an endpoint's log, which fits `PLACE`."""
    found = re.match(r"([0-9]+)-(.+)", text or "")
    return None if found is None else (int(found[1]), found[2])
