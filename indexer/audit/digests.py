"""One number that stands for every log up to a block. Pure.

Owns what is hashed, and in which order. Refuses whatever a node may tell in two ways: spelling,
the order of an answer, and how a question was cut.

    block   SHA-256 of: number, hash, then for each log in order its index, transaction's hash and
            index, address, topics (how many, then each), data (how long, then the bytes)
    chain   SHA-256 of: the digest before, the digest of the block; blocks without a log are
            left out
    seed    SHA-256 of: chain id, genesis, and the hash of what is mirrored

Numbers are of eight bytes, big-endian. Two mirrors of the same contracts that have one digest at
one block hold the same events up to there.
"""

from __future__ import annotations

from hashlib import sha256
from itertools import groupby
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from indexer.identity import MirrorId
    from indexer.rpc.values import RawLog

_NAME: Final = b"seatmarket audit 1\n"


def seed(mirror: MirrorId, genesis_hash: str, config_hash: str) -> str:
    """What a mirror's chain of digests begins with."""
    return _text(
        sha256(_NAME + _number(mirror.chain_id) + _word(genesis_hash) + _word(config_hash)).digest()
    )


def block_digest(logs: Sequence[RawLog]) -> bytes:
    """The digest of one block's logs, which are at least one and in their order."""
    first = logs[0]
    hashed = sha256(_number(first.block_number) + _word(first.block_hash))
    for log in logs:
        hashed.update(_number(log.log_index) + _word(log.tx_hash) + _number(log.tx_index))
        hashed.update(bytes.fromhex(log.address[2:]))
        hashed.update(_number(len(log.topics)) + b"".join(log.topics))
        hashed.update(_number(len(log.data)) + log.data)
    return hashed.digest()


def by_block(logs: Iterable[RawLog]) -> dict[int, tuple[RawLog, ...]]:
    """Logs in the order of the chain, by the number of their block."""
    return {number: tuple(of) for number, of in groupby(logs, lambda log: log.block_number)}


def extended(digest: str, logs: Iterable[RawLog]) -> str:
    """The digest after some more blocks, whose logs are in the order of the chain."""
    value = _word(digest)
    for of in by_block(logs).values():
        value = sha256(value + block_digest(of)).digest()
    return _text(value)


def _number(value: int) -> bytes:
    return value.to_bytes(8, "big")


def _word(text: str) -> bytes:
    return bytes.fromhex(text[2:])


def _text(value: bytes) -> str:
    return f"0x{value.hex()}"
