"""Who is sending which message, and what has become of it.

Owns the statements of claims: taking what is due, in turns, and letting go of it. A claim ends by
itself. Refuses transactions and clocks: both are the caller's. Each statement that decides
something is one whose condition is the decision, so that of two at once one wins.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import case, func, select, update

from api.store.webhook_tables import webhook_deliveries, webhook_endpoints
from api.webhooks.reads import claimable, delivery_of, endpoint_of
from api.webhooks.schedule import Again, Delivered, Fault
from api.webhooks.values import State

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection, Subquery

    from api.webhooks.schedule import Attempt, Next
    from api.webhooks.values import Delivery
    from indexer.queries import MirrorId

MOST_OF_ONE: Final = 4
"""Messages that are on their way to one endpoint at once: a slow one holds up nobody else."""

MOST_OF_OWNER: Final = 16
"""Messages that are on their way to all endpoints of one account: anybody can launch a drop to be
a mentor, and with ten endpoints that are slow on purpose would have all that one process sends."""


def claim(
    connection: Connection, mirror: MirrorId, now: datetime, until: datetime, most: int
) -> tuple[str, tuple[Delivery, ...]]:
    """Take a mirror's messages that are due, so that nobody else sends them meanwhile.

    Gives the claim's name and what it holds. Those that are on their way count first among their
    endpoint's and their owner's. Owners take turns, and so do the endpoints of each; those that are
    disabled have none.
    """
    columns = webhook_deliveries.c
    turns = _turns(mirror, now)
    chosen = (
        select(columns.id)
        .join(turns, turns.c.id == columns.id)
        .where(turns.c.turn <= MOST_OF_OWNER, *claimable(now))
        .order_by(turns.c.turn, columns.due_at, columns.seq)
        .limit(most)
        # Two that claim at once take different ones.
        .with_for_update(skip_locked=True, of=webhook_deliveries)
        .cte("chosen")
        # Or PostgreSQL may choose anew for each row that it looks at, and take more than so many.
        .prefix_with("MATERIALIZED")
    )
    name = secrets.token_hex(8)
    rows = connection.execute(
        update(webhook_deliveries)
        .where(columns.id.in_(select(chosen.c.id)), *claimable(now))
        .values(claim=name, claimed_until=until, attempts=columns.attempts + 1, attempted_at=now)
        .returning(webhook_deliveries)
    )
    return name, tuple(delivery_of(row) for row in rows.mappings())


def _turns(mirror: MirrorId, now: datetime) -> Subquery:
    """What is due, with its place among its owner's: as far as each endpoint may have it."""
    columns = webhook_deliveries.c
    under_way = func.coalesce(columns.claimed_until > now, False)
    of_endpoint = func.row_number().over(
        partition_by=columns.endpoint_id,
        order_by=(under_way.desc(), columns.due_at, columns.seq),
    )
    due = (
        select(
            columns.id,
            columns.due_at,
            columns.seq,
            webhook_endpoints.c.owner,
            under_way.label("under_way"),
            of_endpoint.label("place"),
        )
        .join(webhook_endpoints, webhook_endpoints.c.id == columns.endpoint_id)
        .where(
            *endpoint_of(mirror),
            columns.state == State.WAITING.value,
            columns.due_at <= now,
            webhook_endpoints.c.disabled_at.is_(None),
        )
        .subquery()
    )
    first = due.c.under_way.desc(), due.c.place, due.c.due_at, due.c.seq
    of_owner = func.row_number().over(partition_by=due.c.owner, order_by=first)
    return select(due.c.id, of_owner.label("turn")).where(due.c.place <= MOST_OF_ONE).subquery()


def finish(
    connection: Connection, delivery: Delivery, claim_name: str, attempt: Attempt, following: Next
) -> None:
    """Write down what became of an attempt, and let go of the message.

    What was overtaken or given up meanwhile stays so, unless it arrived after all.
    """
    columns = webhook_deliveries.c
    given_up = (columns.state == State.FAILED.value) & (columns.fault == Fault.UNWANTED.value)
    seen = {
        "claim": None,
        "claimed_until": None,
        "status": attempt.status,
        "duration_ms": attempt.duration_ms,
        "answer": attempt.answer,
        "fault": case((given_up, columns.fault), else_=attempt.fault),
    }
    mine = (columns.id == delivery.id, columns.claim == claim_name)
    if isinstance(following, Delivered):
        state = State.DELIVERED
        connection.execute(
            update(webhook_deliveries)
            .where(*mine)
            .values(**{**seen, "fault": attempt.fault}, state=state.value)
        )
        return
    held = connection.execute(update(webhook_deliveries).where(*mine).values(**seen))
    if held.rowcount == 0:
        # It took longer than the claim lasts, and somebody else is sending it.
        return
    values: dict[str, Any] = {"state": State.FAILED.value}
    if isinstance(following, Again):
        values = {"due_at": following.due_at}
    connection.execute(
        update(webhook_deliveries)
        .where(columns.id == delivery.id, columns.state == State.WAITING.value)
        .values(**values)
    )


def put_off(connection: Connection, delivery: Delivery, claim_name: str, due_at: datetime) -> None:
    """Let go of a message that was not tried, as if nobody had claimed it; it is due at a moment.

    Nothing is done where somebody else has claimed it meanwhile.
    """
    columns = webhook_deliveries.c
    connection.execute(
        update(webhook_deliveries)
        .where(columns.id == delivery.id, columns.claim == claim_name)
        .values(
            claim=None,
            claimed_until=None,
            # Who has sent it again meanwhile has begun to count anew.
            attempts=case((columns.attempts > 1, columns.attempts - 1), else_=0),
            attempted_at=case((columns.attempts > 1, columns.attempted_at), else_=None),
            due_at=due_at,
        )
    )
