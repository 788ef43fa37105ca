"""What the tables must hold, from the canonical chain alone.

It owns two answers: every row, by folding the whole branch afresh in memory; and what the market's
own model says of seats, drops, accounts and what was spent, which knows nothing of folds.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from sqlalchemy import select

from indexer.decoding import decode
from indexer.folds.folding import fold, needs_of
from indexer.folds.registry import FOLDS
from indexer.identity import Kind
from indexer.queries import (
    Level,
    counter_of,
    credit_of,
    currencies,
    delegations_of,
    delegations_to,
    drops_in_full,
    mirror_status,
    offers_spent,
    outbox_since,
    passes_spent,
    platform,
    seat,
    seat_delegation,
    seats_of_owner,
    seats_spent,
)
from indexer.reads.messages import first_message
from indexer.store import checkpoints, fold_versions, ledger
from indexer.store import contracts as contract_rows
from indexer.store.fold_tables import FOLDED
from indexer.store.states import TABLES
from indexer.store.tables import blocks, events
from marketplace.domain.ids import DropId, PhaseIndex, SeatId
from marketplace.storage.transactions import reading
from tests.integration.indexer.delegating import REGISTRY, RIGHTS, stands
from tests.integration.indexer.endings import living, owed
from tests.integration.indexer.market import PEOPLE, SEATS

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine, Table

    from indexer.decoding import Entry
    from indexer.identity import MirrorId
    from indexer.queries import Delegation
    from indexer.rpc.values import RawLog
    from indexer.store.checkpoints import Checkpoint
    from indexer.store.contracts import Progress
    from tests.integration.indexer.delegating import Given
    from tests.integration.indexer.market import Market
    from tests.integration.indexer.tree import Block, Tree

_KINDS = {SEATS: Kind.SEATS, REGISTRY: Kind.DELEGATIONS}

Dump = dict[str, list[dict[str, object]]]


def dump(connection: Connection, *tables: Table) -> Dump:
    """Every row of every table that the chain decides, in the order of the keys."""
    found: Dump = {}
    for table in tables or (blocks, events, *FOLDED):
        rows = connection.execute(select(table).order_by(*table.primary_key.columns))
        names = [column.name for column in table.columns]
        found[table.name] = [dict(zip(names, row, strict=True)) for row in rows]
    return found


@lru_cache(maxsize=2)
def expected(
    mirror: MirrorId, head: Block, finalized: int, registry: Progress | None = None
) -> Dump:
    """What the tables hold when the mirror stands at a block, and knows a registry so far.

    Not to be changed: it is kept, because most commits in a row leave a mirror where it stands.
    """
    path = head.path()
    entries = [
        _decoded(log, block.header.timestamp_s, _KINDS[log.address])
        for block in path
        for log in block.logs
        if log.address == SEATS or (log.address == REGISTRY and _counts(log, registry))
    ]
    bearing = {entry.log.block_number for entry in entries}
    found: Dump = {table.name: [] for table in FOLDED}
    found[blocks.name] = [
        {
            **mirror.columns,
            "number": block.number,
            "hash": block.header.hash,
            "parent_hash": block.header.parent_hash,
            "timestamp_s": block.header.timestamp_s,
        }
        for block in path
        if block.number >= finalized or block.number in bearing
    ]
    found[events.name] = [_ledgered(mirror, entry) for entry in entries]
    occurrences = [entry.occurrence for entry in entries]
    nothing = dict.fromkeys(needs_of(occurrences, FOLDS))
    for row in fold(occurrences, nothing, FOLDS):
        found[TABLES[type(row.state)].name].append(
            {
                **mirror.columns,
                "block_number": row.block_number,
                "log_index": row.log_index,
                "block_hash": row.block_hash,
                **{name: getattr(row.state, name) for name in row.state.__struct_fields__},
            }
        )
    return found


def require_exact(engine: Engine, mirror: MirrorId, tree: Tree, *, reads: bool = True) -> None:
    """Compare everything that can be asked of the mirror with the chain that it says it is on.

    Without `reads` only the tables: what the market's model says is not asked for.
    """
    with reading(engine) as connection:
        checkpoint, _ = require_tables(connection, mirror, tree)
        registry = contract_rows.load(connection, mirror).get(Kind.DELEGATIONS)
        if reads:
            require_reads(connection, mirror, tree.blocks[checkpoint.head.hash])
        require_outbox(connection, mirror, checkpoint.next_seq, in_order=registry is None)


def require_tables(
    connection: Connection, mirror: MirrorId, tree: Tree
) -> tuple[Checkpoint, list[dict[str, object]]]:
    """Compare every row that the chain decides; gives the checkpoint and the ledger's rows.

    A table that is being folded again is compared as far as it is built.
    """
    checkpoint = checkpoints.load(connection, mirror)
    assert checkpoint is not None
    head = tree.blocks[checkpoint.head.hash]
    held = dump(connection)
    registry = contract_rows.load(connection, mirror).get(Kind.DELEGATIONS)
    wanted = dict(expected(mirror, head, checkpoint.finalized.number, registry))
    building = fold_versions.stale(connection, mirror)
    if building is not None and building.begun:
        for name in (TABLES[kind].name for kind in building.kinds):
            wanted[name] = [row for row in wanted[name] if _is_before(row, building.next_block)]
    for name, rows in wanted.items():
        # Keys order some tables as the chain does, and then nothing needs to be sorted.
        assert held[name] == rows or _sorted(held[name]) == _sorted(rows), name
    path = head.path()
    for mark in (checkpoint.safe, checkpoint.finalized):
        assert path[mark.number].header.mark == mark
    return checkpoint, held[events.name]


def require_reads(connection: Connection, mirror: MirrorId, head: Block) -> None:
    """Compare what the reads make of the tables with the market's model after a block."""
    registry = contract_rows.load(connection, mirror).get(Kind.DELEGATIONS)
    _require_model(connection, mirror, head)
    if registry is not None and registry.joined and not _spoke_before(head, registry):
        _require_delegations(connection, mirror, head.market)


def _require_model(connection: Connection, mirror: MirrorId, head: Block) -> None:
    market = head.market
    for number, model in market.seats.items():
        found = seat(connection, mirror, SeatId(number))
        assert found is not None
        assert (found.owner, found.epoch, found.held, found.moved_at, found.locked) == (
            *(model.owner, model.epoch, model.held, model.moved_at, model.locked),
        )
        assert (found.face, found.flags, found.beneficiary) == (
            *(model.face, model.flags, model.beneficiary),
        )
    _require_drops(connection, mirror, market)
    for person in PEOPLE:
        owned = {number for number, model in market.seats.items() if model.owner == person}
        assert {one.id for one in seats_of_owner(connection, mirror, person, limit=9_999)} == owned
        assert counter_of(connection, mirror, person) == market.counters.get(person, 0)
        assert credit_of(connection, mirror, person) == market.credits.get(person, 0)
    _require_spent(connection, mirror, market)
    status = mirror_status(connection, mirror)
    past = head.path()[status.finalized.number].market
    for number, model in past.seats.items():
        found = seat(connection, mirror, SeatId(number), Level.FINALIZED)
        assert found is not None
        assert found.owner == model.owner


def _require_drops(connection: Connection, mirror: MirrorId, market: Market) -> None:
    """State, E, what lives and what was sold of every drop, counted seat by seat."""
    pages = drops_in_full(connection, mirror, limit=9_999)
    assert [one.drop.drop_id for one in pages] == sorted(market.lives)
    for page in pages:
        drop, number = page.drop, page.drop.drop_id
        life, seats = market.lives[number], living(market, number)
        assert (drop.state, page.escrowed) == (life.state, owed(market, number))
        assert (drop.terms_version, drop.penalty_bps, drop.paused_until) == (
            *(life.version, life.penalty, life.paused_until),
        )
        closing = page.closing
        told = (
            (0, 0, 0, 0)
            if closing is None
            else (*(closing.asserted_at, closing.disputed_at, closing.objected, closing.split_bps),)
        )
        assert told == (life.asserted_at, life.disputed_at, life.objected, life.split)
        for tier, phase in zip(page.tiers, page.phases, strict=True):
            alive = [one for seat, one in seats.items() if SeatId(seat).tier == tier.tier]
            assert (tier.live, tier.cap) == (len(alive), life.caps[tier.tier])
            assert phase.sold == sum(one.face > 0 for one in alive)


def _require_spent(connection: Connection, mirror: MirrorId, market: Market) -> None:
    taken = market.spent_offers
    numbers = {*range(3), *(number for _, number in taken)}
    offers = {(buyer, number) for buyer in PEOPLE for number in numbers}
    assert offers_spent(connection, mirror, taken | offers) == taken
    for drop in market.lives:
        spent = {nonce for one, nonce in market.used_passes if one == drop}
        nonces = (0, 1, 2**256 - 1)
        assert passes_spent(connection, mirror, DropId(drop), nonces) == spent
        for phase in range(2):
            used = {seat for *where, seat in market.used_seats if where == [drop, phase]}
            named = [SeatId(one) for one in market.seats]
            found = seats_spent(connection, mirror, DropId(drop), PhaseIndex(phase), named)
            assert found == used
    told = [(one.currency, bool(one.allowed)) for one in currencies(connection, mirror)]
    assert told == market.currencies
    found_platform = platform(connection, mirror)
    if found_platform is not None:
        assert found_platform.guardian == market.guardian


def _require_delegations(connection: Connection, mirror: MirrorId, market: Market) -> None:
    standing = {key for key, enabled in market.delegations.items() if enabled}
    for person in PEOPLE:
        for place, read in enumerate((delegations_of, delegations_to)):
            found = read(connection, mirror, person, limit=9_999)
            assert {_given(one) for one in found} == {
                key for key in standing if key[place] == person
            }
    for number, model in list(market.seats.items())[:6]:
        for to in PEOPLE[:2]:
            for rights in RIGHTS:
                name = rights.rstrip(b"\0").decode()
                found_one = seat_delegation(connection, mirror, SeatId(number), to, name)
                asked = (model.owner, to, SEATS, number, rights)
                assert (found_one is not None) == stands(market.delegations, *asked), asked


def _given(one: Delegation) -> Given:
    rights = bytes.fromhex(one.rights[2:])
    return (one.delegator, one.delegate, one.scope, one.contract, one.token, rights)


def _spoke_before(head: Block, registry: Progress) -> bool:
    """Whether the registry told, before its first block that counts, what the model has noted."""
    path = head.path()[: registry.contract.start_block]
    return any(log.address == REGISTRY for block in path for log in block.logs)


def _is_before(row: dict[str, object], block: int) -> bool:
    number = row["block_number"]
    assert isinstance(number, int)
    return number < block


def _counts(log: RawLog, registry: Progress | None) -> bool:
    """Whether the mirror must know a log of the registry."""
    if registry is None or log.block_number < registry.contract.start_block:
        return False
    return registry.joined or log.block_number < registry.next_block


def require_outbox(
    connection: Connection, mirror: MirrorId, next_seq: int, *, in_order: bool = True
) -> None:
    """Replaying the outbox gives the ledger above the block that it begins with.

    What is taken back is what was told last, but where a contract was filled in between. Of an
    outbox whose first messages are gone, what is left gives the end of the ledger.
    """
    origin = ledger.outbox_origin(connection, mirror)
    first = first_message(connection, mirror)
    messages = outbox_since(connection, mirror, first, limit=1_000_000)
    assert [message.seq for message in messages] == list(range(first, next_seq))
    standing: list[tuple[str, int]] = []
    for message in messages:
        place = (message.block.hash, message.log_index)
        if message.kind == "apply":
            standing.append(place)
        elif in_order and standing:
            assert standing.pop() == place
        elif place in standing or first == 1:
            standing.remove(place)
    if origin is None:
        assert not messages
        return
    rows = ledger.events_above(connection, mirror, origin.number)
    held = [(row.log.block_hash, row.log.log_index) for row in rows]
    if first > 1 and in_order:
        held = held[len(held) - len(standing) :]
    assert (standing if in_order else sorted(standing)) == (held if in_order else sorted(held))


@lru_cache(maxsize=10_000)
def _decoded(log: RawLog, timestamp_s: int, kind: Kind) -> Entry:
    return decode(log, timestamp_s, kind)


def _ledgered(mirror: MirrorId, entry: Entry) -> dict[str, object]:
    return {
        **mirror.columns,
        "block_number": entry.log.block_number,
        "log_index": entry.log.log_index,
        "block_hash": entry.log.block_hash,
        "tx_hash": entry.log.tx_hash,
        "tx_index": entry.log.tx_index,
        "address": entry.log.address,
        "event": entry.name,
        "arguments": entry.arguments,
        "topics": b"".join(entry.log.topics),
        "data": entry.log.data,
    }


def _sorted(rows: list[dict[str, object]]) -> list[list[tuple[str, object]]]:
    return sorted((sorted(row.items(), key=lambda one: one[0]) for row in rows), key=repr)
