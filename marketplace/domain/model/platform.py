"""What the platform's owner sets for drops to come.

Owns treasury, fee, currencies, guardian and the owner's own succession. Refuses to touch a drop
that exists.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from marketplace.domain.addresses import ZERO_ADDRESS
from marketplace.domain.drop import HIGHEST_FEE
from marketplace.domain.model.refusals import Refused, is_nobody, refused, wrong_owner

if TYPE_CHECKING:
    from marketplace.domain.model.state import Account, Call, Currency, Market
    from marketplace.domain.money import Bps

MAX_CURRENCIES: Final = 255


def set_platform(market: Market, call: Call, treasury: Account, fee: Bps) -> Market | Refused:
    """Set treasury and fee."""
    stranger = wrong_owner(market.owner, call.sender)
    if stranger is not None:
        return stranger
    if fee > HIGHEST_FEE:
        return refused("Seats_FeeTooHigh", fee, HIGHEST_FEE)
    if is_nobody(treasury):
        return refused("Seats_TreasuryMissing")
    return replace(market, treasury=treasury, fee=fee)


def set_currency(
    market: Market, call: Call, currency: Currency, *, allowed: bool
) -> Market | Refused:
    """Let new drops be paid in an ERC-20, or no longer; its old index is never used again."""
    stranger = wrong_owner(market.owner, call.sender)
    if stranger is not None:
        return stranger
    if (currency in market.allowed) == allowed:
        return refused("Seats_CurrencyUnchanged", currency, allowed)
    if not allowed:
        return replace(market, allowed=market.allowed - {currency})
    if currency not in market.code | market.refusing or currency == market.address:
        return refused("Seats_CurrencyMissing", currency)
    if len(market.currencies) >= MAX_CURRENCIES:
        return refused("Seats_CurrenciesExhausted", MAX_CURRENCIES)
    return replace(
        market,
        currencies=(*market.currencies, currency),
        allowed=market.allowed | {currency},
    )


def set_guardian(market: Market, call: Call, guardian: Account) -> Market | Refused:
    """Name who may pause drops."""
    return wrong_owner(market.owner, call.sender) or replace(market, guardian=guardian)


def transfer_ownership(market: Market, call: Call, heir: Account) -> Market | Refused:
    """Offer the platform to an account, which has to accept it."""
    return wrong_owner(market.owner, call.sender) or replace(market, pending_owner=heir)


def accept_ownership(market: Market, call: Call) -> Market | Refused:
    """Take over a platform that was offered."""
    return wrong_owner(market.pending_owner, call.sender) or replace(
        market, owner=call.sender, pending_owner=ZERO_ADDRESS
    )


def renounce_ownership(market: Market, call: Call) -> Market | Refused:
    """Ownership is handed over, never thrown away, whoever asks."""
    del market, call
    return refused("Seats_OwnerRequired")
