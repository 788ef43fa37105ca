"""Sending what waits to be sent, in as many processes as like.

Owns the round: look at the outbox, claim what is due, send each, write down what became of it. A
claim is a row's own and ends by itself, so that a process that dies holds nothing up for longer.
Every message is sent at least once. Refuses to decide: `schedule` says what follows an attempt.
"""

from __future__ import annotations

import asyncio
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from starlette.concurrency import run_in_threadpool

from api.logs import FAULTS
from api.webhooks import claiming, reads, writes
from api.webhooks.enlisting import enlist
from api.webhooks.schedule import FIRST_WAIT, GivenUp, Gone, follows, is_hopeless
from api.webhooks.sending import TOTAL_S, attempt, open_client
from api.webhooks.signing import headers_of
from api.webhooks.values import Disabled
from marketplace.domain.errors import SeatmarketError
from marketplace.storage.errors import StorageError
from marketplace.storage.transactions import reading, writing

if TYPE_CHECKING:
    from pydantic import SecretStr

    from api.parts import Parts
    from api.push.listening import Listening
    from api.webhooks.schedule import Attempt
    from api.webhooks.values import Delivery, Endpoint

MOST: Final = 32
"""Messages that one process sends at once."""

LOOK_S: Final = 1.0
"""Seconds after which it looks although nothing has woken it: for what is due again."""

CLAIM: Final = timedelta(seconds=TOTAL_S * 3)
"""For how long a claim lasts: well beyond what an attempt may take."""

_CHANCES: Final = 2**20


class Dispatcher:
    """The sender of one process.

    Args:
        parts: Of the application.
        key: That secrets follow from.
    """

    def __init__(self, parts: Parts, key: SecretStr) -> None:
        self._parts = parts
        self._key = key
        self._client = open_client(development=parts.settings.webhook_loopback)
        self._sending: set[asyncio.Task[None]] = set()

    async def run(self, listening: Listening) -> None:
        """Send until it is cancelled; what is under way then is sent again by somebody."""
        with listening.woken() as woken:
            while True:
                woken.clear()
                try:
                    await self._round(woken)
                except (SeatmarketError, StorageError) as error:
                    FAULTS.warning("Webhooks wait: %s", error)
                except Exception:  # noqa: BLE001 - logged; or nothing would be sent until a restart
                    FAULTS.exception("Webhooks wait: a round has failed.")
                await _within(woken, LOOK_S)

    async def once(self) -> int:
        """Send all that is due now, and give how many messages that were."""
        count = 0
        while await self._claimed(asyncio.Event()):
            count += len(self._sending)
            await asyncio.gather(*self._sending)
        return count

    async def _round(self, woken: asyncio.Event) -> None:
        while await self._claimed(woken):
            if len(self._sending) >= MOST:
                await asyncio.wait(self._sending, return_when=asyncio.FIRST_COMPLETED)

    async def _claimed(self, woken: asyncio.Event) -> bool:
        """Begin to send what is due; whether there was any."""
        while await run_in_threadpool(enlist, self._parts):
            pass
        taken = await run_in_threadpool(self._take, MOST - len(self._sending))
        for claim, delivery, endpoint in taken:
            task = asyncio.create_task(self._send(claim, delivery, endpoint))
            self._sending.add(task)
            task.add_done_callback(self._sending.discard)
            # There is room for another, and another of the same endpoint may be sent.
            task.add_done_callback(lambda _: woken.set())
        return bool(taken)

    def _take(self, most: int) -> list[tuple[str, Delivery, Endpoint]]:
        # In one store there may be those of other markets, which are signed with other keys.
        mirror, now = self._parts.mirror_id, self._parts.clock()
        with reading(self._parts.store) as store:
            # Most often there is nothing, and then no other writer is held up.
            if most < 1 or not reads.is_anything_due(store, mirror, now):
                return []
        with writing(self._parts.store) as store:
            writes.give_up_disabled(store, mirror)
            name, taken = claiming.claim(store, mirror, now, now + CLAIM, most)
            found = reads.endpoints_named(store, {one.endpoint for one in taken})
        endpoints = {one.id: one for one in found}
        return [(name, one, endpoints[one.endpoint]) for one in taken]

    async def _send(self, claim: str, delivery: Delivery, endpoint: Endpoint) -> None:
        now = self._parts.clock()
        headers = headers_of(self._key, endpoint.secret, delivery.message_id, delivery.payload, now)
        # Whatever goes wrong here, the claim ends by itself, and the message is sent once more.
        try:
            became = await attempt(
                self._client, endpoint.owner, endpoint.url, headers, delivery.payload
            )
            if became is None:
                FAULTS.warning("A webhook's message waits: names of others are looked up.")
                await run_in_threadpool(self._put_off, claim, delivery)
            else:
                await run_in_threadpool(self._note, claim, delivery, became)
        except (SeatmarketError, StorageError) as error:
            FAULTS.error("What became of a message could not be written down: %s", error)
        except Exception:  # noqa: BLE001 - logged; nobody asks a task for its error
            FAULTS.exception("A message could not be sent.")

    def _put_off(self, claim: str, delivery: Delivery) -> None:
        with writing(self._parts.store) as store:
            claiming.put_off(store, delivery, claim, self._parts.clock() + FIRST_WAIT)

    def _note(self, claim: str, delivery: Delivery, became: Attempt) -> None:
        at, now = delivery.attempted_at, self._parts.clock()
        following = follows(
            became,
            attempts=delivery.attempts,
            begun_at=delivery.begun_at,
            at=now if at is None else at,
            chance=secrets.randbelow(_CHANCES) / _CHANCES,
        )
        with writing(self._parts.store) as store:
            writes.hold_endpoint(store, delivery.endpoint)
            claiming.finish(store, delivery, claim, became, following)
            since = writes.note_health(store, delivery.endpoint, now, arrived=became.arrived)
            why = None
            if isinstance(following, Gone):
                why = Disabled.GONE
            elif is_hopeless(since, now):
                why = Disabled.FAILING
            disabled = why is not None and writes.disable(store, delivery.endpoint, why, now)
        seen = {"endpoint": delivery.endpoint, "message": delivery.message_id}
        if disabled:
            FAULTS.warning("A webhook endpoint is disabled: %s", why, extra={"seen": seen})
        elif isinstance(following, GivenUp):
            FAULTS.warning("A webhook's message is given up.", extra={"seen": seen})


async def _within(woken: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await woken.wait()
    except TimeoutError:
        return
