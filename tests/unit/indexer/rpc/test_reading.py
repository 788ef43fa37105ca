from __future__ import annotations

from typing import Any

import pytest

from indexer.rpc.errors import AnswerMalformed
from indexer.rpc.reading import read_header, read_logs
from marketplace.bindings.addresses import checksum_address

HASH = "0x" + "AB" * 32
BLOCK: dict[str, Any] = {
    "number": "0x10",
    "hash": HASH,
    "parentHash": "0x" + "01" * 32,
    "timestamp": "0x6553f100",
    "logsBloom": "0x" + "00" * 255 + "01",
    "transactions": [],
}
LOG: dict[str, Any] = {
    "address": "0x" + "5e" * 20,
    "topics": ["0x" + "02" * 32],
    "data": "0x0102",
    "blockNumber": "0x10",
    "blockHash": HASH,
    "transactionHash": "0x" + "03" * 32,
    "transactionIndex": "0x1",
    "logIndex": "0xa",
    "removed": False,
}


def test_a_header_is_read_with_its_hash_in_lower_case() -> None:
    header = read_header(BLOCK)

    assert header is not None
    assert (header.number, header.hash, header.timestamp_s) == (16, HASH.lower(), 1_700_000_000)
    assert header.logs_bloom == 1


def test_null_is_no_header() -> None:
    assert read_header(None) is None


@pytest.mark.parametrize("name", ["number", "hash", "parentHash", "timestamp", "logsBloom"])
@pytest.mark.parametrize("wrong", [None, 16, "", "0x", "0xzz", "0x1g"])
def test_a_block_with_a_spoilt_field_is_refused(name: str, wrong: Any) -> None:  # noqa: ANN401 - any JSON
    with pytest.raises(AnswerMalformed, match="cannot be read"):
        read_header({**BLOCK, name: wrong})


@pytest.mark.parametrize("name", ["number", "timestamp"])
def test_a_block_beyond_every_chain_is_refused(name: str) -> None:
    assert read_header({**BLOCK, name: hex(2**63 - 1)}) is not None
    with pytest.raises(AnswerMalformed):
        read_header({**BLOCK, name: hex(2**63)})


@pytest.mark.parametrize("name", ["blockNumber", "transactionIndex", "logIndex"])
def test_a_log_that_no_table_could_hold_is_refused(name: str) -> None:
    assert read_logs([{**LOG, name: hex(2**63 - 1)}])
    with pytest.raises(AnswerMalformed):
        read_logs([{**LOG, name: hex(2**63)}])


@pytest.mark.parametrize("wrong", [[], "block", 1, True])
def test_what_is_no_block_is_refused(wrong: Any) -> None:  # noqa: ANN401 - any JSON
    with pytest.raises(AnswerMalformed):
        read_header(wrong)


def test_a_log_is_read() -> None:
    (log,) = read_logs([LOG])

    assert log.address == checksum_address(b"\x5e" * 20)
    assert (log.topics, log.data) == ((b"\x02" * 32,), b"\x01\x02")
    assert (log.block_number, log.tx_index, log.log_index) == (16, 1, 10)


def test_a_removed_log_is_left_out() -> None:
    assert read_logs([{**LOG, "removed": True}, LOG]) == read_logs([LOG])


def test_an_empty_list_is_no_logs() -> None:
    assert read_logs([]) == ()


@pytest.mark.parametrize("wrong", [None, {}, "0x", [None], [[]]])
def test_null_and_other_shapes_are_not_taken_for_no_logs(wrong: Any) -> None:  # noqa: ANN401 - any JSON
    with pytest.raises(AnswerMalformed):
        read_logs(wrong)


@pytest.mark.parametrize("name", sorted(set(LOG) - {"removed"}))
def test_a_log_without_a_field_is_refused(name: str) -> None:
    with pytest.raises(AnswerMalformed):
        read_logs([{key: value for key, value in LOG.items() if key != name}])


SPOILT: dict[str, list[Any]] = {
    "address": [None, "0x", "0x" + "5e" * 19, ["0x" + "5e" * 20]],
    "topics": [None, "", {}, "0x" + "02" * 32, [None], ["0x02"], [["0x" + "02" * 32]]],
    "data": [None, 1, "", "0102", "0x012", "0xzz", "0x01 2", "0x01 02", " 0x01", [], ["0x", "0x"]],
    "blockNumber": [None, 16, "0x", "16", [], {}],
    "blockHash": [None, "0x", "0x" + "ab" * 31, "0x" + "ab" * 31 + "  "],
    "transactionHash": [None, "0x" + "03" * 33, {}],
    "transactionIndex": [None, 1, "0x1g"],
    "logIndex": [None, 1, "-0x1"],
}


@pytest.mark.parametrize(
    ("name", "wrong"), [(name, wrong) for name, values in SPOILT.items() for wrong in values]
)
def test_one_spoilt_field_among_many_logs_is_refused(name: str, wrong: Any) -> None:  # noqa: ANN401 - any JSON
    with pytest.raises(AnswerMalformed):
        read_logs([LOG, {**LOG, name: wrong}, LOG])


def test_logs_come_in_the_order_of_the_answer_each_with_its_own_fields() -> None:
    other = {**LOG, "data": "0x", "topics": [], "logIndex": "0xB", "transactionIndex": "0x2"}

    first, second = read_logs([other, LOG])

    assert (first.data, first.topics, first.tx_index, first.log_index) == (b"", (), 2, 11)
    assert (second.data, second.tx_index, second.log_index) == (b"\x01\x02", 1, 10)
    assert second.tx_hash == LOG["transactionHash"]
