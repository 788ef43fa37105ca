from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest

from indexer.rpc.errors import NodeOverloaded, NodeSilent
from indexer.sync.decision import FinalizedReplaced
from indexer.sync.loop import Pace, follow
from indexer.sync.outcomes import Outcome
from marketplace.storage.errors import DatabaseLockedError, RowsOrphanedError

if TYPE_CHECKING:
    from indexer.sync.shell import Shell

PACE = Pace(poll_s=7, first_s=1, most_s=4, database_patience_s=9)


class Script:
    """A shell, a waker and a watcher that play a script; the loop stops at its end."""

    def __init__(self, *turns: Outcome | Exception, between_s: float = 0) -> None:
        self.turns = list(turns)
        self.waits: list[float] = []
        self.rests: list[float] = []
        self.words: list[bool] = []
        self.unheard = 0
        self.failures: list[int] = []
        self.has_seen = False
        self.is_stale = False
        self.now = 0.0
        self.between_s = between_s

    def step(self) -> Outcome:
        turn = self.turns.pop(0)
        self.now += 1
        if isinstance(turn, Exception):
            raise turn
        return turn

    def is_stopped(self) -> bool:
        return not self.turns

    def wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += self.between_s

    def rest(self, seconds: float) -> bool:
        self.rests.append(seconds)
        self.now += self.between_s
        return bool(self.words) and self.words.pop(0)

    def found_unheard(self) -> None:
        self.unheard += 1

    def failed(self, error: Exception, failures: int, wait_s: float) -> None:
        assert str(error)
        assert wait_s > 0
        self.failures.append(failures)

    def waiting(self, outcome: Outcome) -> None:
        assert outcome is not Outcome.PROGRESSED

    def play(self, leave_after_s: float | None = None) -> bool:
        shell = cast("Shell", self)
        return follow(shell, self, PACE, self, leave_after_s, lambda: self.now)


def test_progress_is_followed_up_at_once_and_rest_is_polled() -> None:
    script = Script(Outcome.PROGRESSED, Outcome.PROGRESSED, Outcome.CAUGHT_UP, Outcome.NODE_BEHIND)

    script.play()

    assert (script.waits, script.rests) == ([], [7, 7])


def test_a_silent_node_is_asked_for_ever_at_a_bounded_pace() -> None:
    script = Script(*[NodeSilent("gone")] * 2_000, Outcome.PROGRESSED)

    script.play()

    assert script.waits[:4] == [1, 2, 4, 4]
    assert set(script.waits[4:]) == {4}
    assert script.failures[-1] == 2_000


def test_an_answer_ends_the_back_off() -> None:
    silence = NodeSilent("gone")
    script = Script(silence, silence, Outcome.PROGRESSED, silence)

    script.play()

    assert script.waits == [1, 2, 1]


def test_a_database_that_stays_locked_is_given_up() -> None:
    script = Script(*[DatabaseLockedError("it")] * 9)

    with pytest.raises(DatabaseLockedError):
        script.play()

    assert script.waits == [1, 2, 4]


def test_a_database_that_comes_back_is_gone_on_with() -> None:
    locked = DatabaseLockedError("it")
    script = Script(locked, locked, Outcome.PROGRESSED, locked, locked, Outcome.CAUGHT_UP)

    script.play()

    assert (script.waits, script.rests) == ([1, 2, 1, 2], [7])


def test_a_node_that_is_silent_meanwhile_is_no_failing_of_the_database() -> None:
    locked, silent = DatabaseLockedError("it"), NodeSilent("it")
    script = Script(*[locked, silent] * 9, Outcome.CAUGHT_UP)

    script.play()

    assert script.rests == [7]


def test_word_of_a_head_that_is_not_there_yet_is_followed_up_soon_and_ever_more_slowly() -> None:
    script = Script(*[Outcome.CAUGHT_UP] * 12, Outcome.PROGRESSED)
    script.words = [True]

    script.play()

    assert script.waits == [0.01]
    assert script.rests[:4] == [7, 0.01, 0.02, 0.04]
    assert script.rests[-2:] == [5.12, 7]


def test_words_that_nothing_follows_do_not_make_it_ask_without_a_pause() -> None:
    script = Script(*[Outcome.CAUGHT_UP] * 100)
    script.words = [True] * 100

    script.play()

    assert script.waits == [0.01] * 99


def test_what_is_found_without_a_word_is_counted() -> None:
    script = Script(*[Outcome.CAUGHT_UP, Outcome.PROGRESSED, Outcome.PROGRESSED] * 3)
    script.words = [False, True, False]

    script.play()

    assert script.unheard == 2


def test_no_word_ends_the_wait_after_a_failure() -> None:
    script = Script(Outcome.CAUGHT_UP, *[NodeSilent("gone")] * 3, Outcome.CAUGHT_UP)
    script.words = [True] * 9

    script.play()

    assert (script.waits, script.rests) == ([1, 2, 4], [7, 7])


@pytest.mark.parametrize(
    "stop", [FinalizedReplaced(5, "a", "b"), RowsOrphanedError("it", "one", "other")]
)
def test_what_a_retry_does_not_help_stops_at_once(stop: Exception) -> None:
    script = Script(stop, Outcome.CAUGHT_UP)

    with pytest.raises(type(stop)):
        script.play()

    assert script.waits == []


def test_a_node_that_names_no_head_is_left_for_others() -> None:
    script = Script(*[Outcome.CAUGHT_UP] * 3, *[NodeSilent("gone")] * 9)

    assert not script.play(leave_after_s=3)

    # From the first failure on three seconds are borne, the fourth is not.
    assert script.failures == [1, 2, 3, 4, 5]
    assert script.waits == [1, 2, 4, 4]


def test_a_node_that_answers_in_between_is_kept() -> None:
    silence = [NodeSilent("gone")] * 3
    script = Script(*silence, Outcome.PROGRESSED, *silence, Outcome.CAUGHT_UP, *silence)

    assert script.play(leave_after_s=3)


def test_a_node_that_names_heads_and_gives_nothing_else_is_borne_for_longer() -> None:
    script = Script(*[NodeSilent("gone")] * 20)
    script.has_seen = True

    assert not script.play(leave_after_s=3)

    assert script.failures[-1] == 17


def test_a_node_that_stays_behind_is_left_too() -> None:
    script = Script(*[Outcome.NODE_BEHIND] * 20)

    assert not script.play(leave_after_s=3)

    assert len(script.turns) == 3


def test_a_node_whose_heads_go_on_and_stay_too_old_is_left_too() -> None:
    script = Script(*[Outcome.PROGRESSED, Outcome.HEAD_STALE] * 10)
    script.is_stale = True

    assert not script.play(leave_after_s=3)

    assert len(script.turns) == 3


@pytest.mark.parametrize("outcome", [Outcome.NODE_BEHIND, NodeOverloaded(503), NodeSilent("gone")])
def test_the_rest_before_it_is_no_part_of_a_nodes_failing(outcome: Outcome | Exception) -> None:
    script = Script(*[Outcome.CAUGHT_UP, outcome] * 9, Outcome.CAUGHT_UP, between_s=100)

    assert script.play(leave_after_s=3)


def test_a_database_that_fails_is_no_fault_of_the_node() -> None:
    locked, silent = DatabaseLockedError("it"), NodeSilent("gone")
    # However long it takes: what the node would have said, nobody knows.
    script = Script(*[silent, locked] * 9, Outcome.CAUGHT_UP, between_s=10)

    assert script.play(leave_after_s=3)
