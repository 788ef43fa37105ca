"""Transactions of the market, ready to be signed.

Owns the calldata, the value and the summary of each action, in rooms as the contract has them.
Refuses to send, and to check what the contract checks: a summary says what would happen, the
simulation before sending says whether. Amounts are in the drop's currency, which whoever prepares
an action names: only ETH goes with the call, an ERC-20 is taken from the sender's allowance.
"""

from __future__ import annotations

from marketplace.bindings.actions.delivery import DeliveryActions
from marketplace.bindings.actions.offers import OfferActions
from marketplace.bindings.actions.platform import PlatformActions
from marketplace.bindings.actions.preparing import ARTIFACT
from marketplace.bindings.actions.steering import SteeringActions
from marketplace.bindings.actions.token import TokenActions
from marketplace.bindings.actions.trading import TradingActions

__all__ = ["ARTIFACT", "SeatsActions"]


class SeatsActions(
    TradingActions, TokenActions, OfferActions, SteeringActions, DeliveryActions, PlatformActions
):
    """What may be done with `Seats` at an address; a wallet needs no chain to prepare it."""
