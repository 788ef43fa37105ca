"""What a public chain has and a development chain lacks: wrapped ether, an ERC-20, delegations.

Owns deploying them. Refuses chains where they are worth something: who deploys a market there names
the chain's own wrapped ether, and a currency that people hold.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from marketplace.bindings.deploy import created, creation
from marketplace.bindings.logs import DELEGATIONS

if TYPE_CHECKING:
    from marketplace.bindings.transactions import Sends
    from marketplace.domain.addresses import ChecksumAddress

WRAPPED_ETHER: Final = "WrappedEther"
COIN: Final = "DevelopmentCoin"


def deploy_wrapped_ether(sender: Sends) -> ChecksumAddress:
    """Deploy wrapped ether for a development chain; gives its address."""
    return created(sender.send(creation(WRAPPED_ETHER)))


def deploy_coin(sender: Sends) -> ChecksumAddress:
    """Deploy an ERC-20 that anybody may make as much of as they like; gives its address."""
    return created(sender.send(creation(COIN)))


def deploy_delegations(sender: Sends) -> ChecksumAddress:
    """Deploy a registry of delegations, as delegate.xyz's on public chains; gives its address."""
    return created(sender.send(creation(DELEGATIONS)))
