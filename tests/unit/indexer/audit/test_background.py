from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from itertools import chain, repeat
from typing import TYPE_CHECKING, Any, cast

import pytest

from indexer.audit.auditor import AuditDisagreed, Stretch
from indexer.audit.background import LOOK_S, Background, auditing, settled
from indexer.audit.examining import StateGone
from indexer.rpc.errors import NodeOverloaded, NodeSilent
from indexer.rpc.values import Mark
from indexer.store.audits import Audited
from indexer.store.checkpoints import FenceLost
from indexer.sync.loop import Pace
from marketplace.storage.errors import DatabaseLockedError, StoreTooNewError

if TYPE_CHECKING:
    from collections.abc import Callable

    from indexer.audit.auditor import Auditor

PACE = Pace(poll_s=1, first_s=0.001, most_s=0.004, database_patience_s=1)
AUDITED = Audited(last=Mark(9, "0x9"), config_hash="0xc", events=7, digest="0xd", owed={})
DONE = Stretch(range(4, 10), AUDITED, 3, 2, final=12)
DISAGREED = AuditDisagreed(4, "the events", "a", "b")


@dataclass
class Stopper:
    """The wish that everything ends, which can be waited for."""

    wished: threading.Event = field(default_factory=threading.Event)
    waits: list[float] = field(default_factory=list)

    def stop(self) -> None:
        self.wished.set()

    def wait(self, seconds: float) -> None:
        self.waits.append(seconds)

    def is_stopped(self) -> bool:
        return self.wished.is_set()


@dataclass
class Told:
    """Remembers what it is told."""

    stretches: list[Stretch] = field(default_factory=list)
    failures: list[tuple[type, int, float]] = field(default_factory=list)

    def audited(self, stretch: Stretch) -> None:
        self.stretches.append(stretch)

    def audit_failed(self, error: Exception, failures: int, wait_s: float) -> None:
        self.failures.append((type(error), failures, wait_s))


@dataclass
class Scripted:
    """An auditor whose steps come to what the test says; the last one is repeated."""

    steps: list[Any]
    settled: bool = True
    free: bool = True
    taken: int = 0
    at_the_end: Callable[[], None] = lambda: None
    looks: list[Exception] = field(default_factory=list)
    """What the first looks at whether it is settled come to."""

    def is_settled(self) -> bool:
        if self.looks:
            raise self.looks.pop(0)
        return self.settled

    def is_free(self) -> bool:
        return self.free

    def step(self) -> Stretch | None:
        step = self.steps[min(self.taken, len(self.steps) - 1)]
        self.taken += 1
        if self.taken >= len(self.steps):
            self.at_the_end()
        if isinstance(step, BaseException):
            raise step
        return cast("Stretch | None", step)

    look_again = step


def background(scripted: Scripted, told: Told) -> Background:
    made = Background(cast("Auditor", scripted), PACE, told)
    scripted.at_the_end = made.stop
    return made


def test_what_a_retry_helps_is_tried_again_at_a_bounded_pace() -> None:
    told = Told()
    silent = NodeSilent("gone")
    made = background(
        Scripted([silent, silent, silent, silent, DONE, DatabaseLockedError("x"), DONE]), told
    )

    made.run()

    assert made.failure is None
    assert told.stretches == [DONE, DONE]
    assert [wait for _, _, wait in told.failures] == [0.001, 0.002, 0.004, 0.004, 0.001]
    assert [count for _, count, _ in told.failures] == [1, 2, 3, 4, 1]


@pytest.mark.parametrize(
    "error", [DISAGREED, StoreTooNewError("mirror", "x", "9", "8"), KeyError("a defect")]
)
def test_whatever_a_retry_does_not_help_is_kept_for_the_loop(error: BaseException) -> None:
    made = background(Scripted([DONE, error]), Told())

    made.run()

    assert made.failure is error


def test_who_was_fenced_off_ends_quietly() -> None:
    made = background(Scripted([FenceLost(1, 2)]), Told())

    made.run()

    assert made.failure is None


def test_a_mirror_that_is_not_level_is_left_alone() -> None:
    scripted = Scripted([DONE], free=False)
    made = background(scripted, Told())
    waits: list[float] = []

    def stop_after(seconds: float) -> bool:
        waits.append(seconds)
        made.stop()
        return True

    made._stopped.wait = stop_after  # type: ignore[assignment,method-assign] # noqa: SLF001 # instead of a second
    made.run()

    assert (scripted.taken, waits) == (0, [LOOK_S])


def test_what_is_final_is_awaited_and_what_was_not_audited_yet_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seconds = chain([0.0, 0.25, 5.0], repeat(7.0))
    monkeypatch.setattr("indexer.audit.background.time.monotonic", lambda: next(seconds))
    scripted = Scripted([DONE, replace(DONE, final=9)], settled=False)
    stopper = Stopper()
    scripted.at_the_end = stopper.stop

    with auditing(cast("Auditor", scripted), PACE, Told(), stopper, None):
        pass

    assert stopper.waits == [0.25, LOOK_S]


def test_a_disagreement_of_before_is_looked_at_before_anything_else() -> None:
    scripted = Scripted([NodeSilent("gone"), DISAGREED], settled=False)
    stopper, entered = Stopper(), []

    with (
        pytest.raises(AuditDisagreed),
        auditing(cast("Auditor", scripted), PACE, Told(), stopper, None),
    ):
        entered.append(True)

    assert (entered, stopper.waits) == ([], [0.001])


def test_a_database_that_is_locked_when_it_is_asked_for_a_disagreement_is_waited_for() -> None:
    locked = DatabaseLockedError("x")
    scripted = Scripted([DISAGREED], settled=False, looks=[locked, locked])
    stopper, told = Stopper(), Told()

    with pytest.raises(AuditDisagreed):
        settled(cast("Auditor", scripted), PACE, told, stopper, None)

    assert stopper.waits == [0.001, 0.002]
    assert [kind for kind, _, _ in told.failures] == [DatabaseLockedError] * 2


def test_a_database_that_stays_locked_while_a_disagreement_is_open_is_given_up() -> None:
    locked = DatabaseLockedError("x")
    steps = [locked, locked, locked]
    scripted, stopper = Scripted(steps, settled=False), Stopper()
    pace = replace(PACE, first_s=1, most_s=4, database_patience_s=6)

    with pytest.raises(DatabaseLockedError):
        settled(cast("Auditor", scripted), pace, Told(), stopper, None)

    assert stopper.waits == [1, 2]


@pytest.mark.parametrize("answer", [DONE, StateGone(7), NodeSilent("gone")])
def test_after_an_answer_of_the_database_its_failing_is_borne_anew(answer: object) -> None:
    # A node is asked when the tables were read, whatever it says.
    locked = DatabaseLockedError("x")
    scripted = Scripted([*[locked, answer] * 50, DISAGREED], settled=False)
    pace = replace(PACE, first_s=1, most_s=4, database_patience_s=6)

    with pytest.raises(AuditDisagreed):
        settled(cast("Auditor", scripted), pace, Told(), Stopper(), None)


@dataclass
class Seconds:
    """A clock that each look moves on by a second."""

    now: float = 0

    def __call__(self) -> float:
        self.now += 1
        return self.now


@pytest.mark.parametrize(
    ("error", "borne"), [(NodeSilent("gone"), 3), (NodeOverloaded(503), 3), (StateGone(7), 15)]
)
def test_a_node_that_does_not_settle_it_is_left_for_others(error: Exception, borne: int) -> None:
    scripted, told = Scripted([error], settled=False), Told()

    assert not background(scripted, told).settle(Stopper(), 3, Seconds())

    # Counted from the first on.
    assert len(told.failures) == scripted.taken == borne + 2


def test_where_it_is_left_nothing_is_audited_either() -> None:
    scripted, entered = Scripted([StateGone(7)], settled=False), []
    before = threading.active_count()

    with auditing(cast("Auditor", scripted), PACE, Told(), Stopper(), 0) as is_settled:
        entered.append((is_settled, threading.active_count()))

    assert entered == [(False, before)]


def test_a_node_by_which_the_counting_goes_on_is_kept() -> None:
    silent = [NodeSilent("gone")] * 3
    scripted = Scripted([*silent, DONE, *silent, DISAGREED], settled=False)

    with pytest.raises(AuditDisagreed):
        background(scripted, Told()).settle(Stopper(), 3, Seconds())


def test_a_database_that_fails_is_no_fault_of_the_node() -> None:
    locked, silent = DatabaseLockedError("x"), NodeSilent("gone")
    scripted = Scripted([*[silent, locked] * 40, DISAGREED], settled=False)

    with pytest.raises(AuditDisagreed):
        background(scripted, Told()).settle(Stopper(), 3, Seconds())


def test_without_anybody_to_leave_it_to_a_node_is_borne_for_ever() -> None:
    scripted = Scripted([*[StateGone(7)] * 500, DISAGREED], settled=False)

    with pytest.raises(AuditDisagreed):
        background(scripted, Told()).settle(Stopper(), None, Seconds())


def test_a_wish_to_stop_ends_the_looking() -> None:
    scripted, stopper = Scripted([NodeSilent("gone")], settled=False), Stopper()
    scripted.at_the_end = stopper.stop

    with auditing(cast("Auditor", scripted), PACE, Told(), stopper, None):
        pass

    assert len(stopper.waits) == 1


def test_a_disagreement_ends_the_block_and_is_raised_in_the_place_of_its_own_error() -> None:
    scripted, stopper = Scripted([DONE, DISAGREED]), Stopper()

    def follow() -> None:
        with auditing(cast("Auditor", scripted), PACE, Told(), stopper, None):
            assert stopper.wished.wait(10)
            raise FenceLost(1, 2)

    with pytest.raises(AuditDisagreed) as refusal:
        follow()

    assert isinstance(refusal.value.__context__, FenceLost)


def test_nothing_is_left_running_after_the_block() -> None:
    before = threading.active_count()

    with auditing(cast("Auditor", Scripted([None])), PACE, Told(), Stopper(), None):
        assert threading.active_count() == before + 1

    assert threading.active_count() == before
