"""What keeps a wallet from an action that the contract would take.

    RuleViolated
    ├── NotEnoughCurrency     the account holds less of an ERC-20 than it owes
    ├── PhaseWithoutPasses    the phase is opened by something else
    └── TimeOver              the contract's time for it has ended since the newest block
    ApiError
    └── AllowanceMissing      the market may not take it yet, and `approval` would let it

Owns the classes and their sentences. Refuses status codes: `api.problems` maps each `code`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.errors import ApiError
from marketplace.domain.errors import RuleViolated, typed_error
from marketplace.domain.money import Wei, amount_text
from marketplace.domain.times import utc_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.errors import Extension
    from marketplace.bindings.transactions import PreparedTransaction
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.ids import DropId, PhaseIndex


@typed_error
class NotEnoughCurrency(RuleViolated):
    """The account cannot pay in the drop's currency."""

    code = "not_enough_currency"

    account: ChecksumAddress
    currency: ChecksumAddress
    balance: Wei
    owed: Wei

    def _sentence(self) -> str:
        missing = Wei(self.owed - self.balance)
        return (
            f"{self.account} has {amount_text(self.balance, self.currency)} and this costs "
            f"{self.owed}: send it at least {missing} more."
        )


@typed_error
class PhaseWithoutPasses(RuleViolated):
    """No pass opens the phase."""

    code = "phase_without_passes"

    drop: DropId
    phase: PhaseIndex
    gate: str

    def _sentence(self) -> str:
        return (
            f"Phase {self.phase} of drop {self.drop} takes no passes: its gate is {self.gate}. "
            "Name a phase whose gate is pass."
        )


@typed_error
class TimeOver(RuleViolated):
    """The contract would refuse it in the next block; both in Unix seconds."""

    code = "time_over"

    last: int
    now: int

    def _sentence(self) -> str:
        return (
            f"This could be done until {utc_text(self.last)}, and it is {utc_text(self.now)}: the "
            "contract would refuse it."
        )


@typed_error
class AllowanceMissing(ApiError):
    """The market may not take from the account what this costs; `approval` allows just that."""

    code = "allowance_missing"

    account: ChecksumAddress
    currency: ChecksumAddress
    allowed: Wei
    owed: Wei
    approval: PreparedTransaction

    def _sentence(self) -> str:
        return (
            f"This takes {amount_text(self.owed, self.currency)} from {self.account}, and the "
            f"market may take {self.allowed}: sign and send `approval`, then ask again."
        )

    @property
    def extensions(self) -> Mapping[str, Extension]:
        """The transaction that comes first, and both amounts in the currency's smallest units."""
        return {
            "currency": self.currency,
            "owed": str(self.owed),
            "allowed": str(self.allowed),
            "approval": {
                "from": self.account,
                "to": self.approval.to,
                "data": f"0x{self.approval.data.hex()}",
                "value_wei": str(self.approval.value),
                "summary": self.approval.summary,
            },
        }
