"""How money comes in, waits, is owed and leaves.

Owns every movement of money: each other module of the model names one of these. Refuses to decide
how much: `marketplace.domain.money` and `marketplace.domain.escrow` do.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from marketplace.domain.addresses import ETH, ZERO_ADDRESS
from marketplace.domain.escrow import MAX_HELD, split_release
from marketplace.domain.model.refusals import Refused, refused
from marketplace.domain.money import NO_MONEY, Wei

if TYPE_CHECKING:
    from collections.abc import Iterator

    from marketplace.domain.ids import DropId, SeatId
    from marketplace.domain.model.state import Account, Call, Currency, Market

UNLIMITED: Final = Wei(2**256 - 1)
"""An allowance that is never used up."""


def move(market: Market, currency: Currency, payer: Account, payee: Account, amount: Wei) -> Market:
    """Money changes hands; the payer has it."""
    balances = dict(market.balances)
    balances[currency, payer] = Wei(market.balance(currency, payer) - amount)
    balances[currency, payee] = Wei(balances.get((currency, payee), NO_MONEY) + amount)
    return replace(market, balances=balances)


def receive_ether(market: Market, call: Call) -> Market:
    """What came with a call is the contract's."""
    return move(market, ETH, call.sender, market.address, call.value) if call.value else market


def refusals_of_taking(
    market: Market, currency: Currency, payer: Account, amount: Wei
) -> Iterator[Refused]:
    """Why a currency would not let the contract take an amount."""
    allowed = market.allowances.get((currency, payer), NO_MONEY)
    if amount > min(allowed, market.balance(currency, payer)):
        yield refused("SeatEscrow_PaymentMissing", currency, payer, amount, 0)


def take(market: Market, currency: Currency, payer: Account, amount: Wei) -> Market:
    """Take an amount of an ERC-20 from an allowance that covers it."""
    if not amount:
        return market
    left = market.allowances[currency, payer]
    if left != UNLIMITED:
        left = Wei(left - amount)
    market = replace(market, allowances={**market.allowances, (currency, payer): left})
    return move(market, currency, payer, market.address, amount)


def credit(market: Market, currency: Currency, account: Account, amount: Wei) -> Market:
    """Let an account withdraw so much more."""
    if not amount:
        return market
    present = market.credit(currency, account)
    return replace(market, credits={**market.credits, (currency, account): Wei(present + amount)})


def pay_or_credit(market: Market, currency: Currency, account: Account, amount: Wei) -> Market:
    """Pay somebody who did not choose this moment; if that fails, it becomes a credit."""
    if not amount:
        return market
    if currency == ETH and account in market.refusing:
        return credit(market, currency, account, amount)
    return move(market, currency, market.address, account, amount)


def refusals_of_holding(market: Market, seat: SeatId, amount: Wei) -> Iterator[Refused]:
    """Why no more can wait with a seat."""
    held = market.seats[seat].held
    if amount > MAX_HELD - held:
        yield refused("SeatEscrow_HeldTooLarge", seat, held, amount)


def hold(market: Market, seat: SeatId, amount: Wei) -> Market:
    """So much more waits with a seat."""
    kept = market.seats[seat]
    return market.with_seat(seat, replace(kept, held=Wei(kept.held + amount)))


def release(market: Market, drop: DropId, amount: Wei) -> Market:
    """Let the mentor have an amount of a drop's money, less the platform's fee."""
    kept = market.drops[drop]
    parts = split_release(amount, kept.fee)
    currency = kept.terms.currency
    market = credit(market, currency, market.treasury, parts.fee)
    return credit(market, currency, kept.payout, parts.payout)


def withdraw(
    market: Market, call: Call, currency: Currency, recipient: Account, amount: Wei
) -> Market | Refused:
    """Take an amount of one's credit out."""
    present = market.credit(currency, call.sender)
    if not amount or recipient in {ZERO_ADDRESS, market.address}:
        return refused("SeatEscrow_NothingToWithdraw", call.sender, recipient)
    if amount > present:
        return refused("SeatEscrow_CreditTooSmall", call.sender, present, amount)
    if currency == ETH and recipient in market.refusing:
        return refused("SeatEscrow_PaymentRefused", recipient, amount)
    left = {**market.credits, (currency, call.sender): Wei(present - amount)}
    return move(replace(market, credits=left), currency, market.address, recipient, amount)


def send_ether(market: Market, call: Call) -> Market | Refused:
    """Ether that no function asked for goes back, but for that of wrapped ether."""
    if call.sender != market.wrapped_ether:
        return refused("SeatEscrow_EtherUnasked", call.sender, call.value)
    return receive_ether(market, call)


def unwrap(market: Market, amount: Wei) -> Market:
    """Turn wrapped ether of the contract into ether."""
    wrapped = market.wrapped_ether
    kept = Wei(market.balance(wrapped, market.address) - amount)
    market = replace(market, balances={**market.balances, (wrapped, market.address): kept})
    return move(market, ETH, wrapped, market.address, amount)
