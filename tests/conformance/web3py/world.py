"""What a web3.py case gets: a connection that records, the roles' accounts, the probe.

Owns sending and waiting. Refuses retries: a case must see the first answer.
"""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from eth_account import Account
from hexbytes import HexBytes
from web3 import HTTPProvider, Web3
from web3.exceptions import TransactionNotFound
from web3.types import RPCEndpoint, TxParams, Wei

from tests.conformance.world import RECEIPT_SECONDS, ROLES, key_of

if TYPE_CHECKING:
    from eth_account.signers.local import LocalAccount
    from eth_typing import ChecksumAddress
    from web3.contract import Contract
    from web3.contract.contract import ContractFunction
    from web3.types import RPCResponse, TxReceipt

    from tests.conformance.world import World

UNUSED_ADDRESS = Web3.to_checksum_address("0x00000000000000000000000000000000c0ffee00")
UNKNOWN_HASH = "0x" + "ab" * 32
UNKNOWN_BLOCK = 10_000_000
ONE_GWEI = 10**9
ONE_ETHER = 10**18
STORE_GAS = 200_000
CREATION_GAS = 6_000_000
# What the last transaction of the series stored.
LAST_STORED = 1199


class RecordingProvider(HTTPProvider):
    """An HTTP provider that remembers the methods it was asked for, and how often."""

    def __init__(self, url: str) -> None:
        super().__init__(url, exception_retry_configuration=None)
        self.sent: Counter[str] = Counter()

    def make_request(self, method: RPCEndpoint, params: object) -> RPCResponse:
        self.sent[method] += 1
        return super().make_request(method, params)

    def make_batch_request(
        self, batch_requests: list[tuple[RPCEndpoint, Any]]
    ) -> list[RPCResponse] | RPCResponse:
        self.sent.update(method for method, _ in batch_requests)
        return super().make_batch_request(batch_requests)


@dataclass(frozen=True, slots=True)
class Web3World:
    """Fresh for each case; `ground` is what the chain was prepared with."""

    ground: World
    provider: RecordingProvider
    w3: Web3
    probe: Contract
    accounts: dict[str, LocalAccount]

    @property
    def alice(self) -> LocalAccount:
        return self.accounts["alice"]

    @property
    def pauper(self) -> LocalAccount:
        return self.accounts["pauper"]

    # JSON is whatever the node sends: the case checks the shape.
    def ask(self, method: str, *params: object) -> Any:  # noqa: ANN401 - the JSON decides
        """The result of a method that web3.py has no call for."""
        answer = self.provider.make_request(RPCEndpoint(method), list(params))
        if "error" in answer:
            message = f"{method} was refused: {answer['error']}"
            raise RuntimeError(message)
        return answer["result"]

    def mine(self, blocks: int = 1) -> None:
        """Let the chain mine this many empty blocks."""
        for _ in range(blocks):
            self.ask("evm_mine")

    def fees(self) -> TxParams:
        """Fee fields that the next block accepts."""
        base_fee = self.w3.eth.get_block("latest")["baseFeePerGas"]
        return {"maxFeePerGas": Wei(2 * base_fee + ONE_GWEI), "maxPriorityFeePerGas": Wei(1)}

    def signed(self, fields: TxParams, role: str = "alice") -> HexBytes:
        """The raw transaction of a role, with sender's nonce and chain id where none is given."""
        account = self.accounts[role]
        complete: TxParams = {
            "chainId": self.ground.chain.profile.chain_id,
            "nonce": self.w3.eth.get_transaction_count(account.address),
            **fields,
        }
        return account.sign_transaction(cast("dict[str, Any]", complete)).raw_transaction

    def send(self, fields: TxParams, role: str = "alice") -> TxReceipt:
        """Sign locally, send, and wait for the receipt."""
        complete: TxParams = {"gas": STORE_GAS, "value": Wei(0), **self.fees(), **fields}
        return self.receipt(self.w3.eth.send_raw_transaction(self.signed(complete, role)))

    def write(self, function: ContractFunction, fields: TxParams | None = None) -> TxReceipt:
        """Send a call of the probe, or of another contract, as alice."""
        call: TxParams = {
            "to": function.address,
            "data": function._encode_transaction_data(),  # noqa: SLF001 - the public way asks the node first
        }
        return self.send({**call, **(fields or {})})

    def receipt(self, transaction_hash: HexBytes) -> TxReceipt:
        """The receipt, asked again until it is there: web3's own wait sleeps in between."""
        deadline = time.monotonic() + RECEIPT_SECONDS
        while time.monotonic() < deadline:
            try:
                return self.w3.eth.get_transaction_receipt(transaction_hash)
            except TransactionNotFound:
                continue
        message = f"no receipt of {transaction_hash.to_0x_hex()} within {RECEIPT_SECONDS} s"
        raise TimeoutError(message)

    def deploy_probe(self) -> ChecksumAddress:
        """Another probe, deployed by alice."""
        created = self.send({"data": HexBytes(self.ground.probe.bytecode), "gas": CREATION_GAS})
        address = created["contractAddress"]
        assert address is not None
        return address


def make_world(ground: World) -> Web3World:
    """A connection of its own, so that nothing is cached from one case to the next."""
    provider = RecordingProvider(ground.chain.url)
    w3 = Web3(provider)
    address = Web3.to_checksum_address(ground.probe_address)
    return Web3World(
        ground=ground,
        provider=provider,
        w3=w3,
        probe=w3.eth.contract(address=address, abi=ground.probe.abi),
        accounts={role: Account.from_key(key_of(role)) for role in ROLES},
    )
