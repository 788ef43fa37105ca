"""Drops to begin with: between them every policy, gate and currency.

Owns terms that the contract takes. Refuses odd ones: whoever guesses spoils them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from marketplace.domain.addresses import ETH, ZERO_ADDRESS, ChecksumAddress
from marketplace.domain.drop import (
    DropTerms,
    Gate,
    NewDrop,
    PhaseTerms,
    TierTerms,
    TransferPolicy,
)
from marketplace.domain.escrow import DAY_SECONDS
from marketplace.domain.ids import DropId, PhaseIndex, TierIndex
from marketplace.domain.money import Bps, Wei
from tests.integration.model.evm import WALL, named
from tests.integration.model.play import BUYERS, UNIT
from tests.integration.model.signing import Tree

if TYPE_CHECKING:
    from tests.integration.model.play import Play

MENTOR: Final = named("mentor")
PASS_SIGNER: Final = named("verifier")
LIST: Final = Tree([(PhaseIndex(1), one) for one in (BUYERS[0], BUYERS[1], WALL)])
"""Who is on the allowlist of each drop that has one."""


@dataclass(frozen=True)
class Scene:
    """What tells one drop from another."""

    policy: TransferPolicy
    currency: ChecksumAddress
    royalty: int
    toll: int
    cooldown: int
    cap: int
    penalty: int
    split: int
    payout: ChecksumAddress
    verifier: ChecksumAddress
    opener: DropId


def opening_scenes(coin: ChecksumAddress) -> tuple[Scene, ...]:
    """One drop of each policy, and one more whose gifts are paid in coins."""
    verifier, payout = named("verifier"), named("payout")
    market, bound = TransferPolicy.MARKET_ONLY, TransferPolicy.BOUND
    none = DropId(0)
    day = DAY_SECONDS
    return (
        Scene(market, ETH, 1_000, 500, day, 12_000, 1_000, 4_321, payout, verifier, none),
        Scene(
            TransferPolicy.OPEN,
            coin,
            750,
            0,
            0,
            50_000,
            0,
            10_000,
            ZERO_ADDRESS,
            ZERO_ADDRESS,
            DropId(1),
        ),
        Scene(bound, ETH, 0, 0, 0, 0, 10_000, 0, ZERO_ADDRESS, verifier, DropId(2)),
        Scene(market, coin, 2_000, 1_999, 60, 10_000, 333, 5_000, WALL, verifier, DropId(1)),
    )


def offer(scene: Scene, play: Play) -> NewDrop:
    """Terms that the contract takes now."""
    now, day = play.now, DAY_SECONDS
    return NewDrop(
        terms=DropTerms(
            resolver=named("resolver"),
            royalty=Bps(scene.royalty),
            toll=Bps(scene.toll),
            resale_cap=Bps(scene.cap),
            gift_cooldown=scene.cooldown,
            starts_at=now + 10 * day,
            ends_at=now + (40 if scene.opener else 12) * day,
            deliver_by=now + (60 if scene.opener else 20) * day,
            refund_until=now + 10 * day,
            penalty=Bps(scene.penalty),
            challenge_days=3,
            default_split=Bps(scene.split),
            terms_hash=bytes(range(32)),
            payout=scene.payout,
            currency=scene.currency,
            policy=scene.policy,
            verifier=scene.verifier,
        ),
        tiers=(
            TierTerms(list_price=Wei(1_000 * UNIT), cap=7),
            TierTerms(list_price=Wei(300 * UNIT), cap=4),
        ),
        phases=(*_first_phases(now), *_last_phases(now, scene.opener)),
    )


def _first_phases(now: int) -> tuple[PhaseTerms, ...]:
    day = DAY_SECONDS
    return (
        PhaseTerms(
            tier=TierIndex(0),
            price=Wei(1_000 * UNIT),
            opens=now,
            closes=now + 11 * day,
            wallet_limit=4,
        ),
        PhaseTerms(
            tier=TierIndex(0),
            price=Wei(61 * UNIT),
            opens=now,
            closes=now + 5 * day,
            gate=Gate.ALLOWLIST,
            reserved=True,
            supply=2,
            wallet_limit=1,
            gate_data=LIST.root,
        ),
        PhaseTerms(
            tier=TierIndex(1),
            price=Wei(250 * UNIT),
            opens=now + day,
            closes=now + 11 * day,
            gate=Gate.PASS,
            supply=2,
            gate_data=bytes(12) + bytes.fromhex(PASS_SIGNER[2:]),
        ),
    )


def _last_phases(now: int, opener: DropId) -> tuple[PhaseTerms, ...]:
    free = PhaseTerms(
        tier=TierIndex(1), price=Wei(0), opens=now, closes=now + 11 * DAY_SECONDS, wallet_limit=1
    )
    if not opener:
        return (free,)
    key = PhaseTerms(
        tier=TierIndex(1),
        price=Wei(101 * UNIT),
        opens=now,
        closes=now + 40 * DAY_SECONDS,
        gate=Gate.SEAT,
        gate_data=opener.to_bytes(32, "big"),
    )
    return (free, key)
