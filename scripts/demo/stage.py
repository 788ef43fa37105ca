"""Owns the stage: a development chain that is being served, with the market deployed on it.

Refuses to outlive its caller: the chain ends with the block that opened it. Refuses to turn time
back.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from marketplace.bindings.deploy import PlatformTerms, deploy
from marketplace.bindings.development import deploy_coin, deploy_wrapped_ether
from marketplace.chain.connection import open_node
from marketplace.chain.keys import signer_of_key
from marketplace.chain.sender import Sender
from marketplace.devnet.accounts import account_named, named_accounts
from marketplace.devnet.server import PortTaken, running_devnet
from marketplace.devnet.settings import DevnetSettings
from marketplace.domain.addresses import ETH, ChecksumAddress
from marketplace.domain.drop import NO_GATE_DATA, Gate
from marketplace.domain.errors import RuleViolated, typed_error
from marketplace.domain.ids import DropId
from marketplace.domain.money import Bps
from marketplace.launch.forms import seats_of
from scripts.market import Market, open_market

if TYPE_CHECKING:
    from collections.abc import Iterator

    from marketplace.bindings.deploy import Deployment
    from marketplace.chain.keys import LocalSigner
    from marketplace.devnet.rpc import Node
    from marketplace.domain.drop import NewDrop
    from marketplace.launch.file import LaunchFile

PLATFORM_FEE: Final = Bps(250)
PAGES: Final = "https://seatmarket.example"
"""Seats link to their pages; `.example` belongs to nobody (RFC 2606)."""


@typed_error
class PortUnavailable(RuleViolated):
    """A port cannot be had; `option` is how another one is chosen."""

    code = "port_taken"

    port: int
    option: str
    fault: str

    def _sentence(self) -> str:
        return (
            f"Port {self.port} on 127.0.0.1 {self.fault}: stop the program that listens there, or "
            f"choose another with {self.option} (0 takes a free one)."
        )


@dataclass(frozen=True, slots=True)
class Stage:
    """A market on a development chain; `url` is where its JSON-RPC is."""

    url: str
    deployment: Deployment
    market: Market
    node: Node

    def now(self) -> int:
        """The chain's present Unix second, which is no earlier than its newest block."""
        # Two reads of values that never change: no need for the lock, which a transaction holds.
        return max(self.node.chain.clock.now(), self.node.chain.head.timestamp)

    def travel(self, second: int) -> None:
        """Let the chain's time be at least this Unix second, with a block there."""
        with self.node.lock:
            if self.now() < second:
                self.node.request("evm_mine", [second])

    def sender(self, name: str) -> Sender:
        """The sender of a named account."""
        return self.market.sender(signer_named(name))


def signer_named(name: str) -> LocalSigner:
    """Sign for a named account; `KeyError` when nobody is called so."""
    return signer_of_key(account_named(name).private_key, f"the account {name}")


def address_named(name: str) -> ChecksumAddress:
    """The address of a named account; `KeyError` when nobody is called so."""
    return ChecksumAddress(account_named(name).address)


@contextmanager
def stage(port: int = 0, purse_wei: int = 0) -> Iterator[Stage]:
    """Serve a chain on a port (0: a free one) and deploy the market.

    Args:
        port: TCP port of the chain.
        purse_wei: What every account has beyond what the settings give it.

    Raises:
        PortUnavailable: If somebody else listens there.
    """
    usual = DevnetSettings(port=port)
    richer = {"account_balance_wei": usual.account_balance_wei + purse_wei}
    settings = usual.model_copy(update=richer)
    try:
        with running_devnet(settings) as devnet:
            web3 = open_node(devnet.url, settings.chain_id)
            deployer = Sender(web3, signer_named("deployer"), settings.chain_id)
            # Not the deployer's: where the market stands does not depend on what the chain had.
            guardian = Sender(web3, signer_named("guardian"), settings.chain_id)
            platform = PlatformTerms(
                owner=deployer.address,
                treasury=address_named("treasury"),
                fee=PLATFORM_FEE,
                pages=PAGES,
                wrapped_ether=deploy_wrapped_ether(guardian),
            )
            deployment = deploy(web3, deployer, platform)
            market = open_market(devnet.url, deployment.seats, settings.chain_id)
            yield Stage(devnet.url, deployment, market, devnet.node)
    except PortTaken as error:
        raise PortUnavailable(error.port, "--rpc-port", error.why) from error


def gas_to_create(file: LaunchFile) -> int:
    """Create a file's drop on a chain of its own, and give the gas of the whole transaction.

    There a coin of that chain stands for the file's currency, and its first drop for those whose
    seats open a phase.
    """
    terms = file.drop.terms
    parties = {terms.payout, terms.resolver, terms.verifier}
    # Whoever plays the mentor must be none of the parties that the terms name.
    mentor = next(
        one.name for one in named_accounts() if ChecksumAddress(one.address) not in parties
    )
    with stage() as here:
        sender = here.sender(mentor)
        drop = _after_another(here, sender, _in_a_coin_of(here, file.drop))
        return sender.send(here.market.seats.create_drop(drop)).gas_used


def _in_a_coin_of(here: Stage, drop: NewDrop) -> NewDrop:
    if drop.terms.currency == ETH:
        return drop
    coin = deploy_coin(here.sender("guardian"))
    here.sender("deployer").send(here.market.seats.set_currency(coin, allowed=True))
    return replace(drop, terms=replace(drop.terms, currency=coin))


def _after_another(here: Stage, sender: Sender, drop: NewDrop) -> NewDrop:
    """A drop whose phases ask for seats of one that there is."""
    if all(phase.gate is not Gate.SEAT for phase in drop.phases):
        return drop
    public = (replace(one, gate=Gate.PUBLIC, gate_data=NO_GATE_DATA) for one in drop.phases)
    sender.send(here.market.seats.create_drop(replace(drop, phases=tuple(public))))
    first = seats_of(DropId(1)).data
    opened = (
        replace(one, gate_data=first) if one.gate is Gate.SEAT else one for one in drop.phases
    )
    return replace(drop, phases=tuple(opened))
