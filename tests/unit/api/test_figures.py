from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from api.figures import MIRROR_FIGURES, PREFIX, Figures
from api.gate.asking import Gate
from api.gate.values import Action, Anonymous, BlockFacts, Holder, SeatFacts
from marketplace.storage.errors import DatabaseUnreachableError
from tests.unit.api.gate.test_decide import ADA, DROP, NOW, ROOM, SEAT, known

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from api.gate.ports import Question
    from api.gate.values import Facts
    from marketplace.domain.addresses import ChecksumAddress

PAGE = Path(__file__).parents[3] / "docs" / "api.md"
BLOCK = BlockFacts(100, "0x" + "ab" * 32, 98, 96, 3)


class Mirror:
    """A mirror that stands at a block, or cannot be read."""

    def __init__(self, block: BlockFacts | Exception | None) -> None:
        self._block = block

    def block(self, now: int) -> BlockFacts | None:
        assert now == 7
        if isinstance(self._block, Exception):
            raise self._block
        return self._block

    def facts(self, question: Question) -> Facts:
        assert question.drops == {DROP}
        return known(SeatFacts(SEAT, ADA, 90))

    def facts_of_each(
        self, question: Question, accounts: Collection[ChecksumAddress]
    ) -> Mapping[ChecksumAddress | None, Facts]:
        return dict.fromkeys((None, *accounts), self.facts(question))

    def require_current(self) -> None:
        raise NotImplementedError


def value(figures: Figures, name: str, **labels: str) -> float | None:
    return figures.registry.get_sample_value(f"{PREFIX}_{name}", labels)


def watching(block: BlockFacts | Exception | None, streams: int = 0) -> Figures:
    figures = Figures()
    figures.watch(Mirror(block), lambda: streams, lambda: 7)
    return figures


def test_requests_are_counted_under_their_route_and_status() -> None:
    figures = Figures()
    for status, seconds in ((200, 0.003), (200, 0.3), (404, 0.3)):
        figures.began()
        assert value(figures, "requests_under_way") == 1
        figures.answered("GET", "/v1/drops/{drop}", status, seconds)
    of = {"method": "GET", "route": "/v1/drops/{drop}"}
    assert value(figures, "requests_total", **of, status="200") == 2
    assert value(figures, "requests_total", **of, status="404") == 1
    assert value(figures, "request_seconds_count", route=of["route"]) == 3
    assert value(figures, "request_seconds_bucket", route=of["route"], le="0.005") == 1
    assert value(figures, "requests_under_way") == 0


def test_faults_are_counted_from_nought_on() -> None:
    figures = Figures()
    assert value(figures, "faults_total") == 0
    for status in (200, 404, 503, 500):
        figures.began()
        figures.answered("GET", "/v1/drops", status, 0.1)
    assert value(figures, "faults_total") == 1


def test_decisions_are_counted_under_their_reason() -> None:
    figures = Figures()
    gate = Gate(Mirror(BLOCK), 15, figures)
    for principal in (Holder(ADA), Holder(ADA), Anonymous()):
        gate.ask(principal, Action.ENTER_SESSION, ROOM, now=NOW)
    counted = {
        reason: value(figures, "decisions_total", action="enter_session", reason=reason)
        for reason in ("admitted", "not_signed_in", "no_seat")
    }
    assert counted == {"admitted": 2, "not_signed_in": 1, "no_seat": None}


def test_the_mirror_is_looked_at_when_somebody_asks() -> None:
    figures = watching(BLOCK, streams=4)
    names = ("mirror_readable", "mirror_head_block", "mirror_lag_seconds", "event_streams")
    assert [value(figures, name) for name in names] == [1, 100, 3, 4]


@pytest.mark.parametrize("block", [None, DatabaseUnreachableError("db", "refused")])
def test_a_mirror_that_cannot_be_read_is_said_to_be_none(block: Exception | None) -> None:
    figures = watching(block)
    names = ("mirror_readable", "mirror_head_block", "mirror_lag_seconds")
    assert [value(figures, name) for name in names] == [0, None, None]


def test_every_figure_stands_in_the_page() -> None:
    told = re.findall(r"^\| `(seats_api_\w+)` \|", PAGE.read_text("utf-8"), re.MULTILINE)
    counted = {
        f"{family.name}_total" if family.type == "counter" else family.name
        for family in Figures().registry.collect()
    }
    assert sorted(told) == sorted(counted | {f"{PREFIX}_{name}" for name in MIRROR_FIGURES})
