"""What makes logs believable: the right block, no contradictions, none missing.

Owns three rules over values that a node gave. Refuses to ask again: it raises, and the loop asks.
The bloom of a header covers every log of its block, so logs that are held against it are of that
block and, but for repeated contents, all of them; an empty answer of a node that is behind is an
error and not silence.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import islice
from operator import attrgetter, lt
from typing import TYPE_CHECKING, Final

from eth_utils.crypto import keccak

from indexer.rpc.errors import LogsContradict, ViewChanged

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from indexer.rpc.values import BlockHeader, RawLog
    from marketplace.domain.addresses import ChecksumAddress

_PLACE: Final = attrgetter("block_number", "log_index")


def tidied(logs: Iterable[RawLog]) -> tuple[RawLog, ...]:
    """Order logs as on the chain and keep one of identical ones.

    Raises:
        LogsContradict: two different logs for one place of one block.
    """
    given = tuple(logs)
    places = list(map(_PLACE, given))
    # As nodes give them: each after the one before, so none is there twice.
    if all(map(lt, places, islice(places, 1, None))):
        return given
    found: dict[tuple[int, str, int], RawLog] = {}
    for log in given:
        place = (log.block_number, log.block_hash, log.log_index)
        if found.setdefault(place, log) != log:
            raise LogsContradict(log.block_number, log.block_hash, log.log_index)
    return tuple(found[place] for place in sorted(found, key=lambda one: (one[0], one[2])))


def require_belonging(logs: Iterable[RawLog], headers: Mapping[int, BlockHeader]) -> None:
    """Check that every log is of the block that its number names.

    Raises:
        ViewChanged: a log of another fork, or of a block whose header is not there.
    """
    hashes = {number: header.hash for number, header in headers.items()}
    for log in logs:
        if hashes.get(log.block_number) != log.block_hash:
            raise ViewChanged(
                f"log {log.log_index} of block {log.block_number} is not of the block whose "
                "header was given"
            )


def require_complete(header: BlockHeader, logs: Iterable[RawLog]) -> None:
    """Check all logs of a block, of whatever contract, against its bloom.

    Raises:
        ViewChanged: logs are missing, or are not of this block.
    """
    bloom = 0
    for log in logs:
        bloom |= _bits(bytes.fromhex(log.address[2:]))
        for topic in log.topics:
            bloom |= _bits(topic)
    if bloom != header.logs_bloom:
        raise ViewChanged(f"the logs of block {header.number} are not those that its bloom holds")


def may_hold(header: BlockHeader, addresses: Iterable[ChecksumAddress]) -> bool:
    """Whether a block may hold a log of one of these contracts; if not, it certainly does not."""
    bits = (_bits(bytes.fromhex(address[2:])) for address in addresses)
    return any(header.logs_bloom & one == one for one in bits)


@lru_cache(maxsize=65_536)
def _bits(item: bytes) -> int:
    """The three bits of an item: eleven low bits of each of its hash's first three pairs."""
    digest = keccak(item)
    return sum(
        {1 << (int.from_bytes(digest[start : start + 2], "big") & 2047) for start in (0, 2, 4)}
    )
