"""Owns what a raw transaction must be before this chain executes it.

Refuses what a node refuses, with the sentences that nodes begin with, so that clients sort the
errors: other chains' transactions, unprotected ones, blobs, wrong nonces, missing funds, too little
gas, fees below the base fee. Refuses to queue: a nonce ahead of the account's is an error here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from eth.constants import SECPK1_N
from eth.exceptions import PyEVMError
from eth.vm.forks.prague.constants import STANDARD_TOKEN_COST, TOTAL_COST_FLOOR_PER_TOKEN
from eth.vm.forks.shanghai.constants import INITCODE_WORD_COST, MAX_INITCODE_SIZE
from eth_utils.exceptions import ValidationError
from rlp.exceptions import RLPException

from marketplace.devnet.blocks import base_fee_of
from marketplace.devnet.errors import InvalidParams, Rejected

if TYPE_CHECKING:
    from eth.abc import BlockHeaderAPI, SignedTransactionAPI, StateAPI, TransactionBuilderAPI
    from eth_typing import Address

    from marketplace.devnet.settings import Fork

_LEGACY_FIRST_BYTE: Final = 0xC0
_ACCESS_LIST: Final = 1
_BLOB: Final = 3
_SET_CODE: Final = 4
_UNPROTECTED: Final = (27, 28)
_MAX_BYTES: Final = 128 * 1024
_TRANSFER_GAS: Final = 21_000
_HALF_ORDER: Final = SECPK1_N // 2
_DELEGATION_PREFIX: Final = bytes.fromhex("ef0100")


def decode_transaction(
    raw: bytes, builder: type[TransactionBuilderAPI], fork: Fork
) -> SignedTransactionAPI:
    """Decode a signed transaction of type 0, 1, 2 or (prague) 4.

    Raises:
        InvalidParams: If the bytes are no transaction.
        Rejected: If its type is not accepted here.
    """
    if not raw:
        raise InvalidParams("The raw transaction is empty.")
    if len(raw) > _MAX_BYTES:
        raise Rejected(f"oversized data: transaction size {len(raw)}, limit {_MAX_BYTES}")
    kind = raw[0]
    if kind == _BLOB:
        raise Rejected(
            "transaction type not supported: this chain carries no blobs, send type 2 instead"
        )
    if kind == _SET_CODE and fork == "cancun":
        raise Rejected(
            "transaction type not supported: EIP-7702 needs the prague fork, this chain runs cancun"
        )
    if _SET_CODE < kind < _LEGACY_FIRST_BYTE:
        raise Rejected(f"transaction type not supported: type {kind}")
    try:
        return builder.decode(raw)
    except (RLPException, PyEVMError, ValidationError, TypeError, ValueError) as error:
        raise InvalidParams(f"The raw transaction cannot be decoded: {error}.") from error


def transaction_type(transaction: SignedTransactionAPI) -> int:
    """EIP-2718 type; 0 for an old transaction."""
    return transaction.type_id or 0


def sender_of(transaction: SignedTransactionAPI) -> Address:
    """Recover the sender.

    Raises:
        Rejected: If the signature is not one, or its s is in the upper half of the curve's order.
    """
    if not 0 < transaction.s <= _HALF_ORDER:
        raise Rejected("invalid sender: invalid transaction v, r, s values: s is too high (EIP-2)")
    try:
        transaction.check_signature_validity()
        sender = transaction.sender
    except (ValidationError, PyEVMError, ValueError) as error:
        raise Rejected(f"invalid sender: invalid transaction v, r, s values: {error}") from error
    return sender


def check_chain(transaction: SignedTransactionAPI, chain_id: int) -> None:
    """Hold a transaction to this chain (EIP-155).

    Raises:
        Rejected: If it was signed for another chain, or for every chain.
    """
    if transaction_type(transaction) == 0 and _signature_v(transaction) in _UNPROTECTED:
        raise Rejected(
            "only replay-protected (EIP-155) transactions allowed over RPC: "
            f"sign with chain id {chain_id}"
        )
    signed_for = transaction.chain_id
    if signed_for != chain_id:
        raise Rejected(f"invalid chain id for signer: have {signed_for} want {chain_id}")


def check_static(transaction: SignedTransactionAPI, header: BlockHeaderAPI, fork: Fork) -> None:
    """Hold a transaction to the rules that need no state.

    Raises:
        Rejected: For too little or too much gas, fees that cannot be paid, or oversized init code.
    """
    if transaction.max_priority_fee_per_gas > transaction.max_fee_per_gas:
        raise Rejected(
            "max priority fee per gas higher than max fee per gas: "
            f"maxPriorityFeePerGas: {transaction.max_priority_fee_per_gas}, "
            f"maxFeePerGas: {transaction.max_fee_per_gas}"
        )
    base_fee = base_fee_of(header)
    if transaction.max_fee_per_gas < base_fee:
        raise Rejected(
            "max fee per gas less than block base fee: "
            f"address 0x{transaction.sender.hex()}, "
            f"maxFeePerGas: {transaction.max_fee_per_gas}, baseFee: {base_fee}"
        )
    if transaction.gas > header.gas_limit:
        raise Rejected(f"exceeds block gas limit: gas {transaction.gas}, limit {header.gas_limit}")
    if not transaction.to and len(transaction.data) > MAX_INITCODE_SIZE:
        raise Rejected(
            f"max initcode size exceeded: code size {len(transaction.data)} "
            f"limit {MAX_INITCODE_SIZE}"
        )
    needed = _least_gas(transaction, fork)
    if transaction.gas < needed:
        raise Rejected(f"intrinsic gas too low: gas {transaction.gas}, minimum needed {needed}")


def check_account(transaction: SignedTransactionAPI, state: StateAPI) -> None:
    """Hold a transaction to its sender's account.

    Raises:
        Rejected: If the nonce is used up or ahead, the funds do not reach, or a contract signs.
    """
    sender = transaction.sender
    expected = state.get_nonce(sender)
    if transaction.nonce < expected:
        raise Rejected(f"nonce too low: next nonce {expected}, tx nonce {transaction.nonce}")
    if transaction.nonce > expected:
        raise Rejected(
            f"nonce too high: next nonce {expected}, tx nonce {transaction.nonce}; "
            "transactions are not queued here, send the missing ones first"
        )
    code = state.get_code(sender)
    if code and not code.startswith(_DELEGATION_PREFIX):
        raise Rejected(f"sender not an eoa: address 0x{sender.hex()} has code (EIP-3607)")
    balance = state.get_balance(sender)
    cost = transaction.value + transaction.gas * transaction.max_fee_per_gas
    if balance < cost:
        raise Rejected(
            "insufficient funds for gas * price + value: "
            f"balance {balance}, tx cost {cost}, overshot {cost - balance}"
        )


def raw_bytes(transaction: SignedTransactionAPI) -> bytes:
    """The transaction as it was sent."""
    return bytes(transaction.encode())


def signature_v(transaction: SignedTransactionAPI) -> int:
    """The signature's v as JSON-RPC shows it: EIP-155's for old transactions, else the parity."""
    if transaction_type(transaction) == 0:
        return _signature_v(transaction)
    return int(transaction.y_parity)


def _signature_v(transaction: SignedTransactionAPI) -> int:
    return int(transaction.v)  # type: ignore[attr-defined] # old transactions only


def _least_gas(transaction: SignedTransactionAPI, fork: Fork) -> int:
    least = int(transaction.intrinsic_gas)
    if not transaction.to:
        # EIP-3860 counts the words of init code before execution begins.
        least += INITCODE_WORD_COST * ((len(transaction.data) + 31) // 32)
    if fork == "cancun":
        return least
    zeros = transaction.data.count(0)
    tokens = zeros + (len(transaction.data) - zeros) * STANDARD_TOKEN_COST
    return max(least, _TRANSFER_GAS + TOTAL_COST_FLOOR_PER_TOKEN * tokens)
