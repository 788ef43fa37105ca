"""The one thing that would change a denial.

Owns the remedies and how they are said. Refuses to choose one: `api.gate.decide` does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal, TypeAlias

from marketplace.domain.ids import MAX_TIER
from marketplace.domain.times import utc_text

if TYPE_CHECKING:
    from marketplace.domain.ids import DropId, TierIndex

RemedyName: TypeAlias = Literal[
    "sign_in",
    "buy_seat",
    "wait_until",
    "wait_for_block",
    "retry_soon",
    "claim_refund",
    "choose_another",
    "act_as_holder",
]


@dataclass(frozen=True, slots=True)
class SignIn:
    """Show who you are."""

    name: ClassVar[RemedyName] = "sign_in"

    @property
    def sentence(self) -> str:
        """What to do."""
        return "Sign in with the account that holds the seat."


@dataclass(frozen=True, slots=True)
class BuySeat:
    """Own a seat of one of these tiers."""

    name: ClassVar[RemedyName] = "buy_seat"

    drop: DropId
    tiers: tuple[TierIndex, ...]

    @property
    def sentence(self) -> str:
        """What to do."""
        if len(self.tiers) > MAX_TIER:
            return f"Buy a seat of drop {self.drop}."
        *others, last = (str(tier) for tier in self.tiers)
        named = f"{', '.join(others)} or {last}" if others else last
        return f"Buy a seat of drop {self.drop}, tier {named}."


@dataclass(frozen=True, slots=True)
class WaitUntil:
    """Come back at a second."""

    name: ClassVar[RemedyName] = "wait_until"

    at: int

    @property
    def sentence(self) -> str:
        """What to do."""
        return f"Come back at {utc_text(self.at)}."


@dataclass(frozen=True, slots=True)
class WaitForBlock:
    """Ask again when a block has been mirrored, or has become as settled as is needed."""

    name: ClassVar[RemedyName] = "wait_for_block"

    block: int
    level: str

    @property
    def sentence(self) -> str:
        """What to do."""
        if self.level == "latest":
            return f"Ask again when our copy of the chain has reached block {self.block}."
        return f"Ask again when block {self.block} is {self.level}."


@dataclass(frozen=True, slots=True)
class RetrySoon:
    """Ask again when the mirror has caught up."""

    name: ClassVar[RemedyName] = "retry_soon"

    after_s: int

    @property
    def sentence(self) -> str:
        """What to do."""
        return f"Ask again in {self.after_s} s."


@dataclass(frozen=True, slots=True)
class ClaimRefund:
    """The drop will not happen: take the money back."""

    name: ClassVar[RemedyName] = "claim_refund"

    drop: DropId

    @property
    def sentence(self) -> str:
        """What to do."""
        return f"Claim the refund of drop {self.drop}."


@dataclass(frozen=True, slots=True)
class ChooseAnother:
    """Nothing opens this any more."""

    name: ClassVar[RemedyName] = "choose_another"

    @property
    def sentence(self) -> str:
        """What to do."""
        return "This has ended: choose another session."


@dataclass(frozen=True, slots=True)
class ActAsHolder:
    """Come as an account with a seat."""

    name: ClassVar[RemedyName] = "act_as_holder"

    @property
    def sentence(self) -> str:
        """What to do."""
        return "Come as an account that holds a seat, or as this drop's mentor."


Remedy: TypeAlias = (
    SignIn
    | BuySeat
    | WaitUntil
    | WaitForBlock
    | RetrySoon
    | ClaimRefund
    | ChooseAnother
    | ActAsHolder
)
