from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import httpx
import pytest

from marketplace.client.errors import AnswerLost, ApiRefused, ApiUnavailable
from marketplace.client.patience import Patience
from marketplace.domain.ids import DropId
from tests.unit.marketplace.client.told import BLOCK_HASH, LATER, Told, answered, problem

if TYPE_CHECKING:
    from collections.abc import Iterator

DROP = DropId(1)
YES = {
    "allow": True,
    "reason": "admitted",
    "remedy": None,
    "via": "seat",
    "seat": "1000001",
    "level": "latest",
    "as_of_block": 9,
    "block_hash": BLOCK_HASH,
    "lag_s": 0,
    "expires_at": LATER,
}


@dataclass
class Waited:
    """A clock that moves when somebody waits."""

    seconds: float = 0.0
    looks: int = 0
    pauses: list[float] = field(default_factory=list)

    def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.seconds += seconds

    @property
    def patience(self) -> Patience:
        """A second's patience on this clock."""
        return Patience(1.0, 0.25, self.pause, lambda: self.seconds)


def one_after_the_other(*answers: httpx.Response) -> Told:
    """An API whose answers change; the last one stays."""
    left: Iterator[httpx.Response] = iter(answers)
    return Told(lambda _: next(left, answers[-1]))


BEHIND = problem(503, "mirror_behind")


def test_an_api_that_is_behind_is_asked_again() -> None:
    clock, told = Waited(), one_after_the_other(BEHIND, BEHIND, answered(YES))
    decision = told.client().check_access("see_resale", DROP, min_block=9, patience=clock.patience)
    assert decision.allow
    assert clock.pauses == [0.25, 0.25]
    assert told.asked[0].url.query == b"action=see_resale&drop=1&min_block=9"


def test_patience_ends() -> None:
    clock, told = Waited(), one_after_the_other(BEHIND)
    with pytest.raises(ApiUnavailable) as behind:
        told.client().join(DROP, 1, min_block=9, patience=clock.patience)
    assert behind.value.problem is not None
    assert behind.value.problem.code == "mirror_behind"
    assert clock.seconds == 1.0


@pytest.mark.parametrize(
    "answer", [problem(503, "storage_locked"), httpx.Response(503, text="full")]
)
def test_another_absence_is_not_waited_for(answer: httpx.Response) -> None:
    clock, told = Waited(), one_after_the_other(answer)
    with pytest.raises(ApiUnavailable):
        told.client().check_access("see_resale", DROP, min_block=9, patience=clock.patience)
    assert clock.pauses == []


def test_who_knows_of_no_block_waits_for_none() -> None:
    clock, told = Waited(), one_after_the_other(BEHIND)
    with pytest.raises(ApiUnavailable):
        told.client().check_access("see_resale", DROP, patience=clock.patience)
    assert clock.pauses == []


CUT = httpx.RemoteProtocolError("eof")
AWAY = httpx.ConnectError("refused")
UNDER_WAY = problem(409, "idempotency_key_in_use")
MADE = answered({"ticket": "t" * 43, "expires_at": LATER, "decision": YES}, 201)


def in_turn(*answers: httpx.Response | Exception) -> Told:
    """An API, or a connection, that does one after the other; the last one stays."""
    left = iter(answers)

    def answer(_: httpx.Request) -> httpx.Response:
        found = next(left, answers[-1])
        if isinstance(found, Exception):
            raise found
        return found

    return Told(answer)


def joined(told: Told, clock: Waited) -> object:
    client = told.client()
    client._transport.patience = clock.patience  # noqa: SLF001 - so that no test waits
    return client.join(DROP, 1)


def test_what_is_made_once_is_asked_for_again_with_its_key_when_the_answer_was_lost() -> None:
    clock = Waited()
    told = in_turn(CUT, AWAY, BEHIND, UNDER_WAY, MADE)
    assert joined(told, clock)
    assert clock.pauses == [0.25] * 4
    keys = {request.headers["Idempotency-Key"] for request in told.asked}
    assert len(keys) == 1

    joined(told, clock)
    assert told.asked[-1].headers["Idempotency-Key"] not in keys


def test_whose_answer_stays_lost_is_told_that_it_may_have_been_done() -> None:
    clock, told = Waited(), in_turn(CUT, AWAY)
    with pytest.raises(AnswerLost, match="may have been done"):
        joined(told, clock)
    assert clock.seconds == 1.0


@pytest.mark.parametrize("first", [AWAY, BEHIND, UNDER_WAY])
def test_before_an_answer_was_lost_nothing_is_sent_again(first: httpx.Response | Exception) -> None:
    clock, told = Waited(), in_turn(first)
    with pytest.raises((ApiUnavailable, ApiRefused)) as error:
        joined(told, clock)
    assert not isinstance(error.value, AnswerLost)
    assert (len(told.asked), clock.pauses) == (1, [])


def test_a_no_that_comes_after_all_is_a_no() -> None:
    clock, told = Waited(), in_turn(CUT, problem(409, "rule_violated"))
    with pytest.raises(ApiRefused, match="rule_violated"):
        joined(told, clock)


def test_what_has_no_key_is_sent_once_and_may_have_been_done() -> None:
    told = in_turn(CUT)
    with pytest.raises(AnswerLost):
        told.client().end_api_key("k")
    assert len(told.asked) == 1
    assert "idempotency-key" not in told.asked[0].headers


def test_a_question_that_was_not_answered_changed_nothing() -> None:
    with pytest.raises(ApiUnavailable) as error:
        in_turn(CUT).client().ready()
    assert not isinstance(error.value, AnswerLost)
