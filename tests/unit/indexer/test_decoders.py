"""The quick decoders say what the general one says, of every event and of every odd log."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any, get_args

import pytest
from eth_abi.abi import encode
from msgspec.structs import replace

from indexer.decoders import Unfit, compiled
from indexer.decoding import decode, decode_generally
from indexer.rpc.values import RawLog
from marketplace.bindings.events import Event
from marketplace.bindings.interface import interface_of
from marketplace.domain.errors import SeatmarketError
from tests.integration.indexer.market import SEATS

if TYPE_CHECKING:
    from marketplace.bindings.interface import Entry

EVENTS = interface_of("Seats").events
CLASSES = {cls.__name__: cls for cls in get_args(Event)}
SLOW = {"DropCreated"}
"""What has values of dynamic types."""


def value_of(kind: str, dice: Random) -> object:
    if kind == "address":
        return dice.choice([bytes(20), dice.randbytes(20)])
    if kind == "bool":
        return dice.random() < 0.5
    if kind.endswith("[]"):
        return [value_of(kind[:-2], dice) for _ in range(dice.randrange(4))]
    if kind.startswith("bytes"):
        return dice.randbytes(int(kind[5:]))
    bits = int(kind.removeprefix("uint"))
    return dice.choice([0, 1, 2**bits - 1, dice.randrange(2**bits)])


def log_of(entry: Entry, dice: Random) -> RawLog:
    values = [value_of(one.type, dice) for one in entry.inputs]
    paired = list(zip(entry.inputs, values, strict=True))
    topics = [encode([one.type], [value]) for one, value in paired if one.indexed]
    plain = [(one.type, value) for one, value in paired if not one.indexed]
    return RawLog(
        address=SEATS,
        topics=(entry.digest, *topics),
        data=encode([kind for kind, _ in plain], [value for _, value in plain]),
        block_number=7,
        block_hash="0x" + "07" * 32,
        tx_hash="0x" + "70" * 32,
        tx_index=3,
        log_index=5,
    )


def said(read: Any, log: RawLog) -> object:  # noqa: ANN401 - either decoder
    """What a decoder makes of a log: event and text, or the sentence of its error."""
    try:
        event, arguments = read(log)
    except SeatmarketError as error:
        return str(error)
    return event, [type(getattr(event, name)) for name in event.__slots__], arguments


def quick(log: RawLog) -> tuple[object, str]:
    entry = decode(log, 1)
    return entry.occurrence.event, entry.arguments


def test_every_event_but_those_with_dynamic_values_has_a_quick_decoder() -> None:
    without = {name for name, entry in EVENTS.items() if compiled(entry, CLASSES[name]) is None}

    assert without == SLOW


@pytest.mark.parametrize("name", sorted(set(EVENTS) - SLOW))
def test_quick_and_general_decoders_agree(name: str) -> None:
    entry, dice = EVENTS[name], Random(name)
    decoder = compiled(entry, CLASSES[name])
    assert decoder is not None
    taken = 0
    for _ in range(50):
        log = log_of(entry, dice)
        expected = said(decode_generally, log)
        assert said(quick, log) == expected
        try:
            # Not by way of `decode`, which would ask the general one where this one cannot.
            assert decoder(log.topics, log.data) == (expected[0], expected[2])  # type: ignore[index] # no error here
            taken += 1
        except (ValueError, TypeError):
            # An enumeration that has no such value: the general one refuses it too.
            assert isinstance(expected, str)
    assert taken


@pytest.mark.parametrize("name", sorted(EVENTS))
def test_logs_that_are_odd_are_taken_or_refused_alike(name: str) -> None:
    entry, dice = EVENTS[name], Random(name)
    for _ in range(100):
        log = log_of(entry, dice)
        data, topics = bytearray(log.data), [bytearray(one) for one in log.topics]
        match dice.choice(["short", "long", "bit", "topic", "fewer", "more"]):
            case "short":
                data = data[: dice.randrange(len(data) + 1)]
            case "long":
                data += dice.randbytes(dice.choice([1, 32]))
            case "bit" if data:
                data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
            case "topic" if len(topics) > 1:
                dice.choice(topics[1:])[dice.randrange(32)] ^= 1 << dice.randrange(8)
            case "fewer":
                topics = topics[: max(1, len(topics) - 1)]
            case _:
                topics.append(bytearray(32))
        odd = replace(log, data=bytes(data), topics=tuple(map(bytes, topics)))
        assert said(quick, odd) == said(decode_generally, odd)


def test_bits_beyond_a_type_are_left_to_the_general_decoder() -> None:
    decoder = compiled(EVENTS["Transfer"], CLASSES["Transfer"])
    assert decoder is not None

    with pytest.raises(Unfit):
        decoder((bytes(32), b"\xff" * 32, bytes(32), bytes(32)), b"")
