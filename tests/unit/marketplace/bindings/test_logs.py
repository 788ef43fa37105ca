from __future__ import annotations

from dataclasses import replace

import pytest
from eth_abi.abi import encode

from marketplace.bindings.events import SeatSold, Transfer
from marketplace.bindings.interface import interface_of
from marketplace.bindings.logs import EventLog, LogUnknown, decode_log
from marketplace.bindings.transactions import RawLog
from marketplace.bindings.values import ValueUnexpected
from marketplace.domain.addresses import ZERO_ADDRESS, ChecksumAddress
from marketplace.domain.ids import SeatId
from marketplace.domain.money import Wei

ADA = ChecksumAddress("0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC")
BO = ChecksumAddress("0x90F79bf6EB2c4f870365E785982E1f101E93b906")


def topic(value: int | str) -> bytes:
    number = int(value, 16) if isinstance(value, str) else value
    return number.to_bytes(32, "big")


SOLD = RawLog(
    address=ZERO_ADDRESS,
    topics=(
        interface_of("Seats").events["SeatSold"].digest,
        topic(7_200_013),
        topic(ADA),
        topic(BO),
    ),
    data=encode(["uint256", "uint256"], [1_000, 100]),
    block_number=5,
    block_hash=b"b" * 32,
    transaction_hash=b"t" * 32,
    log_index=3,
)


def test_a_log_becomes_its_event_and_place() -> None:
    assert decode_log(SOLD) == EventLog(
        event=SeatSold(SeatId(7_200_013), ADA, BO, Wei(1_000), Wei(100)),
        block_number=5,
        block_hash=b"b" * 32,
        transaction_hash=b"t" * 32,
        log_index=3,
    )


def test_a_field_named_like_a_keyword_has_an_underscore() -> None:
    digest = interface_of("Seats").events["Transfer"].digest
    moved = replace(SOLD, topics=(digest, topic(ADA), topic(BO), topic(1)), data=b"")
    assert decode_log(moved).event == Transfer(from_=ADA, to=BO, id=SeatId(1))


@pytest.mark.parametrize("topics", [(), (b"\x01" * 32,), SOLD.topics[:3], (*SOLD.topics, topic(1))])
def test_a_log_that_no_event_explains_stops_the_reader(topics: tuple[bytes, ...]) -> None:
    with pytest.raises(LogUnknown, match="Log 3 of block 5"):
        decode_log(replace(SOLD, topics=topics))


@pytest.mark.parametrize("data", [b"", SOLD.data[:40]])
def test_data_that_is_cut_short_stops_the_reader(data: bytes) -> None:
    with pytest.raises(ValueUnexpected, match="SeatSold"):
        decode_log(replace(SOLD, data=data))


def test_a_dirty_address_stops_the_reader() -> None:
    dirty = (*SOLD.topics[:2], topic(1 << 160), SOLD.topics[3])
    with pytest.raises(ValueUnexpected):
        decode_log(replace(SOLD, topics=dirty))
