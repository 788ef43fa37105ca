from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from scripts.toolchain.errors import DriftError, ToolFailedError
from tests.benchmarks import gas
from tests.benchmarks.gas import REPORTED, Measurement, last_line, table

if TYPE_CHECKING:
    from collections.abc import Callable

    from scripts.toolchain.gas import Figures
    from scripts.toolchain.project import Project


def figures() -> Figures:
    return {
        "operations": {name: str(10_000 + place) for place, name in enumerate(REPORTED)}
        | {"bump_counter": "28138"},
        "options": {"mint_with_referrer": "82905"},
        "baselines": {"solady_mint_one_new": "73443", "erc721a_mint_five": "81275"},
        "sizes": {"SeatViews": "2924", "Seats": "14922"},
    }


def row(text: str, name: str) -> str:
    return next(line for line in text.splitlines() if line.startswith(f"{name} "))


def test_the_last_line_has_the_reported_transactions_and_the_largest_contract() -> None:
    reported = json.loads(last_line(Measurement.of(figures())))

    assert list(reported) == [*REPORTED, "runtime_bytes"]
    assert reported["mint_one_new"] == 10_000
    assert reported["runtime_bytes"] == 14_922


def test_a_row_shows_ours_the_goal_the_peers_and_what_is_published() -> None:
    shown = row(table(Measurement.of(figures())), "mint_one_new")

    assert shown.split()[:4] == ["mint_one_new", "10,000", "83,000", "73,443"]
    assert shown.endswith("SeaDrop public mint 105,398")


def test_a_peers_figure_stands_below_its_name() -> None:
    lines = table(Measurement.of(figures())).splitlines()

    shown = row("\n".join(lines), "mint_five")
    assert shown.index("81,275") + len("81,275") == lines[0].index("ERC721A") + len("ERC721A")


def test_a_missed_goal_is_marked() -> None:
    over = figures()
    over["operations"]["create_drop"] = "150001"

    assert "150,000 MISSED" in row(table(Measurement.of(over)), "create_drop")


def test_options_and_other_transactions_are_shown_too() -> None:
    text = table(Measurement.of(figures()))

    assert row(text, "bump_counter").split() == ["bump_counter", "28,138"]
    assert row(text, "mint_with_referrer").split() == ["mint_with_referrer", "82,905"]


def test_contracts_are_listed_by_size() -> None:
    lines = table(Measurement.of(figures())).splitlines()

    assert [line.split() for line in lines[-2:]] == [["Seats", "14,922"], ["SeatViews", "2,924"]]


@pytest.mark.parametrize("group", ["operations", "options", "baselines", "sizes"])
def test_a_group_that_was_not_measured_is_an_error(group: str) -> None:
    lacking = figures()
    del lacking[group]

    with pytest.raises(ToolFailedError, match=group):
        Measurement.of(lacking)


def test_a_transaction_that_was_not_measured_is_an_error() -> None:
    lacking = figures()
    del lacking["operations"]["gift_new"]

    with pytest.raises(ToolFailedError, match="gift_new"):
        Measurement.of(lacking)


def measured(_: Project) -> Figures:
    return figures()


def refused(_: Project) -> Figures:
    raise DriftError(["test_MintFive failed."], "A gas test failed; see above.")


@pytest.mark.parametrize(("answer", "code"), [(measured, 0), (refused, 1)])
def test_a_failed_gas_test_fails_the_benchmark(
    monkeypatch: pytest.MonkeyPatch, answer: Callable[[Project], Figures], code: int
) -> None:
    monkeypatch.setattr(gas, "measure", answer)

    assert gas.main() == code


def test_the_last_line_ends_the_output(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(gas, "measure", measured)

    gas.main()

    assert capsys.readouterr().out.splitlines()[-1] == last_line(Measurement.of(figures()))
