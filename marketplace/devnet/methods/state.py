"""Owns the methods that read the state after a block, and calls on it.

Refuses to write; its executions leave no trace.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketplace.devnet.messages import read_call_overrides, read_message
from marketplace.devnet.quantities import Json, data, quantity, read_address, read_slot, word
from marketplace.devnet.references import read_reference

if TYPE_CHECKING:
    from eth.abc import StateAPI

    from marketplace.devnet.chain import DevChain
    from marketplace.devnet.params import Params


def balance(chain: DevChain, params: Params) -> Json:
    """Wei that an address owns."""
    params.at_most(2)
    address = read_address(params.at(0, "address"), "address")
    return quantity(_state(chain, params, 1).get_balance(address))


def transaction_count(chain: DevChain, params: Params) -> Json:
    """Next nonce of an address; at `pending` what waits is counted."""
    params.at_most(2)
    address = read_address(params.at(0, "address"), "address")
    return quantity(_state(chain, params, 1).get_nonce(address))


def code(chain: DevChain, params: Params) -> Json:
    """Runtime code at an address."""
    params.at_most(2)
    address = read_address(params.at(0, "address"), "address")
    return data(_state(chain, params, 1).get_code(address))


def storage_at(chain: DevChain, params: Params) -> Json:
    """One storage word."""
    params.at_most(3)
    address = read_address(params.at(0, "address"), "address")
    slot = read_slot(params.at(1, "position"), "position")
    return word(_state(chain, params, 2).get_storage(address, slot))


def call(chain: DevChain, params: Params) -> Json:
    """Run a message and give what it returns; free for anybody."""
    params.at_most(4)
    request = read_message(params.at(0, "transaction"))
    reference = read_reference(params.get(1, "latest"), "block")
    return data(chain.call(request, reference, read_call_overrides(params.get(2), params.get(3))))


def estimate_gas(chain: DevChain, params: Params) -> Json:
    """Find a gas limit; without a block, as the next block would run it."""
    params.at_most(4)
    request = read_message(params.at(0, "transaction"))
    reference = read_reference(params.get(1, "pending"), "block")
    return quantity(
        chain.estimate_gas(request, reference, read_call_overrides(params.get(2), params.get(3)))
    )


def _state(chain: DevChain, params: Params, index: int) -> StateAPI:
    return chain.state(read_reference(params.get(index, "latest"), "block"))
