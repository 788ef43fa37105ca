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
    """Only of these, which must be yours; none: all of yours, later ones too."""


class EndpointEdit(WireModel):
    """Edits an endpoint; what is left out stays."""

    url: Url | None = None
    events: Types | None = None
    drops: Drops | None = None
    enabled: bool | None = None


class EndpointAnswer(WireModel):
    """An endpoint as it is."""

    endpoint: str
    url: str
    events: list[EventType]
    drops: list[int]
    created_at: Moment
    rotated_at: Moment | None
    failing_since: Moment | None
    """The first failure since something last arrived."""

    disabled_at: Moment | None
    disabled_why: Disabled | None

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


class SecretAnswer(WireModel):
    """An endpoint and its secret, which is shown this once."""

    endpoint: EndpointAnswer
    secret: str

    @classmethod
    def of(cls, given: Given) -> Self:
        """Write both down."""
        return cls(endpoint=EndpointAnswer.of(given.endpoint), secret=given.secret)


class DeliveryRow(WireModel):
    """A message on its way to an endpoint, or what became of it."""

    delivery: str
    message: str
    type: EventType
    retracts: str | None
    """The message that this one takes back."""

    state: State
    created_at: Moment
    attempts: int
    attempted_at: Moment | None
    due_at: Moment | None
    """When it is sent next."""

    status: int | None
    duration_ms: int | None
    answer: str | None
    """The first bytes of the last answer, as text."""

    fault: Fault | None

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
    next: str | None
    """The `after` of the next page."""

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
