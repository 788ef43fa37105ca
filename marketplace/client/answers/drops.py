"""Drops as the catalogue shows them, and the terms that were published for them.

Owns the shapes. Refuses names where nobody published the terms: what the chain does not say is
None until then.
"""

from __future__ import annotations

from dataclasses import field
from typing import Literal

from pydantic import AwareDatetime
from pydantic.dataclasses import dataclass

from marketplace.client.wire import ANSWER, Account, HashText, WeiText
from marketplace.domain.ids import DropId, PhaseIndex, TierIndex
from marketplace.domain.money import Bps


@dataclass(frozen=True, config=ANSWER)
class Tier:
    """A class of seats; `issued` counts those that were ever minted, `live` those that are left."""

    tier: TierIndex
    name: str | None
    list_price_wei: WeiText
    cap: int
    issued: int
    live: int
    escrow_wei: WeiText


@dataclass(frozen=True, config=ANSWER)
class Phase:
    """A window of sale.

    Attributes:
        allowlist_root, pass_signer, opening_drop: What opens it, one of them by its gate.
        supply: How many it may sell; None: as many as the tier has.
        reserved: Whether that is held back from every other phase until this one closes.
        left: How many it could still sell now, before what one wallet may have.
        open: Whether it sells now, as long as some are left.
    """

    phase: PhaseIndex
    name: str | None
    tier: TierIndex
    gate: str
    allowlist_root: HashText | None
    pass_signer: Account | None
    opening_drop: DropId | None
    price_wei: WeiText
    opens_at: AwareDatetime
    closes_at: AwareDatetime
    supply: int | None
    reserved: bool
    sold: int
    left: int
    wallet_limit: int | None
    open: bool


@dataclass(frozen=True, config=ANSWER)
class Product:
    """What is taught, as the published terms say it."""

    format: str
    title: str
    mentor: str
    summary: str
    contains: tuple[str, ...]
    success: tuple[str, ...]


@dataclass(frozen=True, config=ANSWER)
class ProgrammeSession:
    """One meeting; `tiers` are those whose seats let in."""

    session: int
    title: str
    kind: str
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    tiers: tuple[TierIndex, ...]


@dataclass(frozen=True, config=ANSWER)
class DropSummary:
    """A drop in a list.

    Attributes:
        title: None while its terms are not published; so is `format`.
        lowest_price_wei: Of its tiers' list prices, in `currency`.
        currency: What its seats are paid in; the zero address is ETH.
    """

    drop: DropId
    state: str
    mentor: Account
    title: str | None
    format: str | None
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    lowest_price_wei: WeiText
    currency: Account
    cap: int
    issued: int
    live: int
    terms_hash: HashText


@dataclass(frozen=True, config=ANSWER)
class DropsPage:
    """Drops in the order of their numbers; `next` goes on, None ends."""

    drops: tuple[DropSummary, ...]
    next: DropId | None
    as_of_block: int
    block_hash: HashText


@dataclass(frozen=True, config=ANSWER)
class Drop:
    """A drop as of one block, with the terms that were published for it.

    Attributes:
        currency: What its seats are paid in; the zero address is ETH.
        decimals: Digits behind the point in its amounts; None: nobody has said so there.
        product: None until the terms are published, like everything after it.
        audience: Who is shown its resales.
        turn_s: Seconds that each account of a wait-list has one to itself; None: there are no
            turns.
    """

    drop: DropId
    state: str
    mentor: Account
    payout: Account
    verifier: Account | None
    resolver: Account
    currency: Account
    decimals: int | None
    policy: str
    terms_hash: HashText
    terms_version: int
    royalty_bps: Bps
    toll_bps: Bps
    resale_cap_bps: Bps
    penalty_bps: Bps
    fee_bps: Bps
    gift_cooldown_s: int
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    deliver_by: AwareDatetime
    refund_until: AwareDatetime
    challenge_days: int
    escrow_wei: WeiText
    tiers: tuple[Tier, ...]
    phases: tuple[Phase, ...]
    product: Product | None
    refund_policy: str | None
    sessions: tuple[ProgrammeSession, ...] | None
    audience: Literal["anyone", "holders", "wait_list"] | tuple[DropId, ...] | None
    turn_s: int | None
    level: str
    as_of_block: int
    block_hash: HashText


@dataclass(frozen=True, config=ANSWER)
class PublishedTerms:
    """The terms of a drop are published."""

    drop: DropId
    terms_hash: HashText


@dataclass(frozen=True, config=ANSWER)
class TermsText:
    """The canonical terms of a drop; their keccak256 was found to be `terms_hash`."""

    document: str = field(repr=False)
    terms_hash: HashText
