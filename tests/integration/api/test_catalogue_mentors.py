from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from marketplace.domain.drop import DropState
from marketplace.domain.ids import DropId
from tests.integration.api.live import COHORT, EXAMPLES, SESSION, launch
from tests.integration.api.test_catalogue_drops import shown
from tests.integration.api.world import Wallet, code_of
from tests.integration.marketplace.steering import NodeSteering
from tests.integration.marketplace.world import address_of

if TYPE_CHECKING:
    from tests.integration.api.live import Live

NONE: Final = dict.fromkeys(("asserted", "disputed", "split", "settled", "cancelled", "failed"), 0)


def counts(of: dict[str, Any]) -> dict[str, int]:
    """How many drops are how far, without what is zero."""
    return {name: count for name, count in of["drops"].items() if count}


def cancel(live: Live, drop: DropId, name: str = "mentor") -> None:
    live.market.send(name, live.market.contract.cancel_drop(drop))
    assert live.market.contract.terms_of(drop).terms.state is DropState.CANCELLED


def test_a_mentor_is_shown_with_what_became_of_their_drops(live: Live) -> None:
    head = live.mirror()
    before = shown(live.api, f"/v1/mentors/{address_of('mentor')}")
    assert before["drops"] == {"total": 2, "live": 2, **NONE}
    assert (before["as_of_block"], before["level"]) == (head, "latest")

    cancel(live, COHORT)
    live.mirror()

    after = shown(live.api, f"/v1/mentors/{address_of('mentor')}")
    assert after["drops"] == {"total": 2, "live": 1, **NONE, "cancelled": 1}
    assert after["since"] == before["since"]


def test_they_are_mentors_since_the_block_of_their_first_drop(live: Live) -> None:
    live.market.steering.travel(live.market.now + 3_600)
    launch(live.market, EXAMPLES / "drop-session.toml", "eve")
    created = live.market.now
    launch(live.market, EXAMPLES / "drop-session.toml", "eve")
    live.mirror()
    told = shown(live.api, f"/v1/mentors/{address_of('eve')}")["since"]
    assert datetime.fromisoformat(told) == datetime.fromtimestamp(created, UTC)


def test_mentors_come_in_pages_by_their_addresses(live: Live) -> None:
    for name in ("eve", "ada", "bo"):
        launch(live.market, EXAMPLES / "drop-session.toml", name)
    cancel(live, DropId(3), "eve")
    live.mirror()
    wanted = sorted((address_of(one) for one in ("mentor", "eve", "ada", "bo")), key=str.lower)

    first = shown(live.api, "/v1/mentors", limit=3)
    second = shown(live.api, "/v1/mentors", limit=3, after=first["next"])

    assert first["next"] == wanted[2]
    assert second["next"] is None
    seen = [*first["mentors"], *second["mentors"]]
    assert [one["mentor"] for one in seen] == wanted
    told = {one["mentor"]: counts(one) for one in seen}
    assert told[address_of("mentor")] == {"total": 2, "live": 2}
    assert told[address_of("eve")] == {"total": 1, "cancelled": 1}
    assert told[address_of("bo")] == {"total": 1, "live": 1}
    assert shown(live.api, "/v1/mentors", after=wanted[3])["mentors"] == []


def test_what_was_at_a_level_is_told_of_it(live: Live) -> None:
    for _ in range(3):
        live.market.send("bo", live.market.contract.bump_counter())
    cancel(live, SESSION)
    live.mirror()
    path = f"/v1/mentors/{address_of('mentor')}"
    assert counts(shown(live.api, path)) == {"total": 2, "live": 1, "cancelled": 1}
    assert counts(shown(live.api, path, level="safe")) == {"total": 2, "live": 2}


def test_who_has_created_no_drop_is_no_mentor(live: Live) -> None:
    live.mirror()
    assert code_of(live.api.get(f"/v1/mentors/{Wallet().address}")) == "not_found"
    for mentor in ("ada", "0x12", address_of("ada")[:-1] + "g"):
        assert code_of(live.api.get(f"/v1/mentors/{mentor}")) == "invalid_request", mentor


def test_a_drop_that_a_reorganisation_took_made_nobody_a_mentor(live: Live) -> None:
    live.mirror()
    launch(live.market, EXAMPLES / "drop-session.toml", "eve")
    live.mirror()
    assert counts(shown(live.api, f"/v1/mentors/{address_of('eve')}")) == {"total": 1, "live": 1}
    steering = live.market.steering
    assert isinstance(steering, NodeSteering)
    steering.ask("devnet_reorg", 1, [])
    steering.ask("evm_mine")
    live.mirror()
    assert code_of(live.api.get(f"/v1/mentors/{address_of('eve')}")) == "not_found"
