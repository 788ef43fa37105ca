"""Owns the methods that send transactions and sign for the named accounts.

Refuses to hold any other key: a transaction from another sender arrives signed, as raw bytes.
"""

from __future__ import annotations

from json import JSONDecodeError, loads
from typing import TYPE_CHECKING

from marketplace.devnet.accounts import DevAccount, account_at, named_accounts
from marketplace.devnet.errors import InvalidParams, Rejected
from marketplace.devnet.messages import optional_quantity, read_message
from marketplace.devnet.methods.fees import TIP_WEI, next_base_fee
from marketplace.devnet.quantities import (
    Json,
    data,
    quantity,
    read_address,
    read_data,
    read_object,
    word,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eth_account.types import TransactionDictType

    from marketplace.devnet.calls import CallRequest
    from marketplace.devnet.chain import DevChain
    from marketplace.devnet.params import Params


def accounts(chain: DevChain, params: Params) -> Json:
    """Addresses that this chain signs for."""
    del chain
    params.at_most(0)
    return [account.address for account in named_accounts()]


def named(chain: DevChain, params: Params) -> Json:
    """The named accounts with their addresses and public private keys."""
    del chain
    params.at_most(0)
    return [
        {
            "name": account.name,
            "address": account.address,
            "privateKey": data(account.private_key),
        }
        for account in named_accounts()
    ]


def send_raw_transaction(chain: DevChain, params: Params) -> Json:
    """Accept a signed transaction; a reverting one is mined with status 0."""
    params.at_most(1)
    return data(chain.send_raw(read_data(params.at(0, "raw transaction"), "raw transaction")))


def send_transaction(chain: DevChain, params: Params) -> Json:
    """Sign a transaction for a named account and send it."""
    params.at_most(1)
    return data(chain.send_raw(sign(chain, params.at(0, "transaction"))))


def sign_transaction(chain: DevChain, params: Params) -> Json:
    """Sign a transaction for a named account and give the bytes."""
    params.at_most(1)
    raw = sign(chain, params.at(0, "transaction"))
    return {"raw": data(raw)}


def sign_message(chain: DevChain, params: Params) -> Json:
    """`eth_sign`: address first, then the message (EIP-191 version 0x45)."""
    del chain
    params.at_most(2)
    signer = _signer(params.at(0, "address"))
    return data(signer.sign_message(read_data(params.at(1, "message"), "message")))


def personal_sign(chain: DevChain, params: Params) -> Json:
    """`personal_sign`: message first, then the address; a password is ignored."""
    del chain
    params.at_most(3)
    signer = _signer(params.at(1, "address"))
    message = params.at(0, "message")
    if isinstance(message, str) and not message.startswith("0x"):
        return data(signer.sign_message(message.encode()))
    return data(signer.sign_message(read_data(message, "message")))


def sign_typed_data(chain: DevChain, params: Params) -> Json:
    """`eth_signTypedData_v4`: address, then the typed data as an object or its JSON text."""
    del chain
    params.at_most(2)
    signer = _signer(params.at(0, "address"))
    message = params.at(1, "typed data")
    if isinstance(message, str):
        try:
            message = loads(message)
        except JSONDecodeError as error:
            raise InvalidParams(f"The typed data is not JSON: {error}.") from error
    return data(signer.sign_typed_data(read_object(message, "typed data")))


def sign(chain: DevChain, value: Json, nonce: int | None = None) -> bytes:
    """Sign what `eth_sendTransaction` describes, filling in nonce, gas and fees.

    Args:
        chain: Where it will be sent.
        value: The transaction object.
        nonce: Used when the object names none; the account's next one when None.

    Raises:
        InvalidParams: If a field is malformed or no sender is named.
        Rejected: If there is no key for the sender, or gas cannot be estimated.
        ExecutionReverted: If gas must be estimated and the transaction reverts.
    """
    fields = read_object(value, "transaction")
    request = read_message(fields)
    if fields.get("from") is None:
        raise InvalidParams("The transaction needs a sender in `from`.")
    signer = account_at(request.sender)
    chain_id = optional_quantity(fields, "chainId")
    if chain_id not in (None, chain.settings.chain_id):
        raise Rejected(
            f"invalid chain id for signer: have {chain_id} want {chain.settings.chain_id}"
        )
    chosen = optional_quantity(fields, "nonce")
    if chosen is None:
        chosen = nonce
    if chosen is None:
        chosen = chain.state("pending").get_nonce(request.sender)
    gas = chain.estimate_gas(request) if request.gas is None else request.gas
    return _signed(signer, _complete(chain, fields, request, (chosen, gas)))


def _complete(
    chain: DevChain,
    fields: Mapping[str, Json],
    request: CallRequest,
    nonce_and_gas: tuple[int, int],
) -> TransactionDictType:
    nonce, gas = nonce_and_gas
    complete: dict[str, object] = {
        "chainId": chain.settings.chain_id,
        "nonce": nonce,
        "gas": gas,
        "value": request.value,
        "data": request.data,
    }
    if request.to:
        complete["to"] = request.to
    if request.access_list:
        complete["accessList"] = [
            {"address": data(address), "storageKeys": [word(slot) for slot in slots]}
            for address, slots in request.access_list
        ]
    if fields.get("gasPrice") is not None:
        complete["gasPrice"] = request.max_fee_per_gas
        return complete  # type: ignore[return-value] # eth_account's own alias is an open dict
    tip = optional_quantity(fields, "maxPriorityFeePerGas")
    tip = TIP_WEI if tip is None else tip
    complete["maxPriorityFeePerGas"] = tip
    # Twice the base fee outlives six full blocks; only what is due is paid.
    complete["maxFeePerGas"] = request.max_fee_per_gas or 2 * next_base_fee(chain.head) + tip
    complete["type"] = quantity(2)
    return complete  # type: ignore[return-value] # eth_account's own alias is an open dict


def _signed(signer: DevAccount, complete: TransactionDictType) -> bytes:
    try:
        return bytes(signer.signer.sign_transaction(complete).raw_transaction)
    except (TypeError, ValueError) as error:
        raise InvalidParams(f"The transaction cannot be signed: {error}.") from error


def _signer(value: Json) -> DevAccount:
    return account_at(read_address(value, "address"))
