"""A mentor's endpoints: registering, editing, ending, and looking at what was sent.

Owns the transactions and who may: an endpoint is its owner's, and to everybody else there is none.
A key that is limited to drops has those endpoints that name drops of its own alone, and sees there
what was sent of its drops alone.
Which drops are told is asked again for every message; naming another mentor's here is refused so
that it is noticed. Refuses HTTP.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from api.errors import NotFound
from api.idempotency.attempts import nothing_along
from api.keys.errors import KeyLimited
from api.keys.keys import covers, is_limited, require_covered
from api.keys.values import ApiClient
from api.programme.errors import MentorRequired
from api.programme.programmes import mirrored_drop
from api.webhooks import reads, writes
from api.webhooks.addresses import fault_of
from api.webhooks.errors import (
    EditedMeanwhile,
    WebhookAddressRefused,
    WebhookDeliveryUnwanted,
    WebhookEndpointDisabled,
    WebhookEndpointsFull,
    WebhooksOff,
)
from api.webhooks.signing import secret_of
from api.webhooks.values import Delivery, Disabled, Endpoint
from marketplace.storage.transactions import reading, writing

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from pydantic import SecretStr

    from api.auth.actors import Actor
    from api.idempotency.attempts import Along
    from api.parts import Parts
    from marketplace.domain.ids import DropId

FIRST: Final = 1


@dataclass(frozen=True, slots=True)
class Given:
    """An endpoint and its secret, which is shown this once."""

    endpoint: Endpoint
    secret: str


@dataclass(frozen=True, slots=True)
class Edit:
    """What is edited; None: it stays as it is."""

    url: str | None = None
    events: frozenset[str] | None = None
    drops: Collection[DropId] | None = None
    enabled: bool | None = None


def key_of(parts: Parts) -> SecretStr:
    """The key that secrets follow from. Raises WebhooksOff."""
    if parts.settings.webhook_key is None:
        raise WebhooksOff
    return parts.settings.webhook_key


@dataclass(frozen=True, slots=True)
class EndpointWish:
    """What an endpoint shall be; without drops it hears of all that its owner is mentor of."""

    url: str
    events: frozenset[str]
    drops: Collection[DropId] = ()


def register(
    parts: Parts,
    actor: Actor,
    wish: EndpointWish,
    along: Along[Given] = nothing_along,
) -> Given:
    """Register an endpoint, and keep with it what is to be kept along.

    Raises:
        WebhooksOff, WebhookAddressRefused, WebhookEndpointsFull: it is not possible.
        NotFound, MentorRequired: a drop that it names is not there, or is another mentor's.
        KeyLimited, KeyOfOtherDrops: it would hear of more than the key is limited to.
    """
    key = key_of(parts)
    endpoint = Endpoint(
        id=writes.new_id("whe"),
        mirror=parts.mirror_id,
        owner=actor.account,
        url=_allowed(parts, wish.url),
        events=wish.events,
        drops=_own(parts, actor, wish.drops),
        version=FIRST,
        generation=FIRST,
        created_at=parts.clock(),
    )
    given = Given(endpoint, secret_of(key, endpoint.id, FIRST))
    most = parts.settings.max_webhook_endpoints
    with writing(parts.store) as store:
        # Of two that register at once, the second sees the first.
        writes.hold_outbox(store, parts.mirror_id)
        if reads.count_of(store, parts.mirror_id, actor.account) >= most:
            raise WebhookEndpointsFull(most)
        writes.add_endpoint(store, endpoint)
        along(store, given)
    return given


def all_of(parts: Parts, actor: Actor) -> tuple[Endpoint, ...]:
    """An account's endpoints, the oldest first; of a program those that it may have."""
    with reading(parts.store) as store:
        found = reads.endpoints_of(store, parts.mirror_id, actor.account)
    return tuple(one for one in found if _has(actor, one))


def find(parts: Parts, actor: Actor, endpoint_id: str) -> Endpoint:
    """One of them. Raises NotFound."""
    with reading(parts.store) as store:
        found = reads.endpoints_named(store, {endpoint_id})
    return _found(parts, actor, found)


def edit(parts: Parts, actor: Actor, endpoint: Endpoint, change: Edit) -> Endpoint:
    """Edit an endpoint as it was read.

    Raises:
        EditedMeanwhile: it is not as it was read any more.
        WebhookAddressRefused, NotFound, MentorRequired, KeyLimited, KeyOfOtherDrops: as `register`.
    """
    edited = _edited(parts, actor, endpoint, change)
    with writing(parts.store) as store:
        if edited.drops:
            # Or more would be enlisted meanwhile of drops that it named before.
            writes.hold_outbox(store, parts.mirror_id)
        if not writes.edit_endpoint(store, edited):
            found = reads.endpoints_named(store, {endpoint.id})
            if not found:
                raise NotFound("webhook endpoint")
            raise EditedMeanwhile(etag_of(found[0]))
        # Also what was enlisted for it while it was disabled.
        if edited.disabled_at is not None or endpoint.disabled_at is not None:
            writes.give_up_waiting(store, endpoint.id)
        elif edited.drops:
            writes.give_up_unwanted(store, edited)
    return edited


def remove(parts: Parts, actor: Actor, endpoint_id: str) -> None:
    """End an endpoint and forget what was sent there. Raises NotFound."""
    endpoint = find(parts, actor, endpoint_id)
    with writing(parts.store) as store:
        if not writes.remove_endpoint(store, endpoint.owner, endpoint.id):
            raise NotFound("webhook endpoint")


def rotate(
    parts: Parts,
    actor: Actor,
    endpoint_id: str,
    along: Along[Given] = nothing_along,
) -> Given:
    """Give an endpoint a new secret; the one before signs beside it for a day.

    Raises:
        NotFound, WebhooksOff: there is no such endpoint, or no key.
        EditedMeanwhile: somebody else has made a new secret at this moment.
    """
    key, endpoint = key_of(parts), find(parts, actor, endpoint_id)
    now = parts.clock()
    rotated = replace(endpoint, generation=endpoint.generation + 1, rotated_at=now)
    given = Given(rotated, secret_of(key, endpoint.id, rotated.generation))
    with writing(parts.store) as store:
        if not writes.rotate(store, endpoint.id, endpoint.generation, now):
            raise EditedMeanwhile(etag_of(endpoint))
        along(store, given)
    return given


def deliveries(
    parts: Parts, actor: Actor, endpoint: Endpoint, before: tuple[int, str] | None, limit: int
) -> tuple[Delivery, ...]:
    """What was and is to be sent to an endpoint, the newest first, as far as a key reaches.

    What was sent before an edit may be of drops that the endpoint does not name any more.
    """
    drops = actor.drops if isinstance(actor, ApiClient) else None
    with reading(parts.store) as store:
        return reads.deliveries_of(store, endpoint.id, before, limit, drops)


def replay(parts: Parts, actor: Actor, endpoint_id: str, delivery_id: str) -> None:
    """Send a message again, under the same id.

    Raises:
        NotFound: it is not kept, was never sent there, or is of a drop that a key does not cover.
        WebhookEndpointDisabled: nothing is sent there.
        WebhookDeliveryUnwanted: it is of a drop that the endpoint does not name.
    """
    with writing(parts.store) as store:
        # What the endpoint names stays as it is read.
        writes.hold_outbox(store, parts.mirror_id)
        endpoint = _found(parts, actor, reads.endpoints_named(store, {endpoint_id}))
        if endpoint.disabled_why is not None:
            raise WebhookEndpointDisabled(endpoint.disabled_why.value)
        delivery = reads.delivery(store, endpoint.id, delivery_id)
        if delivery is None or not _reaches(actor, delivery):
            raise NotFound("delivery")
        if not endpoint.wish.names(delivery.drop, delivery.terms_hash):
            raise WebhookDeliveryUnwanted
        writes.replay(store, endpoint.id, delivery.id, parts.clock())


def etag_of(endpoint: Endpoint) -> str:
    """The entity tag of an endpoint as it is; it changes with each edit."""
    return f'"{endpoint.id}-{endpoint.version}"'


def _allowed(parts: Parts, url: str) -> str:
    fault = fault_of(url, development=parts.settings.webhook_loopback)
    if fault is not None:
        raise WebhookAddressRefused(fault)
    return url


def _edited(parts: Parts, actor: Actor, endpoint: Endpoint, change: Edit) -> Endpoint:
    values: dict[str, Any] = {}
    if change.url is not None:
        values["url"] = _allowed(parts, change.url)
    if change.events is not None:
        values["events"] = change.events
    if change.drops is not None:
        values["drops"] = _own(parts, actor, change.drops)
    if change.enabled:
        values |= {"failing_since": None, "disabled_at": None, "disabled_why": None}
    elif change.enabled is False and endpoint.disabled_at is None:
        values |= {"disabled_at": parts.clock(), "disabled_why": Disabled.OWNER}
    return replace(endpoint, **values, version=endpoint.version + 1)


def _found(parts: Parts, actor: Actor, found: Sequence[Endpoint]) -> Endpoint:
    if not found or found[0].mirror != parts.mirror_id or not _has(actor, found[0]):
        raise NotFound("webhook endpoint")
    return found[0]


def _reaches(actor: Actor, delivery: Delivery) -> bool:
    """Whether somebody may look at what was sent; without its terms a limited key may not."""
    if not is_limited(actor):
        return True
    if delivery.drop is None or delivery.terms_hash is None:
        return False
    return covers(actor, delivery.drop, delivery.terms_hash)


def _has(actor: Actor, endpoint: Endpoint) -> bool:
    """Whether an endpoint is there for somebody: their own, as far as their key reaches."""
    if endpoint.owner != actor.account:
        return False
    if not is_limited(actor):
        return True
    drops = endpoint.drops
    return bool(drops) and all(covers(actor, drop, terms) for drop, terms in drops.items())


def _own(parts: Parts, actor: Actor, drops: Collection[DropId]) -> Mapping[DropId, str]:
    if not drops and is_limited(actor):
        raise KeyLimited("Name the drops that the endpoint shall hear of.")
    found = {drop: mirrored_drop(parts, drop).drop for drop in sorted(drops)}
    for drop, mirrored in found.items():
        if mirrored.mentor != actor.account:
            raise MentorRequired(drop, mirrored.mentor)
        require_covered(actor, drop, mirrored.terms_hash)
    return {drop: mirrored.terms_hash for drop, mirrored in found.items()}
