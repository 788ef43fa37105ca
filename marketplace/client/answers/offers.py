"""What buyers offer, and the messages of a check-in and of a pass.

Owns the shapes. Refuses to be signed unread: `marketplace.client.offering` makes each message again
from what was asked for.
"""

from __future__ import annotations

from dataclasses import field
from typing import Literal

from pydantic import AwareDatetime, JsonValue
from pydantic.dataclasses import dataclass

from marketplace.client.answers.access import Decision
from marketplace.client.answers.market import Warned
from marketplace.client.answers.seats import Condition
from marketplace.client.wire import ANSWER, Account, HashText, SeatText, Uint256, WeiText
from marketplace.domain.ids import DropId, PhaseIndex, TierIndex


@dataclass(frozen=True, kw_only=True, config=ANSWER)
class PreparedOffer:
    """An offer to buy, to be signed as typed data.

    Attributes:
        id: The 32 bytes that are signed; names the offer once it is kept.
        offer: The members as they are signed, all text.
        currency: What it is paid in, an ERC-20.
        condition: What the seat contains; None: the offer is for any of a tier.
    """

    id: HashText
    offer: dict[str, JsonValue]
    typed_data: dict[str, JsonValue]
    summary: str
    price_wei: WeiText
    royalty_wei: WeiText
    currency: Account
    condition: Condition | None
    warnings: tuple[Warned, ...]
    expires_at: AwareDatetime
    as_of_block: int
    block_hash: HashText


@dataclass(frozen=True, kw_only=True, config=ANSWER)
class BuyersOffer:
    """An offer that could be taken now, if its buyer can still pay.

    Attributes:
        offer: Its id.
        seat: The only one that it is for; None: any of the tier.
        seller_net_wei: What whoever accepts receives, in `currency`.
        signer: What signed it: the buyer's key, or a contract wallet, which may change its mind
            and is asked again when accepting is prepared.
        wallet_asked_at: When the wallet said yes; None: a key signed it.
    """

    offer: HashText
    drop: int
    tier: TierIndex
    seat: SeatText | None
    least_face_wei: WeiText
    price_wei: WeiText
    royalty_wei: WeiText
    seller_net_wei: WeiText
    currency: Account
    buyer: Account
    expires_at: AwareDatetime
    signer: Literal["key", "wallet"]
    wallet_asked_at: AwareDatetime | None


@dataclass(frozen=True, kw_only=True, config=ANSWER)
class WholeBuyersOffer(BuyersOffer):
    """An offer with all that accepting takes."""

    message: dict[str, JsonValue]
    signature: str = field(repr=False)
    as_of_block: int
    block_hash: HashText


@dataclass(frozen=True, kw_only=True, config=ANSWER)
class BuyersOffersPage:
    """A drop's living offers, the dearest first, and by what right they were shown.

    Attributes:
        courtesy: What it is worth that they are not for everybody, for people; None: they are.
    """

    offers: tuple[BuyersOffer, ...]
    decision: Decision
    courtesy: str | None
    next: str | None
    as_of_block: int
    block_hash: HashText


@dataclass(frozen=True, kw_only=True, config=ANSWER)
class CheckInMessage:
    """What a holder and a verifier sign; `expiry` is the last Unix second of both signatures."""

    seat: SeatText
    epoch: Uint256
    expiry: Uint256
    holder: Account
    verifier: Account
    digest: HashText
    as_of_block: int
    block_hash: HashText


@dataclass(frozen=True, config=ANSWER)
class PassMessage:
    """What a phase's pass signer signs; `expiry` is the last Unix second of the pass."""

    drop: DropId
    phase: PhaseIndex
    account: Account
    quantity: Uint256
    nonce: Uint256
    expiry: Uint256
    signer: Account
    digest: HashText
    as_of_block: int
    block_hash: HashText
