"""How an action becomes a transaction.

Owns the encoding, which ETH goes with a call, and how sums in several currencies are written.
Refuses to know any action.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from marketplace.bindings.interface import interface_of
from marketplace.bindings.transactions import PreparedTransaction
from marketplace.domain.addresses import ETH, ChecksumAddress
from marketplace.domain.money import NO_MONEY, Wei, amount_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

ARTIFACT: Final = "Seats"


class Prepares:
    """Prepares calls of `Seats` at an address."""

    def __init__(self, address: ChecksumAddress) -> None:
        self.address = address

    def _prepare(
        self, function: str, arguments: Sequence[object], summary: str, value: Wei = NO_MONEY
    ) -> PreparedTransaction:
        entry = interface_of(ARTIFACT).functions[function]
        data = entry.encode_call(arguments)
        return PreparedTransaction(to=self.address, data=data, summary=summary, value=value)


def ether_of(amount: Wei, currency: ChecksumAddress) -> Wei:
    """What of an amount goes with the call: all of it in ETH, nothing of an ERC-20."""
    return amount if currency == ETH else NO_MONEY


def sums_of(amounts: Iterable[tuple[Wei, ChecksumAddress]]) -> dict[ChecksumAddress, Wei]:
    """Add up amounts by currency, in the order in which the currencies come."""
    sums: dict[ChecksumAddress, Wei] = {}
    for amount, currency in amounts:
        sums[currency] = Wei(sums.get(currency, NO_MONEY) + amount)
    return sums


def sums_text(sums: dict[ChecksumAddress, Wei]) -> str:
    """Write sums in several currencies: `0.3 ETH and 50 units of 0x…`."""
    return " and ".join(amount_text(amount, currency) for currency, amount in sums.items())


def seats_text(quantity: int) -> str:
    """Write a number of seats: `a seat`, `3 seats`."""
    return "a seat" if quantity == 1 else f"{quantity} seats"
