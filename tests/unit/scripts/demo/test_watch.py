from __future__ import annotations

from threading import Event

import pytest

from marketplace.bindings.node import NodeUnreachable
from marketplace.domain.errors import MirrorInconsistent, SeatmarketError
from scripts.demo.watch import Part, PartEnded, PartUnavailable, Watch

LONG_S = 10.0


def ended_with(cause: BaseException) -> Watch:
    """A watch over a part that ended so."""
    watch = Watch()

    def run() -> None:
        raise cause

    part = Part("index", run, lambda: None, watch)
    part.start()
    part.end(LONG_S)
    return watch


def test_a_part_that_runs_and_is_stopped_is_no_fault() -> None:
    watch, stopped = Watch(), Event()
    part = Part("index", lambda: stopped.wait(LONG_S), stopped.set, watch)
    part.start()
    watch.wait(0)
    part.end(LONG_S)
    watch.require_whole()


@pytest.mark.parametrize(
    ("cause", "kind"),
    [
        (MirrorInconsistent("The tables lack blocks."), PartEnded),
        (NodeUnreachable("refused"), PartUnavailable),
    ],
)
def test_a_part_that_ends_by_itself_is_told_in_its_own_words(
    cause: SeatmarketError, kind: type[SeatmarketError]
) -> None:
    with pytest.raises(kind) as told:
        ended_with(cause).require_whole()
    assert str(told.value) == f"The index has ended: {cause}"


def test_a_defect_keeps_its_own_class() -> None:
    with pytest.raises(ZeroDivisionError):
        ended_with(ZeroDivisionError()).require_whole()


def test_waiting_ends_when_a_part_does() -> None:
    with pytest.raises(PartEnded):
        ended_with(MirrorInconsistent("Torn.")).wait(LONG_S)


def test_the_first_part_that_ends_is_the_one_that_is_told() -> None:
    watch = Watch()
    watch.ended("index", MirrorInconsistent("First."))
    watch.ended("API", MirrorInconsistent("Second."))
    with pytest.raises(PartEnded, match="First"):
        watch.require_whole()
