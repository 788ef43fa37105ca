"""How what was prepared is written.

Owns the JSON of a transaction that waits for its signature. Refuses rules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from pydantic import Field

from api.wire import Account, Moment, Uint256Out, WireModel, moment
from marketplace.domain.addresses import ZERO_ADDRESS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from api.actions.steps import Amount
    from api.actions.trying import Prepared
    from api.parts import Parts


class AsOf(WireModel):
    """The block that an answer was made from."""

    as_of_block: int
    block_hash: str


class AmountAnswer(WireModel):
    """Money of one currency, in its smallest units."""

    amount: Uint256Out
    """How much, in the currency's smallest unit, as decimal digits."""

    currency: Account
    """Contract of an ERC-20; the zero address: ETH."""

    @classmethod
    def of(cls, amounts: Iterable[Amount]) -> list[Self]:
        """Write amounts; nothing is none."""
        return [cls(amount=one.amount, currency=one.currency) for one in amounts if one.amount]


class PreparedAnswer(AsOf):
    """A transaction to be signed and sent; it was tried at that block and did not revert."""

    chain_id: int
    from_: Account = Field(serialization_alias="from")
    """Who signs and sends it, with its ERC-55 checksum."""

    to: Account
    """The contract that it is sent to."""

    data: str
    """The call, encoded: `0x` and hex digits."""

    value_wei: Uint256Out
    """The ETH that goes with it, exactly, in wei as decimal digits."""

    summary: str
    """What it does, in words."""

    expires_at: Moment
    """Ask again after it, in UTC. A transaction that comes too late reverts; it never costs
    more."""

    total_wei: Uint256Out
    """What leaves the wallet in ETH, besides gas, in wei as decimal digits."""

    pays: list[AmountAnswer]
    """What leaves the wallet in every currency, besides gas; an ERC-20 is taken from what the
    wallet has allowed."""

    gets: list[AmountAnswer]
    """What comes to the wallet with it."""


def prepared_answer(parts: Parts, prepared: Prepared) -> PreparedAnswer:
    """Write a transaction to be signed."""
    step, transaction = prepared.step, prepared.transaction
    return PreparedAnswer(
        chain_id=parts.settings.chain_id,
        from_=prepared.account,
        # Nothing prepared creates a contract.
        to=transaction.to or ZERO_ADDRESS,
        data=f"0x{transaction.data.hex()}",
        value_wei=transaction.value,
        summary=transaction.summary,
        expires_at=moment(prepared.expires_at),
        total_wei=transaction.value,
        pays=AmountAnswer.of(step.pays),
        gets=AmountAnswer.of(step.gets),
        as_of_block=prepared.head.number,
        block_hash=f"0x{prepared.head.hash.hex()}",
    )
