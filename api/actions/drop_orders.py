"""What a mentor asks for who wants a drop created.

Owns the JSON of the terms, member for member as the contract takes them, and which of its names
stand for which of the domain's. Refuses bounds that the contract has: `api.actions.creating` asks
the domain for them.
"""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import Field

from api.actions.orders import Order, TierNamed
from api.catalogue.names import GATES, POLICIES, GateName, Policy
from api.wire import Account, Bytes32In, SecondIn, Uint256In, WireModel
from marketplace.domain.addresses import ETH, ZERO_ADDRESS
from marketplace.domain.bounds import MAX_PHASES, MAX_TIERS
from marketplace.domain.drop import (
    HIGHEST_FEE,
    NO_GATE_DATA,
    DropTerms,
    NewDrop,
    PhaseTerms,
    TierTerms,
)
from marketplace.domain.ids import TierIndex
from marketplace.domain.money import WHOLE_BPS, Bps, Wei

Share = Annotated[int, Field(ge=0, le=WHOLE_BPS, description="Hundredths of a percent.")]
Count = Annotated[int, Field(ge=0, lt=2**53)]

WRITTEN: Final = {
    **{f"{name}_bps": name for name in ("royalty", "toll", "penalty", "default_split", "max_fee")},
    "resale_cap_bps": "resale_cap",
    "gift_cooldown_s": "gift_cooldown",
    "list_price_wei": "list_price",
    "price_wei": "price",
    "opens_at": "opens",
    "closes_at": "closes",
}
"""Names of ours that are not the domain's, and the domain's."""

_POLICY_OF: Final = {word: policy for policy, word in POLICIES.items()}
_GATE_OF: Final = {word: gate for gate, word in GATES.items()}


class TermsBody(WireModel):
    """What a mentor signs up to; every moment is the last second that counts."""

    resolver: Account
    """Account that decides a dispute: never the mentor, the payout or nobody."""

    royalty_bps: Share
    """The mentor's share of a resale, in hundredths of a percent."""

    toll_bps: Share
    """What a gift pays, of the tier's list price, in hundredths of a percent."""

    resale_cap_bps: Count
    """The highest resale price, in hundredths of a percent of the seat's own face; 0: no resale."""

    gift_cooldown_s: Count
    starts_at: SecondIn
    ends_at: SecondIn
    deliver_by: SecondIn
    refund_until: SecondIn
    penalty_bps: Share
    """What a refund costs, of the seat's face, in hundredths of a percent."""

    challenge_days: Count
    default_split_bps: Share
    """The holders' share if nobody ever decides a dispute about all seats, in hundredths of a
    percent."""

    terms_hash: Bytes32In
    """keccak256 of the text that is published: `0x` and 64 hex digits."""

    payout: Account | None = None
    """Where released money goes; null: to the mentor."""

    currency: Account | None = None
    """Contract of an ERC-20 that the platform takes; null: ETH."""

    policy: Policy = "market_only"
    max_fee_bps: Share = int(HIGHEST_FEE)
    """The highest platform fee that the mentor accepts, of released money, in hundredths of a
    percent."""

    verifier: Account | None = None
    """Who checks people in; null: named later."""

    @property
    def terms(self) -> DropTerms:
        """As the domain has them."""
        return DropTerms(
            resolver=self.resolver,
            royalty=Bps(self.royalty_bps),
            toll=Bps(self.toll_bps),
            resale_cap=Bps(self.resale_cap_bps),
            gift_cooldown=self.gift_cooldown_s,
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            deliver_by=self.deliver_by,
            refund_until=self.refund_until,
            penalty=Bps(self.penalty_bps),
            challenge_days=self.challenge_days,
            default_split=Bps(self.default_split_bps),
            terms_hash=bytes.fromhex(self.terms_hash[2:]),
            payout=self.payout or ZERO_ADDRESS,
            currency=self.currency or ETH,
            policy=_POLICY_OF[self.policy],
            max_fee=Bps(self.max_fee_bps),
            verifier=self.verifier or ZERO_ADDRESS,
        )


class TierBody(WireModel):
    """A tier: its list price in the drop's currency, and how many seats may live at once."""

    list_price_wei: Uint256In
    cap: Count


class PhaseBody(WireModel):
    """A window in which a tier is minted."""

    tier: TierNamed
    price_wei: Uint256In
    opens_at: SecondIn
    closes_at: SecondIn
    gate: GateName = "public"
    gate_data: Bytes32In | None = None
    """The allowlist's root, the passes' signer or the other drop, as 32 bytes: `0x` and 64 hex
    digits. Null for `public`."""

    reserved: bool = False
    """Whether `supply` is held back from other phases until this one closes."""

    supply: Count = 0
    """How many seats of the phase may live at once; 0: as many as the tier has."""

    wallet_limit: Count = 0
    """How many seats one account may mint in it; 0: no limit."""

    @property
    def terms(self) -> PhaseTerms:
        """As the domain has them."""
        return PhaseTerms(
            tier=TierIndex(self.tier),
            price=Wei(self.price_wei),
            opens=self.opens_at,
            closes=self.closes_at,
            gate=_GATE_OF[self.gate],
            reserved=self.reserved,
            supply=self.supply,
            wallet_limit=self.wallet_limit,
            gate_data=NO_GATE_DATA if self.gate_data is None else bytes.fromhex(self.gate_data[2:]),
        )


class CreateDropOrder(Order):
    """Asks to create a drop; the account becomes its mentor."""

    terms: TermsBody
    """What the mentor signs up to."""

    tiers: Annotated[list[TierBody], Field(min_length=1, max_length=MAX_TIERS)]
    """The first has number 0."""

    phases: Annotated[list[PhaseBody], Field(min_length=1, max_length=MAX_PHASES)]
    """The first has number 0."""

    @property
    def offer(self) -> NewDrop:
        """All that creating takes."""
        return NewDrop(
            terms=self.terms.terms,
            tiers=tuple(
                TierTerms(list_price=Wei(one.list_price_wei), cap=one.cap) for one in self.tiers
            ),
            phases=tuple(one.terms for one in self.phases),
        )
