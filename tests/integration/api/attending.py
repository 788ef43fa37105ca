"""A cohort whose first workshop runs, and seats that are in it.

Refuses assertions about the API; an answer of another status than was needed stops the test.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import event

from marketplace.launch.published import read_terms
from tests.integration.api.live import COHORT, SESSION
from tests.integration.api.trading import members

if TYPE_CHECKING:
    from collections.abc import Iterator

    from marketplace.domain.ids import SeatId
    from tests.integration.api.live import Live
    from tests.integration.api.trading import Members

ACCESS_PHASE: Final = 1
PRACTICE_PHASE: Final = 3


def seat_of(live: Live, name: str = "ada", phase: int = PRACTICE_PHASE) -> SeatId:
    """Publish the terms and mint a cohort's seat; and one of drop 1, for its resales."""
    live.publish()
    live.mint(SESSION, name)
    if phase == ACCESS_PHASE:
        live.market.steering.travel(live.files[COHORT].drop.phases[phase].opens)
    return live.mint(COHORT, name, phase)


def begin(live: Live, session: int = 1) -> None:
    """Go to the first minute of a session; whoever was signed in signs in again."""
    live.market.steering.travel(starts_at(live, session) + 60)
    live.mirror()
    live.sign_out()


def starts_at(live: Live, session: int) -> int:
    """When a session of the cohort starts: a Unix second."""
    return read_terms(live.files[COHORT].document).sessions[session - 1].starts


def join(live: Live, name: str, session: int = 1) -> str:
    """Get a ticket."""
    path = f"/v1/drops/{COHORT}/sessions/{session}/join"
    ticket: str = members(live.client(name).post(path), 201)["ticket"]
    return ticket


def attend(live: Live, name: str, session: int = 1) -> Members:
    """Join a session and come in."""
    ticket = join(live, name, session)
    return members(live.api.post("/v1/admissions", json={"ticket": ticket}), 201)


def programme_of(live: Live, seat: SeatId, **query: object) -> Members:
    """What a seat contains of its programme, as its page says."""
    given: dict[str, Any] = query
    found: Members = members(live.api.get(f"/v1/seats/{seat}", params=given))
    shown: Members = found["condition"]["programme"]
    return shown


def states(programme: Members) -> dict[int, str]:
    """What each session is to a seat."""
    return {one["session"]: one["state"] for one in programme["sessions"]}


@contextmanager
def statements(live: Live) -> Iterator[list[str]]:
    """Note every statement that is sent to the databases meanwhile."""
    said: list[str] = []

    def note(*given: Any) -> None:  # noqa: ANN401 - as SQLAlchemy gives it
        said.append(given[2])

    engines = {live.parts.store, live.parts.reads}
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)
