"""Owns how blocks, transactions, receipts and events look in JSON (execution-apis schemas).

Refuses to look anything up: what is shown is in the records that are passed in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from marketplace.devnet.blocks import base_fee_of
from marketplace.devnet.quantities import Json, access_list, data, quantity
from marketplace.devnet.transactions import signature_v, transaction_type

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eth.abc import BlockHeaderAPI, SignedTransactionAPI

    from marketplace.devnet.blocks import Block, Log, MinedTransaction
    from marketplace.devnet.building import BlockBuilder

_BLOOM_BYTES: Final = 256
_ACCESS_LIST: Final = 1
_DYNAMIC_FEE: Final = 2
_SET_CODE: Final = 4


def bloom_data(bloom: int) -> str:
    """A 2048-bit bloom filter."""
    return data(bloom.to_bytes(_BLOOM_BYTES, "big"))


def log_json(log: Log, *, removed: bool = False) -> dict[str, Json]:
    """One event with its place; `removed` when a reorganisation took it away."""
    return {
        "address": data(log.address),
        "topics": [data(topic) for topic in log.topics],
        "data": data(log.data),
        "blockNumber": quantity(log.block_number),
        "blockHash": data(log.block_hash),
        "blockTimestamp": quantity(log.block_timestamp),
        "transactionHash": data(log.transaction_hash),
        "transactionIndex": quantity(log.transaction_index),
        "logIndex": quantity(log.log_index),
        "removed": removed,
    }


def receipt_json(block: Block, mined: MinedTransaction) -> dict[str, Json]:
    """The receipt of a mined transaction."""
    transaction = mined.transaction
    created = mined.contract_address
    return {
        "type": quantity(transaction_type(transaction)),
        "status": quantity(int(mined.succeeded)),
        "transactionHash": data(transaction.hash),
        "transactionIndex": quantity(mined.index),
        "blockHash": data(block.hash),
        "blockNumber": quantity(block.number),
        "from": data(transaction.sender),
        "to": data(transaction.to) if transaction.to else None,
        "contractAddress": None if created is None else data(created),
        "gasUsed": quantity(mined.gas_used),
        "cumulativeGasUsed": quantity(mined.cumulative_gas_used),
        "effectiveGasPrice": quantity(mined.effective_gas_price),
        "logsBloom": bloom_data(mined.bloom),
        "logs": [log_json(log) for log in mined.logs],
    }


def mined_transaction_json(block: Block, mined: MinedTransaction) -> dict[str, Json]:
    """A transaction that a block holds."""
    return _transaction_json(mined.transaction, mined.effective_gas_price) | {
        "blockHash": data(block.hash),
        "blockNumber": quantity(block.number),
        "transactionIndex": quantity(mined.index),
    }


def waiting_transaction_json(transaction: SignedTransactionAPI) -> dict[str, Json]:
    """A transaction that waits for the next block; its place is null."""
    return _transaction_json(transaction, transaction.max_fee_per_gas) | {
        "blockHash": None,
        "blockNumber": None,
        "transactionIndex": None,
    }


def block_json(block: Block, *, full: bool) -> dict[str, Json]:
    """A block with its transactions, or with their hashes."""
    transactions: Sequence[Json] = [
        mined_transaction_json(block, mined) if full else data(mined.transaction.hash)
        for mined in block.transactions
    ]
    return _header_json(block.header) | {
        "hash": data(block.hash),
        "size": quantity(block.size),
        "transactions": transactions,
    }


def pending_block_json(builder: BlockBuilder, *, full: bool) -> dict[str, Json]:
    """The next block; hash, nonce and miner are not known yet, as on a node."""
    transactions: Sequence[Json] = [
        waiting_transaction_json(waiting) if full else data(waiting.hash)
        for waiting in builder.transactions
    ]
    return _header_json(builder.header) | {
        "hash": None,
        "nonce": None,
        "miner": None,
        "size": quantity(0),
        "transactions": transactions,
    }


def _header_json(header: BlockHeaderAPI) -> dict[str, Json]:
    shown: dict[str, Json] = {
        "number": quantity(header.block_number),
        "parentHash": data(header.parent_hash),
        "nonce": data(header.nonce),
        "sha3Uncles": data(header.uncles_hash),
        "logsBloom": bloom_data(header.bloom),
        "transactionsRoot": data(header.transaction_root),
        "stateRoot": data(header.state_root),
        "receiptsRoot": data(header.receipt_root),
        "miner": data(header.coinbase),
        "difficulty": quantity(header.difficulty),
        "totalDifficulty": quantity(0),
        "extraData": data(header.extra_data),
        "gasLimit": quantity(header.gas_limit),
        "gasUsed": quantity(header.gas_used),
        "timestamp": quantity(header.timestamp),
        "mixHash": data(header.mix_hash),
        "baseFeePerGas": quantity(base_fee_of(header)),
        "blobGasUsed": quantity(header.blob_gas_used),
        "excessBlobGas": quantity(header.excess_blob_gas),
        "uncles": [],
        "withdrawals": [],
    }
    roots = {
        "withdrawalsRoot": header.withdrawals_root,
        "parentBeaconBlockRoot": header.parent_beacon_block_root,
        # Prague's headers alone have it.
        "requestsHash": getattr(header, "requests_hash", None),
    }
    return shown | {name: data(root) for name, root in roots.items() if root is not None}


def _transaction_json(transaction: SignedTransactionAPI, gas_price: int) -> dict[str, Json]:
    kind = transaction_type(transaction)
    shown: dict[str, Json] = {
        "type": quantity(kind),
        "hash": data(transaction.hash),
        "nonce": quantity(transaction.nonce),
        "from": data(transaction.sender),
        "to": data(transaction.to) if transaction.to else None,
        "value": quantity(transaction.value),
        "gas": quantity(transaction.gas),
        "gasPrice": quantity(gas_price),
        "input": data(transaction.data),
        "chainId": quantity(transaction.chain_id or 0),
        "v": quantity(signature_v(transaction)),
        "r": quantity(transaction.r),
        "s": quantity(transaction.s),
    }
    if kind >= _ACCESS_LIST:
        shown["yParity"] = quantity(transaction.y_parity)
        shown["accessList"] = access_list(transaction.access_list)
    if kind >= _DYNAMIC_FEE:
        shown["maxFeePerGas"] = quantity(transaction.max_fee_per_gas)
        shown["maxPriorityFeePerGas"] = quantity(transaction.max_priority_fee_per_gas)
    if kind == _SET_CODE:
        shown["authorizationList"] = [
            {
                "chainId": quantity(authorization.chain_id),
                "address": data(authorization.address),
                "nonce": quantity(authorization.nonce),
                "yParity": quantity(authorization.y_parity),
                "r": quantity(authorization.r),
                "s": quantity(authorization.s),
            }
            for authorization in transaction.authorization_list
        ]
    return shown
