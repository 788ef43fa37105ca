"""Owns the methods that send transactions and sign for the named accounts.

Refuses to hold any other key: a transaction from another sender arrives signed, as raw bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketplace.devnet.accounts import DevAccount, account_at, named_accounts
from marketplace.devnet.errors import InvalidParams, Rejected
from marketplace.devnet.json_text import read_json
from marketplace.devnet.messages import optional_quantity, read_message
from marketplace.devnet.quantities import (
    Json,
    data,
    read_address,
    read_data,
    read_object,
)
from marketplace.devnet.wallet import Draft, sign

if TYPE_CHECKING:
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
    return data(chain.send_raw(sign(chain, read_draft(chain, params.at(0, "transaction")))))


def sign_transaction(chain: DevChain, params: Params) -> Json:
    """Sign a transaction for a named account and give the bytes."""
    params.at_most(1)
    return {"raw": data(sign(chain, read_draft(chain, params.at(0, "transaction"))))}


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
            message = read_json(message)
        except ValueError as error:
            raise InvalidParams(f"The typed data is not JSON: {error}.") from error
    return data(signer.sign_typed_data(read_object(message, "typed data")))


def read_draft(chain: DevChain, value: Json, nonce: int | None = None) -> Draft:
    """Decode what `eth_sendTransaction` describes.

    Args:
        chain: Where it will be sent.
        value: The transaction object.
        nonce: Used when the object names none.

    Raises:
        InvalidParams: If a field is malformed or no sender is named.
        Rejected: If it names another chain.
    """
    fields = read_object(value, "transaction")
    request = read_message(fields)
    if fields.get("from") is None:
        raise InvalidParams("The transaction needs a sender in `from`.")
    chain_id = optional_quantity(fields, "chainId")
    if chain_id not in {None, chain.settings.chain_id}:
        raise Rejected(
            f"invalid chain id for signer: have {chain_id} want {chain.settings.chain_id}"
        )
    chosen = optional_quantity(fields, "nonce")
    return Draft(
        request=request,
        nonce=nonce if chosen is None else chosen,
        gas_price=optional_quantity(fields, "gasPrice"),
        max_fee=optional_quantity(fields, "maxFeePerGas"),
        max_tip=optional_quantity(fields, "maxPriorityFeePerGas"),
    )


def _signer(value: Json) -> DevAccount:
    return account_at(read_address(value, "address"))
