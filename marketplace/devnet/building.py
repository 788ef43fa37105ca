"""Owns the way from transactions to a block, on the py-evm chain beneath eth-tester.

Refuses to know what is canonical: it builds on any block it is given and keeps no head, which is
what makes snapshots and reorganisations a matter of choosing another parent.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import rlp
from eth._utils.address import generate_contract_address
from eth_utils.crypto import keccak
from eth_utils.exceptions import ValidationError

from marketplace.devnet.blocks import Block, Log, MinedTransaction, base_fee_of
from marketplace.devnet.errors import Rejected

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eth.abc import (
        BlockHeaderAPI,
        ReceiptAPI,
        SignedTransactionAPI,
        StateAPI,
        VirtualMachineAPI,
    )
    from eth.chains.base import MiningChain
    from eth_typing import Address, Hash32

_WORD_BYTES = 32
_SUCCESS = b"\x01"


@dataclass(frozen=True, slots=True)
class BlockPlan:
    """What a block's producer decides.

    Attributes:
        timestamp: Unix second, later than the parent's.
        extra_data: At most 32 bytes; what tells the block of another branch from this one.
    """

    timestamp: int
    extra_data: bytes = b""


class BlockBuilder:
    """Executes transactions on top of one block; `seal` makes the new block.

    The randomness of a block (EIP-4399) is derived from its parent and plan, so that the same
    history has the same hashes.
    """

    def __init__(self, chain: MiningChain, parent: Block, plan: BlockPlan) -> None:
        header = chain.create_header_from_parent(
            parent.header,
            timestamp=plan.timestamp,
            extra_data=plan.extra_data,
            mix_hash=keccak(parent.hash + plan.extra_data),
            state_root=parent.state_root,
        )
        self._chain = chain
        self._machine: VirtualMachineAPI = chain.get_vm(header)
        self._header: BlockHeaderAPI = header
        self._transactions: list[SignedTransactionAPI] = []
        self._receipts: list[ReceiptAPI] = []

    @property
    def state(self) -> StateAPI:
        """State after the transactions applied so far."""
        return self._machine.state

    @property
    def machine(self) -> VirtualMachineAPI:
        """The virtual machine at this block."""
        return self._machine

    @property
    def header(self) -> BlockHeaderAPI:
        """The header so far; its roots are those of the parent until the block is sealed."""
        return self._header

    @property
    def transactions(self) -> tuple[SignedTransactionAPI, ...]:
        """What was applied so far."""
        return tuple(self._transactions)

    @property
    def gas_left(self) -> int:
        """Gas that this block still has room for."""
        return int(self._header.gas_limit - self._header.gas_used)

    def apply(self, transaction: SignedTransactionAPI) -> None:
        """Execute one transaction; a revert is a receipt with status 0, not an error.

        Raises:
            Rejected: If the virtual machine holds the transaction invalid.
        """
        try:
            receipt, _ = self._machine.apply_transaction(self._header, transaction)
        except ValidationError as error:
            raise Rejected(f"invalid transaction: {error}") from error
        self._header = self._machine.add_receipt_to_header(self._header, receipt)
        self._transactions.append(transaction)
        self._receipts.append(receipt)

    def seal(self) -> Block:
        """Close the block and write its header and state to the chain's database."""
        filled = self._machine.set_block_transactions_and_withdrawals(
            self._machine.get_block(), self._header, self._transactions, self._receipts
        )
        # The machine that executed the block made every root; validating it again would only
        # compare py-evm with itself.
        sealed = self._machine.finalize_block(filled).block
        self._chain.chaindb.persist_header(sealed.header)
        return Block(
            header=sealed.header,
            transactions=self._mined(sealed.header),
            state_root=sealed.header.state_root,
            size=len(rlp.encode(sealed)),
        )

    def _mined(self, header: BlockHeaderAPI) -> tuple[MinedTransaction, ...]:
        mined: list[MinedTransaction] = []
        gas_before = 0
        logs_before = 0
        for index, (transaction, receipt) in enumerate(
            zip(self._transactions, self._receipts, strict=True)
        ):
            logs = _placed_logs(header, transaction.hash, index, receipt, logs_before)
            mined.append(
                MinedTransaction(
                    transaction=transaction,
                    index=index,
                    succeeded=receipt.state_root == _SUCCESS,
                    gas_used=receipt.gas_used - gas_before,
                    cumulative_gas_used=receipt.gas_used,
                    effective_gas_price=effective_gas_price(transaction, header),
                    contract_address=created_contract(transaction),
                    bloom=receipt.bloom,
                    logs=logs,
                )
            )
            gas_before = receipt.gas_used
            logs_before += len(logs)
        return tuple(mined)


def effective_gas_price(transaction: SignedTransactionAPI, header: BlockHeaderAPI) -> int:
    """Wei per gas under EIP-1559; an old transaction bids its whole price as both fees."""
    return min(
        transaction.max_fee_per_gas,
        transaction.max_priority_fee_per_gas + base_fee_of(header),
    )


def created_contract(transaction: SignedTransactionAPI) -> Address | None:
    """Address of the contract that the transaction creates; None when it calls one."""
    if transaction.to:
        return None
    return generate_contract_address(transaction.sender, transaction.nonce)


def genesis_block(chain: MiningChain) -> Block:
    """The block that the chain starts with."""
    header = chain.get_canonical_block_header_by_number(0)  # type: ignore[arg-type] # NewType
    return Block(header, (), header.state_root, len(rlp.encode(chain.get_block_by_header(header))))


def machine_at(chain: MiningChain, block: Block) -> VirtualMachineAPI:
    """A virtual machine that sees the state after `block`, and `block` as the present one."""
    return chain.get_vm(block.header.copy(state_root=block.state_root))


@contextmanager
def edited_state(chain: MiningChain, block: Block) -> Iterator[StateAPI]:
    """Change the state after `block` by hand; `state_root` holds the new root on leaving."""
    state = machine_at(chain, block).state
    yield state
    state.persist()


def _placed_logs(
    header: BlockHeaderAPI,
    transaction_hash: Hash32,
    transaction_index: int,
    receipt: ReceiptAPI,
    first_index: int,
) -> tuple[Log, ...]:
    return tuple(
        Log(
            address=log.address,
            topics=tuple(topic.to_bytes(_WORD_BYTES, "big") for topic in log.topics),
            data=log.data,
            block_number=int(header.block_number),
            block_hash=header.hash,
            block_timestamp=int(header.timestamp),
            transaction_hash=transaction_hash,
            transaction_index=transaction_index,
            log_index=log_index,
        )
        for log_index, log in enumerate(receipt.logs, start=first_index)
    )
