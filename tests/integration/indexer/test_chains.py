"""The mirror beside the contract itself, on the development chain and on anvil, over HTTP."""

from __future__ import annotations

from contextlib import closing, contextmanager
from random import Random
from time import time
from typing import TYPE_CHECKING

import pytest

from indexer.audit.auditor import Auditor
from indexer.identity import Contracts, MirrorId
from indexer.queries import (
    audit_status,
    counter_of,
    credit_of,
    drop_terms,
    minted_by,
    mirror_status,
    ownership_history,
    seat,
)
from indexer.rpc.node import RpcNode
from indexer.rpc.probe import require_abilities, require_chain, require_contract
from indexer.rpc.values import Call, StateAnswers
from indexer.store import checkpoints
from indexer.sync.heartbeat import Heartbeat
from indexer.sync.hold import Hold
from indexer.sync.shell import Limits, Shell
from marketplace.bindings.addresses import wire_address
from marketplace.bindings.interface import interface_of
from marketplace.bindings.reverts import SeatTokenUnknown
from marketplace.chain.connection import open_node
from marketplace.devnet.server import running_devnet
from marketplace.domain.errors import ContractReverted
from marketplace.domain.ids import DropId, PhaseIndex, SeatId, TierIndex
from marketplace.domain.money import Wei
from marketplace.storage.transactions import reading, writing
from tests.conformance.chains import ANVIL, CHAIN_ID, running
from tests.integration.indexer.folding_again import folded_again
from tests.integration.indexer.oracle import dump
from tests.integration.indexer.simulating import caught_up
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
    from pathlib import Path

    from sqlalchemy import Connection, Engine

    from tests.integration.indexer.conftest import NewDatabase

MIRROR = MirrorId(CHAIN_ID)
NAMES = ("ada", "bo", "cleo", "treasury")
FINAL_AFTER = 66
"""Blocks after which everything is final on either chain."""
REORG = {"devnet": "devnet_reorg", "anvil": "anvil_reorg"}


@contextmanager
def running_chain(name: str, folder: Path) -> Iterator[str]:
    """Run one of the two chains; gives its address."""
    if name == "devnet":
        with running_devnet() as devnet:
            yield devnet.url
    else:
        with running(ANVIL, folder) as anvil:
            yield anvil.url


@pytest.fixture(params=sorted(REORG))
def played(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Market, RpcNode]]:
    """A fresh market with a drop whose seats may be given away at once."""
    with running_chain(request.param, tmp_path) as url:
        web3 = open_node(url, CHAIN_ID)
        market = deploy_market(request.param, web3, CHAIN_ID, NodeSteering(web3))
        offer = with_phase(with_terms(market.offer(), gift_cooldown=0), wallet_limit=0)
        market.drop = market.create(offer)
        with closing(RpcNode.at(url, timeout_s=10, batch_limit=20)) as node:
            yield market, node


def follower(engine: Engine, market: Market, node: RpcNode, limits: Limits | None = None) -> Shell:
    """Begin or take over, with every check that a process makes."""
    contracts = Contracts((market.contract.address,), market.deployment.block)
    identity = require_chain(node, CHAIN_ID, None)
    require_abilities(node, node.view())
    require_contract(node, market.contract.address, CHAIN_ID)
    with writing(engine) as connection:
        found = checkpoints.take_over(connection, MIRROR) or checkpoints.begin(
            connection, MIRROR, identity.genesis, contracts.config_hash
        )
    return Shell(
        Hold(engine, MIRROR, found.fence),
        node,
        contracts,
        heartbeat=Heartbeat(time),
        limits=limits,
    )


def auditor_of(engine: Engine, market: Market, node: RpcNode) -> Auditor:
    """An auditor beside whoever holds the fence now."""
    with reading(engine) as connection:
        found = checkpoints.load(connection, MIRROR)
    assert found is not None
    contracts = Contracts((market.contract.address,), market.deployment.block)
    return Auditor(Hold(engine, MIRROR, found.fence), node, contracts, time)


def test_a_random_history_with_reorganisations_is_mirrored_exactly(
    played: tuple[Market, RpcNode], new_database: NewDatabase
) -> None:
    market, node = played
    dice = Random(23)
    with new_database() as engine, new_database() as fresh:
        shell = follower(engine, market, node)
        rollbacks = 0
        for turn in range(30):
            if turn % 6 == 5:
                steering(market).ask(REORG[market.name], dice.randint(1, 3), [])
                rollbacks += 1
            else:
                act(market, dice)
            if dice.random() < 0.3:
                shell = follower(
                    engine, market, node, Limits(dice.randint(1, 5), dice.randint(1, 5))
                )
            caught_up(shell)
        give_back(market)
        caught_up(shell)

        caught_up(follower(fresh, market, node))
        with reading(engine) as connection, reading(fresh) as other:
            assert mirror_status(connection, MIRROR).generation == rollbacks
            require_as_contract(connection, market)
            tables = dump(connection)
            assert tables == dump(other)
            assert {"sale", "burn"} <= {row["change"] for row in tables["seat_states"]}
        folded_again(engine, mirror=MIRROR)
        with reading(engine) as connection:
            assert dump(connection) == tables
        for _ in range(FINAL_AFTER):
            steering(market).ask("evm_mine")
        caught_up(follower(engine, market, node))
        require_audited(engine, market, node)


def require_audited(engine: Engine, market: Market, node: RpcNode) -> None:
    auditor, answers = auditor_of(engine, market, node), 0
    while (stretch := auditor.step()) is not None:
        assert stretch.claims is not None
        answers += stretch.claims
    with reading(engine) as connection:
        final = mirror_status(connection, MIRROR).finalized
        assert audit_status(connection, MIRROR).audited == final.mark
    assert answers > 3
    address = market.contract.address
    unknown = interface_of("Seats").functions["ownerOf"].encode_call((1,))
    told = node.state(final.number, address, [Call(address, unknown)])
    balance = market.web3.eth.get_balance(wire_address(address), final.number)
    assert told == StateAnswers(balance, (None,))


def steering(market: Market) -> NodeSteering:
    assert isinstance(market.steering, NodeSteering)
    return market.steering


def act(market: Market, dice: Random) -> None:
    """Let somebody do something; what the contract refuses is not done."""
    name, other = dice.sample(NAMES, 2)
    try:
        match dice.choice([*("mint", "sale", "refund") * 2, "gift", "cancel", "bump", "grant"]):
            case "mint":
                market.mint(market.drop, name, dice.randint(1, 2))
            case "sale":
                seat_id, owner = someones_seat(market, dice)
                buyer = next(one for one in NAMES if one != owner)
                listing = market.listing(seat_id, owner, Wei(PRICE - dice.randrange(1_000)))
                bought = market.contract.buy(listing, market.sign(listing, owner))
                market.send(buyer, bought)
            case "gift":
                seat_id, owner = someones_seat(market, dice)
                if owner != other:
                    given = market.contract.transfer(
                        seat_id,
                        address_of(owner),
                        address_of(other),
                        market.contract.seat_of(seat_id).toll,
                    )
                    market.send(owner, given)
            case "cancel":
                seat_id, owner = someones_seat(market, dice)
                market.send(owner, market.contract.cancel_listings(seat_id))
            case "refund":
                seat_id, owner = someones_seat(market, dice)
                market.send(owner, market.contract.refund(seat_id))
            case "grant":
                given = market.contract.grant(market.drop, TierIndex(0), address_of(name), 1)
                market.send("mentor", given)
            case _:
                market.send(name, market.contract.bump_counter())
    except ContractReverted:
        return


def give_back(market: Market) -> None:
    """Burn a seat of a new drop, which nothing refuses."""
    seat_id = market.mint(market.create(), "ada")
    steering(market).travel(market.now + 10)
    market.send("ada", market.contract.refund(seat_id))


def someones_seat(market: Market, dice: Random) -> tuple[SeatId, str]:
    tier = market.contract.terms_of(market.drop).tiers[0]
    if not tier.issued:
        market.mint(market.drop, "ada")
    number = dice.randint(1, max(1, tier.issued))
    seat_id = SeatId.of(market.drop, TierIndex(0), number)
    owner = market.contract.owner_of(seat_id)
    return seat_id, next(name for name in NAMES if address_of(name) == owner)


def require_as_contract(connection: Connection, market: Market, since: int = 0) -> None:
    """Everything that contract and mirror both know is the same; former owners since a block."""
    contract = market.contract
    for drop in range(1, contract.drop_count() + 1):
        told = contract.terms_of(DropId(drop))
        found = drop_terms(connection, MIRROR, DropId(drop))
        assert found is not None
        assert found.escrowed == contract.escrow_of(DropId(drop))
        terms, drop_state = told.terms, found.drop
        for name in ("mentor", "verifier", "resolver", "starts_at", "ends_at", "deliver_by"):
            assert getattr(drop_state, name) == getattr(terms, name), name
        for name in ("royalty", "toll", "resale_cap", "penalty", "default_split", "fee"):
            assert getattr(drop_state, f"{name}_bps") == getattr(terms, name), name
        for tier, state in zip(told.tiers, found.tiers, strict=True):
            assert (state.issued, state.live, state.cap) == (tier.issued, tier.live, tier.cap)
            assert (state.list_price, state.escrowed) == (tier.list_price, tier.escrowed)
            for number in range(1, tier.issued + 1):
                seat_id = SeatId.of(DropId(drop), state.tier, number)
                require_seat(connection, market, seat_id, since)
    for name in NAMES:
        account = address_of(name)
        assert counter_of(connection, MIRROR, account) == contract.counter_of(account)
        assert credit_of(connection, MIRROR, account) == contract.credit_of(account)
        assert minted_by(
            connection, MIRROR, DropId(1), PhaseIndex(0), account
        ) == contract.minted_by(DropId(1), PhaseIndex(0), account)


def require_seat(connection: Connection, market: Market, seat_id: SeatId, since: int) -> None:
    found = seat(connection, MIRROR, seat_id)
    assert found is not None
    if found.burned:
        with pytest.raises(SeatTokenUnknown):
            market.contract.seat_of(seat_id)
        assert found.held == market.contract.held_of(seat_id)
        return
    told = market.contract.seat_of(seat_id)
    for name in ("owner", "epoch", "moved_at", "phase", "face", "held", "locked"):
        assert getattr(found, name) == getattr(told, name), name
    history = ownership_history(connection, MIRROR, seat_id)
    assert history[0].how == "mint"
    assert history[-1].owner == told.owner
    for ownership in history:
        if ownership.block.number < since:
            continue
        at = market.contract.owner_of(seat_id, ownership.block.number)
        last = [one for one in history if one.block.number <= ownership.block.number][-1]
        assert at == last.owner
