"""Reads from a replica: each answer is dated by the block that it has, however far behind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from api.gate.asking import Gate
from api.gate.decision import Denied, Granted, Reason
from api.gate.mirror import MirrorFacts
from api.gate.values import Action, Holder, Opening, Resource
from indexer.queries import BlockNotMirrored, Level, mirror_status, outbox_since, seat
from indexer.store import history
from indexer.sync.heartbeat import Heartbeat
from marketplace.domain.ids import SeatId
from marketplace.storage.transactions import reading
from tests.integration.indexer.market import Action as Deed
from tests.integration.indexer.oracle import require_exact
from tests.integration.indexer.simulating import CREATE, DEPLOY, MIRROR, caught_up, started
from tests.integration.indexer.tree import Tree, TreeNode
from tests.replica import pause, replicated, resume, wait_until_level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from indexer.sync.shell import Shell
    from marketplace.domain.addresses import ChecksumAddress

ALLOWED_LAG_S: Final = 15


class Clock:
    """Unix seconds that move when they are told to."""

    def __init__(self) -> None:
        self.second = 1_900_000_000

    def __call__(self) -> float:
        return self.second


class World:
    """A chain, its mirror on a server that writes, and a gate over the replica."""

    def __init__(self, primary: Engine, replica: Engine) -> None:
        self.primary, self.replica = primary, replica
        self.clock = Clock()
        self.tree = Tree(safe_depth=1, final_depth=3)
        self.tree.grow([DEPLOY, CREATE])
        self.tree.grow([Deed("mint", number) for number in range(6)])
        heartbeat = Heartbeat(self.clock)
        self.shell: Shell = started(primary, TreeNode(self.tree), heartbeat=heartbeat)
        caught_up(self.shell)
        wait_until_level(primary, replica)
        self.gate = Gate(MirrorFacts(replica, MIRROR, elapsed=self.clock), ALLOWED_LAG_S)

    def owners(self) -> dict[int, ChecksumAddress]:
        return {number: one.owner for number, one in self.tree.tip.market.seats.items()}

    def sell_one(self) -> tuple[SeatId, ChecksumAddress, ChecksumAddress]:
        """Let a seat be sold; gives it, who sold it, and who bought it."""
        before, dice = self.owners(), 0
        while True:
            block = self.tree.grow([Deed("sale", dice)])
            after = self.owners()
            moved = [number for number in after if after[number] != before.get(number)]
            if moved:
                caught_up(self.shell)
                return SeatId(moved[0]), before[moved[0]], after[moved[0]]
            assert block.number < 200
            dice += 1

    def asked(self, account: ChecksumAddress, of: SeatId, least_block: int = 0) -> object:
        room = Resource("room", of.drop, (Opening(of.drop, frozenset({of.tier})),))
        return self.gate.ask(
            Holder(account),
            Action.ENTER_SESSION,
            room,
            now=self.clock.second,
            least_block=least_block,
        )


@pytest.fixture(scope="module")
def servers() -> Iterator[tuple[Engine, Engine]]:
    with replicated() as both:
        primary, replica = both.open()
        history.upgrade(primary)
        yield primary, replica
        primary.dispose()
        replica.dispose()


@pytest.fixture(scope="module")
def world(servers: tuple[Engine, Engine]) -> Iterator[World]:
    made = World(*servers)
    yield made
    resume(made.replica)


def test_a_replica_gives_every_answer_that_the_mirror_gives(world: World) -> None:
    require_exact(world.replica, MIRROR, world.tree)


def test_a_replica_that_is_behind_says_which_block_it_has(world: World) -> None:
    pause(world.replica)
    with reading(world.replica) as connection:
        before = mirror_status(connection, MIRROR)
    sold, seller, buyer = world.sell_one()
    with reading(world.replica) as connection:
        status = mirror_status(connection, MIRROR)
        found = seat(connection, MIRROR, sold)
        assert status == before
        assert found is not None
        assert found.owner == seller
        assert outbox_since(connection, MIRROR, status.next_seq) == ()
        with pytest.raises(BlockNotMirrored):
            seat(connection, MIRROR, sold, world.tree.tip.number)
    with reading(world.primary) as connection:
        ahead = mirror_status(connection, MIRROR)
        now = seat(connection, MIRROR, sold)
        assert now is not None
        assert now.owner == buyer
    assert ahead.head.number == world.tree.tip.number > status.head.number
    resume(world.replica)
    wait_until_level(world.primary, world.replica)
    with reading(world.replica) as connection:
        assert mirror_status(connection, MIRROR) == ahead
    require_exact(world.replica, MIRROR, world.tree)


def test_who_has_bought_is_told_to_come_again_and_never_no(world: World) -> None:
    pause(world.replica)
    sold, _seller, buyer = world.sell_one()
    named = world.asked(buyer, sold, least_block=world.tree.tip.number)
    assert isinstance(named, Denied)
    assert named.reason is Reason.MIRROR_BEHIND
    resume(world.replica)
    wait_until_level(world.primary, world.replica)
    assert isinstance(world.asked(buyer, sold, least_block=world.tree.tip.number), Granted)


def test_a_seller_gets_in_for_no_longer_than_the_replica_may_lag(world: World) -> None:
    sold, _first, holder = world.sell_one()
    wait_until_level(world.primary, world.replica)
    assert isinstance(world.asked(holder, sold), Granted)
    pause(world.replica)
    others = {seat for seat, owner in world.owners().items() if owner == holder}
    while world.owners()[sold] == holder:
        world.sell_one()
    world.clock.second += ALLOWED_LAG_S
    caught_up(world.shell)
    assert isinstance(world.asked(holder, sold), Granted), "within the lag that is allowed"
    world.clock.second += 1
    caught_up(world.shell)
    late = world.asked(holder, sold)
    assert isinstance(late, Denied)
    assert late.reason is Reason.MIRROR_LAGS
    assert sold in others
    resume(world.replica)
    wait_until_level(world.primary, world.replica)
    after = world.asked(holder, sold)
    same_tier = [
        number
        for number, owner in world.owners().items()
        if owner == holder and SeatId(number).tier == sold.tier and SeatId(number).drop == sold.drop
    ]
    assert isinstance(after, Granted) == bool(same_tier)


def test_levels_are_of_the_replicas_own_moment(world: World) -> None:
    pause(world.replica)
    with reading(world.replica) as connection:
        before = mirror_status(connection, MIRROR)
    for _ in range(6):
        world.tree.grow([Deed("bump", 1)])
        caught_up(world.shell)
    with reading(world.replica) as connection:
        status = mirror_status(connection, MIRROR)
        assert status.at(Level.FINALIZED) == before.at(Level.FINALIZED)
    resume(world.replica)
    wait_until_level(world.primary, world.replica)
    with reading(world.replica) as connection:
        after = mirror_status(connection, MIRROR)
    assert after.at(Level.FINALIZED).number == before.at(Level.FINALIZED).number + 6
