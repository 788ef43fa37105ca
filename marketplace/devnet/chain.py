"""Owns the development chain as one object, usable without HTTP: send, mine, call, travel, undo.

Refuses threads: whoever shares a chain between threads goes through `Node`, which holds its lock.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from marketplace.devnet import calls
from marketplace.devnet.building import BlockBuilder, edited_state, genesis_block, machine_at
from marketplace.devnet.canon import CanonicalChain
from marketplace.devnet.clock import ChainClock, Now, system_now
from marketplace.devnet.errors import Rejected
from marketplace.devnet.filters import Filters
from marketplace.devnet.genesis import genesis_chain
from marketplace.devnet.production import BlockProducer, Moment, Placement
from marketplace.devnet.references import BlockHash, BlockReference
from marketplace.devnet.settings import DevnetSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from eth.abc import SignedTransactionAPI, StateAPI, VirtualMachineAPI
    from eth_typing import Hash32

    from marketplace.devnet.blocks import Block
    from marketplace.devnet.levels import Levels

_NO_OVERRIDES: Final = calls.Overrides()


@dataclass(frozen=True, slots=True)
class _Snapshot:
    moment: Moment
    filters: Mapping[int, Hash32]


class DevChain:
    """A private chain in memory.

    Args:
        settings: Chain id, fork, levels and balances.
        now: Clock in Unix seconds; a test passes its own.
    """

    def __init__(self, settings: DevnetSettings | None = None, now: Now = system_now) -> None:
        self.settings = settings or DevnetSettings()
        self.clock = ChainClock(now)
        self._evm = genesis_chain(self.settings, self.settings.genesis_time or now())
        self.canon = CanonicalChain(genesis_block(self._evm))
        self.filters = Filters()
        self._producer = BlockProducer(self._evm, self.canon, self.clock, self.settings)
        self._snapshots: dict[int, _Snapshot] = {}
        self._last_snapshot = 0

    @property
    def head(self) -> Block:
        """The newest block."""
        return self.canon.head

    @property
    def levels(self) -> Levels:
        """Where safe and finalized stand."""
        return self._producer.levels

    @property
    def pool(self) -> tuple[SignedTransactionAPI, ...]:
        """Transactions that wait for the next block; always empty while mining is automatic."""
        return self._producer.pool

    @property
    def automine(self) -> bool:
        """Whether every accepted transaction is mined at once."""
        return self._producer.automine

    def block(self, reference: BlockReference) -> Block | None:
        """The mined block that a reference names; None when unknown, and for `pending`."""
        if isinstance(reference, BlockHash):
            return self.canon.with_hash(reference.value)
        if isinstance(reference, int):
            return self.canon.at(reference)
        if reference == "pending":
            return None
        head = self.head.number
        numbers = {
            "latest": head,
            "safe": self.levels.safe(head),
            "finalized": self.levels.finalized(head),
            "earliest": 0,
        }
        return self.canon.at(numbers[reference])

    def machine(self, reference: BlockReference = "latest") -> VirtualMachineAPI:
        """A virtual machine of one's own on the state after a block; `pending` is the next block.

        Raises:
            Rejected: If the block is unknown.
        """
        if reference == "pending":
            return self._producer.next_block().machine
        block = self.block(reference)
        if block is None:
            raise Rejected("header not found: the chain has no such block")
        return machine_at(self._evm, block)

    def next_block(self) -> BlockBuilder:
        """The next block as it would be mined now, with what waits in it."""
        return self._producer.next_block()

    def state(self, reference: BlockReference = "latest") -> StateAPI:
        """Balances, nonces, code and storage after a block.

        Raises:
            Rejected: If the block is unknown.
        """
        return self.machine(reference).state

    def decode(self, raw: bytes) -> SignedTransactionAPI:
        """Decode a raw transaction and hold it to this chain's id.

        Raises:
            InvalidParams: If the bytes are no transaction.
            Rejected: If the type or the chain is another one, or the signature is not valid.
        """
        return self._producer.decode(raw)

    def send_raw(self, raw: bytes) -> Hash32:
        """Accept a raw transaction and, while mining is automatic, mine it at once.

        A transaction that reverts is mined with status 0, as on any node.

        Raises:
            InvalidParams: If the bytes are no transaction.
            Rejected: If the chain's rules refuse it; nothing has changed then.
        """
        return self._producer.accept(self._producer.decode(raw))

    def set_automine(self, *, on: bool) -> None:
        """Switch automatic mining; switching it on mines what waits."""
        self._producer.set_automine(on=on)

    def mine(self, count: int = 1, timestamp: int | None = None, interval: int = 0) -> None:
        """Mine blocks; the first one takes what waits.

        Args:
            count: How many.
            timestamp: Unix second of the first.
            interval: Seconds between one block and the next; 0 leaves it to the clock.

        Raises:
            InvalidParams: If the timestamp is not later than the head's, or the count too large.
        """
        if timestamp is not None:
            self.clock.set_next(timestamp, self.head.timestamp)
        self._producer.mine(count, interval)

    def call(
        self,
        request: calls.CallRequest,
        reference: BlockReference = "latest",
        overrides: calls.Overrides = _NO_OVERRIDES,
    ) -> bytes:
        """Run a message on the state after a block and give what it returns.

        Raises:
            ExecutionReverted: With the exact bytes, if the contract reverts.
            Rejected: If the block is unknown or execution fails otherwise.
        """
        machine = self.machine(reference)
        calls.prepare(machine, request, overrides)
        return calls.call(machine, request)

    def estimate_gas(
        self,
        request: calls.CallRequest,
        reference: BlockReference = "pending",
        overrides: calls.Overrides = _NO_OVERRIDES,
    ) -> int:
        """Find a gas limit with which a message succeeds.

        Raises:
            ExecutionReverted: If it reverts however much gas it has.
            Rejected: If the sender cannot pay or the gas it allows does not suffice.
        """
        machine = self.machine(reference)
        calls.prepare(machine, request, overrides)
        return calls.estimate_gas(machine, request)

    def edit(self, change: Callable[[StateAPI], None]) -> None:
        """Change the state at the head by hand; no block is mined and the header stays."""
        with edited_state(self._evm, self.head) as state:
            change(state)
        self.canon.replace_head_state(state.state_root)
        self._producer.head_was_edited()

    def set_levels(self, safe_depth: int, finalized_depth: int) -> None:
        """Choose how far safe and finalized trail the head; what is final stays final.

        Raises:
            InvalidParams: If safe would trail finalized.
        """
        levels = self.levels.at_head(self.head.number).with_depths(safe_depth, finalized_depth)
        self._producer.levels = levels.at_head(self.head.number)

    def snapshot(self) -> int:
        """Keep everything as it is now; gives an id for `revert`."""
        self._last_snapshot += 1
        self._snapshots[self._last_snapshot] = _Snapshot(
            self._producer.moment(), self.filters.positions()
        )
        return self._last_snapshot

    def revert(self, snapshot: int) -> bool:
        """Go back to a snapshot, which uses up it and all later ones; False if there is none."""
        kept = self._snapshots.get(snapshot)
        if kept is None:
            return False
        self._snapshots = {key: one for key, one in self._snapshots.items() if key < snapshot}
        self._producer.restore(kept.moment)
        self.filters.restore(kept.filters, self.head.hash)
        return True

    def reorg(
        self,
        depth: int,
        placements: Sequence[Placement] = (),
        new_length: int | None = None,
        *,
        force: bool = False,
    ) -> None:
        """Replace the top blocks by a branch of other blocks.

        What the old blocks held is gone unless it is placed again.

        Args:
            depth: How many blocks leave the chain.
            placements: What the new blocks hold.
            new_length: How many blocks the branch has; as many as left when not given.
            force: Go below the finalized block.

        Raises:
            InvalidParams: If depth, length or a placement does not fit.
            Rejected: If a finalized block would go, or a transaction is invalid on the new branch;
                the chain is then as it was.
        """
        length = depth if new_length is None else new_length
        self._producer.branch(depth, length, placements, force=force)
