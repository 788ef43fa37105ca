"""Whether an account may mint in a phase, and the allowlists behind it.

Owns the answers. Refuses to believe that a proof opens a phase: the mint is tried before it is
signed.
"""

from __future__ import annotations

from pydantic import AwareDatetime
from pydantic.dataclasses import dataclass

from marketplace.client.answers.market import Amount
from marketplace.client.wire import ANSWER, Account, HashText
from marketplace.domain.ids import DropId, PhaseIndex


@dataclass(frozen=True, config=ANSWER)
class PublishedAllowlist:
    """The list of a phase, as it is kept; `accounts` counts them."""

    drop: DropId
    phase: PhaseIndex
    root: HashText
    accounts: int


@dataclass(frozen=True, config=ANSWER)
class Eligibility:
    """Whether an account may mint after a block, and what it would pay.

    Attributes:
        eligible: None: it cannot be known, and `cause` says why.
        cause: The contract's own code, or why it cannot be known; None with a yes.
        opening_drop: The drop whose seats open the phase; None: none do.
        price: Of all seats together.
        funded: Whether the account holds that now, gas not counted.
        wallet_left: How many more it may mint in this phase; None: as many as there are.
        proof: Of an allowlist; None where there is none to show.
    """

    drop: DropId
    phase: PhaseIndex
    account: Account
    quantity: int
    eligible: bool | None
    cause: str | None
    sentence: str | None
    gate: str
    opening_drop: DropId | None
    opens_at: AwareDatetime
    closes_at: AwareDatetime
    price: Amount
    funded: bool
    wallet_left: int | None
    proof: tuple[HashText, ...] | None
    as_of_block: int
    block_hash: HashText
