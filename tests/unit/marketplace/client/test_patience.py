from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import httpx
import pytest

from marketplace.client.errors import ApiUnavailable
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
