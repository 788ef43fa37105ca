from __future__ import annotations

import io
import json
from contextlib import nullcontext
from typing import TYPE_CHECKING, cast

import pytest

from indexer.fitting import ConfigurationDiffers
from indexer.journal import Journal
from indexer.leading import Lead
from indexer.rpc.errors import ClockAhead, NodeSilent
from indexer.store.checkpoints import FenceLost
from indexer.store.claims import Sign
from indexer.sync.loop import Pace
from indexer.sync.shell import Outcome
from indexer.terms import LeadTaken, Reign, Terms, Work
from indexer.waking import Stopper
from marketplace.storage.errors import DatabaseUnreachableError, RowsOrphanedError

if TYPE_CHECKING:
    from indexer.sync.shell import Shell

PACE = Pace(poll_s=0.001, first_s=0.001, most_s=0.002, database_patience_s=0.01)
GONE = DatabaseUnreachableError("it", "gone")
SILENT = NodeSilent("gone")
AHEAD = ClockAhead(61, 60)

Turn = Exception | Sign | None
OTHER = Sign("other", "1")


class House:
    """A claim, a check, a beginning and passes that play scripts; stopped at their end."""

    def __init__(
        self,
        takes: list[Turn],
        begins: list[Exception | None] | None = None,
        steps: list[Exception] | None = None,
        checks: list[Exception | None] | None = None,
        unsettled: int = 0,
    ) -> None:
        self.has_seen = False
        self.is_stale = False
        self.checked = 0
        self.takes, self.begins = takes, begins or []
        self.steps, self.checks = steps or [], checks or []
        self.stopper = Stopper()
        self.lines = io.StringIO()
        self.released = 0
        self.unsettled = unsettled
        self.borne: list[float | None] = []

    def take(self, expired: Sign | None = None) -> Sign | None:
        turn = self.takes.pop(0)
        if not self.takes:
            self.stopper.stop()
        if isinstance(turn, Exception):
            raise turn
        return None if expired is not None else turn

    def keep(self) -> bool:
        return True

    def release(self) -> None:
        self.released += 1

    def check(self) -> None:
        self.checked += 1
        self._play(self.checks)

    def begin(self, bears_s: float | None) -> Reign:
        self.borne.append(bears_s)
        self._play(self.begins)
        self.unsettled -= 1
        return Reign(cast("Shell", self), nullcontext(self.unsettled < 0))

    def step(self) -> Outcome:
        self._play(self.steps)
        self.stopper.stop()
        return Outcome.CAUGHT_UP

    def serve(self, *, stand_by: bool = True) -> list[str]:
        journal = Journal(self.lines, lambda: 0)
        lead = Lead(self, 0.012, journal)
        Terms(lead, self.stopper, PACE, journal, journal, stand_by=stand_by).serve(
            Work(check=self.check, begin=self.begin)
        )
        return self.said()

    def said(self) -> list[str]:
        return [json.loads(line)["event"] for line in self.lines.getvalue().splitlines()]

    def _play(self, script: list[Exception] | list[Exception | None]) -> None:
        turn = script.pop(0) if script else None
        if turn is not None:
            raise turn


def test_who_finds_another_leading_stands_by_and_says_so_once() -> None:
    house = House([OTHER, OTHER, OTHER, None, None])

    assert house.serve() == ["standing_by", "caught_up"]
    assert house.released == 1


def test_a_node_that_is_silent_leaves_the_lead_to_others_meanwhile() -> None:
    house = House([None, None, None, None], begins=[SILENT, SILENT, None])

    assert house.serve() == ["retrying", "retrying", "caught_up"]
    assert house.released == 3


def test_who_is_fenced_off_stands_by() -> None:
    house = House([None, OTHER, OTHER], steps=[FenceLost(1, 2)])

    assert house.serve() == ["fenced", "standing_by"]
    assert house.released == 1


def test_who_is_fenced_off_and_does_not_stand_by_ends() -> None:
    house = House([None, None], steps=[FenceLost(1, 2)])

    with pytest.raises(FenceLost):
        house.serve(stand_by=False)

    assert house.released == 1


class Ousted(House):
    """One whose lead another takes while it has nothing to do."""

    def keep(self) -> bool:
        return False

    def step(self) -> Outcome:
        return Outcome.CAUGHT_UP


def test_who_is_ousted_stands_by() -> None:
    assert Ousted([None, OTHER, OTHER]).serve()[-2:] == ["lead_lost", "standing_by"]


def test_who_is_ousted_and_does_not_stand_by_ends_and_takes_nothing_back() -> None:
    house = Ousted([None, None, None])

    with pytest.raises(LeadTaken):
        house.serve(stand_by=False)

    assert len(house.takes) == 2


def test_who_does_not_stand_by_takes_the_lead_from_another() -> None:
    house = House([OTHER, OTHER, OTHER, None])

    assert house.serve(stand_by=False) == ["caught_up"]


def test_a_database_that_fails_at_the_start_ends_it() -> None:
    with pytest.raises(DatabaseUnreachableError):
        House([GONE, None]).serve()


def test_a_database_that_fails_while_standing_by_is_waited_for() -> None:
    house = House([OTHER, GONE, GONE, OTHER, None, None])

    assert house.serve() == ["standing_by", "retrying", "retrying", "caught_up"]


def test_a_database_that_stays_away_while_standing_by_is_given_up() -> None:
    house = House([OTHER, *[GONE] * 99])

    with pytest.raises(DatabaseUnreachableError):
        house.serve()

    assert house.said() == ["standing_by", *["retrying"] * 5]


def test_what_a_retry_does_not_help_ends_it_while_standing_by() -> None:
    house = House([OTHER, RowsOrphanedError("it", "one", "other"), None])

    with pytest.raises(RowsOrphanedError):
        house.serve()


def test_who_could_never_lead_does_not_stand_by() -> None:
    house = House([OTHER, None], checks=[ConfigurationDiffers("seats")])

    with pytest.raises(ConfigurationDiffers):
        house.serve()

    assert house.said() == []


def test_a_node_that_is_silent_while_another_leads_keeps_nobody_from_standing_by() -> None:
    house = House([OTHER, OTHER, OTHER], checks=[SILENT, SILENT])

    assert house.serve() == ["retrying", "retrying", "standing_by"]


def test_who_leads_with_a_node_that_stays_silent_leaves_the_lead_to_others() -> None:
    # Passes fail without an end; others have it meanwhile, and it stands by once the node answers.
    house = House([None, OTHER, OTHER], steps=[SILENT] * 1_000, checks=[SILENT, SILENT])

    said = house.serve()

    assert set(said[: said.index("lead_left")]) == {"retrying"}
    assert said[said.index("lead_left") + 1 :] == ["retrying", "retrying", "standing_by"]
    # Given back before the node was asked again, and not taken for asking.
    assert (house.released, len(house.takes)) == (1, 0)


@pytest.mark.parametrize("stand_by", [True, False])
def test_a_clock_that_is_ahead_of_the_node_ends_who_begins(*, stand_by: bool) -> None:
    house = House([OTHER, None], checks=[AHEAD], begins=[AHEAD])

    with pytest.raises(ClockAhead):
        house.serve(stand_by=stand_by)


def test_a_node_whose_clock_falls_behind_is_waited_for_by_who_has_led() -> None:
    # As a machine's does that was asleep: it stands at an old head, and is left for that.
    house = House([None] * 4, unsettled=1, checks=[AHEAD], begins=[None, AHEAD, None])

    assert house.serve() == ["lead_left", "retrying", "retrying", "caught_up"]


def test_who_leads_and_cannot_settle_a_disagreement_leaves_the_lead_to_others() -> None:
    house = House([None, OTHER, OTHER], unsettled=1)

    assert house.serve() == ["lead_left", "standing_by"]
    assert (house.released, house.borne) == (1, [0.024])


def test_alone_it_looks_at_the_disagreement_again() -> None:
    house = House([None, None, None, None], unsettled=2)

    assert house.serve() == ["lead_left", "lead_left", "caught_up"]
    assert house.released == 3


def test_alone_it_leads_again_once_its_node_answers() -> None:
    house = House([None, None, None], steps=[SILENT] * 1_000, checks=[SILENT, SILENT])

    def answers() -> None:
        House.check(house)
        house.steps.clear()

    house.check = answers  # type: ignore[method-assign] # the node is back with the third answer
    said = house.serve()

    assert said[said.index("lead_left") + 1 :] == ["retrying", "retrying", "caught_up"]
    assert house.released == 2


def test_who_does_not_stand_by_keeps_the_lead_whatever_its_node_does() -> None:
    house = House([None, None], steps=[SILENT] * 40)

    assert set(house.serve(stand_by=False)) == {"retrying", "caught_up"}
    assert house.borne == [None]
    assert house.released == 1


def test_a_node_that_was_silent_at_the_beginning_is_asked_before_the_lead_is_taken() -> None:
    house = House([None, None, None], begins=[SILENT], checks=[SILENT, SILENT])

    assert house.serve() == ["retrying", "retrying", "retrying", "caught_up"]
    assert (house.checked, house.released) == (3, 2)
