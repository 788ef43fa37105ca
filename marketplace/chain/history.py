"""What a chain says of a market after one block of long ago.

Owns the look-ups that a receipt is held against. Ownership, mentors, verifiers and terms come from
the market's log, which every node keeps; only delegations need a node that still has the state of
the block. Refuses to judge: `marketplace.receipts.proving` does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from hexbytes import HexBytes
from web3.exceptions import BlockNotFound

from marketplace.bindings.addresses import wire_address
from marketplace.bindings.events import DropCreated, Transfer, VerifierSet
from marketplace.bindings.interface import interface_of
from marketplace.bindings.logs import ARTIFACT, decode_log, raw_log
from marketplace.bindings.node import NodeRefused, typed_failures
from marketplace.chain.errors import HistoryForgotten
from marketplace.domain.addresses import ZERO_ADDRESS
from marketplace.receipts.values import SeenBlock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from web3 import Web3
    from web3.types import FilterParams

    from marketplace.bindings.delegations import Delegations
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.ids import DropId, SeatId

_E = TypeVar("_E", DropCreated, Transfer, VerifierSet)

MAX_QUESTIONS: Final = 5_000
"""Ranges of logs that are asked for before giving up: a node that takes 10,000 blocks at once says
all of a chain of fifty million."""


class NodeAtBlock:
    """A `ChainAtBlock` over a node.

    Args:
        web3: Of the node.
        market: The contract.
        registry: Of delegations.
        block: The number of the block after which everything is asked.
        block_hash: Of that block, 32 bytes.
    """

    def __init__(
        self,
        web3: Web3,
        market: ChecksumAddress,
        registry: Delegations,
        block: int,
        block_hash: bytes,
    ) -> None:
        self._web3 = web3
        self._market = market
        self._registry = registry
        self._block = block
        self._block_hash = block_hash

    def chain_id(self) -> int:
        """The EIP-155 id."""
        with typed_failures():
            return self._web3.eth.chain_id

    def block(self) -> SeenBlock | None:
        """The block with the number; None: there is none yet."""
        try:
            with typed_failures():
                found = self._web3.eth.get_block(self._block)
        except BlockNotFound:
            return None
        return SeenBlock(f"0x{bytes(found['hash']).hex()}", found["timestamp"])

    def owner(self, seat: SeatId) -> ChecksumAddress | None:
        """Who owned a seat after the block; None: nobody."""
        last = _last(self._told(Transfer, None, None, int(seat)))
        return None if last is None or last.to == ZERO_ADDRESS else last.to

    def seats(self, account: ChecksumAddress, drop: DropId) -> frozenset[SeatId]:
        """Which seats of a drop an account owned after the block."""
        taken = [one.id for one in self._told(Transfer, None, int(account, 16))]
        mine = {seat for seat in taken if seat.drop == drop}
        return frozenset(seat for seat in mine if self.owner(seat) == account)

    def is_delegate(
        self, account: ChecksumAddress, owner: ChecksumAddress, seat: SeatId, rights: str
    ) -> bool:
        """Whether an account could act for an owner after the block."""
        try:
            return self._registry.is_delegate(
                account, owner, self._market, seat, rights=rights, block=self._block_hash
            )
        except NodeRefused as error:
            raise HistoryForgotten(self._block) from error

    def mentor(self, drop: DropId) -> ChecksumAddress | None:
        """Whose drop it is; None: there was no such drop."""
        created = self._created(drop)
        return None if created is None else created.mentor

    def verifier(self, drop: DropId) -> ChecksumAddress | None:
        """Who checked people in after the block; None: nobody was named."""
        last = _last(self._told(VerifierSet, int(drop)))
        return None if last is None or last.verifier == ZERO_ADDRESS else last.verifier

    def terms_hash(self, drop: DropId) -> str | None:
        """The hash of a drop's terms; None: there was no such drop."""
        created = self._created(drop)
        return None if created is None else f"0x{created.terms_hash.hex()}"

    def _created(self, drop: DropId) -> DropCreated | None:
        return _last(self._told(DropCreated, int(drop)))

    def _told(self, kind: type[_E], *topics: int | None) -> Iterator[_E]:
        """The market's events of a kind up to the block, the oldest first.

        Ranges are halved for as long as the node refuses them. Raises HistoryForgotten when it
        refuses a single block, or after too many questions.
        """
        digest = interface_of(ARTIFACT).events[kind.__name__].digest
        first, size = 0, self._block + 1
        for _ in range(MAX_QUESTIONS):
            if first > self._block:
                return
            last = min(first + size - 1, self._block)
            asked: FilterParams = {
                "address": wire_address(self._market),
                "topics": [HexBytes(digest), *(_word(topic) for topic in topics)],
                "fromBlock": first,
                "toBlock": last,
            }
            try:
                with typed_failures():
                    found = self._web3.eth.get_logs(asked)
            except NodeRefused as error:
                if first == last:
                    raise HistoryForgotten(self._block) from error
                size = (last - first + 2) // 2
                continue
            for log in found:
                event = decode_log(raw_log(log)).event
                if isinstance(event, kind):
                    yield event
            first = last + 1
        raise HistoryForgotten(self._block)


def _last(told: Iterator[_E]) -> _E | None:
    last = None
    for one in told:
        last = one
    return last


def _word(topic: int | None) -> HexBytes | None:
    return None if topic is None else HexBytes(topic.to_bytes(32, "big"))
