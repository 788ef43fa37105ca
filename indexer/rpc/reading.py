"""From JSON to headers and logs, as the execution API's standard writes them.

Owns the reading of quantities, bytes, hashes and of the shapes built from them. Refuses everything
else with AnswerMalformed: a truncated answer must not look like a block without logs. Logs that
the node marks as `removed` are left out: they are of a branch that it has left.
"""

from __future__ import annotations

import re
from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final, cast

from indexer.rpc.errors import AnswerMalformed
from indexer.rpc.values import BlockHeader, RawLog
from marketplace.bindings.addresses import checksum_address

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indexer.rpc.client import Json
    from marketplace.domain.addresses import ChecksumAddress

_QUANTITY: Final = re.compile(r"0x[0-9a-fA-F]{1,64}")
_MOST: Final = 2**63 - 1


def read_quantity(value: Json, what: str) -> int:
    """Read a number. Raises AnswerMalformed."""
    if not isinstance(value, str) or not _QUANTITY.fullmatch(value):
        raise _malformed(value, what)
    return int(value, 16)


def read_place(value: Json, what: str) -> int:
    """Read a number that counts blocks, logs or seconds. Raises AnswerMalformed.

    No chain has had as many as a signed number of 64 bits can say, and the tables hold no more.
    """
    number = read_quantity(value, what)
    if number > _MOST:
        raise _malformed(value, what)
    return number


def read_data(value: Json, what: str) -> bytes:
    """Read bytes of any length. Raises AnswerMalformed."""
    if not isinstance(value, str) or value[:2] != "0x":
        raise _malformed(value, what)
    try:
        found = bytes.fromhex(value[2:])
    except ValueError:
        raise _malformed(value, what) from None
    # Python passes over white space between bytes; what it passed over is missing here.
    if 2 * len(found) + 2 != len(value):
        raise _malformed(value, what)
    return found


def read_header(value: Json) -> BlockHeader | None:
    """Read a block without transactions; None for null. Raises AnswerMalformed."""
    if value is None:
        return None
    block = _object(value, "a block")
    return BlockHeader(
        number=read_place(block.get("number"), "a block's number"),
        hash=_hash(block.get("hash"), "a block's hash"),
        parent_hash=_hash(block.get("parentHash"), "a block's parent"),
        timestamp_s=read_place(block.get("timestamp"), "a block's timestamp"),
        logs_bloom=int.from_bytes(_octets(block.get("logsBloom"), 256, "a block's bloom"), "big"),
    )


def read_logs(value: Json) -> tuple[RawLog, ...]:
    """Read a list of logs. Raises AnswerMalformed, for null too."""
    if not isinstance(value, list):
        raise AnswerMalformed("eth_getLogs", "it is not a list of logs")
    logs = [log for log in _objects(value) if log.get("removed") is not True]
    if not logs:
        return ()
    try:
        return _columns(*zip(*map(_fields, logs), strict=True))
    except KeyError as error:
        raise AnswerMalformed("eth_getLogs", f"a log has no {error.args[0]}") from None
    except TypeError:
        # A list or an object where a text should be: no cache takes it for a key.
        raise AnswerMalformed("eth_getLogs", "a log's field is no text") from None


def _columns(  # noqa: PLR0913, PLR0917 - a log has as many fields
    addresses: Sequence[Json],
    topics: Sequence[Json],
    data: Sequence[Json],
    numbers: Sequence[Json],
    block_hashes: Sequence[Json],
    tx_hashes: Sequence[Json],
    tx_indexes: Sequence[Json],
    log_indexes: Sequence[Json],
) -> tuple[RawLog, ...]:
    """Make logs of their fields, one or more of each: all of a kind at once takes half the time."""
    if any(kind is not list for kind in set(map(type, topics))):
        raise AnswerMalformed("eth_getLogs", "a log has no list of topics")
    lists: Any = topics
    return tuple(
        map(
            RawLog,
            map(_address, addresses),
            [tuple(map(_topic, one)) for one in lists],
            _all_data(data),
            map(_number, numbers),
            map(_block_hash, block_hashes),
            map(_transaction, tx_hashes),
            map(_number, tx_indexes),
            map(_number, log_indexes),
        )
    )


def _all_data(values: Sequence[Json]) -> list[bytes]:
    texts: Any = values
    try:
        found = [bytes.fromhex(one[2:]) for one in texts]
        sound = {one[:2] for one in texts} == {"0x"}
        # As in `read_data`: nothing was passed over.
        if sound and 2 * sum(map(len, found)) + 2 * len(found) == sum(map(len, texts)):
            return found
    except (TypeError, ValueError):
        pass
    # One of them is no data; it says which.
    return [read_data(one, "a log's data") for one in values]


def _objects(value: list[Json]) -> Sequence[dict[str, Json]]:
    objects: Any = value
    if any(kind is not dict for kind in set(map(type, value))):
        objects = [_object(one, "a log") for one in value]
    return cast("Sequence[dict[str, Json]]", objects)


_fields: Final = itemgetter(
    *("address", "topics", "data", "blockNumber", "blockHash"),
    *("transactionHash", "transactionIndex", "logIndex"),
)


# Logs of one answer repeat most of what they say: what was read once is not looked at again.
@lru_cache(maxsize=4_096)
def _number(value: Json) -> int:
    return read_place(value, "a log's number or index")


@lru_cache(maxsize=65_536)
def _topic(value: Json) -> bytes:
    return _octets(value, 32, "a topic")


@lru_cache(maxsize=4_096)
def _block_hash(value: Json) -> str:
    return _hash(value, "a log's block hash")


@lru_cache(maxsize=4_096)
def _transaction(value: Json) -> str:
    return _hash(value, "a log's transaction")


@lru_cache(maxsize=4_096)
def _address(value: Json) -> ChecksumAddress:
    return checksum_address(_octets(value, 20, "a log's address"))


def _object(value: Json, what: str) -> dict[str, Json]:
    if not isinstance(value, dict):
        raise AnswerMalformed("a question", f"{what} is not an object")
    return value


def _hash(value: Json, what: str) -> str:
    return f"0x{_octets(value, 32, what).hex()}"


def _octets(value: Json, length: int, what: str) -> bytes:
    """Read bytes of one length."""
    found = read_data(value, what)
    if len(found) != length:
        raise _malformed(value, what)
    return found


def _malformed(value: Json, what: str) -> AnswerMalformed:
    return AnswerMalformed("a question", f"{what} is {str(value)[:80]!r}")
