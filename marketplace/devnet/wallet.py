"""Owns transactions that the named accounts send: what is left open is filled in, then signed.

Refuses authorizations and every other key: such a transaction arrives signed, as raw bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from marketplace.devnet.accounts import account_at
from marketplace.devnet.calls import NOBODY, CallRequest
from marketplace.devnet.errors import Rejected
from marketplace.devnet.fees import TIP_WEI, next_base_fee
from marketplace.devnet.quantities import access_list

if TYPE_CHECKING:
    from marketplace.devnet.accounts import DevAccount
    from marketplace.devnet.blocks import MinedTransaction
    from marketplace.devnet.chain import DevChain

_ACCESS_LIST: Final = 1
_DYNAMIC_FEE: Final = 2


@dataclass(frozen=True, slots=True)
class Draft:
    """A transaction before it is signed; None means that the chain chooses.

    Attributes:
        request: Sender, receiver, value, data, gas and access list.
        gas_price: Wei per gas of an old or EIP-2930 transaction; excludes the two others.
        max_fee: Wei per gas (EIP-1559).
        max_tip: Wei per gas (EIP-1559).
    """

    request: CallRequest
    nonce: int | None = None
    gas_price: int | None = None
    max_fee: int | None = None
    max_tip: int | None = None


def sign(chain: DevChain, draft: Draft) -> bytes:
    """Fill in nonce, gas and fees and sign for the sender.

    Raises:
        Rejected: If there is no key for the sender, or gas cannot be estimated.
        ExecutionReverted: If gas must be estimated and the transaction reverts.
    """
    request = draft.request
    account = account_at(request.sender)
    if request.authorization_list:
        raise Rejected(
            "transaction type not supported: authorizations are not signed here, "
            "send the transaction raw"
        )
    nonce = draft.nonce
    if nonce is None:
        nonce = chain.state("pending").get_nonce(request.sender)
    gas = chain.estimate_gas(request) if request.gas is None else request.gas
    fields: dict[str, object] = {
        "chainId": chain.settings.chain_id,
        "nonce": nonce,
        "gas": gas,
        "value": request.value,
        "data": request.data,
        **_fees(chain, draft),
    }
    if request.to:
        fields["to"] = request.to
    if request.access_list:
        fields["accessList"] = access_list(request.access_list)
    signed = account.signer.sign_transaction(fields)  # type: ignore[arg-type] # a dict per type
    return bytes(signed.raw_transaction)


def transact(
    chain: DevChain,
    sender: DevAccount,
    *,
    to: bytes = NOBODY,
    data: bytes = b"",
    value: int = 0,
    gas: int | None = None,
) -> MinedTransaction:
    """Send one transaction of a named account and give what became of it.

    Needs automatic mining. A transaction without `gas` that would revert is not sent.

    Raises:
        ExecutionReverted: If gas must be estimated and the transaction reverts.
        Rejected: If the chain's rules refuse it, or it waits for a block.
    """
    request = CallRequest(
        sender=sender.octets, to=type(NOBODY)(to), data=data, value=value, gas=gas
    )
    found = chain.canon.transaction(chain.send_raw(sign(chain, Draft(request))))
    if found is None:
        raise Rejected("The transaction waits for a block: mining is not automatic now.")
    return found[1]


def _fees(chain: DevChain, draft: Draft) -> dict[str, object]:
    if draft.gas_price is not None:
        kind = {"type": _ACCESS_LIST} if draft.request.access_list else {}
        return {"gasPrice": draft.gas_price, **kind}
    tip = TIP_WEI if draft.max_tip is None else draft.max_tip
    # Twice the base fee outlives six full blocks; only what is due is paid.
    ample = 2 * next_base_fee(chain.head) + tip
    max_fee = ample if draft.max_fee is None else draft.max_fee
    if draft.max_tip is None:
        tip = min(tip, max_fee)
    return {"type": _DYNAMIC_FEE, "maxFeePerGas": max_fee, "maxPriorityFeePerGas": tip}
