from __future__ import annotations

from dataclasses import replace

import pytest
from eth_utils.crypto import keccak
from msgspec.structs import replace as changed

from indexer.rpc.consistency import require_belonging, require_complete, tidied
from indexer.rpc.errors import LogsContradict, ViewChanged
from indexer.rpc.values import BlockHeader, RawLog
from marketplace.bindings.addresses import checksum_address

HEADER = BlockHeader(number=7, hash="0x07", parent_hash="0x06", timestamp_s=1, logs_bloom=0)
LOG = RawLog(
    address=checksum_address(bytes.fromhex("095e7baea6a6c7c4c2dfeb977efac326af552d87")),
    topics=(bytes(32),),
    data=b"",
    block_number=7,
    block_hash="0x07",
    tx_hash="0x70",
    tx_index=0,
    log_index=0,
)
OTHER = changed(LOG, log_index=1, topics=(b"\x01" * 32,))


def bloom_of(*logs: RawLog) -> int:
    """The bloom by the yellow paper's own words (4.4.3)."""
    bits = 0
    for log in logs:
        for item in (bytes.fromhex(log.address[2:]), *log.topics):
            digest = keccak(item).hex()
            bits |= sum({1 << int(digest[at : at + 4], 16) % 2048 for at in (0, 4, 8)})
    return bits


def test_logs_are_put_in_the_order_of_the_chain() -> None:
    earlier = changed(LOG, block_number=6, block_hash="0x06", log_index=9)

    assert tidied([OTHER, LOG, earlier]) == (earlier, LOG, OTHER)


def test_identical_duplicates_are_one_log() -> None:
    assert tidied([LOG, changed(LOG), OTHER, LOG]) == (LOG, OTHER)


def test_two_logs_for_one_place_contradict() -> None:
    with pytest.raises(LogsContradict, match="Use another node") as stop:
        tidied([LOG, changed(LOG, data=b"\x01")])

    assert stop.value.retry_helps is False


def test_a_log_of_another_fork_does_not_belong() -> None:
    require_belonging([LOG, OTHER], {7: HEADER})
    with pytest.raises(ViewChanged, match="log 0 of block 7"):
        require_belonging([changed(LOG, block_hash="0x17")], {7: HEADER})


def test_a_log_of_a_block_without_header_does_not_belong() -> None:
    with pytest.raises(ViewChanged):
        require_belonging([LOG], {6: HEADER})


def test_all_logs_fit_the_bloom() -> None:
    require_complete(HEADER, [])
    require_complete(replace(HEADER, logs_bloom=bloom_of(LOG, OTHER)), [LOG, OTHER])


@pytest.mark.parametrize("given", [[], [LOG], [OTHER]])
def test_missing_logs_do_not_fit_the_bloom(given: list[RawLog]) -> None:
    with pytest.raises(ViewChanged, match="bloom"):
        require_complete(replace(HEADER, logs_bloom=bloom_of(LOG, OTHER)), given)


def test_logs_of_another_block_do_not_fit_the_bloom() -> None:
    with pytest.raises(ViewChanged):
        require_complete(replace(HEADER, logs_bloom=bloom_of(LOG)), [OTHER])
