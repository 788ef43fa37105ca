from __future__ import annotations

import dataclasses

import pytest

from marketplace.bindings import events
from marketplace.bindings.interface import interface_of
from marketplace.bindings.logs import event_classes
from tests.unit.marketplace.bindings.parity import differences

EVENTS = interface_of("Seats").events


@pytest.mark.parametrize("name", sorted(EVENTS))
def test_every_event_has_a_class_with_its_fields(name: str) -> None:
    assert name in event_classes()
    assert differences(event_classes()[name], EVENTS[name]) == []


def test_no_class_stands_for_an_event_that_there_is_not() -> None:
    declared = {
        name
        for name, value in vars(events).items()
        if dataclasses.is_dataclass(value) and value.__module__.startswith(f"{events.__name__}.")
    }
    assert declared == set(event_classes()) == set(EVENTS)


def test_a_changed_field_would_be_seen() -> None:
    held = EVENTS["Held"]
    renamed = dataclasses.replace(held.inputs[1], name="sum")
    retyped = dataclasses.replace(held.inputs[1], type="bytes32", internal="bytes32")
    for changed in (renamed, retyped):
        entry = dataclasses.replace(held, inputs=(held.inputs[0], changed))
        assert differences(events.Held, entry) != []
    assert differences(events.Held, dataclasses.replace(held, inputs=held.inputs[:1])) != []


def test_an_event_cannot_be_changed() -> None:
    event = events.CounterBumped.__new__(events.CounterBumped)
    with pytest.raises(dataclasses.FrozenInstanceError):
        event.counter = 2  # type: ignore[misc] # the point of the test
