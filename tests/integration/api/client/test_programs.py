from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from marketplace.client.access import Check
from marketplace.client.errors import ApiKeyUnusable, ApiRefused, SignInRequired
from tests.integration.api.client.people import signer
from tests.integration.api.live import COHORT, SESSION

if TYPE_CHECKING:
    from tests.integration.api.client.people import People

ADA, BO = (signer(name).address for name in ("ada", "bo"))


def test_a_room_asks_about_whoever_stands_at_its_door(people: People) -> None:
    people.live.mint(COHORT, "ada")
    people.live.mirror()
    made = people("mentor").make_api_key("Door", ["access:check"], drops=[COHORT])
    door = people.nobody(made.key)
    assert (
        door.check_access("see_resale", COHORT, account=ADA).allow
        == people("ada").check_access("see_resale", COHORT).allow
    )
    asked = door.check_access("enter_session", COHORT, session=1, account=BO)
    assert (asked.allow, asked.reason) == (False, "no_seat")
    own, other = door.check_many(
        [Check("enter_session", COHORT, session=1), Check("see_resale", SESSION)], account=ADA
    )
    assert own.decision is not None
    assert own.decision.reason != "no_seat"
    assert (other.decision, other.problem) == (None, "api_key_refused")
    with pytest.raises(ApiRefused, match="key_of_other_drops"):
        door.check_access("see_resale", SESSION, account=ADA)
    # Of itself it has nothing to ask, and what is open to everybody is open to it.
    with pytest.raises(ApiRefused, match="key_not_taken_here"):
        door.check_access("see_resale", COHORT)
    assert door.drop(COHORT).drop == COHORT


def test_a_key_that_was_ended_opens_nothing(people: People) -> None:
    mentor = people("mentor")
    made = mentor.make_api_key("Door", ["access:check"])
    door = people.nobody(made.key)
    door.check_access("see_resale", COHORT, account=ADA)
    mentor.end_api_key(made.id)
    with pytest.raises(SignInRequired, match="api_key_ended"):
        door.check_access("see_resale", COHORT, account=ADA)
    with pytest.raises(ApiKeyUnusable):
        door.sign_in(signer("mentor"))


def test_whoever_is_signed_in_asks_about_nobody_else(people: People) -> None:
    with pytest.raises(SignInRequired, match="api_key_required"):
        people("mentor").check_access("see_resale", COHORT, account=ADA)
