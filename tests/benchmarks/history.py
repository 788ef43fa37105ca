"""A chain with a long history of our own contract: real transactions, mined by anvil in big blocks.

Owns what happens in it (mints of several seats, stored listings and their sales, gifts with their
toll, refunds, cancelled listings, raised counters, new drops) and where it is kept: anvil's state
is written to `.cache/bench` and loaded again by the next run. Refuses to measure.

Each block holds about fifty events. The last ones lie above what anvil calls finalized (64 blocks
behind the head); what is asked of a mirror that reads history is everything before them.
"""

from __future__ import annotations

import hashlib
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from random import Random
from typing import TYPE_CHECKING, Any, Final

from marketplace.bindings.addresses import checksum_address
from marketplace.bindings.artifacts import load
from marketplace.bindings.deploy import connect
from marketplace.chain.connection import open_node
from marketplace.domain.drop import MintRequest
from marketplace.domain.ids import DropId, PhaseIndex, SeatId, TierIndex
from marketplace.domain.listing import Listing
from marketplace.domain.money import Wei
from scripts.toolchain.command import say
from scripts.toolchain.errors import ToolFailedError
from scripts.toolchain.project import REPOSITORY
from tests.conformance.chains import (
    ANVIL,
    CHAIN_ID,
    RunningChain,
    anvil_binary,
    end,
    free_port,
    wait_until_it_answers,
)
from tests.integration.marketplace.steering import NodeSteering
from tests.integration.marketplace.world import (
    DAY,
    PRICE,
    Market,
    deploy_seats,
    with_phase,
    with_terms,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from web3 import Web3

    from marketplace.bindings.transactions import PreparedTransaction
    from marketplace.domain.addresses import ChecksumAddress

EVENTS_A_BLOCK: Final = 50
FINAL_DEPTH: Final = 64
"""How far anvil's finalized block is behind its head."""

_PEOPLE: Final = 300
_DROPS: Final = 20
_TOUCHED: Final = 16
"""Seats that something happens to in one block, besides those that are minted."""

_GAS: Final = 3_000_000
_FEE: Final = 2 * 10**9
_RICH: Final = 10**24
_SEED: Final = 2_027
_BLOCK_S: Final = 12


@dataclass(frozen=True, slots=True)
class History:
    """A chain that answers, and what is on it.

    Attributes:
        events: Logs of the contract up to and with `last`.
        last: The last finalized block.
        head: The newest block.
    """

    url: str
    contract: ChecksumAddress
    start_block: int
    events: int
    last: int
    head: int


@dataclass(slots=True)
class _Seat:
    owner: int
    epoch: int = 0


@dataclass(slots=True)
class _Author:
    """Writes blocks; knows who owns what, so that nothing it sends is refused."""

    market: Market
    drops: list[DropId]
    toll: Wei
    dice: Random = field(default_factory=lambda: Random(_SEED))
    seats: dict[SeatId, _Seat] = field(default_factory=dict)
    issued: dict[DropId, int] = field(default_factory=dict)
    expiry: int = 0
    told: int = 0

    def block(self) -> list[dict[str, object]]:
        """The transactions of one block; counts the events that they will leave."""
        drop = self.dice.choice(self.drops)
        # Chosen before the mint: nothing is given back in the block in which it moved.
        free = self.dice.sample(list(self.seats), min(len(self.seats), _TOUCHED))
        sent = [self._mint(drop, 12)]
        if len(free) < _TOUCHED:
            return [*sent, *(self._mint(drop, 12) for _ in range(2))]
        for seat in free[:6]:
            sent += self._sale(seat)
        sent += [self._gift(seat) for seat in free[6:11]]
        sent += [self._refund(seat) for seat in free[11:14]]
        for seat in free[14:16]:
            self.seats[seat].epoch += 1
            sent.append(
                self._by(self.seats[seat].owner, self.market.contract.cancel_listings(seat))
            )
            self.told += 1
        # By somebody who sells nothing: it would end the sales of who does.
        bumper = _PEOPLE + self.dice.randrange(_PEOPLE)
        sent.append(self._by(bumper, self.market.contract.bump_counter()))
        self.told += 1
        return sent

    def _mint(self, drop: DropId, quantity: int) -> dict[str, object]:
        who = self.dice.randrange(_PEOPLE)
        total = Wei(PRICE * quantity)
        request = MintRequest(
            drop=drop,
            phase=PhaseIndex(0),
            recipient=person(who),
            quantity=quantity,
            max_total=total,
        )
        issued = self.issued.get(drop, 0)
        self.issued[drop] = issued + quantity
        for number in range(issued + 1, issued + quantity + 1):
            self.seats[SeatId.of(drop, TierIndex(0), number)] = _Seat(who)
        self.told += 1 + quantity
        return self._by(who, self.market.contract.mint(request, total))

    def _sale(self, seat: SeatId) -> list[dict[str, object]]:
        held = self.seats[seat]
        seller, held.owner = held.owner, self._other(held.owner)
        listing = Listing(
            seat=seat,
            price=Wei(PRICE + self.dice.randrange(10**15)),
            epoch=held.epoch,
            seller=person(seller),
            counter=0,
            terms_version=0,
            expiry=self.expiry,
        )
        held.epoch += 1
        self.told += 3
        contract = self.market.contract
        return [
            self._by(seller, contract.list_seat(listing)),
            self._by(held.owner, contract.buy(listing)),
        ]

    def _gift(self, seat: SeatId) -> dict[str, object]:
        held = self.seats[seat]
        giver, held.owner = held.owner, self._other(held.owner)
        held.epoch += 1
        self.told += 2
        given = self.market.contract.transfer(seat, person(giver), person(held.owner), self.toll)
        return self._by(giver, given)

    def _refund(self, seat: SeatId) -> dict[str, object]:
        self.told += 2
        return self._by(self.seats.pop(seat).owner, self.market.contract.refund(seat))

    def _other(self, who: int) -> int:
        return (who + self.dice.randrange(1, _PEOPLE)) % _PEOPLE

    def _by(self, who: int, prepared: PreparedTransaction) -> dict[str, object]:
        return _call(person(who), prepared)


def person(number: int) -> ChecksumAddress:
    """The address of one of those who act; nobody has its key, and anvil needs none."""
    return checksum_address(hashlib.sha256(b"person %d" % number).digest()[:20])


@contextmanager
def written(events: int) -> Iterator[History]:
    """Serve a chain with at least so many events below its finalized block."""
    # Anvil keeps the chain as its own format and our contract as it is: both name the file.
    code = hashlib.sha256(load("Seats").bytecode).hexdigest()[:8]
    folder = REPOSITORY.cache / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    state = folder / f"history-{events}-{code}.json"
    if not state.exists():
        with _serving(folder, ["--dump-state", str(state.with_suffix(".part"))]) as chain:
            _write(chain.url, events)
        state.with_suffix(".part").rename(state)
    with _serving(folder, ["--load-state", str(state)]) as chain:
        yield _looked_at(chain.url)


def block_of_events(history: History) -> int:
    """Mine one more block of a few events on a chain that was written; gives its number."""
    web3 = open_node(history.url, CHAIN_ID, request_seconds=120)
    market = connect(web3, history.contract, CHAIN_ID)
    asked: Any = web3.provider.make_request
    asked("evm_setAutomine", [False])
    for number in range(3):
        asked("eth_sendTransaction", [_call(person(_PEOPLE + number), market.bump_counter())])
    asked("evm_mine", [])
    return web3.eth.block_number


@contextmanager
def unchanged(history: History) -> Iterator[None]:
    """Take back every block that is mined inside."""
    steering = NodeSteering(open_node(history.url, CHAIN_ID, request_seconds=120))
    kept = steering.snapshot()
    try:
        yield
    finally:
        steering.restore(kept)


def _looked_at(url: str) -> History:
    web3 = open_node(url, CHAIN_ID, request_seconds=120)
    head = web3.eth.block_number
    address = _contract_address(web3)
    last = head - FINAL_DEPTH
    counted = 0
    for first in range(0, last + 1, 200):
        counted += len(
            web3.eth.get_logs(
                {"fromBlock": first, "toBlock": min(first + 199, last), "address": address}  # type: ignore[typeddict-item] # web3 takes numbers
            )
        )
    start = web3.eth.get_logs({"fromBlock": 0, "toBlock": 20, "address": address})  # type: ignore[typeddict-item] # as above
    return History(
        url,
        checksum_address(bytes.fromhex(address[2:])),
        start[0]["blockNumber"],
        counted,
        last,
        head,
    )


def _contract_address(web3: Web3) -> str:
    """Where the market stands: the address of the first log of the chain."""
    return str(web3.eth.get_logs({"fromBlock": 0, "toBlock": 20})[0]["address"])


def _write(url: str, events: int) -> None:
    web3 = open_node(url, CHAIN_ID, request_seconds=120)
    steering = NodeSteering(web3)
    market = Market(ANVIL.name, web3, CHAIN_ID, steering, deploy_seats(web3, CHAIN_ID))
    offer = with_phase(with_terms(market.offer(), gift_cooldown=0, penalty=500), wallet_limit=0)
    offer = replace(offer, tiers=(replace(offer.tiers[0], cap=99_999),))
    author = _Author(market, [market.create(offer) for _ in range(_DROPS)], Wei(0))
    author.toll = market.contract.seat_of(market.mint(author.drops[0], "ada")).toll
    author.issued[author.drops[0]] = 1
    author.expiry = market.now + 5 * DAY
    for number in range(2 * _PEOPLE):
        steering.set_balance(person(number), _RICH)
    steering.ask("evm_setAutomine", False)  # noqa: FBT003 - as JSON-RPC has it
    # Blocks of one second would be refused refunds: nothing is given back in the second it moved.
    steering.ask("anvil_setBlockTimestampInterval", _BLOCK_S)
    blocks = 0
    while author.told < events or blocks < events // EVENTS_A_BLOCK:
        blocks += 1
        _mine(market, author.block())
        if blocks % 200 == 0:
            say(f"wrote {blocks} blocks with {author.told:,} events")
    for _ in range(FINAL_DEPTH):
        _mine(market, author.block())
    found = web3.eth.get_logs({"fromBlock": web3.eth.block_number - 1})
    if not found:
        raise ToolFailedError("anvil", "The last block holds no event: a transaction was refused.")


def _mine(market: Market, transactions: list[dict[str, object]]) -> None:
    provider: Any = market.web3.provider
    for transaction in transactions:
        provider.make_request("eth_sendTransaction", [transaction])
    provider.make_request("evm_mine", [])


def _call(sender: ChecksumAddress, prepared: PreparedTransaction) -> dict[str, object]:
    return {
        "from": sender,
        "to": prepared.to,
        "data": f"0x{prepared.data.hex()}",
        "value": hex(prepared.value),
        "gas": hex(_GAS),
        "maxFeePerGas": hex(_FEE),
        "maxPriorityFeePerGas": hex(1),
    }


@contextmanager
def _serving(folder: Path, options: list[str]) -> Iterator[RunningChain]:
    chain = RunningChain(ANVIL, free_port(), folder / "anvil.out")
    command = [
        str(anvil_binary()),
        *("--port", str(chain.port), "--chain-id", str(CHAIN_ID)),
        # Fees equal: in the order sent, or a sale could come before its listing.
        *("--order", "fifo", "--auto-impersonate", "--disable-block-gas-limit"),
        *("--block-base-fee-per-gas", "0", "--no-request-size-limit"),
        *options,
    ]
    with chain.output.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)  # noqa: S603 - our own command, no shell
    try:
        wait_until_it_answers(process, chain)
        yield chain
    finally:
        # It writes its state when it is asked to end, which takes longer than a kill would wait.
        process.terminate()
        process.wait(timeout=300)
        end(process)
