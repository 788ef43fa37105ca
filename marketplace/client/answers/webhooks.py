"""Webhook endpoints, and what was sent to them.

Owns the shapes. Refuses to show a secret in a repr: whoever has one can say anything.
"""

from __future__ import annotations

from dataclasses import field

from pydantic import AwareDatetime
from pydantic.dataclasses import dataclass

from marketplace.client.wire import ANSWER
from marketplace.domain.ids import DropId


@dataclass(frozen=True, config=ANSWER)
class WebhookEndpoint:
    """An address that is told; without `drops`, of all drops of its owner."""

    endpoint: str
    url: str
    events: tuple[str, ...]
    drops: tuple[DropId, ...]
    created_at: AwareDatetime
    rotated_at: AwareDatetime | None
    failing_since: AwareDatetime | None
    disabled_at: AwareDatetime | None
    disabled_why: str | None


@dataclass(frozen=True, config=ANSWER)
class WebhookEndpoints:
    """All of an account."""

    endpoints: tuple[WebhookEndpoint, ...]


@dataclass(frozen=True, config=ANSWER)
class WebhookSecret:
    """What messages are verified with; it is told this once."""

    endpoint: WebhookEndpoint
    secret: str = field(repr=False)


@dataclass(frozen=True, config=ANSWER)
class TaggedEndpoint:
    """An endpoint with the tag that an edit of it must name."""

    endpoint: WebhookEndpoint
    etag: str


@dataclass(frozen=True, config=ANSWER)
class WebhookDelivery:
    """A message on its way, or what became of it."""

    delivery: str
    message: str
    type: str
    retracts: str | None
    state: str
    created_at: AwareDatetime
    attempts: int
    attempted_at: AwareDatetime | None
    due_at: AwareDatetime | None
    status: int | None
    duration_ms: int | None
    answer: str | None
    fault: str | None


@dataclass(frozen=True, config=ANSWER)
class WebhookDeliveries:
    """A page, the newest first; `next` is the `after` of the next one."""

    deliveries: tuple[WebhookDelivery, ...]
    next: str | None
