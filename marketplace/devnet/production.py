"""Owns how the chain grows: what is accepted, what waits, what the next block or branch holds.

Refuses a queue: what waits while mining is manual is what the next block will hold, in the order of
arrival, and nothing that it could not hold.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from marketplace.devnet.building import BlockBuilder, BlockPlan
from marketplace.devnet.errors import InvalidParams, Rejected
from marketplace.devnet.levels import Levels
from marketplace.devnet.transactions import (
    check_account,
    check_chain,
    check_static,
    decode_transaction,
    sender_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eth.abc import SignedTransactionAPI
    from eth.chains.base import MiningChain
    from eth_typing import Hash32

    from marketplace.devnet.blocks import Block
    from marketplace.devnet.canon import CanonicalChain
    from marketplace.devnet.clock import ChainClock, ClockState
    from marketplace.devnet.settings import DevnetSettings

MOST_BLOCKS_AT_ONCE: Final = 10_000


@dataclass(frozen=True, slots=True)
class Placement:
    """A transaction and the block of a new branch that shall hold it, counted from 0."""

    transaction: SignedTransactionAPI
    block_index: int


@dataclass(frozen=True, slots=True)
class Moment:
    """Everything that grows, as it was at one moment."""

    blocks: tuple[Block, ...]
    clock: ClockState
    levels: Levels
    pool: tuple[SignedTransactionAPI, ...]
    automine: bool


class BlockProducer:
    """Grows one canonical chain.

    Args:
        evm: The py-evm chain whose database the blocks live in.
        canon: The blocks so far.
        clock: What time it is on the chain.
        settings: Chain id, fork and depths.
    """

    def __init__(
        self, evm: MiningChain, canon: CanonicalChain, clock: ChainClock, settings: DevnetSettings
    ) -> None:
        self._evm = evm
        self._canon = canon
        self._clock = clock
        self._settings = settings
        self._pool: list[SignedTransactionAPI] = []
        self._waiting: BlockBuilder | None = None
        self._branches = 0
        self.levels = Levels(settings.safe_depth, settings.finalized_depth)
        self.automine = True

    @property
    def pool(self) -> tuple[SignedTransactionAPI, ...]:
        """Transactions that wait for the next block; always empty while mining is automatic."""
        return tuple(self._pool)

    def decode(self, raw: bytes) -> SignedTransactionAPI:
        """Decode a raw transaction and hold it to this chain's id.

        Raises:
            InvalidParams: If the bytes are no transaction.
            Rejected: If the type or the chain is another one, or the signature is not valid.
        """
        builder = self._evm.get_vm(self._canon.head.header).get_transaction_builder()
        transaction = decode_transaction(raw, builder, self._settings.fork)
        check_chain(transaction, self._settings.chain_id)
        sender_of(transaction)
        return transaction

    def accept(self, transaction: SignedTransactionAPI) -> Hash32:
        """Take a transaction into the next block and, while mining is automatic, mine it.

        Raises:
            Rejected: If the chain's rules refuse it; nothing has changed then.
        """
        builder = self._waiting_block()
        self._check(transaction, builder)
        self._waiting = None
        builder.apply(transaction)
        if self.automine:
            self._finish(builder)
        else:
            self._pool.append(transaction)
            self._waiting = builder
        return transaction.hash

    def set_automine(self, *, on: bool) -> None:
        """Switch automatic mining; switching it on mines what waits."""
        self.automine = on
        if on and self._pool:
            self.mine()

    def mine(self, count: int = 1, interval: int = 0) -> None:
        """Mine blocks; the first one takes what waits.

        Args:
            count: How many.
            interval: Seconds between one block and the next; 0 leaves it to the clock.

        Raises:
            InvalidParams: If that is more than `MOST_BLOCKS_AT_ONCE`.
        """
        if not 0 <= count <= MOST_BLOCKS_AT_ONCE:
            raise InvalidParams(f"At most {MOST_BLOCKS_AT_ONCE} blocks can be mined at once.")
        for index in range(count):
            head = self._canon.head
            if index and interval:
                self._clock.set_next(head.timestamp + interval, head.timestamp)
            self._finish(self.next_block())

    def next_block(self) -> BlockBuilder:
        """A fresh next block as it would be mined now, with what waits in it."""
        timestamp = self._clock.next_timestamp(self._canon.head.timestamp)
        builder = self._open(BlockPlan(timestamp, self._branch_name()))
        fitting: list[SignedTransactionAPI] = []
        for transaction in self._pool:
            try:
                self._check(transaction, builder)
                builder.apply(transaction)
            except Rejected:
                # The head changed under it (reorganisation, edited state): it is dropped, since
                # nothing here waits for a later block.
                continue
            fitting.append(transaction)
        self._pool[:] = fitting
        return builder

    def branch(
        self, depth: int, length: int, placements: Sequence[Placement], *, force: bool
    ) -> None:
        """Replace the top `depth` blocks by `length` others; all or nothing.

        The new blocks bear the timestamps of those they replace and other extra data, so that even
        empty ones have other hashes.

        Raises:
            InvalidParams: If depth, length or a placement does not fit.
            Rejected: If a finalized block would go, or a transaction is invalid on the new branch.
        """
        head = self._canon.head.number
        _check_branch(head, depth, length, placements)
        levels = self.levels.after_reorg_to(head - depth, head, force=force)
        before = self.moment()
        self._branches += 1
        removed = self._canon.orphan_above(head - depth)
        self.levels = levels
        try:
            for index in range(length):
                self._grow_branch(
                    removed[index].timestamp if index < depth else None,
                    [placed.transaction for placed in placements if placed.block_index == index],
                )
        except Rejected:
            self.restore(before)
            raise
        self._waiting = None

    def head_was_edited(self) -> None:
        """Forget what was executed on the state that the head had before."""
        self._waiting = None

    def moment(self) -> Moment:
        """Everything as it is now."""
        return Moment(
            blocks=self._canon.blocks,
            clock=self._clock.state,
            levels=self.levels,
            pool=self.pool,
            automine=self.automine,
        )

    def restore(self, moment: Moment) -> None:
        """Make everything as it was."""
        self._canon.restore(moment.blocks)
        self._clock.state = moment.clock
        self.levels = moment.levels
        self._pool = list(moment.pool)
        self.automine = moment.automine
        self._waiting = None

    def _waiting_block(self) -> BlockBuilder:
        """The next block; what waits is not executed again while nothing else changed."""
        if self._waiting is None or not self._pool:
            self._waiting = self.next_block()
        return self._waiting

    def _grow_branch(
        self, timestamp: int | None, transactions: Sequence[SignedTransactionAPI]
    ) -> None:
        parent = self._canon.head
        plan = BlockPlan(
            timestamp=timestamp or self._clock.next_timestamp(parent.timestamp),
            extra_data=self._branch_name(),
        )
        builder = self._open(plan)
        for transaction in transactions:
            self._check(transaction, builder)
            builder.apply(transaction)
        self._canon.append(builder.seal())

    def _branch_name(self) -> bytes:
        """Extra data of new blocks; what follows a reorganisation never repeats an old block."""
        return b"branch %d" % self._branches if self._branches else b""

    def _open(self, plan: BlockPlan) -> BlockBuilder:
        return BlockBuilder(self._evm, self._canon.head, plan)

    def _finish(self, builder: BlockBuilder) -> None:
        block = builder.seal()
        self._canon.append(block)
        self._clock.mined(block.timestamp)
        self._pool.clear()
        self._waiting = None

    def _check(self, transaction: SignedTransactionAPI, builder: BlockBuilder) -> None:
        if any(waiting.hash == transaction.hash for waiting in builder.transactions):
            raise Rejected("already known")
        check_static(transaction, builder.header, self._settings.fork)
        self._check_replacement(transaction, builder)
        check_account(transaction, builder.state)
        if transaction.gas > builder.gas_left:
            raise Rejected(
                f"txpool is full: the next block has room for {builder.gas_left} gas, "
                f"the transaction wants {transaction.gas}; mine the block first"
            )

    @staticmethod
    def _check_replacement(transaction: SignedTransactionAPI, builder: BlockBuilder) -> None:
        for waiting in builder.transactions:
            if (waiting.sender, waiting.nonce) == (transaction.sender, transaction.nonce):
                raise Rejected(
                    "replacement transaction underpriced: nothing is replaced here, "
                    f"nonce {transaction.nonce} already waits for the next block"
                )


def _check_branch(head: int, depth: int, length: int, placements: Sequence[Placement]) -> None:
    if not 0 < depth <= head:
        raise InvalidParams(f"depth must lie between 1 and the head's number {head}.")
    if not 0 <= length <= MOST_BLOCKS_AT_ONCE:
        raise InvalidParams(f"A branch has at most {MOST_BLOCKS_AT_ONCE} blocks.")
    if any(not 0 <= placed.block_index < length for placed in placements):
        raise InvalidParams(f"A block index must lie below the branch's length {length}.")
