"""A drop as the mirror knows it, made from the launch file that it came from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.queries import DropState, DropTerms, PhaseState, TierState
from marketplace.domain import drop as words
from marketplace.domain.addresses import ETH, ChecksumAddress
from marketplace.domain.ids import DropId, PhaseIndex, TierIndex
from marketplace.domain.money import Bps, Wei

if TYPE_CHECKING:
    from marketplace.launch.file import LaunchFile

MENTOR = ChecksumAddress("0x70997970C51812dc3A010C7d01b50e0d17dc79C8")


def mirrored(file: LaunchFile, drop: DropId) -> DropTerms:
    """The drop right after its launch."""
    return DropTerms(
        drop=_drop(file, drop),
        tiers=_tiers(file, drop),
        phases=_phases(file, drop),
        currency=file.drop.terms.currency,
    )


def _drop(file: LaunchFile, drop: DropId) -> DropState:
    terms = file.drop.terms
    return DropState(
        drop_id=drop,
        mentor=MENTOR,
        payout=terms.payout,
        verifier=terms.verifier,
        resolver=terms.resolver,
        state=words.DropState.LIVE,
        policy=terms.policy,
        currency_index=0 if terms.currency == ETH else 1,
        terms_version=0,
        postponements=0,
        tier_count=len(file.drop.tiers),
        phase_count=len(file.drop.phases),
        royalty_bps=terms.royalty,
        toll_bps=terms.toll,
        resale_cap_bps=terms.resale_cap,
        penalty_bps=terms.penalty,
        default_split_bps=terms.default_split,
        fee_bps=Bps(250),
        gift_cooldown_s=terms.gift_cooldown,
        challenge_days=terms.challenge_days,
        starts_at=terms.starts_at,
        ends_at=terms.ends_at,
        deliver_by=terms.deliver_by,
        first_deliver_by=terms.deliver_by,
        refund_until=terms.refund_until,
        paused_until=0,
        terms_hash=f"0x{terms.terms_hash.hex()}",
    )


def _tiers(file: LaunchFile, drop: DropId) -> tuple[TierState, ...]:
    return tuple(
        TierState(
            drop_id=drop,
            tier=TierIndex(index),
            list_price=tier.list_price,
            cap=tier.cap,
            issued=0,
            live=0,
            escrowed=Wei(0),
        )
        for index, tier in enumerate(file.drop.tiers)
    )


def _phases(file: LaunchFile, drop: DropId) -> tuple[PhaseState, ...]:
    phases = file.drop.phases
    return tuple(
        PhaseState(
            drop_id=drop,
            phase=PhaseIndex(index),
            tier=phase.tier,
            gate=phase.gate,
            price=phase.price,
            opens=phase.opens,
            closes=phase.closes,
            supply=phase.supply,
            sold=0,
            wallet_limit=phase.wallet_limit,
            reserves=sum(
                1 << place
                for place, other in enumerate(phases)
                if other.reserved and other.tier == phase.tier
            ),
            gate_data=f"0x{phase.gate_data.hex()}",
        )
        for index, phase in enumerate(phases)
    )
