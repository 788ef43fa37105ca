from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime

from marketplace.chain.heads import Head
from marketplace.domain.addresses import ZERO_ADDRESS, ChecksumAddress
from marketplace.domain.denomination import ETHER, Denomination
from marketplace.domain.drop import DropState, Gate, TransferPolicy
from marketplace.domain.ids import DropId, PhaseIndex, SeatId, TierIndex
from marketplace.domain.money import Bps, Wei
from marketplace.domain.views import DropOverview, DropView, PhaseView, SeatView, TierView
from scripts.views.console import console
from scripts.views.seat import block_line, show_drop, show_seat

NOON = int(datetime(2030, 1, 1, 12, tzinfo=UTC).timestamp())
DAY = 86_400
FINNEY = 10**15
MENTOR = ChecksumAddress("0x70997970C51812dc3A010C7d01b50e0d17dc79C8")
OWNER = ChecksumAddress("0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC")
TERMS = DropView(
    state=DropState.LIVE,
    policy=TransferPolicy.MARKET_ONLY,
    mentor=MENTOR,
    payout=MENTOR,
    currency=ZERO_ADDRESS,
    verifier=ZERO_ADDRESS,
    resolver=OWNER,
    terms_version=0,
    postponements=0,
    royalty=Bps(1_000),
    toll=Bps(200),
    resale_cap=Bps(10_000),
    gift_cooldown=DAY,
    starts_at=NOON + 10 * DAY,
    ends_at=NOON + 11 * DAY,
    deliver_by=NOON + 20 * DAY,
    first_deliver_by=NOON + 20 * DAY,
    refund_until=NOON + 10 * DAY,
    penalty=Bps(0),
    challenge_days=7,
    default_split=Bps(5_000),
    fee=Bps(250),
    paused_until=0,
    asserted_at=0,
    disputed_at=0,
    objected=Wei(0),
    owed=Wei(120 * FINNEY),
    split=Bps(0),
)
TIER = TierView(list_price=Wei(50 * FINNEY), cap=8, issued=3, live=3, escrowed=Wei(0))
PHASE = PhaseView(
    tier=TierIndex(0),
    gate=Gate.PUBLIC,
    price=Wei(40 * FINNEY),
    opens=NOON,
    closes=NOON + DAY,
    supply=4,
    sold=2,
    wallet_limit=0,
    reserves=0,
    gate_data=bytes(32),
)
SEAT = SeatView(
    owner=OWNER,
    drop=DropId(1),
    tier=TierIndex(0),
    number=3,
    phase=PhaseIndex(0),
    epoch=2,
    moved_at=NOON,
    movable_from=NOON + DAY,
    face=Wei(40 * FINNEY),
    toll=Wei(FINNEY),
    held=Wei(5 * FINNEY),
    locked=False,
    checked_in=False,
    granted=False,
    objected=False,
    claimed=False,
)
DROP_TEXT = """\
drop         1, live
mentor       ann (0x70997970C51812dc3A010C7d01b50e0d17dc79C8)
resolver     0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC
escrow       0.12 ETH for the seats that exist
sessions     from 2030-01-11 12:00 UTC to 2030-01-12 12:00 UTC
deliver by   2030-01-21 12:00 UTC
give back    until 2030-01-11 12:00 UTC, at no cost
moving       resale at up to 100% of the face, royalty 10%; gift for 2% of the list price, 1 day
             after the last move

phase   tier   price      opens                  closes                 per wallet   left   in tier
───────────────────────────────────────────────────────────────────────────────────────────────────
0       0      0.04 ETH   2030-01-01 12:00 UTC   2030-01-02 12:00 UTC   any number   2      5 of 8
Tiers are numbered here; their names are in the terms only.
"""
SEAT_TEXT = """\
seat              1000003: drop 1, tier 0, number 3
owner             0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC
face              0.04 ETH, paid when it was minted
epoch             2 (rises with each change of owner and each cancelling)
waiting with it   0.005 ETH of royalties and tolls
giving it away    costs 0.001 ETH, possible from 2030-01-02 12:00 UTC
selling it        for 0.001 ETH to 0.04 ETH; at the most, the seller gets 0.036 ETH and the mentor
                  0.004 ETH
"""


def drop_text(terms: DropView, phase: PhaseView = PHASE) -> str:
    """A drop as it is written where there is no terminal."""
    out = io.StringIO()
    overview = DropOverview(terms, (TIER,), (phase,))
    show_drop(console(out), DropId(1), overview, Wei(120 * FINNEY), ETHER, {MENTOR: "ann"})
    return "\n".join(line.rstrip() for line in out.getvalue().split("\n"))


def seat_text(view: SeatView, terms: DropView = TERMS) -> str:
    """A seat as it is written where there is no terminal."""
    out = io.StringIO()
    show_seat(console(out), SeatId(1_000_003), view, terms, ETHER, {})
    return "\n".join(line.rstrip() for line in out.getvalue().split("\n"))


def test_a_drop_reads_like_this() -> None:
    assert drop_text(TERMS) == DROP_TEXT


def test_another_payout_and_a_penalty_are_named() -> None:
    text = drop_text(replace(TERMS, payout=OWNER, penalty=Bps(1_000)))
    assert f"payout       {OWNER}" in text
    assert "until 2030-01-11 12:00 UTC, for 10% of the face" in text


def test_a_phase_has_no_more_left_than_its_tier() -> None:
    assert "5      5 of 8" in drop_text(TERMS, replace(PHASE, supply=0))
    assert "5      5 of 8" in drop_text(TERMS, replace(PHASE, supply=8))


def test_what_one_wallet_may_mint_is_told() -> None:
    assert "UTC   3            2      5 of 8" in drop_text(TERMS, replace(PHASE, wallet_limit=3))


def test_a_seat_reads_like_this() -> None:
    assert seat_text(SEAT) == SEAT_TEXT


def test_a_fixed_seat_never_moves() -> None:
    text = seat_text(replace(SEAT, locked=True))
    assert "moving            never: it is fixed to its owner" in text
    assert "giving it away" not in text


def test_a_seat_that_no_price_fits_says_so() -> None:
    assert "no price fits the terms" in seat_text(SEAT, replace(TERMS, resale_cap=Bps(0)))
    bound = replace(TERMS, policy=TransferPolicy.BOUND)
    assert "moving       never" in drop_text(bound)


def test_the_block_is_named_with_hash_and_time() -> None:
    head = Head(7, bytes.fromhex("ab" * 32), datetime(2030, 1, 1, 12, 0, 5, tzinfo=UTC))
    assert block_line(head) == "as of block 7 (0xabababababab…, 2030-01-01 12:00:05 UTC)"


def test_a_drop_in_an_erc20_behind_gates_is_shown_as_it_is() -> None:
    coin = Denomination(ChecksumAddress("0x5FbDB2315678afecb367f032d93F642f64180aa3"), 6)
    terms = replace(TERMS, currency=coin.address, policy=TransferPolicy.OPEN)
    gates = (
        replace(PHASE, gate=Gate.SEAT, gate_data=(3).to_bytes(32, "big"), price=Wei(25_500_000)),
        replace(PHASE, gate=Gate.PASS, gate_data=bytes(12) + bytes.fromhex(OWNER[2:])),
        replace(PHASE, gate=Gate.ALLOWLIST, gate_data=b"\x5e" * 32),
        PHASE,
    )
    out = io.StringIO()
    overview = DropOverview(terms, (TIER,), gates)
    show_drop(console(out), DropId(1), overview, Wei(76_500_000), coin, {})
    text = out.getvalue()
    assert f"{coin.address}, 6 decimals: all amounts here are of it" in text
    assert "76.5 for the seats that exist" in text
    assert " 25.5 " in text
    assert "as any token; resale here at up to 100% of the face, royalty 10%" in text
    assert "Phase 0 is opened by seats of drop 3.\n" in text
    assert f"Phase 1 is opened by passes of {OWNER}.\n" in text
    assert f"Phase 2 is opened by the allowlist with the root 0x{'5e' * 32}.\n" in text
    assert "Phase 3 is" not in text
    assert "ETH" not in text
