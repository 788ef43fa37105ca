"""Who takes part in the client's tests: named accounts with a client and a sender each.

Refuses to do anything for them: tests ask their clients.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from api.app import create_app
from marketplace.chain.keys import LocalSigner, signer_of_key
from marketplace.client import MarketAddress, SeatmarketClient
from marketplace.devnet.accounts import account_named
from tests.integration.api.live import CHAIN_ID, Live
from tests.integration.api.world import InProcess
from tests.integration.marketplace.world import sender_of

if TYPE_CHECKING:
    from marketplace.bindings.transactions import Mined, PreparedTransaction
    from marketplace.chain.keys import TypedData, UnsignedTransaction
    from marketplace.domain.addresses import ChecksumAddress


def signer(name: str) -> LocalSigner:
    """The key of a named account."""
    return signer_of_key(account_named(name).private_key)


@dataclass(frozen=True)
class WalletSigner:
    """Signs for a contract wallet by its owner's key; a wallet sends no transactions itself."""

    address: ChecksumAddress
    owner: LocalSigner

    def sign_transaction(self, transaction: UnsignedTransaction) -> bytes:
        raise AssertionError(f"{transaction} was to be sent by a contract")

    def sign_typed_data(self, data: TypedData) -> bytes:
        return self.owner.sign_typed_data(data)

    def sign_message(self, text: str) -> bytes:
        return self.owner.sign_message(text)


@dataclass
class People:
    """A client for each named account, and one for nobody."""

    live: Live
    _clients: dict[str, SeatmarketClient] = field(default_factory=dict)

    @property
    def market(self) -> MarketAddress:
        """The market that everybody means."""
        return MarketAddress(CHAIN_ID, self.live.market.contract.address)

    def nobody(self, api_key: str | None = None) -> SeatmarketClient:
        """A client that is not signed in; a program's, with its key."""
        app = InProcess(create_app(self.live.parts))
        url = self.live.parts.origin.url
        market = self.live.market
        # What is signed ends by the chain's clock, which tests turn.
        return SeatmarketClient(
            url, market=self.market, transport=app, api_key=api_key, clock=lambda: market.now
        )

    def __call__(self, name: str) -> SeatmarketClient:
        """The client of a named account, signed in."""
        if name not in self._clients:
            client = self.nobody()
            client.sign_in(signer(name))
            self._clients[name] = client
        return self._clients[name]

    def send(self, name: str, transaction: PreparedTransaction) -> Mined:
        """Send what a client prepared, as it is; the API learns of it."""
        mined = sender_of(self.live.market.web3, name, CHAIN_ID).send(transaction)
        self.live.mirror()
        return mined
