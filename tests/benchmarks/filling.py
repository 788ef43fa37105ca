"""Rows as a market makes them, a million at a time: what `scale` fills its databases with.

Owns the shape of history: drops of a hundred seats, each minted and then sold a few times, each
minting and each sale two events as in the contract. Rows go in by `indexer.store`, as a commit's
do; decoding and folding are left out, because they are not what grows. Refuses to measure.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from hashlib import blake2b
from random import Random
from typing import TYPE_CHECKING, Final

from msgspec import structs

from indexer import outbox
from indexer.decoding import Entry, arguments_of
from indexer.folds.folding import Occurrence, Row
from indexer.folds.states import Mint, PhaseState, Sale, SeatState, TierState
from indexer.identity import MirrorId
from indexer.rpc.values import BlockHeader, RawLog
from indexer.store import checkpoints, ledger, states
from indexer.store.partitions import EVENTS, OUTBOX, Room
from marketplace.bindings import events
from marketplace.bindings.addresses import checksum_address
from marketplace.bindings.interface import interface_of
from marketplace.domain.addresses import ZERO_ADDRESS
from marketplace.domain.ids import DropId, PhaseIndex, SeatId, TierIndex
from marketplace.domain.money import Wei
from marketplace.storage.transactions import writing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from marketplace.bindings.events import Event
    from marketplace.domain.addresses import ChecksumAddress

MIRROR: Final = MirrorId(1)
SEATS: Final = checksum_address(b"\x5e" * 20)
SEATS_OF_DROP: Final = 100
ACTIONS_OF_BLOCK: Final = 25
"""Two events each."""
BLOCKS_AT_ONCE: Final = 40
PRICE: Final = Wei(10**17)
ROYALTY: Final = Wei(10**16)


@dataclass
class _Block:
    header: BlockHeader
    entries: list[Entry]
    rows: list[Row]


class History:
    """A history that goes on for as long as it is asked for."""

    def __init__(self, engine: Engine, people: int) -> None:
        self._engine = engine
        self._dice = Random(5)
        self._room = Room(engine, MIRROR)
        self._people = people
        self._seats: list[SeatState] = []
        self._block = 0
        self._seq = 1
        self.events = 0
        with writing(engine) as connection:
            self._checkpoint = checkpoints.begin(connection, MIRROR, _header(0), _word("config"))

    @property
    def seats(self) -> int:
        """How many seats there are."""
        return len(self._seats)

    @property
    def head(self) -> int:
        """The last block."""
        return self._block

    def somebodys(self, dice: Random) -> SeatState:
        """A seat as it is now."""
        return dice.choice(self._seats)

    def grow(self, events: int) -> None:
        """Go on until there are so many events; half of all actions mint."""
        while self.events < events:
            blocks = [self._next() for _ in range(BLOCKS_AT_ONCE)]
            entries = [entry for block in blocks for entry in block.entries]
            messages = outbox.applied(entries)
            self._room.make(EVENTS, self._block)
            self._room.make(OUTBOX, self._seq + len(messages))
            with writing(self._engine) as connection:
                last = blocks[-1].header
                checkpoints.move(
                    connection, MIRROR, self._checkpoint, after := self._moved(last, len(messages))
                )
                ledger.insert_blocks(connection, MIRROR, [block.header for block in blocks])
                ledger.insert_events(connection, MIRROR, entries)
                states.insert_rows(
                    connection, MIRROR, [row for block in blocks for row in block.rows]
                )
                ledger.insert_outbox(connection, MIRROR, self._seq, messages)
            self._checkpoint = after
            self._seq += len(messages)
            self.events += len(entries)

    def _moved(self, last: BlockHeader, told: int) -> checkpoints.Checkpoint:
        return checkpoints.Checkpoint(
            **{
                **{
                    one.name: getattr(self._checkpoint, one.name)
                    for one in fields(self._checkpoint)
                },
                "head": last.mark,
                "safe": last.mark,
                "finalized": last.mark,
                "next_seq": self._seq + told,
            }
        )

    def _next(self) -> _Block:
        self._block += 1
        header = _header(self._block)
        block = _Block(header, [], [])
        for _ in range(ACTIONS_OF_BLOCK):
            if self._seats and self._dice.random() < 0.5:
                self._sell(block)
            else:
                self._mint(block)
        return block

    def _mint(self, block: _Block) -> None:
        number = len(self._seats)
        seat = SeatId.of(
            DropId(1 + number // SEATS_OF_DROP), TierIndex(0), 1 + number % SEATS_OF_DROP
        )
        owner = self._person()
        at = self._tell(
            block,
            events.SeatsMinted(seat, PhaseIndex(0), 1, owner, ZERO_ADDRESS),
            events.Transfer(ZERO_ADDRESS, owner, seat),
        )
        state = SeatState(
            seat=seat,
            change="mint",
            owner=owner,
            epoch=0,
            moved_at=block.header.timestamp_s,
            moved_block=block.header.number,
            phase=PhaseIndex(0),
            flags=0,
            locked=0,
            face=PRICE,
            held=Wei(0),
            beneficiary=ZERO_ADDRESS,
        )
        self._seats.append(state)
        block.rows += [_row(state, block, at), _row(_mint_of(state), block, at - 1)]
        if not any(isinstance(row.state, TierState) for row in block.rows[:-2]):
            block.rows += [_row(one, block, at - 1) for one in _sold(seat.drop)]

    def _sell(self, block: _Block) -> None:
        place = self._dice.randrange(len(self._seats))
        before, buyer = self._seats[place], self._person()
        sale = events.SeatSold(before.seat, before.owner, buyer, PRICE, ROYALTY)
        at = self._tell(block, sale, events.Transfer(before.owner, buyer, before.seat))
        state = structs.replace(
            before,
            change="sale",
            owner=buyer,
            epoch=before.epoch + 1,
            moved_at=block.header.timestamp_s,
            moved_block=block.header.number,
            held=Wei(before.held + ROYALTY),
        )
        self._seats[place] = state
        sold = Sale(
            seat=before.seat, seller=before.owner, buyer=buyer, price=PRICE, royalty=ROYALTY
        )
        block.rows += [_row(state, block, at), _row(sold, block, at - 1)]

    def _tell(self, block: _Block, *told: Event) -> int:
        tx_hash = _word(f"tx {block.header.number} {len(block.entries)}")
        for event in told:
            block.entries.append(_entry(event, block.header, tx_hash, len(block.entries)))
        return len(block.entries) - 1

    def _person(self) -> ChecksumAddress:
        return _person(self._dice.randrange(self._people))


def _person(number: int) -> ChecksumAddress:
    return checksum_address(blake2b(f"person {number}".encode(), digest_size=20).digest())


def _word(text: str) -> str:
    return f"0x{blake2b(text.encode(), digest_size=32).hexdigest()}"


def _header(number: int) -> BlockHeader:
    return BlockHeader(
        number=number,
        hash=_word(f"block {number}"),
        parent_hash=_word(f"block {number - 1}"),
        timestamp_s=1_700_000_000 + 12 * number,
        logs_bloom=0,
    )


def _row(state: SeatState | Mint | Sale | TierState | PhaseState, block: _Block, at: int) -> Row:
    return Row(state, block.header.number, at, block.header.hash)


def _mint_of(state: SeatState) -> Mint:
    return Mint(
        first_seat=state.seat,
        quantity=1,
        phase=state.phase,
        account=state.owner,
        referrer=ZERO_ADDRESS,
        price=PRICE,
    )


def _sold(drop: DropId) -> Iterator[TierState | PhaseState]:
    yield TierState(
        drop_id=drop, tier=TierIndex(0), list_price=PRICE, cap=100, issued=9, live=9, escrowed=PRICE
    )
    yield PhaseState(
        drop_id=drop,
        phase=PhaseIndex(0),
        tier=TierIndex(0),
        gate=0,
        price=PRICE,
        opens=0,
        closes=2_000_000_000,
        supply=0,
        sold=9,
        wallet_limit=0,
        reserves=0,
        gate_data=_word("gate"),
    )


def _entry(event: Event, header: BlockHeader, tx_hash: str, log_index: int) -> Entry:
    described = interface_of("Seats").events[type(event).__name__]
    values = [getattr(event, one.name) for one in fields(event)]
    words = [
        value if isinstance(value, bytes) else int(str(value), 0).to_bytes(32, "big")
        for value in values
    ]
    paired = list(zip(described.inputs, words, strict=True))
    log = RawLog(
        address=SEATS,
        topics=(described.digest, *(word for one, word in paired if one.indexed)),
        data=b"".join(word for one, word in paired if not one.indexed),
        block_number=header.number,
        block_hash=header.hash,
        tx_hash=tx_hash,
        tx_index=log_index // 2,
        log_index=log_index,
    )
    occurrence = Occurrence(
        event=event,
        block_number=header.number,
        block_hash=header.hash,
        timestamp_s=header.timestamp_s,
        tx_hash=tx_hash,
        log_index=log_index,
    )
    return Entry(
        log=log, name=type(event).__name__, arguments=arguments_of(event), occurrence=occurrence
    )
