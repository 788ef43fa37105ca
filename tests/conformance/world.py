"""Brings a fresh chain into the state that every case starts from.

Owns the funded keys, the deployed probe and the long series of logs, and the way back to that state
after each case. Refuses client libraries:
it speaks raw JSON-RPC, so that a broken client cannot spoil the ground of another.
"""

from __future__ import annotations

import json
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from eth_abi.abi import encode
from eth_account import Account
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

from tests.conformance.rpc import HASHES_ONLY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from eth_account.signers.local import LocalAccount

    from tests.conformance.chains import RunningChain
    from tests.conformance.probe import CompiledProbe
    from tests.conformance.rpc import Rpc

ETHER = 10**18
SERIES_LENGTH = 200
RECEIPT_SECONDS = 10
# After so long a JavaScript case is late.
CASE_MILLISECONDS = 10_000
# Three roles: two that pay, and one that owns nothing.
ROLES = ("alice", "bob", "pauper")
FUNDED_ROLES = ("alice", "bob")
CREATE2_PROXY = "0x4e59b44847b379578588920cA78FbF26c0B4956C"


@dataclass(frozen=True, slots=True)
class Series:
    """A run of blocks, inclusive, each of which holds exactly one Stored event of the probe."""

    first_block: int
    last_block: int


@dataclass(frozen=True, slots=True)
class World:
    """What a case may rely on; `ran` names those that have run, the last one last."""

    chain: RunningChain
    probe: CompiledProbe
    probe_address: str
    series: Series
    ran: list[str] = field(default_factory=lambda: ["the preparation"])

    def write(self, path: Path) -> Path:
        """Write the JSON file that the JavaScript clients read."""
        profile = self.chain.profile
        context = {
            "url": self.chain.url,
            "websocketUrl": self.chain.websocket_url,
            "chain": {
                "name": profile.name,
                "id": profile.chain_id,
                "safeDepth": profile.safe_depth,
                "finalizedDepth": profile.finalized_depth,
                "software": profile.software,
            },
            "keys": {role: key_of(role) for role in ROLES},
            "probe": {
                "address": self.probe_address,
                "abi": json.loads(self.probe.abi),
                "bytecode": self.probe.bytecode,
                "runtime": self.probe.runtime,
            },
            "series": {
                "firstBlock": self.series.first_block,
                "lastBlock": self.series.last_block,
                "length": SERIES_LENGTH,
            },
            "create2Proxy": CREATE2_PROXY,
            "previous": self.ran[-1],
            "caseMilliseconds": CASE_MILLISECONDS,
        }
        path.write_text(json.dumps(context))
        return path


def key_of(role: str) -> str:
    """A private key that the node cannot know: the suite signs by itself."""
    return "0x" + keccak(text=f"conformance {role}").hex()


def account_of(role: str) -> LocalAccount:
    """The local account of a role."""
    account: LocalAccount = Account.from_key(key_of(role))
    return account


def prepare(chain: RunningChain, probe: CompiledProbe, rpc: Rpc) -> World:
    """Fund the roles, deploy the probe and emit one event in each of 200 blocks."""
    bank = rpc("eth_accounts")[0]
    for role in FUNDED_ROLES:
        payment = {"from": bank, "to": account_of(role).address, "value": hex(100 * ETHER)}
        receipt_of(rpc, rpc("eth_sendTransaction", payment))
    creation = receipt_of(rpc, send_signed(rpc, "bob", {"data": probe.bytecode}))
    address = to_checksum_address(creation["contractAddress"])
    blocks = [
        int(receipt_of(rpc, send_signed(rpc, "bob", stored(address, n)))["blockNumber"], 16)
        for n in range(SERIES_LENGTH)
    ]
    if blocks != list(range(blocks[0], blocks[0] + SERIES_LENGTH)):
        message = f"{chain.profile.name} did not mine one block per transaction: {blocks}"
        raise RuntimeError(message)
    return World(chain, probe, address, Series(blocks[0], blocks[-1]))


@contextmanager
def set_back(rpc: Rpc, world: World, name: str) -> Iterator[None]:
    """A snapshot, and its revert after whatever the block does under this name.

    Who left a block behind is named: right after the revert it is this one; what came later is
    found before the next one begins, and only the last that ran can have left it.
    """
    require_head(rpc, world)
    world.ran.append(name)
    snapshot = rpc("evm_snapshot")
    yield
    restored = rpc("evm_revert", snapshot)
    assert restored is True, f"{name} left the chain where it cannot be restored"
    require_head(rpc, world)


def require_head(rpc: Rpc, world: World) -> None:
    """Fail where the head is not as prepared, and say who ran last."""
    head, last = int(rpc("eth_blockNumber"), 16), world.series.last_block
    assert head == last, f"{world.ran[-1]} left the head at block {head} instead of {last}"


def stored(probe_address: str, number: int) -> dict[str, object]:
    """The transaction that stores 1000 + number under this number as key."""
    selector = keccak(text="store(uint256,uint256)")[:4]
    arguments = encode(["uint256", "uint256"], [number, 1000 + number])
    return {"to": probe_address, "data": "0x" + (selector + arguments).hex()}


def send_signed(rpc: Rpc, role: str, fields: dict[str, object]) -> str:
    """Sign a fee-market transaction locally and send it; returns its hash."""
    account = account_of(role)
    head = rpc("eth_getBlockByNumber", "latest", HASHES_ONLY)
    transaction: dict[str, Any] = {
        "type": 2,
        "chainId": int(rpc("eth_chainId"), 16),
        "nonce": int(rpc("eth_getTransactionCount", account.address, "pending"), 16),
        "gas": 3_000_000,
        "maxFeePerGas": 2 * int(head["baseFeePerGas"], 16) + 10**9,
        "maxPriorityFeePerGas": 10**9,
        "value": 0,
        **fields,
    }
    signed = account.sign_transaction(transaction)
    sent: str = rpc("eth_sendRawTransaction", "0x" + bytes(signed.raw_transaction).hex())
    return sent


# A receipt is JSON from the node: its shape is what tests check.
def receipt_of(rpc: Rpc, transaction_hash: str) -> dict[str, Any]:
    """The receipt, asked again until the node has mined the transaction (anvil answers first)."""
    deadline = time.monotonic() + RECEIPT_SECONDS
    while time.monotonic() < deadline:
        receipt: dict[str, Any] | None = rpc("eth_getTransactionReceipt", transaction_hash)
        if receipt is not None:
            return receipt
    message = f"transaction {transaction_hash} was not mined within {RECEIPT_SECONDS} s"
    raise RuntimeError(message)
