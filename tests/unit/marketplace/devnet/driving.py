"""Drives a chain in tests: a clock to move, accounts that sign, contracts that are put in place."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from eth_typing import Address

from marketplace.devnet.accounts import account_named
from marketplace.devnet.wallet import transact
from tests.unit.marketplace.devnet.programs import EMITTER, creation_of, word

if TYPE_CHECKING:
    from marketplace.devnet.blocks import MinedTransaction
    from marketplace.devnet.chain import DevChain
    from marketplace.devnet.rpc import Node

START: Final = 1_700_000_000
ADA: Final = account_named("ada")
BO: Final = account_named("bo")
ELSEWHERE: Final = Address(bytes.fromhex("00000000000000000000000000000000000e15e0"))


@dataclass
class Clock:
    """A clock that stands still until a test moves it."""

    second: int

    def __call__(self) -> int:
        return self.second


@dataclass(frozen=True, slots=True)
class Client:
    """Speaks JSON-RPC to a node without a socket."""

    node: Node

    def ask(self, method: str, *params: object) -> Any:  # noqa: ANN401 - JSON of any shape
        """The result; the test fails on an error."""
        answer = self.answer(method, *params)
        assert "error" not in answer, answer["error"]
        return answer["result"]

    def refusal(self, method: str, *params: object) -> tuple[int, str]:
        """Code and message of the error; the test fails on a result."""
        error = self.answer(method, *params)["error"]
        return error["code"], error["message"]

    def answer(self, method: str, *params: object) -> Any:  # noqa: ANN401 - the same
        return self.post({"jsonrpc": "2.0", "id": 7, "method": method, "params": list(params)})

    def post(self, body: object) -> Any:  # noqa: ANN401 - the same
        reply = self.node.handle(json.dumps(body).encode())
        return None if reply is None else json.loads(reply)


def signed(nonce: object = 0, **changes: object) -> bytes:
    """A raw transfer of 1 wei from ada to bo, with the given fields changed or (None) left out."""
    fields: dict[str, object] = {
        "type": 2,
        "chainId": 31337,
        "nonce": nonce,
        "gas": 21_000,
        "to": BO.address,
        "value": 1,
        "maxFeePerGas": 3_000_000_000,
        "maxPriorityFeePerGas": 1_000_000_000,
    } | changes
    kept = {name: value for name, value in fields.items() if value is not None}
    return bytes(ADA.signer.sign_transaction(kept).raw_transaction)  # type: ignore[arg-type] # any


def put_code(chain: DevChain, code: bytes, address: Address = ELSEWHERE) -> Address:
    """Place runtime code without a transaction."""
    chain.edit(lambda state: state.set_code(address, code))
    return address


def deploy(chain: DevChain, runtime: bytes) -> Address:
    """Create a contract in a block of its own."""
    created = transact(chain, ADA, data=creation_of(runtime)).contract_address
    assert created is not None
    return created


def emit(chain: DevChain, emitter: Address, first: int, second: int = 0) -> MinedTransaction:
    """Mine one event with two topics."""
    return transact(chain, ADA, to=emitter, data=word(first) + word(second) + word(first))


def emitter_on(chain: DevChain) -> Address:
    """Deploy the contract that `emit` calls."""
    return deploy(chain, EMITTER)
