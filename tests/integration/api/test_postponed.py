"""A drop that is postponed: its rooms open and close when it is, not when its text said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.programme.programmes import programme_of
from tests.integration.api.live import SESSION, Live, wallet
from tests.integration.api.world import browser, sign_in_client
from tests.integration.marketplace.world import DAY

if TYPE_CHECKING:
    import httpx

HOUR = 60 * 60


def travel(live: Live, second: int) -> None:
    live.market.steering.travel(second)
    live.mirror()


def shown(client: httpx.Client, path: str, **query: str | int) -> dict[str, Any]:
    """The members of an answer that must be there."""
    answer = client.get(path, params=query)
    assert answer.status_code == 200, answer.text
    members: dict[str, Any] = answer.json()
    return members


def decided(live: Live, name: str) -> tuple[bool, str, str | None]:
    """What the gate says at the room's door: yes or no, why, and until when to wait."""
    asked: dict[str, str | int] = {"action": "enter_session", "drop": SESSION, "session": 1}
    # Days lie between two questions: a session would be over.
    client = browser(live.parts)
    client.headers["Authorization"] = f"Bearer {sign_in_client(client, wallet(name))}"
    said = shown(client, "/v1/access/check", **asked)
    remedy = said["remedy"] or {}
    return said["allow"], said["reason"], remedy.get("at")


def test_a_postponed_session_opens_and_closes_at_its_new_times(live: Live) -> None:
    live.publish()
    live.mint(SESSION, "ada")
    contract = live.market.contract
    before = contract.terms_of(SESSION).terms
    starts, ends = before.starts_at + 3 * DAY, before.ends_at + 3 * DAY + HOUR
    live.market.send(
        "mentor", contract.postpone(SESSION, starts, ends, before.deliver_by + 4 * DAY)
    )
    live.mirror()

    session = programme_of(live.parts, SESSION).session(1)
    assert session is not None
    assert (session.starts_at, session.ends_at) == (starts, ends)
    drop = shown(live.api, f"/v1/drops/{SESSION}")
    page = shown(live.api, f"/v1/drops/{SESSION}/sessions/1")
    told = [drop["sessions"][0]["starts_at"], drop["sessions"][0]["ends_at"]]
    assert told == [drop["starts_at"], drop["ends_at"]] == [page["starts_at"], page["ends_at"]]

    travel(live, before.starts_at)
    assert decided(live, "ada") == (False, "not_open_yet", page["opens_at"])
    for second in (starts - 15 * 60, before.ends_at + 3 * DAY + 1, ends - 1):
        travel(live, second)
        for name in ("ada", "mentor"):
            assert decided(live, name)[0], second
    travel(live, ends + 1)
    for name in ("ada", "mentor"):
        assert decided(live, name)[:2] == (False, "closed")
