"""A node over a tree that answers for the state after a block too, and a maker of auditors.

It owns the answers, from the market's own model, and what is taken out of a mirror's tables. It
refuses to misbehave; tests spoil what they need spoiled.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from eth_abi.abi import decode, encode
from sqlalchemy import delete, select

from indexer.audit.auditor import Auditor, Kept
from indexer.identity import Contracts
from indexer.rpc.values import StateAnswers
from indexer.store import audits, checkpoints, fold_tables
from indexer.sync.hold import Hold
from marketplace.bindings.interface import interface_of
from marketplace.domain.addresses import ZERO_ADDRESS
from marketplace.storage.transactions import reading
from tests.integration.indexer.endings import owed
from tests.integration.indexer.market import SEATS
from tests.integration.indexer.simulating import MIRROR, NOON
from tests.integration.indexer.tree import CHAIN_ID, TreeNode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Engine

    from indexer.audit.examining import Care
    from indexer.identity import Contract
    from indexer.rpc.values import BlockHeader, Call, Node, RangeLogs, RawLog, StateNode
    from indexer.store.audits import Audited, Finding
    from marketplace.domain.addresses import ChecksumAddress
    from tests.integration.indexer.market import Market
    from tests.integration.indexer.tree import Tree

FUNCTIONS: Final = {
    interface_of("Seats").functions[name].selector: name
    for name in ("ownerOf", "heldOf", "escrowOf", "creditOf")
}


@dataclass
class StateTreeNode(TreeNode):
    """Knows every state, until `forgets` says that it does not; `missing` wei are not there."""

    forgets: bool = False
    missing: int = 0
    asked: int = 0

    def state(
        self, number: int, account: ChecksumAddress, calls: Sequence[Call]
    ) -> StateAnswers | None:
        assert account == SEATS
        if self.forgets:
            return None
        market = self.tree.tip.path()[number].market
        self.asked += len(calls)
        answers = tuple(_answer(market, one) for one in calls)
        return StateAnswers(holdings(market) - self.missing, answers)


@dataclass
class WiredStateNode(StateTreeNode):
    """Knows the states of the tree, and all else from a node behind a wire."""

    wire: Node | None = None

    @property
    def _wire(self) -> Node:
        assert self.wire is not None
        return self.wire

    def headers(self, numbers: Sequence[int]) -> tuple[BlockHeader | None, ...]:
        return self._wire.headers(numbers)

    def block_logs(self, hashes: Sequence[str]) -> tuple[tuple[RawLog, ...], ...]:
        return self._wire.block_logs(hashes)

    def range_logs(self, first: int, last: int, addresses: Sequence[ChecksumAddress]) -> RangeLogs:
        return self._wire.range_logs(first, last, addresses)


def holdings(market: Market) -> int:
    """What the contract must have, counted thing by thing."""
    drops = sum(owed(market, drop) for drop in market.lives)
    return drops + sum(seat.held for seat in market.seats.values()) + sum(market.credits.values())


def _answer(market: Market, call: Call) -> bytes | None:
    assert call.to == SEATS
    name, data = FUNCTIONS[call.data[:4]], call.data[4:]
    if name == "creditOf":
        account, currency = decode(["address", "address"], data)
        assert currency == ZERO_ADDRESS
        credit = {one.lower(): amount for one, amount in market.credits.items()}
        return encode(["uint256"], [credit.get(account, 0)])
    (number,) = decode(["uint256"], data)
    if name == "escrowOf":
        return encode(["uint256"], [owed(market, number)])
    seat = market.seats[number]
    if name == "heldOf":
        return encode(["uint256"], [seat.held])
    return None if seat.owner == ZERO_ADDRESS else encode(["address"], [seat.owner])


def auditor(  # noqa: PLR0913, PLR0917 - what an auditor has settings for
    engine: Engine,
    node: StateNode,
    care: Care | None = None,
    most_blocks: int = 100,
    start_block: int = 1,
    added: tuple[Contract, ...] = (),
    now: int = NOON,
    kept: Kept | None = None,
) -> Auditor:
    """An auditor beside whoever holds the fence now; `kept`: of the term before, if any."""
    with reading(engine) as connection:
        found = checkpoints.load(connection, MIRROR)
    assert found is not None
    return Auditor(
        Hold(engine, MIRROR, found.fence),
        node,
        Contracts((SEATS,), start_block, added),
        lambda: now,
        care=care,
        kept=kept or Kept.beginning(most_blocks),
    )


def audit_all(one: Auditor) -> int:
    """Audit until everything final is; gives how many answers of the contract agreed."""
    answers = 0
    while (stretch := one.step()) is not None:
        answers += stretch.claims or 0
    return answers


def audited(engine: Engine) -> Audited | None:
    with reading(engine) as connection:
        return audits.last(connection, MIRROR)


def finding(engine: Engine) -> Finding | None:
    with reading(engine) as connection:
        return audits.finding(connection, MIRROR)


def by_hand(tree: Tree, config_hash: str) -> str:
    """The digest at the finalized block, by what docs/indexer.md says of it."""

    def word(text: str) -> bytes:
        return bytes.fromhex(text.removeprefix("0x"))

    def number(value: int) -> bytes:
        return value.to_bytes(8, "big")

    name = b"seatmarket audit 1\n"
    genesis = tree.genesis.header.hash
    value = sha256(name + number(CHAIN_ID) + word(genesis) + word(config_hash)).digest()
    for block in tree.finalized.path():
        text = number(block.number) + word(block.header.hash)
        logs = [log for log in block.logs if log.address == SEATS]
        for log in logs:
            text += number(log.log_index) + word(log.tx_hash) + number(log.tx_index)
            text += word(log.address) + number(len(log.topics)) + b"".join(log.topics)
            text += number(len(log.data)) + log.data
        if logs:
            value = sha256(value + sha256(text).digest()).digest()
    return f"0x{value.hex()}"


def without_a_seat(connection: Connection) -> None:
    states = fold_tables.seat_states
    seat = connection.execute(select(states.c.seat).order_by(states.c.seat)).scalars().first()
    connection.execute(delete(states).where(states.c.seat == seat))


def without_a_drop(connection: Connection) -> None:
    connection.execute(delete(fold_tables.drop_states))
