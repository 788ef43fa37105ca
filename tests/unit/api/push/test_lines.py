from __future__ import annotations

from api.push import lines


def test_an_event_is_one_block_with_its_number() -> None:
    assert lines.event(7, "seat", '{"a":1}') == 'id: 7\nevent: seat\ndata: {"a":1}\n\n'


def test_a_sign_of_life_moves_the_number_on_and_dispatches_nothing() -> None:
    assert lines.reached(7) == ": alive\nid: 7\n\n"
    assert "data" not in lines.reached(7)


def test_an_end_leaves_the_number_as_it_is() -> None:
    assert lines.end("restart") == 'event: end\ndata: {"reason":"restart"}\n\n'
    assert lines.retry(1_500) == "retry: 1500\n\n"


def test_what_has_no_number_moves_none() -> None:
    assert lines.told("leave", '{"a":1}') == 'event: leave\ndata: {"a":1}\n\n'
    assert lines.alive() == ": alive\n\n"
