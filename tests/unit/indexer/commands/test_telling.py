from __future__ import annotations

import json

import pytest
import typer

from indexer.commands.telling import tell, telling
from indexer.rpc.errors import NodeSilent

TOLD = {
    "chain_id": 1,
    "live": True,
    "gone": None,
    "rows": {"events": 1_234_567, "spent_seats": 12},
    "leader": {"process": "here:7"},
}


def test_people_are_told_a_line_for_each_member_and_a_table_of_what_it_holds(
    capsys: pytest.CaptureFixture[str],
) -> None:
    tell(TOLD, as_json=False)

    assert capsys.readouterr().out == (
        "chain id  1\n"
        "live      yes\n"
        "rows\n"
        "  events       1,234,567\n"
        "  spent seats         12\n"
        "leader\n"
        "  process  here:7\n"
    )


def test_programs_are_told_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    tell(TOLD, as_json=True)

    said = capsys.readouterr().out
    assert said.count("\n") == 1
    assert json.loads(said) == TOLD


def test_nothing_that_a_node_or_a_process_is_called_steers_the_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    tell({"leader": "here\x1b[2J"}, as_json=False)
    with pytest.raises(typer.Exit), telling():
        raise NodeSilent("\x1b[8mgone")

    said = capsys.readouterr()
    assert said.out == "leader  here\N{REPLACEMENT CHARACTER}[2J\n"
    assert "\x1b" not in said.err
    assert "\N{REPLACEMENT CHARACTER}[8mgone" in said.err
