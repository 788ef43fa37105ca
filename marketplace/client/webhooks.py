"""A mentor's webhook endpoints.

Owns one method for each thing that can be done with them, signed in as their owner. Refuses to
verify messages: the library of standard-webhooks does, with the secret.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketplace.client import routes
from marketplace.client.answers.webhooks import TaggedEndpoint
from marketplace.client.transport import Whole, bounded, parsed, typed
from marketplace.client.waiting import WaitingCalls

if TYPE_CHECKING:
    from collections.abc import Sequence

    from marketplace.client.answers.webhooks import (
        WebhookDeliveries,
        WebhookEndpoints,
        WebhookSecret,
    )
    from marketplace.client.transport import Body
    from marketplace.domain.ids import DropId


class WebhookCalls(WaitingCalls):
    """What `SeatmarketClient` can do with webhooks; errors are drawn there."""

    def register_webhook(
        self, url: str, events: Sequence[str], drops: Sequence[DropId] = ()
    ) -> WebhookSecret:
        """Have an address told of the caller's drops, or of some; the secret is told this once."""
        body: Body = {"url": url, "events": list(events), "drops": list(drops)}
        return self._transport.ask(routes.REGISTER_WEBHOOK, body=body)

    def webhooks(self) -> WebhookEndpoints:
        """The caller's endpoints."""
        return self._transport.ask(routes.WEBHOOKS)

    def webhook(self, endpoint: str) -> TaggedEndpoint:
        """One of them, with the tag that an edit must name."""
        answer = self._transport.whole(routes.WEBHOOK, {"endpoint": endpoint})
        return TaggedEndpoint(parsed(routes.WEBHOOK, answer), answer.headers.get("ETag", ""))

    def edit_webhook(
        self,
        read: TaggedEndpoint,
        *,
        url: str | None = None,
        events: Sequence[str] | None = None,
        drops: Sequence[DropId] | None = None,
        enabled: bool | None = None,
    ) -> TaggedEndpoint:
        """Edit an endpoint as it was read; refused with `edited_meanwhile` when it is another."""
        given: Body = {
            "url": url,
            "events": None if events is None else list(events),
            "drops": None if drops is None else list(drops),
            "enabled": enabled,
        }
        request = self._transport.request(
            routes.EDIT_WEBHOOK,
            {"endpoint": read.endpoint.endpoint},
            headers={"If-Match": read.etag},
            json={name: value for name, value in given.items() if value is not None},
        )
        with self._transport.streamed(request) as answer, typed(request):
            whole = Whole(answer.headers, bounded(request, answer))
        return TaggedEndpoint(parsed(routes.EDIT_WEBHOOK, whole), whole.headers.get("ETag", ""))

    def remove_webhook(self, endpoint: str) -> None:
        """End an endpoint."""
        self._transport.whole(routes.REMOVE_WEBHOOK, {"endpoint": endpoint})

    def rotate_webhook_secret(self, endpoint: str) -> WebhookSecret:
        """Make a new secret; for a day messages are signed with the one before as well."""
        return self._transport.ask(routes.ROTATE_WEBHOOK, {"endpoint": endpoint})

    def webhook_deliveries(
        self, endpoint: str, *, after: str | None = None, limit: int | None = None
    ) -> WebhookDeliveries:
        """What was sent to an endpoint, the newest first."""
        query = {"after": after, "limit": limit}
        return self._transport.ask(routes.WEBHOOK_LOG, {"endpoint": endpoint}, query=query)

    def replay_webhook(self, endpoint: str, delivery: str) -> None:
        """Send a message again."""
        segments = {"endpoint": endpoint, "delivery": delivery}
        self._transport.whole(routes.REPLAY_WEBHOOK, segments)
