"""Owns the methods that read blocks, transactions and receipts.

Refuses to invent: what is unknown is null.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketplace.devnet.errors import InvalidParams
from marketplace.devnet.quantities import Json, data, quantity, read_hash, read_quantity
from marketplace.devnet.references import BlockHash, read_number_or_tag, read_reference
from marketplace.devnet.shapes import (
    block_json,
    mined_transaction_json,
    pending_block_json,
    receipt_json,
    waiting_transaction_json,
)
from marketplace.devnet.transactions import raw_bytes

if TYPE_CHECKING:
    from marketplace.devnet.blocks import Block
    from marketplace.devnet.chain import DevChain
    from marketplace.devnet.params import Params


def block_number(chain: DevChain, params: Params) -> Json:
    """Height of the head."""
    params.at_most(0)
    return quantity(chain.head.number)


def block_by_number(chain: DevChain, params: Params) -> Json:
    """A block by height or tag; `pending` shows the next one."""
    params.at_most(2)
    reference = read_number_or_tag(params.at(0, "block number"), "block number")
    full = _flag(params)
    if reference == "pending":
        return pending_block_json(chain.next_block(), full=full)
    block = chain.block(reference)
    return None if block is None else block_json(block, full=full)


def block_by_hash(chain: DevChain, params: Params) -> Json:
    """A canonical block by hash."""
    params.at_most(2)
    block = _block_with_hash(chain, params)
    full = _flag(params)
    return None if block is None else block_json(block, full=full)


def block_receipts(chain: DevChain, params: Params) -> Json:
    """All receipts of a block."""
    params.at_most(1)
    block = chain.block(read_reference(params.at(0, "block"), "block"))
    if block is None:
        return None
    return [receipt_json(block, mined) for mined in block.transactions]


def count_by_hash(chain: DevChain, params: Params) -> Json:
    """Number of transactions in a block, by its hash."""
    params.at_most(1)
    return _count(_block_with_hash(chain, params))


def count_by_number(chain: DevChain, params: Params) -> Json:
    """Number of transactions in a block, by its height; at `pending` of those that wait."""
    params.at_most(1)
    if params.get(0) == "pending":
        return quantity(len(chain.pool))
    return _count(_block_numbered(chain, params))


def uncle_count_by_hash(chain: DevChain, params: Params) -> Json:
    """Always 0 for a known block."""
    params.at_most(1)
    return None if _block_with_hash(chain, params) is None else quantity(0)


def uncle_count_by_number(chain: DevChain, params: Params) -> Json:
    """Always 0 for a known block."""
    params.at_most(1)
    return None if _block_numbered(chain, params) is None else quantity(0)


def uncle(chain: DevChain, params: Params) -> Json:
    """Always null: there are no uncles."""
    del chain
    params.at_most(2)
    return None


def transaction_by_hash(chain: DevChain, params: Params) -> Json:
    """A transaction that was mined or waits."""
    params.at_most(1)
    wanted = read_hash(params.at(0, "transaction hash"), "transaction hash")
    found = chain.canon.transaction(wanted)
    if found is not None:
        return mined_transaction_json(*found)
    for waiting in chain.pool:
        if waiting.hash == wanted:
            return waiting_transaction_json(waiting)
    return None


def raw_transaction_by_hash(chain: DevChain, params: Params) -> Json:
    """The bytes of a mined transaction as they were sent."""
    params.at_most(1)
    found = chain.canon.transaction(read_hash(params.at(0, "transaction hash"), "transaction hash"))
    return None if found is None else data(raw_bytes(found[1].transaction))


def transaction_by_block_hash_and_index(chain: DevChain, params: Params) -> Json:
    """A transaction by its place, the block by hash."""
    params.at_most(2)
    return _transaction_in(_block_with_hash(chain, params), params)


def transaction_by_block_number_and_index(chain: DevChain, params: Params) -> Json:
    """A transaction by its place, the block by height; at `pending` one that waits."""
    params.at_most(2)
    if params.get(0) == "pending":
        index = read_quantity(params.at(1, "index"), "index")
        return waiting_transaction_json(chain.pool[index]) if index < len(chain.pool) else None
    return _transaction_in(_block_numbered(chain, params), params)


def transaction_receipt(chain: DevChain, params: Params) -> Json:
    """The receipt of a mined transaction."""
    params.at_most(1)
    found = chain.canon.transaction(read_hash(params.at(0, "transaction hash"), "transaction hash"))
    return None if found is None else receipt_json(*found)


def _block_with_hash(chain: DevChain, params: Params) -> Block | None:
    return chain.block(BlockHash(read_hash(params.at(0, "block hash"), "block hash")))


def _block_numbered(chain: DevChain, params: Params) -> Block | None:
    return chain.block(read_number_or_tag(params.at(0, "block number"), "block number"))


def _flag(params: Params) -> bool:
    value = params.get(1, default=False)
    if not isinstance(value, bool):
        raise InvalidParams("The second argument must be true for whole transactions, or false.")
    return value


def _count(block: Block | None) -> Json:
    return None if block is None else quantity(len(block.transactions))


def _transaction_in(block: Block | None, params: Params) -> Json:
    index = read_quantity(params.at(1, "index"), "index")
    if block is None or index >= len(block.transactions):
        return None
    return mined_transaction_json(block, block.transactions[index])
