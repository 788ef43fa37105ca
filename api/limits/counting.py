"""Counting requests: the layer between the edge and the application.

Owns which quota a request is counted under and for whom, before anything of it is read or looked
up, and the two headers of every answer that was counted. What is counted by all processes together
is a row in the database; the rest is counted in each process, whose quota is its share, and costs
some microseconds. Refuses rules about what is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from starlette.concurrency import run_in_threadpool

from api.answers import problem_response
from api.limits import counters
from api.limits.callers import Callers
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
_EVERY: Final = 100
"""Counted requests of all processes' quotas, between two looks for buckets that are full."""


def quotas_of(settings: ApiSettings) -> Mapping[RouteClass, Quota]:
    """The quotas of one process; a class without one is not counted."""
    wanted = {
        RouteClass.SIGN_IN: settings.limit_sign_in,
        RouteClass.WRITES: settings.limit_writes,
        RouteClass.PREPARING: settings.limit_preparing,
        RouteClass.READS: settings.limit_reads,
        RouteClass.CHECKS: settings.limit_checks,
    }
    shares = {
        one: most if one in SHARED else max(1, most // settings.processes)
        for one, most in wanted.items()
        if most
    }
    return {one: Quota(one.value, share) for one, share in shares.items()}


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
        self._policies = {one: policy_of(quota).encode() for one, quota in self._quotas.items()}
        self._buckets = {
            one: Buckets(quota) for one, quota in self._quotas.items() if one not in SHARED
        }
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
            cost = cost_of(scope["path"])
            taken = await self._take(kind, name or f"address {peer_of(scope)}", cost)
        except StorageError as error:
            FAULTS.error("%s", error, extra={"seen": {"code": error.code}})
            await problem_response(error)(scope, receive, send)
            return
        if taken.allowed:
            await self._app(scope, receive, self._telling(scope, send, kind, taken))
        else:
            await problem_response(TooManyRequests(taken))(scope, receive, send)

    async def _take(self, kind: RouteClass, name: str, cost: int) -> Taken:
        now = int(self._parts.clock().timestamp() * SECOND)
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

    def _telling(self, scope: Scope, send: Send, kind: RouteClass, taken: Taken) -> Send:
        told = (
            (POLICY.lower().encode(), self._policies[kind]),
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
