"""Owns the methods that no network has: time, mining, snapshots, edited state, reorganisations.

Refuses to steer below the finalized block unless `devnet_reorg` is told to with `force`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from marketplace.devnet.errors import InvalidParams
from marketplace.devnet.methods.sending import read_draft
from marketplace.devnet.params import Params
from marketplace.devnet.production import Placement
from marketplace.devnet.quantities import (
    Json,
    quantity,
    read_address,
    read_count,
    read_data,
    read_list,
    read_object,
    read_slot,
)
from marketplace.devnet.wallet import sign

if TYPE_CHECKING:
    from eth.abc import SignedTransactionAPI, StateAPI
    from eth_typing import Address

    from marketplace.devnet.chain import DevChain

_PAIR: Final = 2
_LAST_NONCE: Final = 2**64 - 1


def increase_time(chain: DevChain, params: Params) -> Json:
    """Shift the chain's clock forward by seconds; gives the whole offset."""
    params.at_most(1)
    return chain.clock.advance(read_count(params.at(0, "seconds"), "seconds"), chain.head.timestamp)


def set_next_timestamp(chain: DevChain, params: Params) -> Json:
    """Fix the Unix second of the next block."""
    params.at_most(1)
    chain.clock.set_next(read_count(params.at(0, "timestamp"), "timestamp"), chain.head.timestamp)
    return None


def mine_one(chain: DevChain, params: Params) -> Json:
    """`evm_mine`: one block, or `{blocks, timestamp}`, or a timestamp alone."""
    params.at_most(1)
    wanted = params.get(0)
    if isinstance(wanted, Mapping):
        blocks, timestamp = wanted.get("blocks"), wanted.get("timestamp")
    else:
        blocks, timestamp = None, wanted
    chain.mine(
        1 if blocks is None else read_count(blocks, "blocks"),
        None if timestamp is None else read_count(timestamp, "timestamp"),
    )
    return "0x0"


def mine_many(chain: DevChain, params: Params) -> Json:
    """`anvil_mine` and `hardhat_mine`: count, and seconds between the blocks."""
    params.at_most(2)
    chain.mine(
        read_count(params.get(0, 1), "count"), interval=read_count(params.get(1, 0), "interval")
    )
    return None


def set_automine(chain: DevChain, params: Params) -> Json:
    """Switch automatic mining; switching it on mines what waits."""
    params.at_most(1)
    on = params.at(0, "on")
    if not isinstance(on, bool):
        raise InvalidParams("evm_setAutomine takes true or false.")
    chain.set_automine(on=on)
    return None


def automine(chain: DevChain, params: Params) -> Json:
    """Whether every transaction is mined at once."""
    params.at_most(0)
    return chain.automine


def snapshot(chain: DevChain, params: Params) -> Json:
    """Keep everything as it is; gives an id."""
    params.at_most(0)
    return quantity(chain.snapshot())


def revert(chain: DevChain, params: Params) -> Json:
    """Go back to a snapshot and use it up; false when there is none."""
    params.at_most(1)
    return chain.revert(read_count(params.at(0, "snapshot id"), "snapshot id"))


def set_balance(chain: DevChain, params: Params) -> Json:
    """Give an account this many wei."""
    params.at_most(2)
    address = _address(params)
    wei = read_count(params.at(1, "balance"), "balance")
    return _edit(chain, lambda state: state.set_balance(address, wei))


def set_nonce(chain: DevChain, params: Params) -> Json:
    """Give an account this next nonce."""
    params.at_most(2)
    address = _address(params)
    nonce = read_count(params.at(1, "nonce"), "nonce")
    if nonce >= _LAST_NONCE:
        raise InvalidParams(f"A nonce lies below {_LAST_NONCE} (EIP-2681).")
    return _edit(chain, lambda state: state.set_nonce(address, nonce))


def set_code(chain: DevChain, params: Params) -> Json:
    """Put runtime code at an address."""
    params.at_most(2)
    address = _address(params)
    code = read_data(params.at(1, "code"), "code")
    return _edit(chain, lambda state: state.set_code(address, code))


def set_storage_at(chain: DevChain, params: Params) -> Json:
    """Write one storage word."""
    params.at_most(3)
    address = _address(params)
    slot = read_slot(params.at(1, "position"), "position")
    value = read_slot(params.at(2, "value"), "value")
    _edit(chain, lambda state: state.set_storage(address, slot, value))
    return True


def levels(chain: DevChain, params: Params) -> Json:
    """Where safe and finalized stand, and how far they trail the head."""
    params.at_most(0)
    head = chain.head.number
    return {
        "head": quantity(head),
        "safe": quantity(chain.levels.safe(head)),
        "finalized": quantity(chain.levels.finalized(head)),
        "safeDepth": chain.levels.safe_depth,
        "finalizedDepth": chain.levels.finalized_depth,
    }


def set_levels(chain: DevChain, params: Params) -> Json:
    """Choose how far safe and finalized trail the head."""
    params.at_most(2)
    chain.set_levels(
        read_count(params.at(0, "safe depth"), "safe depth"),
        read_count(params.at(1, "finalized depth"), "finalized depth"),
    )
    return levels(chain, Params(()))


def anvil_reorg(chain: DevChain, params: Params) -> Json:
    """`anvil_reorg`: depth and `[[transaction or raw bytes, block index], …]`."""
    params.at_most(2)
    depth, pairs = _depth_and_pairs(params)
    chain.reorg(depth, _placements(chain, depth, pairs))
    return None


def devnet_reorg(chain: DevChain, params: Params) -> Json:
    """`devnet_reorg`: depth, pairs, `{newLength, force}`; gives the new head's number."""
    params.at_most(3)
    depth, pairs = _depth_and_pairs(params)
    options = read_object(params.get(2, {}), "options")
    unknown = sorted(set(options) - {"newLength", "force"})
    if unknown:
        raise InvalidParams(f"devnet_reorg knows newLength and force, not {', '.join(unknown)}.")
    new_length, force = options.get("newLength"), options.get("force", False)
    if not isinstance(force, bool):
        raise InvalidParams("force is true or false.")
    chain.reorg(
        depth,
        _placements(chain, depth, pairs),
        None if new_length is None else read_count(new_length, "newLength"),
        force=force,
    )
    return quantity(chain.head.number)


def _depth_and_pairs(params: Params) -> tuple[int, Sequence[Json]]:
    return (
        read_count(params.at(0, "depth"), "depth"),
        read_list(params.get(1, []), "transactions"),
    )


def _placements(chain: DevChain, depth: int, pairs: Sequence[Json]) -> list[Placement]:
    """Read the pairs; what is not signed yet is signed with the nonces of the new branch."""
    ancestor = max(0, chain.head.number - depth)
    nonces: dict[Address, int] = {}
    in_order = sorted((read_list(pair, "transactions") for pair in pairs), key=_block_index)
    return [
        Placement(_placed(chain, ancestor, pair[0], nonces), _block_index(pair))
        for pair in in_order
    ]


def _block_index(pair: Sequence[Json]) -> int:
    if len(pair) != _PAIR:
        raise InvalidParams("transactions are pairs of a transaction and its block's index.")
    return read_count(pair[1], "block index")


def _placed(
    chain: DevChain, ancestor: int, value: Json, nonces: dict[Address, int]
) -> SignedTransactionAPI:
    if isinstance(value, str):
        transaction = chain.decode(read_data(value, "raw transaction"))
    else:
        fields = read_object(value, "transaction")
        sender = read_address(fields.get("from"), "from")
        if sender not in nonces:
            nonces[sender] = chain.state(ancestor).get_nonce(sender)
        transaction = chain.decode(sign(chain, read_draft(chain, fields, nonces[sender])))
    nonces[transaction.sender] = transaction.nonce + 1
    return transaction


def _address(params: Params) -> Address:
    return read_address(params.at(0, "address"), "address")


def _edit(chain: DevChain, change: Callable[[StateAPI], None]) -> Json:
    chain.edit(change)
    return None
