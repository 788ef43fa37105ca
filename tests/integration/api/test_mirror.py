from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import pytest
from sqlalchemy import Engine, Table, insert

from api.gate.mirror import MirrorFacts
from api.gate.ports import Question
from api.gate.values import BlockFacts, DropFacts, SeatFacts
from indexer.queries import MirrorId
from indexer.store import history
from indexer.store.fold_tables import drop_states, outbox_origins, seat_states
from indexer.store.tables import blocks, checkpoints, heartbeats
from marketplace.domain.addresses import ZERO_ADDRESS, ChecksumAddress
from marketplace.domain.drop import DropState
from marketplace.domain.ids import DropId, SeatId, TierIndex
from marketplace.storage.columns import Address, Bytes32
from marketplace.storage.errors import StoreVersionError
from marketplace.storage.transactions import writing
from tests.integration.api.world import Wallet

if TYPE_CHECKING:
    from sqlalchemy import Connection

MIRROR: Final = MirrorId(31337)
HEAD_AT: Final = 1_800_000_000
LEVEL_AT: Final = HEAD_AT + 86_400
"""The chain has stood still for a day."""
DROP, OTHER = DropId(7), DropId(8)
HOLDER = Wallet().address
MENTOR = Wallet().address


def hash_of(number: int) -> str:
    return f"0x{number:064x}"


def put(connection: Connection, table: Table, **given: object) -> None:
    """Insert a row of the mirror; what is not given is zero."""
    row: dict[str, object] = {}
    for column in table.columns:
        match column.type:
            case Address():
                row[column.name] = ZERO_ADDRESS
            case Bytes32():
                row[column.name] = hash_of(0)
            case _:
                row[column.name] = 0
    connection.execute(insert(table).values(row | MIRROR.columns | given))


def put_seat(connection: Connection, seat: SeatId, owner: ChecksumAddress, block: int) -> None:
    put(
        connection,
        seat_states,
        seat=seat,
        change="sale",
        owner=owner,
        moved_block=block,
        block_number=block,
        log_index=seat % 100_000,
        block_hash=hash_of(block),
    )


def seat(drop: DropId, number: int) -> SeatId:
    return SeatId.of(drop, TierIndex(2), number)


@dataclass
class Watch:
    """A stopwatch that moves when it is told to."""

    seconds: float = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def mirror(database: Engine, watch: Watch) -> MirrorFacts:
    """A mirror at block 100 with two drops, safe at 98 and final at 96."""
    with writing(database) as connection:
        put(
            connection,
            checkpoints,
            head_number=100,
            head_hash=hash_of(100),
            safe_number=98,
            safe_hash=hash_of(98),
            finalized_number=96,
            finalized_hash=hash_of(96),
            next_seq=1,
        )
        for number in (96, 98, 100):
            at = HEAD_AT - 12 * (100 - number)
            put(connection, blocks, number=number, hash=hash_of(number), timestamp_s=at)
        for drop in (DROP, OTHER):
            put(connection, drop_states, drop_id=drop, mentor=MENTOR, state=1, block_number=50)
        put(connection, outbox_origins, block_number=96, block_hash=hash_of(96))
        put(connection, heartbeats, level_at=LEVEL_AT)
    return MirrorFacts(database, MIRROR, watch)


def ask(account: ChecksumAddress | None = HOLDER, *drops: DropId) -> Question:
    return Question(account, frozenset(drops or {DROP}), LEVEL_AT + 2, 15, 7)


def test_a_mirror_lags_by_the_time_since_it_was_level(mirror: MirrorFacts) -> None:
    assert mirror.block(LEVEL_AT + 3) == BlockFacts(100, hash_of(100), 98, 96, 3)


def test_a_mirror_that_stopped_lags_more_every_second(mirror: MirrorFacts) -> None:
    block = mirror.block(LEVEL_AT + 3_600)
    assert block is not None
    assert block.lag_s == 3_600


@pytest.mark.parametrize(("ahead", "lag"), [(1, 0), (5, 0), (6, -6)])
def test_an_indexers_clock_may_be_a_little_ahead_of_ours(
    mirror: MirrorFacts, ahead: int, lag: int
) -> None:
    block = mirror.block(LEVEL_AT - ahead)
    assert block is not None
    assert block.lag_s == lag


def test_a_mirror_that_stopped_is_not_young_again_when_our_clock_is_set_back(
    mirror: MirrorFacts, watch: Watch
) -> None:
    assert mirror.block(LEVEL_AT + 1) is not None
    watch.seconds = 3_600
    block = mirror.block(LEVEL_AT + 1)
    assert block is not None
    assert block.lag_s == 3_600


def test_a_moment_of_the_future_does_not_become_young_when_it_comes(
    mirror: MirrorFacts, watch: Watch
) -> None:
    mirror.block(LEVEL_AT - 3_600)
    watch.seconds = 3_600
    facts = mirror.facts(replace(ask(), now=LEVEL_AT))
    assert facts.block is not None
    assert facts.block.lag_s == 3_600


def test_a_mirror_that_goes_on_is_as_old_as_its_last_moment(
    mirror: MirrorFacts, watch: Watch, database: Engine
) -> None:
    mirror.block(LEVEL_AT)
    watch.seconds = 3_600
    with writing(database) as connection:
        connection.execute(heartbeats.update().values(level_at=LEVEL_AT + 3_598))
    block = mirror.block(LEVEL_AT + 3_600)
    assert block is not None
    assert block.lag_s == 2


def test_the_present_owner_counts_and_none_before(mirror: MirrorFacts, database: Engine) -> None:
    with writing(database) as connection:
        put_seat(connection, seat(DROP, 1), HOLDER, 60)
        put_seat(connection, seat(DROP, 2), HOLDER, 60)
        put_seat(connection, seat(DROP, 2), MENTOR, 100)
        put_seat(connection, seat(OTHER, 1), HOLDER, 60)
    facts = mirror.facts(ask())
    assert facts.seats == (SeatFacts(seat(DROP, 1), HOLDER, 60),)
    assert facts.drops == (DropFacts(DROP, MENTOR, DropState.LIVE, hash_of(0)),)
    assert (facts.allowed_lag_s, facts.least_block) == (15, 7)
    assert facts.block == mirror.block(LEVEL_AT + 2)


def test_of_all_drops_that_are_asked_for_each_tiers_oldest_seat_is_found(
    mirror: MirrorFacts, database: Engine
) -> None:
    first = SeatId.of(DROP, TierIndex(1), 7)
    mine = [seat(DROP, number) for number in range(1, 151)]
    with writing(database) as connection:
        put_seat(connection, first, HOLDER, 70)
        for one in [seat(DropId(6), 9), *mine, seat(DropId(9), 1)]:
            put_seat(connection, one, HOLDER, 60 if one.number == 99 else 61)
        put_seat(connection, seat(OTHER, 3), HOLDER, 60)
    found = [one.seat for one in mirror.facts(ask(HOLDER, DROP, OTHER)).seats]
    assert found == [first, seat(DROP, 99), seat(OTHER, 3)]
    assert [one.seat for one in mirror.facts(ask(HOLDER, OTHER)).seats] == [seat(OTHER, 3)]


def test_nobody_has_no_seats_and_a_strange_drop_is_unknown(mirror: MirrorFacts) -> None:
    facts = mirror.facts(ask(None, DROP, DropId(99)))
    assert facts.seats == ()
    assert [one.drop for one in facts.drops] == [DROP]


def test_of_many_accounts_each_is_known_as_when_asked_alone(
    mirror: MirrorFacts, database: Engine
) -> None:
    others = [Wallet().address for _ in range(3)]
    with writing(database) as connection:
        for number, owner in enumerate([HOLDER, *others[:2], HOLDER], start=1):
            put_seat(connection, seat(DROP, number), owner, 60 + number)
        put_seat(connection, seat(DROP, 1), others[0], 90)
        put_seat(connection, SeatId.of(DROP, TierIndex(1), 7), HOLDER, 70)
    for question in (ask(None), ask(None, DROP, OTHER), ask(None, DropId(99))):
        found = mirror.facts_of_each(question, [HOLDER, *others])
        assert found == {
            one: mirror.facts(replace(question, account=one)) for one in (None, HOLDER, *others)
        }
    with writing(database) as connection:
        connection.execute(outbox_origins.delete())
    found = mirror.facts_of_each(ask(None), [HOLDER])
    assert found == {one: mirror.facts(ask(one)) for one in (None, HOLDER)}


def test_a_mirror_that_was_never_begun_knows_nothing(database: Engine) -> None:
    mirror = MirrorFacts(database, MIRROR)
    assert mirror.block(HEAD_AT) is None
    assert mirror.facts(ask()).block is None
    found = mirror.facts_of_each(ask(None), [HOLDER])
    assert found == {one: mirror.facts(ask(one)) for one in (None, HOLDER)}


def test_a_mirror_that_still_reads_history_knows_nothing(
    mirror: MirrorFacts, database: Engine
) -> None:
    with writing(database) as connection:
        connection.execute(outbox_origins.delete())
        put_seat(connection, seat(DROP, 1), HOLDER, 60)
    facts = mirror.facts(ask())
    assert (facts.block, facts.drops, facts.seats) == (None, (), ())


def test_a_mirror_between_two_branches_knows_nothing(mirror: MirrorFacts, database: Engine) -> None:
    with writing(database) as connection:
        connection.execute(heartbeats.delete())
        put_seat(connection, seat(DROP, 1), HOLDER, 60)
    assert mirror.block(LEVEL_AT) is None
    assert (mirror.facts(ask()).block, mirror.facts(ask()).seats) == (None, ())


def test_tables_of_another_version_are_refused(database: Engine) -> None:
    mirror = MirrorFacts(database, MIRROR)
    mirror.require_current()
    history.downgrade(database, "mirror_0001")
    with pytest.raises(StoreVersionError):
        mirror.require_current()
