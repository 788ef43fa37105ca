"""Counting requests: the layer between the edge and the application.

Owns which quota a request is counted under and for whom, before anything of it is read or looked
up, and the two headers of every answer that was counted. What is counted by all processes together
is a row in the database; the rest is counted in each process, whose quota is its share, and costs
some microseconds. A request of somebody counts for their address as well, in the process alone and
under a wider quota: accounts cost nothing, so that without it one address had as many quotas as it
likes. Refuses rules about what is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from starlette.concurrency import run_in_threadpool

from api.answers import problem_response
from api.limits import counters
from api.limits.callers import Callers, shows_something
from api.limits.classes import SHARED, RouteClass, class_of, cost_of
from api.limits.errors import LIMIT, POLICY, TooManyRequests, limit_of, policy_of
from api.limits.quotas import SECOND, Buckets, Quota
from api.logs import FAULTS
from api.openapi.codes import add_codes, operations_of
from api.peers import peer_of
from marketplace.storage.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from api.limits.quotas import Taken
    from api.parts import Parts
    from api.settings import ApiSettings

_REFUSED: Final = 401
_ADDRESS_IN_QUOTAS: Final = 10
"""How many quotas of one account all accounts and keys at one address have together."""

_EVERY: Final = 100
"""Counted requests of all processes' quotas, between two looks for buckets that are full."""


def quotas_of(settings: ApiSettings) -> Mapping[RouteClass, Quota]:
    """The quotas of one process; a class without one is not counted."""
    return {
        one: Quota(one.value, most if one in SHARED else max(1, most // settings.processes))
        for one, most in _wanted(settings).items()
    }


def address_quotas_of(settings: ApiSettings) -> Mapping[RouteClass, Quota]:
    """What all accounts and keys at one address have together, in one process.

    Never less than one of them has there.
    """
    wanted, quotas = _wanted(settings), quotas_of(settings)
    return {
        one: Quota(
            f"{one.value}-of-address",
            max(quota.requests, _ADDRESS_IN_QUOTAS * wanted[one] // settings.processes),
        )
        for one, quota in quotas.items()
    }


def _wanted(settings: ApiSettings) -> Mapping[RouteClass, int]:
    wanted = {
        RouteClass.SIGN_IN: settings.limit_sign_in,
        RouteClass.WRITES: settings.limit_writes,
        RouteClass.PREPARING: settings.limit_preparing,
        RouteClass.READS: settings.limit_reads,
        RouteClass.CHECKS: settings.limit_checks,
    }
    return {one: most for one, most in wanted.items() if most}


class Counting:
    """ASGI middleware around an application.

    Args:
        app: What is inside.
        parts: Of the application: settings, store and clock.
    """

    def __init__(self, app: ASGIApp, *, parts: Parts) -> None:
        self._app = app
        self._parts = parts
        self._quotas = quotas_of(parts.settings)
        wider = address_quotas_of(parts.settings)
        told = (*self._quotas.values(), *wider.values())
        self._policies = {quota.name: policy_of(quota).encode() for quota in told}
        self._buckets = {
            one: Buckets(quota) for one, quota in self._quotas.items() if one not in SHARED
        }
        self._wider = {one: Buckets(quota) for one, quota in wider.items()}
        self._addresses = parts.settings.limit_addresses
        self._callers = Callers()
        self._counted = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count one request, and answer it or say when to come back."""
        kind = class_of(scope["method"], scope["path"]) if scope["type"] == "http" else None
        if kind is None or kind not in self._quotas:
            await self._app(scope, receive, send)
            return
        name = None if kind is RouteClass.SIGN_IN else self._callers.name_of(scope)
        if name is None and not self._addresses:
            await self._app(scope, receive, send)
            return
        try:
            taken = await self._take_for(kind, name, scope)
        except StorageError as error:
            FAULTS.error("%s", error, extra={"seen": {"code": error.code}})
            await problem_response(error)(scope, receive, send)
            return
        if taken.allowed:
            await self._app(scope, receive, self._telling(scope, send, taken))
        else:
            await problem_response(TooManyRequests(taken))(scope, receive, send)

    async def _take_for(self, kind: RouteClass, name: str | None, scope: Scope) -> Taken:
        """Count a request for somebody and for their address; gives the tighter of the two."""
        now, cost = int(self._parts.clock().timestamp() * SECOND), cost_of(scope["path"])
        if name is None:
            # Whoever shows nothing at an address must not keep those who show something there from
            # being recognised; nor are made-up credentials more than nobody has.
            showing = kind is not RouteClass.SIGN_IN and shows_something(scope)
            what = "shown at" if showing else "address"
            return await self._take(kind, f"{what} {peer_of(scope)}", now, cost)
        if not self._addresses:
            return await self._take(kind, name, now, cost)
        wider, peer = self._wider[kind], peer_of(scope)
        # First, so that those who wait for the database meanwhile are counted.
        of_address = wider.take(peer, now, cost)
        if not of_address.allowed:
            return of_address
        own = await self._take(kind, name, now, cost)
        if not own.allowed:
            wider.give_back(peer, cost)
        return of_address if own.allowed and of_address.left < own.left else own

    async def _take(self, kind: RouteClass, name: str, now: int, cost: int) -> Taken:
        if kind not in SHARED:
            return self._buckets[kind].take(name, now, cost)
        self._counted += 1
        if self._counted % _EVERY == 0:
            await run_in_threadpool(counters.forget_full, self._parts.store, now)
        # Several markets may keep their rows in one database, and each has quotas of its own.
        on_chain = f"chain {self._parts.mirror_id.chain_id} {name}"
        return await run_in_threadpool(
            counters.take, self._parts.store, self._quotas[kind], on_chain, now
        )

    def _telling(self, scope: Scope, send: Send, taken: Taken) -> Send:
        told = (
            (POLICY.lower().encode(), self._policies[taken.quota.name]),
            (LIMIT.lower().encode(), limit_of(taken).encode()),
        )

        async def telling(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *told]
                if message["status"] == _REFUSED:
                    self._callers.forget(scope)
            await send(message)

        return telling


def say_quotas(document: dict[str, Any]) -> None:
    """Let an OpenAPI document say which addresses are counted."""
    for operation in operations_of(document):
        if class_of(operation.method, operation.path) is not None:
            add_codes(operation, TooManyRequests.code)
