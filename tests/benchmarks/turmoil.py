"""A market in which seats are sold all the time and blocks are taken back: what `load` asks about.

Owns the people, the drops, the sales and the reorganisations: a branch may hold the sales of the
blocks that it replaces, sell their seats to others, or forget them; it may be longer or shorter.
Everything is chosen by a seed. Refuses to say what is true: `truths` asks the chain after each act.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from eth_account import Account
from eth_utils.crypto import keccak
from hexbytes import HexBytes

from marketplace.bindings.events import SeatsMinted
from marketplace.chain.connection import open_node
from marketplace.chain.keys import LocalSigner, UnsignedTransaction
from marketplace.chain.sender import Sender, SendingLimits
from marketplace.domain.drop import MintRequest
from marketplace.domain.ids import DropId, PhaseIndex, SeatId
from marketplace.domain.listing import Listing
from marketplace.domain.money import NO_MONEY, Wei
from marketplace.orders.listings import sign_listing
from scripts.toolchain.errors import ToolFailedError
from tests.benchmarks.truths import Truths
from tests.benchmarks.verdicts import Question
from tests.conformance.chains import CHAIN_ID
from tests.integration.api.live import EXAMPLES, launch
from tests.integration.api.world import Wallet
from tests.integration.marketplace.steering import NodeSteering
from tests.integration.marketplace.world import DAY, QUICK, Market, deploy_seats, one

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from random import Random

    from eth_account.signers.local import LocalAccount

    from marketplace.bindings.transactions import PreparedTransaction
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.launch.file import LaunchFile
    from tests.benchmarks.truths import Block

BEGUN_S: Final = 10 * DAY + 30 * 60
"""For how long the drops have been launched: the session of the file begins ten days later."""

OPEN_S: Final = 60 * 60
"""For how long everything stays as it is then: the session lasts two hours."""

DEEPEST: Final = 4
"""Blocks that a reorganisation replaces at most."""

FINAL_DEPTH: Final = 2 * DEEPEST
"""Blocks by which what is final trails the head, so that branches may be shorter now and then."""

MOST_SEATS: Final = 40

QUESTIONS: Final = (
    Question("enter_session", DropId(1), 1, frozenset({DropId(1)})),
    Question("enter_session", DropId(2), 1, frozenset({DropId(2)})),
    # Its listings are for holders of the first drop, and for its own.
    Question("see_resale", DropId(3), None, frozenset({DropId(1), DropId(3)})),
)

_SESSIONS: Final = (DropId(1), DropId(2))
_PHASE: Final = PhaseIndex(1)
_OWNED: Final = Wei(10**24)
_GAS: Final = 500_000
_FEE: Final = Wei(10 * 10**9)


@dataclass(frozen=True)
class Person:
    """Somebody with a key, and how they sign on the chain."""

    account: LocalAccount
    signer: LocalSigner

    @classmethod
    def numbered(cls, number: int) -> Person:
        """Always the same for a number."""
        account = Account.from_key(keccak(b"somebody at a door %d" % number))
        return cls(account, LocalSigner(account))

    @property
    def address(self) -> ChecksumAddress:
        return self.signer.address

    @property
    def wallet(self) -> Wallet:
        """To sign in with."""
        return Wallet(self.account)


@dataclass(frozen=True, slots=True)
class Sale:
    """A listing, which anybody may fill, and who fills it."""

    listing: Listing
    signature: bytes
    buyer: Person


@dataclass
class Turmoil:
    """A market with people who trade in it.

    Attributes:
        market: With three drops: two sessions that go on, and a cohort.
        files: What was launched, by drop.
        traders: Who buys and sells.
        truths: Of every block since all seats were minted.
        dice: Choose everything.
        sales: How many there were, those that were taken back included.
        reorgs: How many reorganisations there were.
    """

    market: Market
    files: dict[DropId, LaunchFile]
    traders: Sequence[Person]
    truths: Truths
    dice: Random
    sales: int = 0
    reorgs: int = 0
    _sold_in: dict[str, Sale] = field(default_factory=dict)

    def sell(self) -> None:
        """Sell some seat to somebody else, in a block of its own."""
        seat, owner = self.dice.choice(sorted(self.truths.head.owners.items()))
        seller = next(one for one in self.traders if one.address == owner)
        sale = self._sale(seat, seller)
        self.market.web3.eth.send_raw_transaction(self._signed(sale, self._nonce(sale.buyer)))
        self._learn([sale])

    def reorganise(self) -> None:
        """Replace the newest blocks by a branch, as far as they are not final."""
        final = self.market.web3.eth.get_block("finalized")["number"]
        depth = self.dice.randint(1, max(1, min(DEEPEST, self.truths.head.number - final)))
        left = [
            self._sold_in[block.hash]
            for block in reversed(list(self.truths.newest(depth)))
            if block.hash in self._sold_in
        ]
        again = self._fates(left)
        length = max(len(again), depth + self.dice.choice((-1, 0, 1, 2)))
        ancestor = self.truths.head.number - depth
        used: dict[ChecksumAddress, int] = {}
        placed = []
        for index, sale in enumerate(again):
            buyer = sale.buyer.address
            nonce = self._nonce(sale.buyer, ancestor) + used.get(buyer, 0)
            used[buyer] = used.get(buyer, 0) + 1
            placed.append([HexBytes(self._signed(sale, nonce)).to_0x_hex(), index])
        NodeSteering(self.market.web3).ask("devnet_reorg", depth, placed, {"newLength": length})
        self.reorgs += 1
        self._learn(again)

    def _fates(self, left: Sequence[Sale]) -> list[Sale]:
        """What becomes of sales whose blocks go: as it was, to somebody else, or nothing."""
        again: list[Sale] = []
        seats = set()
        for sale in left:
            # A second sale of a seat rests on the first.
            fate = self.dice.random()
            if sale.listing.seat not in seats and fate < 1 / 3:
                again.append(sale)
            elif sale.listing.seat not in seats and fate < 2 / 3:
                others = (sale.listing.seller, sale.buyer.address)
                again.append(replace(sale, buyer=self._anybody_but(others)))
            seats.add(sale.listing.seat)
        return again

    def _learn(self, sales: Sequence[Sale]) -> None:
        """Look at the chain, on which each of these sales must be in a block of its own."""
        blocks = self.truths.look()
        for block, sale in zip(blocks, sales, strict=False):
            self._sold_in[block.hash] = sale
            self._require_sold(block, sale)
        if len(blocks) < len(sales):
            raise ToolFailedError("the chain", f"{len(sales)} sales came to {len(blocks)} blocks.")
        self.sales += len(sales)

    @staticmethod
    def _require_sold(block: Block, sale: Sale) -> None:
        owner = block.owners[sale.listing.seat]
        if owner != sale.buyer.address:
            raise ToolFailedError(
                "the market", f"Seat {sale.listing.seat} is {owner}'s after it was sold."
            )

    def _sale(self, seat: SeatId, seller: Person) -> Sale:
        view = self.market.contract.seat_of(seat)
        listing = Listing(
            seat=seat,
            price=view.face,
            epoch=view.epoch,
            seller=seller.address,
            counter=0,
            terms_version=0,
            expiry=self.market.now + DAY,
        )
        signature = sign_listing(seller.signer, listing, CHAIN_ID, self.market.contract.address)
        return Sale(listing, signature, self._anybody_but((seller.address,)))

    def _anybody_but(self, these: Sequence[ChecksumAddress]) -> Person:
        return self.dice.choice([one for one in self.traders if one.address not in these])

    def _nonce(self, person: Person, block: int | None = None) -> int:
        return self.market.web3.eth.get_transaction_count(person.account.address, block)

    def _signed(self, sale: Sale, nonce: int) -> bytes:
        return signed(sale.buyer, self.market.contract.buy(sale.listing, sale.signature), nonce)


def signed(person: Person, call: PreparedTransaction, nonce: int) -> bytes:
    """A call as it goes to the node."""
    return person.signer.sign_transaction(
        UnsignedTransaction(
            chain_id=CHAIN_ID,
            nonce=nonce,
            gas=_GAS,
            max_fee=_FEE,
            max_tip=NO_MONEY,
            to=call.to,
            value=call.value,
            data=call.data,
        )
    )


def opened(url: str, traders: Sequence[Person], dice: Random, folder: Path) -> Turmoil:
    """Build the market on an empty chain, whose time is `BEGUN_S` ago, and go on to now.

    Args:
        url: Of the chain.
        traders: Of whom half, at most `MOST_SEATS`, hold a seat at first; at least three.
        dice: Choose everything.
        folder: For launch files.
    """
    web3 = open_node(url, CHAIN_ID)
    steering = NodeSteering(web3)
    steering.travel(web3.eth.get_block("latest")["timestamp"] + 1)
    for person in traders:
        steering.set_balance(person.address, _OWNED)
    market = Market("devnet", web3, CHAIN_ID, steering, deploy_seats(web3, CHAIN_ID))
    source = (EXAMPLES / "drop-session.toml").read_bytes()
    larger = folder / "drop-session.toml"
    larger.write_bytes(source.replace(b"seats = 8", b"seats = %d" % (MOST_SEATS + 8)))
    files = dict(launch(market, path) for path in (larger, larger, EXAMPLES / "sprint-cohort.toml"))
    seats = [
        _minted(market, files, _SESSIONS[place % len(_SESSIONS)], person)
        for place, person in enumerate(traders[: min(MOST_SEATS, len(traders) // 2)])
    ]
    steering.travel(int(time.time()))
    truths = Truths.since_now(market, seats)
    # Until the block that the truths begin with is final.
    for _ in range(FINAL_DEPTH):
        steering.ask("evm_mine")
    truths.look()
    return Turmoil(market, files, traders, truths, dice)


def _minted(
    market: Market, files: dict[DropId, LaunchFile], drop: DropId, person: Person
) -> SeatId:
    price = files[drop].drop.phases[_PHASE].price
    request = MintRequest(
        drop=drop, phase=_PHASE, recipient=person.address, quantity=1, max_total=price
    )
    sender = Sender(market.web3, person.signer, CHAIN_ID, SendingLimits(patience=QUICK))
    mined = sender.send(market.contract.mint(request, price))
    return one(market.contract.events_of(mined), SeatsMinted).first
