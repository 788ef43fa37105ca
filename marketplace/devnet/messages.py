"""Owns the reading of call objects, access lists, authorizations and overrides from JSON.

Refuses fields that would be ignored: an override that this chain cannot honour is an error, not a
silent difference.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from eth.vm.forks.prague.transactions import Authorization
from eth_typing import Address

from marketplace.devnet.calls import (
    ANYBODY,
    NOBODY,
    AccountOverride,
    BlockOverride,
    CallRequest,
    Overrides,
)
from marketplace.devnet.errors import InvalidParams
from marketplace.devnet.quantities import (
    Json,
    read_address,
    read_data,
    read_hash,
    read_list,
    read_object,
    read_quantity,
    read_slot,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

_BLOB_FIELDS: Final = ("maxFeePerBlobGas", "blobVersionedHashes", "blobs")
_ACCOUNT_FIELDS: Final = {"balance", "nonce", "code", "state", "stateDiff"}
_BLOCK_FIELDS: Final = {
    "number",
    "time",
    "baseFeePerGas",
    "gasLimit",
    "feeRecipient",
    "coinbase",
    "prevRandao",
    "random",
}

AccessList = tuple[tuple[Address, tuple[int, ...]], ...]


def read_message(value: Json) -> CallRequest:
    """Decode the call object of `eth_call` and `eth_estimateGas`.

    Raises:
        InvalidParams: If a field is malformed, fees contradict, or it carries blobs.
    """
    fields = read_object(value, "transaction")
    if any(fields.get(name) is not None for name in _BLOB_FIELDS):
        raise InvalidParams("transaction type not supported: this chain carries no blobs.")
    gas_price = optional_quantity(fields, "gasPrice")
    max_fee = optional_quantity(fields, "maxFeePerGas")
    max_priority = optional_quantity(fields, "maxPriorityFeePerGas")
    if gas_price is not None and (max_fee is not None or max_priority is not None):
        raise InvalidParams("both gasPrice and (maxFeePerGas or maxPriorityFeePerGas) specified.")
    sender, to = fields.get("from"), fields.get("to")
    return CallRequest(
        sender=ANYBODY if sender is None else read_address(sender, "from"),
        to=NOBODY if to in (None, "0x") else read_address(to, "to"),
        value=optional_quantity(fields, "value") or 0,
        data=read_input(fields),
        gas=optional_quantity(fields, "gas"),
        max_fee_per_gas=(max_fee if gas_price is None else gas_price) or 0,
        max_priority_fee_per_gas=(max_priority if gas_price is None else gas_price) or 0,
        access_list=read_access_list(fields.get("accessList")),
        authorization_list=_read_authorizations(fields.get("authorizationList")),
    )


def read_input(fields: Mapping[str, Json]) -> bytes:
    """Decode `input`, or `data` as older clients call it.

    Raises:
        InvalidParams: If both are there and differ.
    """
    given = [fields[name] for name in ("input", "data") if fields.get(name) is not None]
    if not given:
        return b""
    octets = {read_data(value, "input") for value in given}
    if len(octets) > 1:
        raise InvalidParams('both "data" and "input" are set and not equal.')
    return octets.pop()


def optional_quantity(fields: Mapping[str, Json], name: str) -> int | None:
    """Decode a quantity that may be left out."""
    value = fields.get(name)
    return None if value is None else read_quantity(value, name)


def read_access_list(value: Json) -> AccessList:
    """Decode an EIP-2930 access list; null is an empty one."""
    if value is None:
        return ()
    entries = [read_object(entry, "accessList") for entry in read_list(value, "accessList")]
    return tuple(
        (
            read_address(entry.get("address"), "accessList.address"),
            tuple(
                read_slot(slot, "accessList.storageKeys")
                for slot in read_list(entry.get("storageKeys", []), "accessList.storageKeys")
            ),
        )
        for entry in entries
    )


def read_overrides(value: Json) -> Mapping[Address, AccountOverride]:
    """Decode the state overrides of a call, by address."""
    return {
        read_address(address, "state override"): _read_account_override(override)
        for address, override in read_object(value, "state overrides").items()
    }


def read_block_override(value: Json) -> BlockOverride:
    """Decode the block overrides of a call."""
    fields = read_object(value, "block overrides")
    _refuse_unknown(fields, _BLOCK_FIELDS, "block override")
    recipient = fields.get("feeRecipient", fields.get("coinbase"))
    randao = fields.get("prevRandao", fields.get("random"))
    return BlockOverride(
        number=optional_quantity(fields, "number"),
        timestamp=optional_quantity(fields, "time"),
        base_fee=optional_quantity(fields, "baseFeePerGas"),
        gas_limit=optional_quantity(fields, "gasLimit"),
        coinbase=None if recipient is None else read_address(recipient, "feeRecipient"),
        prev_randao=None if randao is None else read_hash(randao, "prevRandao"),
    )


def read_call_overrides(accounts: Json, block: Json) -> Overrides:
    """Decode both kinds of overrides; null means none."""
    return Overrides(
        accounts=read_overrides({} if accounts is None else accounts),
        block=read_block_override({} if block is None else block),
    )


def _read_account_override(value: Json) -> AccountOverride:
    fields = read_object(value, "state override")
    _refuse_unknown(fields, _ACCOUNT_FIELDS, "state override")
    storage, changes = fields.get("state"), fields.get("stateDiff")
    if storage is not None and changes is not None:
        raise InvalidParams("A state override has either state or stateDiff, not both.")
    code = fields.get("code")
    return AccountOverride(
        balance=optional_quantity(fields, "balance"),
        nonce=optional_quantity(fields, "nonce"),
        code=None if code is None else read_data(code, "code"),
        storage=None if storage is None else _read_storage(storage),
        storage_changes={} if changes is None else _read_storage(changes),
    )


def _read_storage(value: Json) -> Mapping[int, int]:
    return {
        read_slot(slot, "storage slot"): read_slot(content, "storage value")
        for slot, content in read_object(value, "storage").items()
    }


def _read_authorizations(value: Json) -> tuple[Authorization, ...]:
    if value is None:
        return ()
    entries = [
        read_object(entry, "authorizationList") for entry in read_list(value, "authorizationList")
    ]
    return tuple(
        Authorization(
            chain_id=read_quantity(entry.get("chainId"), "authorizationList.chainId"),
            address=read_address(entry.get("address"), "authorizationList.address"),
            nonce=read_quantity(entry.get("nonce"), "authorizationList.nonce"),
            y_parity=read_quantity(entry.get("yParity"), "authorizationList.yParity"),
            r=read_quantity(entry.get("r"), "authorizationList.r"),
            s=read_quantity(entry.get("s"), "authorizationList.s"),
        )
        for entry in entries
    )


def _refuse_unknown(fields: Mapping[str, Json], known: set[str], what: str) -> None:
    unknown = sorted(set(fields) - known)
    if unknown:
        raise InvalidParams(f"This chain does not know the {what} {', '.join(unknown)}.")
