"""Delegations of a real registry and the real contract, at every block.

Whoever the mirror says may act for the owner of a seat is whom the registry says, through sales and
reorganisations.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from time import time
from typing import TYPE_CHECKING, Final

import pytest

from indexer.identity import Contract, Contracts, Kind, MirrorId
from indexer.queries import (
    BlockNotMirrored,
    DelegationsUnknown,
    Level,
    delegations_of,
    delegations_to,
    mirror_status,
    mirrored_contract,
    seat_delegation,
)
from indexer.rpc.node import RpcNode
from indexer.store import checkpoints
from indexer.store import contracts as contract_rows
from indexer.sync.heartbeat import Heartbeat
from indexer.sync.hold import Hold
from indexer.sync.shell import Shell
from marketplace.bindings.delegations import Delegations, RightsTooLong
from marketplace.bindings.development import deploy_delegations
from marketplace.chain.connection import open_node
from marketplace.devnet.server import running_devnet
from marketplace.domain.money import Wei
from marketplace.storage.transactions import reading, writing
from tests.conformance.chains import CHAIN_ID
from tests.integration.indexer.simulating import caught_up
from tests.integration.indexer.tree import Tree
from tests.integration.marketplace.steering import NodeSteering
from tests.integration.marketplace.world import (
    PRICE,
    Market,
    address_of,
    deploy_market,
    with_phase,
    with_terms,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from indexer.queries import At, Delegation
    from marketplace.bindings.transactions import PreparedTransaction
    from marketplace.domain.ids import SeatId

MIRROR: Final = MirrorId(CHAIN_ID)
FRIEND: Final = address_of("cleo")


@dataclass
class World:
    """A seat of ada's on a development chain with a registry, and a mirror of both."""

    engine: Engine
    market: Market
    registry: Delegations
    seat: SeatId
    shell: Shell

    def send(self, name: str, transaction: PreparedTransaction) -> None:
        self.market.send(name, transaction)
        caught_up(self.shell)

    def give(self, name: str, *, rights: str = "", enable: bool = True) -> None:
        contract = self.market.contract.address
        given = self.registry.delegate_token(
            FRIEND, contract, self.seat, rights=rights, enable=enable
        )
        self.send(name, given)

    def sell(self, seller: str, buyer: str) -> None:
        listing = self.market.listing(self.seat, seller, Wei(PRICE - 1))
        bought = self.market.contract.buy(listing, self.market.sign(listing, seller))
        self.send(buyer, bought)

    def asked(self, rights: str = "", at: At = Level.LATEST) -> Delegation | None:
        with reading(self.engine) as connection:
            return seat_delegation(connection, MIRROR, self.seat, FRIEND, rights, at)

    def head(self) -> int:
        with reading(self.engine) as connection:
            return mirror_status(connection, MIRROR).head.number

    def require_as_registry(self, first: int) -> None:
        """At every block from one on, mirror and chain name the same."""
        contract = self.market.contract
        for block in range(first, self.head() + 1):
            owner = contract.owner_of(self.seat, block)
            for rights in ("", "attend", "view"):
                told = self.registry.is_delegate(
                    FRIEND, owner, contract.address, self.seat, rights=rights, block=block
                )
                found = self.asked(rights, block)
                assert (found is not None) == told, (block, rights)
                if found is not None:
                    assert (found.delegator, found.delegate) == (owner, FRIEND)


@pytest.fixture(scope="module")
def chain() -> Iterator[tuple[str, Market, Delegations, int]]:
    with running_devnet() as devnet:
        web3 = open_node(devnet.url, CHAIN_ID)
        market = deploy_market("devnet", web3, CHAIN_ID, NodeSteering(web3))
        registry = Delegations(web3, deploy_delegations(market.sender("mentor")))
        created = web3.eth.block_number
        offer = with_phase(with_terms(market.offer(), gift_cooldown=0), wallet_limit=0)
        market.drop = market.create(offer)
        yield devnet.url, market, registry, created


@pytest.fixture
def world(database: Engine, chain: tuple[str, Market, Delegations, int]) -> Iterator[World]:
    url, market, registry, created = chain
    snapshot = market.steering.snapshot()
    with closing(RpcNode.at(url, timeout_s=10, batch_limit=20)) as node:
        added = (Contract(Kind.DELEGATIONS, registry.address, created),)
        contracts = Contracts((market.contract.address,), market.deployment.block, added)
        with writing(database) as connection:
            begun = checkpoints.begin(
                connection, MIRROR, node.identity().genesis, contracts.config_hash
            )
            contract_rows.register(connection, MIRROR, contracts, begun=False)
        hold = Hold(database, MIRROR, begun.fence)
        shell = Shell(hold, node, contracts, heartbeat=Heartbeat(time))
        seat = market.mint(market.drop, "ada")
        caught_up(shell)
        yield World(database, market, registry, seat, shell)
    market.steering.restore(snapshot)


def test_a_delegate_of_the_owner_is_one_until_it_is_revoked_and_again_after_that(
    world: World,
) -> None:
    first = world.head()
    assert world.asked() is None
    world.give("ada")
    found = world.asked()
    assert found is not None
    assert (found.scope, found.token, found.since_block) == ("token", world.seat, world.head())
    world.give("ada", enable=False)
    assert world.asked() is None
    world.give("ada")
    assert world.asked() is not None
    world.require_as_registry(first)


def test_a_sale_ends_what_the_seller_delegated_and_begins_what_the_buyer_did(
    world: World,
) -> None:
    first = world.head()
    world.give("ada")
    assert world.asked() is not None
    before = world.head()
    world.sell("ada", "bo")
    assert world.asked() is None
    assert world.asked(at=before) is not None
    world.give("bo")
    found = world.asked()
    assert found is not None
    assert found.delegator == address_of("bo")
    world.require_as_registry(first)


def test_a_wider_delegation_covers_the_seat_and_a_named_right_only_itself(world: World) -> None:
    first = world.head()
    world.give("ada", rights="attend")
    assert world.asked() is None
    assert world.asked("view") is None
    assert world.asked("attend") is not None
    world.send("ada", world.registry.delegate_contract(FRIEND, world.market.contract.address))
    found = world.asked("view")
    assert found is not None
    assert found.scope == "contract"
    world.send("ada", world.registry.delegate_contract(FRIEND, FRIEND))
    world.send("ada", world.registry.delegate_all(FRIEND))
    found = world.asked("attend")
    assert found is not None
    assert found.scope == "all"
    world.send("ada", world.registry.delegate_all(FRIEND, enable=False))
    world.require_as_registry(first)


def test_a_reorganisation_takes_a_delegation_back(world: World) -> None:
    first = world.head()
    steering = world.market.steering
    assert isinstance(steering, NodeSteering)
    world.give("ada")
    assert world.asked() is not None
    steering.ask("devnet_reorg", 1, [])
    caught_up(world.shell)
    assert world.asked() is None
    world.give("ada")
    world.give("ada", enable=False)
    steering.ask("devnet_reorg", 1, [])
    caught_up(world.shell)
    assert world.asked() is not None
    world.require_as_registry(first)


def test_a_burned_seat_has_no_delegates(world: World) -> None:
    world.give("ada")
    steering = world.market.steering
    drop = world.market.create()
    seat = world.market.mint(drop, "ada")
    steering.travel(world.market.now + 10)
    world.send("ada", world.registry.delegate_all(FRIEND))
    with reading(world.engine) as connection:
        assert seat_delegation(connection, MIRROR, seat, FRIEND) is not None
    world.send("ada", world.market.contract.refund(seat))
    with reading(world.engine) as connection:
        assert seat_delegation(connection, MIRROR, seat, FRIEND) is None
    world.send("ada", world.registry.delegate_all(FRIEND, enable=False))


def test_delegations_are_listed_by_whom_and_to_whom_in_pages(world: World) -> None:
    ada, contract = address_of("ada"), world.market.contract.address
    with reading(world.engine) as connection:
        before = len(delegations_of(connection, MIRROR, ada))
    for number in range(1_000, 1_004):
        world.market.send("ada", world.registry.delegate_token(FRIEND, contract, number))
    revoked = world.registry.delegate_token(FRIEND, contract, 1_001, enable=False)
    world.send("ada", revoked)
    with reading(world.engine) as connection:
        given = delegations_of(connection, MIRROR, ada)
        assert len(given) == before + 3
        received = delegations_to(connection, MIRROR, FRIEND)
        assert set(given) == {one for one in received if one.delegator == ada}
        assert all(one.delegate == FRIEND for one in received)
        paged: list[Delegation] = []
        while page := delegations_of(
            connection, MIRROR, ada, after=paged[-1] if paged else None, limit=2
        ):
            assert len(page) <= 2
            paged += page
    assert tuple(paged) == given
    for number in (1_000, 1_002, 1_003):
        world.market.send(
            "ada", world.registry.delegate_token(FRIEND, contract, number, enable=False)
        )
    caught_up(world.shell)


def test_what_cannot_be_answered_is_said(world: World) -> None:
    with pytest.raises(BlockNotMirrored):
        world.asked(at=world.head() + 1)
    with pytest.raises(RightsTooLong, match="33"):
        world.asked("r" * 33)
    with reading(world.engine) as connection:
        assert mirrored_contract(connection, MIRROR) == world.market.contract.address


def test_a_mirror_without_a_registry_knows_no_delegations(world: World) -> None:
    other = MirrorId(CHAIN_ID, "bare")
    contracts = Contracts((world.market.contract.address,), 0)
    with writing(world.engine) as connection:
        checkpoints.begin(connection, other, Tree().genesis.header, contracts.config_hash)
        contract_rows.register(connection, other, contracts, begun=False)
        with pytest.raises(DelegationsUnknown, match="SEATS_INDEXER_DELEGATIONS"):
            delegations_of(connection, other, FRIEND)
