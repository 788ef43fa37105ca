"""From JSON to headers and logs, as the execution API's standard writes them.

Owns the reading of quantities, bytes, hashes and of the shapes built from them. Refuses everything
else with AnswerMalformed: a truncated answer must not look like a block without logs. Logs that
the node marks as `removed` are left out: they are of a branch that it has left.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from indexer.rpc.errors import AnswerMalformed
from indexer.rpc.values import BlockHeader, RawLog
from marketplace.bindings.addresses import checksum_address

if TYPE_CHECKING:
    from indexer.rpc.client import Json
    from marketplace.domain.addresses import ChecksumAddress

_QUANTITY: Final = re.compile(r"0x[0-9a-fA-F]{1,64}")
_HASH: Final = re.compile(r"0x[0-9a-fA-F]{64}")
_ADDRESS: Final = re.compile(r"0x[0-9a-fA-F]{40}")
_DATA: Final = re.compile(r"0x(?:[0-9a-fA-F]{2})*")
_BLOOM: Final = re.compile(r"0x[0-9a-fA-F]{512}")


def read_quantity(value: Json, what: str) -> int:
    """Read a number. Raises AnswerMalformed."""
    return int(_matched(_QUANTITY, value, what), 16)


def read_data(value: Json, what: str) -> bytes:
    """Read bytes of any length. Raises AnswerMalformed."""
    return bytes.fromhex(_matched(_DATA, value, what)[2:])


def read_header(value: Json) -> BlockHeader | None:
    """Read a block without transactions; None for null. Raises AnswerMalformed."""
    if value is None:
        return None
    block = _object(value, "a block")
    return BlockHeader(
        number=read_quantity(block.get("number"), "a block's number"),
        hash=_hash(block.get("hash"), "a block's hash"),
        parent_hash=_hash(block.get("parentHash"), "a block's parent"),
        timestamp_s=read_quantity(block.get("timestamp"), "a block's timestamp"),
        logs_bloom=int(_matched(_BLOOM, block.get("logsBloom"), "a block's bloom"), 16),
    )


def read_logs(value: Json) -> tuple[RawLog, ...]:
    """Read a list of logs. Raises AnswerMalformed, for null too."""
    if not isinstance(value, list):
        raise AnswerMalformed("eth_getLogs", "it is not a list of logs")
    logs = [_object(one, "a log") for one in value]
    return tuple(_log(log) for log in logs if log.get("removed") is not True)


def _log(log: dict[str, Json]) -> RawLog:
    topics = log.get("topics")
    if not isinstance(topics, list):
        raise AnswerMalformed("eth_getLogs", "a log has no list of topics")
    return RawLog(
        address=_address(_matched(_ADDRESS, log.get("address"), "a log's address").lower()),
        topics=tuple(bytes.fromhex(_hash(topic, "a topic")[2:]) for topic in topics),
        data=read_data(log.get("data"), "a log's data"),
        block_number=read_quantity(log.get("blockNumber"), "a log's block number"),
        block_hash=_hash(log.get("blockHash"), "a log's block hash"),
        tx_hash=_hash(log.get("transactionHash"), "a log's transaction"),
        tx_index=read_quantity(log.get("transactionIndex"), "a log's transaction index"),
        log_index=read_quantity(log.get("logIndex"), "a log's index"),
    )


@lru_cache(maxsize=4096)
def _address(digits: str) -> ChecksumAddress:
    return checksum_address(bytes.fromhex(digits[2:]))


def _object(value: Json, what: str) -> dict[str, Json]:
    if not isinstance(value, dict):
        raise AnswerMalformed("a question", f"{what} is not an object")
    return value


def _hash(value: Json, what: str) -> str:
    return _matched(_HASH, value, what).lower()


def _matched(pattern: re.Pattern[str], value: Json, what: str) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise AnswerMalformed("a question", f"{what} is {str(value)[:80]!r}")
    return value
