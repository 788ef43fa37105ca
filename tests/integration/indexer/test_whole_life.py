"""Every event of the contract, from the contract itself: mirror and contract always agree.

At every block what its events name is compared, at some blocks and at the end everything is.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Final, cast
from weakref import WeakKeyDictionary

import pytest

from indexer.audit.auditor import Auditor, Kept
from indexer.audit.examining import Care
from indexer.decoding import decode
from indexer.folds.folding import fold, needs_of
from indexer.folds.registry import FOLDS
from indexer.identity import Contracts
from indexer.queries import (
    counter_of,
    credit_of,
    currencies,
    drop_terms,
    offers_spent,
    passes_spent,
    platform,
    seat,
    seat_value,
    seats_of_drop,
    seats_spent,
)
from indexer.rpc.node import RpcNode
from indexer.store import audits, checkpoints, ledger, states
from indexer.sync.hold import Hold
from marketplace.bindings.addresses import wire_address
from marketplace.bindings.events import ListingSkipped
from marketplace.bindings.interface import interface_of
from marketplace.chain.connection import open_node
from marketplace.domain.addresses import ETH, ZERO_ADDRESS
from marketplace.domain.drop import DropState, TransferPolicy
from marketplace.domain.ids import DropId, PhaseIndex, SeatId
from marketplace.domain.words import SeatFlag
from marketplace.orders.judging import MOVABLE
from marketplace.storage.engines import open_engine
from marketplace.storage.transactions import reading, writing
from tests.conformance.chains import CHAIN_ID
from tests.integration.indexer.folding_again import folded_again
from tests.integration.indexer.oracle import dump
from tests.integration.indexer.simulating import NOON, caught_up
from tests.integration.indexer.test_chains import MIRROR, follower, running_chain
from tests.integration.indexer.whole_life import PEOPLE, Life, live
from tests.integration.marketplace.steering import NodeSteering
from tests.integration.marketplace.world import address_of, deploy_market

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sqlalchemy import Connection, Engine

    from indexer.decoding import Entry
    from indexer.folds.folding import AnyEvent
    from indexer.queries import DropTerms, Seat
    from marketplace.bindings.seats import SeatsContract
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.views import DropView
    from tests.databases import Databases

FLAGS: Final = {
    "checked_in": SeatFlag.CHECKED_IN,
    "granted": SeatFlag.GRANTED,
    "objected": SeatFlag.OBJECTED,
    "claimed": SeatFlag.CLAIMED,
}
TERMS: Final = (
    *("state", "policy", "mentor", "verifier", "resolver", "terms_version", "postponements"),
    *("starts_at", "ends_at", "deliver_by", "first_deliver_by", "refund_until", "paused_until"),
    "challenge_days",
)
SHARES: Final = ("royalty", "toll", "resale_cap", "penalty", "default_split", "fee")
SOLD: Final = ("tier", "gate", "price", "opens", "closes", "supply", "wallet_limit", "reserves")
EVERYTHING: Final = 50
"""Every so many blocks all is compared, also what no event has named."""

SOMEBODY: Final = address_of("eve")
ANSWERS: Final[WeakKeyDictionary[SeatsContract, dict[tuple[object, ...], object]]] = (
    WeakKeyDictionary()
)
"""What each life's own contract has answered; a second life is another chain."""
TRADED: Final = ("list_price", "cap", "issued", "live", "escrowed")


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Life, RpcNode]]:
    with running_chain("devnet", tmp_path_factory.mktemp("chain")) as url:
        web3 = open_node(url, CHAIN_ID)
        market = deploy_market("devnet", web3, CHAIN_ID, NodeSteering(web3))
        with closing(RpcNode.at(url, timeout_s=10, batch_limit=20)) as node:
            yield live(market), node


@pytest.fixture(scope="module")
def engine(databases: Databases, life: tuple[Life, RpcNode]) -> Iterator[Engine]:
    engine = open_engine(databases.create(migrated=True))
    caught_up(follower(engine, life[0].market, life[1]))
    yield engine
    engine.dispose()
    databases.drop(engine.url)


def test_the_life_tells_every_event_of_the_contract(engine: Engine) -> None:
    with reading(engine) as connection:
        told = {entry.name for entry in _entries(connection, -1)}

    assert told == set(interface_of("Seats").events)


def test_every_end_of_a_drop_is_reached(engine: Engine, life: tuple[Life, RpcNode]) -> None:
    count = life[0].market.contract.drop_count()
    with reading(engine) as connection:
        pages = [drop_terms(connection, MIRROR, DropId(one)) for one in range(1, count + 1)]

    owed = [life[0].market.contract.escrow_of(DropId(one)) for one in range(1, count + 1)]
    assert [page and page.escrowed for page in pages] == owed
    ends = {page.drop.state for page in pages if page is not None}
    assert ends == {
        *(DropState.LIVE, DropState.CANCELLED, DropState.FAILED, DropState.SETTLED),
        *(DropState.SPLIT_NARROW, DropState.SPLIT_WIDE),
    }


def test_mirror_and_contract_agree_at_every_block(
    engine: Engine, life: tuple[Life, RpcNode]
) -> None:
    web3, contract = life[0].market.web3, remembered(life[0])
    last = web3.eth.block_number
    with reading(engine) as connection:
        entries = _entries(connection, -1)
        for block in range(life[0].market.deployment.block, last + 1):
            now = web3.eth.get_block(block)["timestamp"]
            look = Look(connection, contract, block, now)
            everything = block % EVERYTHING == 0 or block == last
            told = [entry.occurrence.event for entry in entries if entry.log.block_number == block]
            drops, seats, accounts = named(told)
            if everything:
                drops = set(range(1, contract.drop_count(block) + 1))
                seats = {one.id for drop in drops for one in look.seats(DropId(drop))}
                accounts = {address_of(name) for name in PEOPLE}
            for drop in sorted(drops):
                look.require_drop(DropId(drop))
            for seat_id in sorted(seats):
                look.require_seat(SeatId(seat_id))
            for account in sorted(accounts):
                look.require_account(account, (ETH, life[0].coin.address))


def test_platform_and_what_was_spent_are_the_contracts(
    engine: Engine, life: tuple[Life, RpcNode]
) -> None:
    contract, coin = life[0].market.contract, life[0].coin.address
    with reading(engine) as connection:
        found, told = platform(connection, MIRROR), contract.platform()
        assert found is not None
        assert (found.treasury, found.fee_bps) == (told.treasury, told.fee)
        assert (found.owner, found.guardian) == (contract.owner(), contract.guardian())
        wrapped = contract.wrapped_ether()
        assert [(one.currency, one.allowed) for one in currencies(connection, MIRROR)] == [
            (coin, 1),
            (wrapped, 0),
        ]
        nonces = (0, 1, 2, 7, 2**255, 2**256 - 1)
        offers = {(address_of(name), nonce) for name in PEOPLE for nonce in nonces}
        taken = {one for one in offers if contract.is_offer_spent(*one)}
        assert offers_spent(connection, MIRROR, offers) == taken
        gated = DropId(contract.drop_count())
        spent = {one for one in nonces if contract.is_pass_spent(gated, one)}
        assert passes_spent(connection, MIRROR, gated, nonces) == spent == {2**255}
        keys = [one.id for one in seats_of_drop(connection, MIRROR, DropId(4))]
        used = {one for one in keys if contract.is_seat_spent(gated, PhaseIndex(3), one)}
        assert seats_spent(connection, MIRROR, gated, PhaseIndex(3), keys) == used
        assert len(used) == 1


def test_an_audit_finds_nothing_and_counts_what_the_contract_owes(
    engine: Engine, life: tuple[Life, RpcNode]
) -> None:
    market = life[0].market
    with reading(engine) as connection:
        checkpoint = checkpoints.load(connection, MIRROR)
    assert checkpoint is not None
    auditor = Auditor(
        Hold(engine, MIRROR, checkpoint.fence),
        life[1],
        Contracts((market.contract.address,), market.deployment.block),
        lambda: NOON,
        care=Care(every_header=True, samples=400),
        kept=Kept.beginning(20),
    )
    answers = 0
    while (stretch := auditor.step()) is not None:
        assert stretch.claims is not None
        answers += stretch.claims
    assert answers > 250

    at = checkpoint.finalized.number
    with reading(engine) as connection:
        audited = audits.last(connection, MIRROR)
    assert audited is not None
    assert audited.last == checkpoint.finalized
    contract, coin = market.contract, life[0].coin
    # Nobody has sent it money that it does not owe.
    assert audited.owed[ETH] == market.web3.eth.get_balance(wire_address(contract.address), at)
    assert audited.owed[coin.address] == coin.balance_of(contract.address, at)


def test_rolling_back_anywhere_and_folding_again_gives_the_same_tables(
    engine: Engine, life: tuple[Life, RpcNode]
) -> None:
    last = life[0].market.web3.eth.block_number
    with writing(engine) as connection:
        tables = dump(connection)
        for block in range(last, -1, -3):
            states.delete_above(connection, MIRROR, block)
            events = [entry.occurrence for entry in _entries(connection, block)]
            known = states.load_states(connection, MIRROR, needs_of(events, FOLDS))
            states.insert_rows(connection, MIRROR, fold(events, known, FOLDS))
            assert dump(connection) == tables, block
    folded_again(engine, mirror=MIRROR)
    with reading(engine) as connection:
        assert dump(connection) == tables


def _entries(connection: Connection, above: int) -> list[Entry]:
    rows = ledger.events_above(connection, MIRROR, above)
    return [decode(row.log, row.timestamp_s) for row in rows]


def named(told: Sequence[AnyEvent]) -> tuple[set[int], set[SeatId], set[ChecksumAddress]]:
    """Drops, seats and accounts that these events name."""
    # What a buyer asked for, and was not sold, need not be a seat.
    happened = [one for one in told if not isinstance(one, ListingSkipped)]
    values = [(one.name, getattr(event, one.name)) for event in happened for one in fields(event)]
    # What the range of `BatchMetadataUpdate` ends with are no seats.
    seats = {
        value
        for name, value in values
        if isinstance(value, SeatId) and name not in {"from_token_id", "to_token_id"}
    }
    drops = {value for name, value in values if name == "drop"} | {one.drop for one in seats}
    return drops, seats, {value for name, value in values if name == "account"}


def remembered(life: Life) -> SeatsContract:
    """The contract, asked once only for each answer: two databases are compared with it."""
    contract = life.market.contract
    answers = ANSWERS.setdefault(contract, {})

    class Remembering:
        def __getattr__(self, function: str) -> Callable[..., object]:
            def ask(*arguments: object) -> object:
                key = (function, *arguments)
                if key not in answers:
                    answers[key] = getattr(contract, function)(*arguments)
                return answers[key]

            return ask

    return cast("SeatsContract", Remembering())


@dataclass(frozen=True)
class Look:
    """Mirror and contract at one block, whose second is `now`."""

    connection: Connection
    contract: SeatsContract
    block: int
    now: int

    def seats(self, drop: DropId) -> tuple[Seat, ...]:
        return seats_of_drop(self.connection, MIRROR, drop, self.block, limit=1_000)

    def require_drop(self, drop: DropId) -> None:
        told = self.contract.terms_of(drop, self.block)
        found = drop_terms(self.connection, MIRROR, drop, self.block)
        assert found is not None
        state, terms = found.drop, told.terms
        for name in TERMS:
            assert getattr(state, name) == getattr(terms, name), (drop, self.block, name)
        for name in SHARES:
            assert getattr(state, f"{name}_bps") == getattr(terms, name), (drop, self.block, name)
        assert (found.currency, found.escrowed) == (terms.currency, terms.owed)
        assert terms.payout == (state.mentor if state.payout == ZERO_ADDRESS else state.payout)
        _require_closing(found, terms)
        for tier, tier_told in zip(found.tiers, told.tiers, strict=True):
            for name in TRADED:
                assert getattr(tier, name) == getattr(tier_told, name), (drop, self.block, name)
        assert len(self.seats(drop)) == sum(tier.issued for tier in told.tiers)
        for phase, phase_told in zip(found.phases, told.phases, strict=True):
            for name in SOLD:
                assert getattr(phase, name) == getattr(phase_told, name), (drop, name)
            if phase.supply:
                assert phase.sold == phase_told.sold

    def require_seat(self, seat_id: SeatId) -> None:
        found = seat(self.connection, MIRROR, seat_id, self.block)
        value = seat_value(self.connection, MIRROR, seat_id, self.now, self.block)
        assert found is not None
        assert value is not None
        told = self.contract.refund_of(seat_id, self.block)
        assert asdict(value) == asdict(told), (seat_id, self.block)
        if found.burned:
            assert found.held == self.contract.held_of(seat_id, self.block)
            return
        view = self.contract.seat_of(seat_id, self.block)
        for name in ("owner", "epoch", "moved_at", "phase", "face", "held", "locked"):
            assert getattr(found, name) == getattr(view, name), (seat_id, self.block, name)
        for name, flag in FLAGS.items():
            assert found.has(flag) == getattr(view, name), (seat_id, self.block, name)

        self.require_moves(found)

    def require_moves(self, found: Seat) -> None:
        """What `marketplace.orders.judging` asks of seat and drop is what the contract asks."""
        mirrored = drop_terms(self.connection, MIRROR, found.drop, self.block)
        assert mirrored is not None
        drop = mirrored.drop
        moves = (
            not found.has(SeatFlag.CHECKED_IN | SeatFlag.OBJECTED)
            and drop.policy != TransferPolicy.BOUND
            and drop.state in MOVABLE
            and not (drop.state == DropState.LIVE and self.now > drop.deliver_by)
        )
        told = self.contract.is_transferable(found.id, found.owner, SOMEBODY, self.block)
        assert moves == told, (found.id, self.block)

    def require_account(
        self, account: ChecksumAddress, paid_in: tuple[ChecksumAddress, ...]
    ) -> None:
        for currency in paid_in:
            told = self.contract.credit_of(account, currency, self.block)
            assert credit_of(self.connection, MIRROR, account, currency, self.block) == told
        told_counter = self.contract.counter_of(account, self.block)
        assert counter_of(self.connection, MIRROR, account, self.block) == told_counter


def _require_closing(found: DropTerms, terms: DropView) -> None:
    ending = found.closing
    if ending is None:
        assert (terms.asserted_at, terms.disputed_at, terms.split) == (0, 0, 0)
        return
    assert (ending.asserted_at, ending.disputed_at, ending.split_bps) == (
        *(terms.asserted_at, terms.disputed_at, terms.split),
    )
    if terms.state is DropState.ASSERTED:
        assert ending.objected == terms.objected
