"""A deployed market on a test chain, with accounts that act in it.

Owns what most tests need to begin: a drop, a minted seat, a signed listing. Refuses assertions.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from marketplace.bindings.addresses import parse_address
from marketplace.bindings.deploy import PlatformTerms, connect, deploy
from marketplace.bindings.development import deploy_wrapped_ether
from marketplace.bindings.events import DropCreated, SeatsMinted
from marketplace.chain.keys import LocalSigner, signer_of_key
from marketplace.chain.receipts import Patience
from marketplace.chain.sender import Sender, SendingLimits
from marketplace.devnet.accounts import account_named
from marketplace.domain.drop import DropTerms, MintRequest, NewDrop, PhaseTerms, TierTerms
from marketplace.domain.ids import DropId, PhaseIndex, SeatId, TierIndex
from marketplace.domain.listing import Listing
from marketplace.domain.money import Bps, Wei
from marketplace.orders.listings import sign_listing

if TYPE_CHECKING:
    from web3 import Web3

    from marketplace.bindings.deploy import Deployment
    from marketplace.bindings.logs import EventLog
    from marketplace.bindings.seats import SeatsContract
    from marketplace.bindings.transactions import Mined, PreparedTransaction
    from marketplace.domain.addresses import ChecksumAddress
    from tests.integration.marketplace.steering import Steering

_E = TypeVar("_E")

DAY = 24 * 60 * 60
PRICE = Wei(10**17)
LIST_PRICE = Wei(2 * 10**17)
TOLL = Bps(500)
ROYALTY = Bps(1_000)
FEE = Bps(250)
QUICK = Patience(seconds=30, interval=0.01)
PAGES = "http://127.0.0.1:8000"


def address_of(name: str) -> ChecksumAddress:
    """The address of a named account."""
    return parse_address(account_named(name).address)


def signer(name: str) -> LocalSigner:
    """The signer of a named account."""
    return signer_of_key(account_named(name).private_key)


@dataclass
class Market:
    """A market on one chain; `name` is the chain's.

    `drop` is live and open, and `seat` of it belongs to `ada`.
    """

    name: str
    web3: Web3
    chain_id: int
    steering: Steering
    deployment: Deployment
    drop: DropId = DropId(0)  # noqa: RUF009 - a NewType is the number itself
    seat: SeatId = SeatId(0)  # noqa: RUF009 - immutable, as every int

    @cached_property
    def contract(self) -> SeatsContract:
        return connect(self.web3, self.deployment.seats, self.chain_id)

    @property
    def now(self) -> int:
        """The newest block's Unix second."""
        return self.web3.eth.get_block("latest")["timestamp"]

    def sender(self, name: str) -> Sender:
        return sender_of(self.web3, name, self.chain_id)

    def send(self, name: str, transaction: PreparedTransaction) -> Mined:
        return self.sender(name).send(transaction)

    def offer(self) -> NewDrop:
        """Terms that the contract takes now; one tier, one public phase that is open."""
        now = self.now
        return NewDrop(
            terms=DropTerms(
                resolver=address_of("resolver"),
                verifier=address_of("verifier"),
                royalty=ROYALTY,
                toll=TOLL,
                resale_cap=Bps(12_000),
                gift_cooldown=DAY,
                starts_at=now + 10 * DAY,
                ends_at=now + 11 * DAY,
                deliver_by=now + 20 * DAY,
                refund_until=now + 10 * DAY,
                penalty=Bps(1_000),
                challenge_days=7,
                default_split=Bps(5_000),
                terms_hash=bytes(range(32)),
            ),
            tiers=(TierTerms(list_price=LIST_PRICE, cap=12),),
            phases=(
                PhaseTerms(
                    tier=TierIndex(0),
                    price=PRICE,
                    opens=now,
                    closes=now + 9 * DAY,
                    wallet_limit=5,
                ),
            ),
        )

    def create(self, offer: NewDrop | None = None) -> DropId:
        """Create a drop; its mentor is `mentor`."""
        made = self.send("mentor", self.contract.create_drop(offer or self.offer()))
        return one(self.contract.events_of(made), DropCreated).drop

    def mint_call(
        self, drop: DropId, name: str, quantity: int = 1, payment: Wei | None = None
    ) -> PreparedTransaction:
        total = Wei(PRICE * quantity)
        request = MintRequest(
            drop=drop,
            phase=PhaseIndex(0),
            recipient=address_of(name),
            quantity=quantity,
            max_total=total,
        )
        return self.contract.mint(request, total if payment is None else payment)

    def mint(self, drop: DropId, name: str, quantity: int = 1) -> SeatId:
        """Mint for a named account; gives the first seat."""
        minted = self.send(name, self.mint_call(drop, name, quantity))
        return one(self.contract.events_of(minted), SeatsMinted).first

    def listing(self, seat: SeatId, seller: str, price: Wei = PRICE) -> Listing:
        """A listing that can be bought now."""
        return Listing(
            seat=seat,
            price=price,
            epoch=self.contract.seat_of(seat).epoch,
            seller=address_of(seller),
            counter=self.contract.counter_of(address_of(seller)),
            terms_version=0,
            expiry=self.now + 5 * DAY,
        )

    def sign(self, listing: Listing, name: str) -> bytes:
        return sign_listing(signer(name), listing, self.chain_id, self.contract.address)


def sender_of(web3: Web3, name: str, chain_id: int) -> Sender:
    """A sender that looks again at once: anvil answers before its block is there."""
    return Sender(web3, signer(name), chain_id, SendingLimits(patience=QUICK))


def deploy_seats(web3: Web3, chain_id: int) -> Deployment:
    """Deploy the market, owned by `deployer`, and wrapped ether for it."""
    platform = PlatformTerms(
        owner=address_of("deployer"),
        treasury=address_of("treasury"),
        fee=FEE,
        pages=PAGES,
        # Not the deployer's: where the market stands does not depend on what the chain had.
        wrapped_ether=deploy_wrapped_ether(sender_of(web3, "guardian", chain_id)),
    )
    return deploy(web3, sender_of(web3, "deployer", chain_id), platform)


def deploy_market(name: str, web3: Web3, chain_id: int, steering: Steering) -> Market:
    """Deploy the market, owned by `deployer`, with a drop and a seat."""
    deployment = deploy_seats(web3, chain_id)
    market = Market(name, web3, chain_id, steering, deployment)
    market.drop = market.create()
    market.seat = market.mint(market.drop, "ada")
    return market


def one(events: tuple[EventLog, ...], kind: type[_E]) -> _E:
    """The only event of a kind."""
    found = [log.event for log in events if isinstance(log.event, kind)]
    assert len(found) == 1, events
    return found[0]


def with_terms(offer: NewDrop, **changes: object) -> NewDrop:
    """The offer with other terms."""
    return replace(offer, terms=replace(offer.terms, **changes))  # type: ignore[arg-type] # tests name fields


def with_phase(offer: NewDrop, **changes: object) -> NewDrop:
    """The offer with its first phase changed."""
    first = replace(offer.phases[0], **changes)  # type: ignore[arg-type] # tests name fields
    return replace(offer, phases=(first, *offer.phases[1:]))
