"""Owns the people of a demo: an account with a key, a wallet that sends, a client of the API.

Refuses to let anybody do anything but through HTTP: to the API, and to the chain with what the API
prepared.
"""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from marketplace.client import MarketAddress, SeatmarketClient
from scripts.demo.stage import signer_named

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from marketplace.chain.keys import LocalSigner
    from marketplace.chain.sender import Sender
    from marketplace.domain.addresses import ChecksumAddress
    from scripts.demo.house import House


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account; `client` may be signed in."""

    name: str
    signer: LocalSigner
    sender: Sender
    client: SeatmarketClient

    @property
    def account(self) -> ChecksumAddress:
        """The account's address."""
        return self.signer.address

    def sign_in(self) -> str:
        """Sign in anew; gives the session's token."""
        token = self.client.sign_in(self.signer).token
        if token is None:
            raise AssertionError("a bearer's session without a token")
        return token


@contextmanager
def people(opened: House, names: Iterable[str]) -> Iterator[Mapping[str, Person]]:
    """Give named accounts a wallet and a client each; nobody is signed in yet."""
    market = opened.stage.market
    meant = MarketAddress(market.seats.chain_id, market.seats.address)
    with ExitStack() as closing:
        met = {}
        for name in names:
            client = closing.enter_context(
                # What is signed ends by the chain's clock, which the story turns forward.
                SeatmarketClient(opened.url, market=meant, clock=opened.stage.now)
            )
            signer = signer_named(name)
            met[name] = Person(name, signer, market.sender(signer), client)
        yield met
