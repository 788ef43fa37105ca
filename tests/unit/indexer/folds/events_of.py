"""Events with places, and what folding them comes to; shared by the tests of folds."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from indexer.folds.folding import Occurrence, fold, needs_of
from indexer.folds.registry import FOLDS
from indexer.folds.states import PlatformState, State
from marketplace.bindings import events
from marketplace.bindings.addresses import checksum_address
from marketplace.domain.addresses import ZERO_ADDRESS
from marketplace.domain.drop import DropState, Gate, TransferPolicy
from marketplace.domain.ids import DropId, PhaseIndex, SeatId, TierIndex
from marketplace.domain.money import Bps, Wei
from marketplace.domain.words import (
    ArbitrationWord,
    DropWords,
    PhaseWord,
    RulesWord,
    ScheduleWord,
    TierWord,
)

if TYPE_CHECKING:
    from indexer.folds.folding import Key, Row
    from marketplace.bindings.events import Event

S = TypeVar("S", bound=State)

ADA, BO, MENTOR, RESOLVER = (checksum_address(bytes([number]) * 20) for number in range(1, 5))
PRICE = Wei(1_000)
DROP = DropId(7)
SEAT = SeatId(7_100_001)
ROOT = b"\x11" * 32


def words() -> DropWords:
    """Two tiers, of which phase 1 sells the second behind an allowlist."""
    phase = {"opens": 5, "closes": 90, "supply": 0, "sold": 0, "wallet_limit": 2, "reserves": 0}
    return DropWords(
        rules=RulesWord(
            state=DropState.LIVE,
            policy=TransferPolicy.MARKET_ONLY,
            currency_index=0,
            terms_version=0,
            royalty=Bps(750),
            toll=Bps(100),
            resale_cap=Bps(10_000),
            tier_count=2,
            phase_count=2,
            gift_cooldown=60,
            paused_until=0,
            ends_at=100,
            deliver_by=110,
        ),
        schedule=ScheduleWord(mentor=MENTOR, starts_at=95, refund_until=96, fee=Bps(500)),
        arbitration=ArbitrationWord(
            resolver=RESOLVER,
            first_deliver_by=110,
            challenge_days=7,
            postponements=0,
            penalty=Bps(300),
            default_split=Bps(5_000),
        ),
        tiers=tuple(
            TierWord(list_price=PRICE, escrowed=Wei(0), cap=20, issued=0, live=0) for _ in range(2)
        ),
        phases=(
            PhaseWord(price=PRICE, tier=TierIndex(0), gate=Gate.PUBLIC, **phase),
            PhaseWord(price=PRICE, tier=TierIndex(1), gate=Gate.ALLOWLIST, **phase),
        ),
        gate_data=(bytes(32), ROOT),
    )


PLATFORM = PlatformState(
    treasury=BO, fee_bps=Bps(500), owner=ADA, pending_owner=ZERO_ADDRESS, guardian=ZERO_ADDRESS
)
CREATED = events.DropCreated(DROP, MENTOR, b"\xaa" * 32, words().encode())


def minted(quantity: int = 1, owner: str = ADA, first: int = SEAT) -> list[Event]:
    """A mint of tier 1 in phase 1."""
    to = type(ADA)(owner)
    return [
        events.SeatsMinted(SeatId(first), PhaseIndex(1), quantity, BO, ZERO_ADDRESS),
        *(events.Transfer(ZERO_ADDRESS, to, SeatId(first + n)) for n in range(quantity)),
    ]


def granted(quantity: int = 1, first: int = SEAT) -> list[Event]:
    """Seats of tier 1 for nothing."""
    return [
        events.SeatsGranted(SeatId(first), quantity),
        *(events.Transfer(ZERO_ADDRESS, ADA, SeatId(first + n)) for n in range(quantity)),
    ]


def refunded(seat: int = SEAT, penalty: int = 30) -> list[Event]:
    """Ada gives a seat back."""
    paid, left = Wei(PRICE - penalty), Wei(penalty)
    return [
        events.SeatRefunded(SeatId(seat), ADA, paid, left),
        events.Transfer(ADA, ZERO_ADDRESS, SeatId(seat)),
    ]


def occurrences(*transactions: list[Event]) -> list[Occurrence]:
    """Each list is a transaction in a block of its own, numbered from 1; block n is at second n."""
    return [
        Occurrence(
            event=event,
            block_number=block,
            block_hash=f"0x{block:064x}",
            timestamp_s=block,
            tx_hash=f"0x{block:064x}",
            log_index=index,
        )
        for block, told in enumerate(transactions, start=1)
        for index, event in enumerate(told)
    ]


def folded(
    *transactions: list[Event], platform: PlatformState | None = PLATFORM
) -> tuple[Row, ...]:
    """Fold what came after the contract was created; with no platform, all that it ever told."""
    history = occurrences(*transactions)
    known: dict[Key, State | None] = dict.fromkeys(needs_of(history, FOLDS))
    known[PlatformState, ()] = platform
    return fold(history, known, FOLDS)


def of(kind: type[S], rows: tuple[Row, ...]) -> list[S]:
    """The states of one kind, in order."""
    return [row.state for row in rows if isinstance(row.state, kind)]
