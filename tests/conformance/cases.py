"""The one list of cases: what any Ethereum client must see of a chain.

Owns the names, the promise in words, and the JSON-RPC methods that every client's run of a case
must send. Refuses implementations: each client has its own, under the same name.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Case:
    """One promise; `only` names the single chain that can keep it, None means both."""

    name: str
    sees: str
    methods: frozenset[str]
    only: str | None = None


def case(name: str, sees: str, methods: str, only: str | None = None) -> Case:
    """A case from the blank-separated names of its methods."""
    return Case(name, sees, frozenset(methods.split()), only)


IDENTITY = (
    case(
        "chain_id_is_the_configured_one",
        "chain id and network version are 31337",
        "eth_chainId net_version",
    ),
    case("node_names_its_software", "the client version names the software", "web3_clientVersion"),
    case(
        "node_holds_funded_accounts",
        "at least five accounts, each with 100 ETH or more",
        "eth_accounts eth_getBalance",
    ),
    case(
        "unused_account_is_empty",
        "balance, nonce and code of an address nobody used are zero",
        "eth_getBalance eth_getTransactionCount eth_getCode",
    ),
)

BLOCKS = (
    case(
        "block_number_rises_with_each_block",
        "mining two blocks raises the number by two",
        "eth_blockNumber evm_mine",
    ),
    case(
        "block_is_the_same_by_number_and_by_hash",
        "number and hash lead to the same block, whose parent is the block before",
        "eth_getBlockByNumber eth_getBlockByHash",
    ),
    case(
        "full_transactions_equal_the_single_ones",
        "a block's embedded transactions equal what their hashes lead to",
        "eth_getBlockByNumber eth_getTransactionByHash",
    ),
    case(
        "transaction_is_found_by_its_place",
        "block and index lead to the transaction; the block counts its transactions",
        "eth_getTransactionByBlockNumberAndIndex eth_getTransactionByBlockHashAndIndex"
        " eth_getBlockTransactionCountByNumber eth_getBlockTransactionCountByHash",
    ),
    case(
        "safe_and_finalized_lag_the_head",
        "safe and finalized stay behind the head by the chain's depths as it moves",
        "eth_getBlockByNumber evm_mine",
    ),
    case(
        "pending_block_builds_on_the_head",
        "the pending block has the next number and the head as its parent",
        "eth_getBlockByNumber",
    ),
    case(
        "unknown_objects_are_null",
        "unknown blocks, transactions and receipts are absent, not errors of the node",
        "eth_getBlockByNumber eth_getBlockByHash eth_getTransactionByHash"
        " eth_getTransactionReceipt",
    ),
    case(
        "block_receipts_equal_the_single_ones",
        "all receipts of a block at once equal those asked one by one",
        "eth_getBlockReceipts eth_getTransactionReceipt",
    ),
    case(
        "fee_history_covers_the_range",
        "one base fee more than blocks, each equal to its block's, and rewards per percentile",
        "eth_feeHistory eth_getBlockByNumber",
    ),
    case(
        "gas_price_covers_the_base_fee",
        "the suggested price is at least the base fee, the suggested tip is not negative",
        "eth_gasPrice eth_maxPriorityFeePerGas",
    ),
)

TRANSACTIONS = (
    case(
        "fee_market_transaction_is_mined",
        "a locally signed EIP-1559 transaction is mined as type 2",
        "eth_sendRawTransaction eth_getTransactionReceipt",
    ),
    case(
        "access_list_transaction_is_mined",
        "a locally signed EIP-2930 transaction is mined as type 1 with its access list",
        "eth_sendRawTransaction eth_getTransactionReceipt eth_getTransactionByHash",
    ),
    case(
        "legacy_transaction_is_mined",
        "a locally signed EIP-155 transaction is mined as type 0",
        "eth_sendRawTransaction eth_getTransactionReceipt",
    ),
    case(
        "wallet_fills_in_nonce_fees_and_gas",
        "a transaction of which the user gives only recipient and value is mined",
        "eth_sendRawTransaction eth_getTransactionReceipt",
    ),
    case(
        "node_account_sends",
        "the node signs for an account that it holds",
        "eth_accounts eth_sendTransaction",
    ),
    case(
        "receipt_states_the_outcome",
        "status, gas, price, type, sender, recipient and place, as the block charged them",
        "eth_getTransactionReceipt eth_getBlockByHash",
    ),
    case(
        "contract_is_deployed",
        "the receipt names the new address, and the address has the compiled code",
        "eth_sendRawTransaction eth_getTransactionReceipt eth_getCode",
    ),
    case(
        "contract_is_deployed_through_the_create2_proxy",
        "the deterministic deployment proxy creates the predicted address",
        "eth_sendRawTransaction eth_getCode",
    ),
    case(
        "oversized_contract_is_refused",
        "24,576 bytes of code are deployed, one byte more is not",
        "eth_sendRawTransaction eth_getTransactionReceipt eth_getCode",
    ),
    case(
        "reverting_transaction_is_mined_with_status_zero",
        "it costs gas and a nonce, leaves no log and no state",
        "eth_sendRawTransaction eth_getTransactionReceipt",
    ),
    case(
        "transaction_for_another_chain_is_refused",
        "a raw transaction signed for chain id 1 is an error and changes no nonce",
        "eth_sendRawTransaction eth_getTransactionCount",
    ),
    case(
        "used_nonce_is_refused",
        "the client recognises the error as a nonce that is too low",
        "eth_sendRawTransaction",
    ),
    case(
        "unfunded_transaction_is_refused",
        "the client recognises the error as insufficient funds",
        "eth_sendRawTransaction",
    ),
    case(
        "fee_below_the_base_fee_is_refused",
        "the client recognises the error as a fee cap under the base fee",
        "eth_sendRawTransaction",
    ),
)

CALLS = (
    case("view_returns_its_value", "a view call returns the decoded value", "eth_call"),
    case(
        "custom_error_decodes_with_its_arguments",
        "the client names the error and gives its four arguments",
        "eth_call",
    ),
    case("custom_error_without_arguments_decodes", "the client names the error", "eth_call"),
    case("reason_string_decodes", "the client gives the string", "eth_call"),
    case("panic_decodes", "division by zero arrives as panic 0x12", "eth_call"),
    case("revert_without_data_is_an_error", "an empty revert is still an error", "eth_call"),
    case(
        "estimate_of_a_reverting_call_carries_the_error",
        "the custom error decodes from the refused estimate",
        "eth_estimateGas",
    ),
    case(
        "estimate_suffices_for_the_transaction",
        "a transaction with exactly the estimated gas succeeds",
        "eth_estimateGas eth_sendRawTransaction",
    ),
    case(
        "unfunded_account_calls_without_a_fee",
        "a call from an account that owns nothing sees that account as its caller",
        "eth_call",
    ),
    case(
        "call_with_value_beyond_the_balance_is_refused",
        "a call that carries value its sender does not have fails for want of funds",
        "eth_call",
    ),
    case(
        "extreme_integers_survive_exactly",
        "2^256 - 1 and -2^255 pass through calls and events unchanged",
        "eth_call eth_sendRawTransaction",
    ),
    case(
        "past_blocks_keep_their_state",
        "call, balance, nonce, code and storage are answered as of an older block",
        "eth_call eth_getBalance eth_getTransactionCount eth_getCode eth_getStorageAt",
    ),
    case(
        "block_is_named_by_its_hash",
        "an EIP-1898 object names the block of a call and of a balance",
        "eth_call eth_getBalance",
    ),
    case(
        "state_override_applies_to_one_call",
        "overridden storage and code are seen by this call and by no other",
        "eth_call",
    ),
    case("call_at_an_unknown_block_is_refused", "a block to come is an error", "eth_call"),
    case(
        "contract_sees_chain_id_and_time",
        "CHAINID and TIMESTAMP inside a call are the head's",
        "eth_call eth_getBlockByNumber",
    ),
)

LOGS = (
    case("logs_are_found_by_range", "a range holds its logs, both ends included", "eth_getLogs"),
    case(
        "logs_are_found_by_block_hash",
        "a block hash leads to this block's logs alone",
        "eth_getLogs eth_getBlockByNumber",
    ),
    case(
        "logs_are_found_by_topics",
        "positions combine by and, alternatives by or, null matches anything",
        "eth_getLogs",
    ),
    case(
        "logs_are_found_by_several_addresses",
        "a list of addresses is a choice; an address without logs adds none",
        "eth_getLogs eth_sendRawTransaction",
    ),
    case(
        "log_names_its_place",
        "block, transaction and consecutive indexes as in the receipt; removed is false",
        "eth_getLogs eth_getTransactionReceipt",
    ),
    case(
        "bloom_contains_address_and_topics",
        "the bloom filters of receipt and block admit the log",
        "eth_getTransactionReceipt eth_getBlockByHash",
    ),
    case(
        "dynamic_event_arguments_decode",
        "strings, bytes and arrays of an event arrive unchanged",
        "eth_sendRawTransaction eth_getTransactionReceipt",
    ),
    case(
        "logs_of_an_unknown_block_hash_are_an_error",
        "an orphaned or unknown hash is never an empty list",
        "eth_getLogs",
    ),
    case(
        "two_hundred_logs_are_read_at_once",
        "200 logs across 200 blocks arrive in order, in one answer",
        "eth_getLogs",
    ),
)

FILTERS = (
    case(
        "block_filter_reports_new_blocks",
        "each poll gives the hashes mined since the one before",
        "eth_newBlockFilter eth_getFilterChanges evm_mine",
    ),
    case(
        "log_filter_reports_new_logs",
        "each poll gives new matching logs; all of them stay readable",
        "eth_newFilter eth_getFilterChanges eth_getFilterLogs",
    ),
    case(
        "uninstalled_filter_is_unknown",
        "uninstalling succeeds once, afterwards the filter is an error",
        "eth_newBlockFilter eth_uninstallFilter eth_getFilterChanges",
    ),
)

SIGNATURES = (
    case(
        "typed_data_signature_recovers_on_chain",
        "EIP-712 data signed by the client for this chain recovers to the signer",
        "eth_call",
    ),
    case(
        "message_signature_recovers_on_chain",
        "a personal message signed by the client recovers to the signer",
        "eth_call",
    ),
)

REQUESTS = (
    case(
        "batch_answers_every_request",
        "the client's own batching brings every answer to its question",
        "eth_getBalance",
    ),
    case("fifty_parallel_calls_are_answered", "no answer is lost or mixed up", "eth_call"),
)

CONTROL = (
    case(
        "time_moves_by_the_asked_seconds",
        "the next block is at least that much later",
        "evm_increaseTime evm_mine",
    ),
    case(
        "next_block_takes_the_set_timestamp",
        "the next block has exactly the timestamp that was set",
        "evm_setNextBlockTimestamp evm_mine",
    ),
    case("many_blocks_are_mined_at_once", "forty blocks appear by one request", "anvil_mine"),
    case(
        "balance_is_set",
        "an account has exactly the balance that was set, and can spend it",
        "anvil_setBalance eth_getBalance",
    ),
    case(
        "snapshot_restores_state_and_logs",
        "after the revert, state, head, receipts and logs are those of the snapshot",
        "evm_snapshot evm_revert eth_getLogs",
    ),
    case(
        "reorg_replaces_blocks_and_their_logs",
        "three blocks get other hashes, their logs vanish, the ancestor stays",
        "anvil_reorg eth_getLogs eth_getBlockByNumber",
    ),
    case(
        "reorged_transaction_is_mined_again",
        "it keeps its hash and gets another block hash",
        "anvil_reorg eth_getTransactionReceipt",
    ),
)

DEVNET_ONLY = (
    case(
        "inverted_range_is_an_error",
        "a range whose end is before its start is an error, not an empty list",
        "eth_getLogs",
        only="devnet",
    ),
    case(
        "more_topics_than_a_log_has_match_nothing",
        "a wildcard still demands that the log has a topic at its position",
        "eth_getLogs",
        only="devnet",
    ),
)

ANVIL_ONLY = (
    case(
        "nonce_gap_is_queued",
        "a transaction ahead of its turn waits, and is mined when the gap is filled",
        "eth_sendRawTransaction evm_setAutomine",
        only="anvil",
    ),
    case(
        "fee_bump_replaces_a_waiting_transaction",
        "of two transactions with one nonce, the one that pays more is mined",
        "eth_sendRawTransaction evm_setAutomine",
        only="anvil",
    ),
    case(
        "subscription_announces_new_heads",
        "a WebSocket subscription tells each new block",
        "eth_subscribe",
        only="anvil",
    ),
)

CASES = (
    *IDENTITY,
    *BLOCKS,
    *TRANSACTIONS,
    *CALLS,
    *LOGS,
    *FILTERS,
    *SIGNATURES,
    *REQUESTS,
    *CONTROL,
    *DEVNET_ONLY,
    *ANVIL_ONLY,
)
BY_NAME = {each.name: each for each in CASES}
