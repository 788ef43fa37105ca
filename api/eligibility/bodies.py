"""The JSON of allowlists and of eligibility.

Owns the shapes and what is said where nothing can be known. Refuses rules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final, Literal, Self

from pydantic import Field

from api.actions.answers import AmountAnswer, AsOf
from api.catalogue.names import GATES, GateName
from api.wire import Account, Moment, WireModel, moment
from marketplace.domain.drop import Gate
from marketplace.orders.passes import drop_of_gate_data

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.eligibility.asking import Eligibility

MAX_ACCOUNTS: Final = 25_000
"""Of a list that is published here; the chain itself sets no bound."""

Unknown = Literal["allowlist_unpublished", "pass_needed", "opening_seat_needed", "node_cannot_try"]

_UNKNOWN: Final[Mapping[str, str]] = {
    "allowlist_unpublished": (
        "This phase is for those on an allowlist that its mentor has not published here: ask the "
        "mentor for your proof, or to publish the list."
    ),
    "pass_needed": "This phase takes a pass: ask the mentor for one, and mint with it.",
    "opening_seat_needed": (
        "This phase is for holders of seats of drop {drop}: name yours as `opening_seat`."
    ),
    "node_cannot_try": (
        "Our node cannot try this for an account without the money: fill the wallet, and ask again."
    ),
}


class AllowlistRequest(WireModel):
    """Who may mint in a phase: each account once, in any order."""

    accounts: Annotated[list[Account], Field(min_length=1, max_length=MAX_ACCOUNTS)]
    """Addresses of `0x` and 40 hex digits, in one case or with their ERC-55 checksum."""


class AllowlistAnswer(WireModel):
    """The list is published."""

    drop: int
    phase: int
    root: str
    """The Merkle root that the phase was launched with: `0x` and 64 hex digits."""

    accounts: int
    """How many are listed."""


class EligibilityAnswer(AsOf):
    """Whether an account may mint after a block, and what it would pay."""

    drop: int
    phase: int
    account: Account
    """Who was asked about, with its ERC-55 checksum."""

    quantity: int
    eligible: bool | None
    """Whether the contract lets it mint; null: it cannot be known here, and `cause` says why."""

    cause: str | None
    """The contract's own code, or `allowlist_unpublished`, `pass_needed`, `opening_seat_needed`,
    `node_cannot_try`; null with a yes."""

    sentence: str | None
    """The same for people, with what helps; null with a yes."""

    gate: GateName
    opening_drop: int | None
    """Number of the drop whose seats open the phase; null: none do."""

    opens_at: Moment
    closes_at: Moment
    price: AmountAnswer
    """What a mint of all of them takes, exactly."""

    funded: bool
    """Whether the account holds that now, gas not counted."""

    wallet_left: int | None
    """How many more it may mint in this phase; null: as many as there are."""

    proof: list[str] | None
    """The Merkle proof, hashes of 32 bytes, for `POST /v1/tx/mint`; null where no list opens the
    phase or names the account."""

    @classmethod
    def of(cls, found: Eligibility) -> Self:
        """Write what was found."""
        wish, phase, refusal = found.wish, found.phase, found.refusal
        cause = found.unknown if refusal is None else refusal.code
        opening = drop_of_gate_data(phase.gate_data) if phase.gate is Gate.SEAT else None
        said = None if found.unknown is None else _UNKNOWN[found.unknown].format(drop=opening)
        return cls(
            drop=wish.drop,
            phase=wish.phase,
            account=wish.account,
            quantity=wish.quantity,
            eligible=found.eligible,
            cause=cause,
            sentence=said if refusal is None else refusal.sentence,
            gate=GATES[phase.gate],
            opening_drop=opening,
            opens_at=moment(phase.opens),
            closes_at=moment(phase.closes),
            price=AmountAnswer(amount=found.price.amount, currency=found.price.currency),
            funded=found.is_funded,
            wallet_left=found.wallet_left,
            proof=None if found.proof is None else [f"0x{one.hex()}" for one in found.proof],
            as_of_block=found.head.number,
            block_hash=f"0x{found.head.hash.hex()}",
        )
