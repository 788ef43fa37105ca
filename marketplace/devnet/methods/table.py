"""Owns the list of methods that the development chain answers, and of those it explains away.

Refuses a method that docs/devnet.md does not describe: a test compares the two.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from marketplace.devnet.chain import DevChain
from marketplace.devnet.methods import blocks, fees, identity, logs, sending, state, steering
from marketplace.devnet.params import Params
from marketplace.devnet.quantities import Json

Method: TypeAlias = Callable[[DevChain, Params], Json]

METHODS: Final[Mapping[str, Method]] = {
    "web3_clientVersion": identity.client_version,
    "web3_sha3": identity.sha3,
    "net_version": identity.network_version,
    "net_listening": identity.listening,
    "net_peerCount": identity.peer_count,
    "eth_chainId": identity.chain_id,
    "eth_syncing": identity.syncing,
    "eth_coinbase": identity.coinbase,
    "eth_blockNumber": blocks.block_number,
    "eth_getBlockByNumber": blocks.block_by_number,
    "eth_getBlockByHash": blocks.block_by_hash,
    "eth_getBlockReceipts": blocks.block_receipts,
    "eth_getBlockTransactionCountByHash": blocks.count_by_hash,
    "eth_getBlockTransactionCountByNumber": blocks.count_by_number,
    "eth_getUncleCountByBlockHash": blocks.uncle_count_by_hash,
    "eth_getUncleCountByBlockNumber": blocks.uncle_count_by_number,
    "eth_getUncleByBlockHashAndIndex": blocks.uncle,
    "eth_getUncleByBlockNumberAndIndex": blocks.uncle,
    "eth_getTransactionByHash": blocks.transaction_by_hash,
    "eth_getRawTransactionByHash": blocks.raw_transaction_by_hash,
    "eth_getTransactionByBlockHashAndIndex": blocks.transaction_by_block_hash_and_index,
    "eth_getTransactionByBlockNumberAndIndex": blocks.transaction_by_block_number_and_index,
    "eth_getTransactionReceipt": blocks.transaction_receipt,
    "eth_getBalance": state.balance,
    "eth_getTransactionCount": state.transaction_count,
    "eth_getCode": state.code,
    "eth_getStorageAt": state.storage_at,
    "eth_call": state.call,
    "eth_estimateGas": state.estimate_gas,
    "eth_gasPrice": fees.gas_price,
    "eth_maxPriorityFeePerGas": fees.max_priority_fee,
    "eth_blobBaseFee": fees.blob_base_fee,
    "eth_feeHistory": fees.fee_history,
    "eth_getLogs": logs.logs,
    "eth_newFilter": logs.new_filter,
    "eth_newBlockFilter": logs.new_block_filter,
    "eth_newPendingTransactionFilter": logs.new_transaction_filter,
    "eth_uninstallFilter": logs.uninstall_filter,
    "eth_getFilterChanges": logs.filter_changes,
    "eth_getFilterLogs": logs.filter_logs,
    "eth_accounts": sending.accounts,
    "eth_requestAccounts": sending.accounts,
    "eth_sendRawTransaction": sending.send_raw_transaction,
    "eth_sendTransaction": sending.send_transaction,
    "eth_signTransaction": sending.sign_transaction,
    "eth_sign": sending.sign_message,
    "personal_sign": sending.personal_sign,
    "eth_signTypedData_v4": sending.sign_typed_data,
    "eth_signTypedData": sending.sign_typed_data,
    "devnet_accounts": sending.named,
    "devnet_levels": steering.levels,
    "devnet_setLevels": steering.set_levels,
    "devnet_reorg": steering.devnet_reorg,
    "anvil_reorg": steering.anvil_reorg,
    "evm_increaseTime": steering.increase_time,
    "evm_setNextBlockTimestamp": steering.set_next_timestamp,
    "evm_mine": steering.mine_one,
    "anvil_mine": steering.mine_many,
    "hardhat_mine": steering.mine_many,
    "evm_setAutomine": steering.set_automine,
    "anvil_getAutomine": steering.automine,
    "evm_snapshot": steering.snapshot,
    "evm_revert": steering.revert,
    "anvil_setBalance": steering.set_balance,
    "hardhat_setBalance": steering.set_balance,
    "anvil_setNonce": steering.set_nonce,
    "hardhat_setNonce": steering.set_nonce,
    "anvil_setCode": steering.set_code,
    "hardhat_setCode": steering.set_code,
    "anvil_setStorageAt": steering.set_storage_at,
    "hardhat_setStorageAt": steering.set_storage_at,
}

_NEEDS_SOCKET: Final = "This chain speaks HTTP only: poll with eth_newFilter, or use anvil."
_NEEDS_QUEUE: Final = "Nothing is queued here: every accepted transaction is in the next block."

_NEEDS_KEY: Final = "Every transaction is signed here: use a named account, or sign it yourself."
_RESTART: Final = "Take evm_snapshot at the start and evm_revert to it, or start another chain."

REFUSED: Final[Mapping[str, str]] = {
    "eth_subscribe": _NEEDS_SOCKET,
    "eth_unsubscribe": _NEEDS_SOCKET,
    "eth_getProof": "This chain proves nothing about its state; use anvil for eth_getProof.",
    "eth_createAccessList": "Access lists are accepted here but not made; use anvil to make one.",
    "eth_sendUserOperation": "This chain has no bundler.",
    "anvil_impersonateAccount": _NEEDS_KEY,
    "hardhat_impersonateAccount": _NEEDS_KEY,
    "anvil_dropTransaction": _NEEDS_QUEUE,
    "anvil_reset": _RESTART,
    "hardhat_reset": _RESTART,
    "evm_setIntervalMining": "Blocks are mined as transactions arrive, or by evm_mine.",
    "txpool_content": _NEEDS_QUEUE,
    "txpool_inspect": _NEEDS_QUEUE,
    "txpool_status": _NEEDS_QUEUE,
}
"""Methods that other nodes have, with what to do instead."""

REFUSED_FAMILIES: Final[Mapping[str, str]] = {
    "debug_": "This chain keeps no traces; use anvil for debug methods.",
    "trace_": "This chain keeps no traces; use anvil for trace methods.",
    "admin_": "There is nothing to administer: settings are given at the start.",
    "miner_": "Mining is steered by evm_mine and evm_setAutomine.",
    "engine_": "This chain has no consensus layer.",
}
"""The same for all methods that begin so."""
