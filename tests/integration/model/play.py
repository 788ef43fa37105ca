"""One history of the market, on the model and on the contract at once.

Owns what is compared after every step: the outcome, every word of storage that the model speaks
about, all money, E, and what each seat is worth. Refuses to choose what happens next.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from eth_abi.abi import decode as decode_abi
from eth_abi.abi import encode as encode_abi
from eth_utils.crypto import keccak

from marketplace.bindings.interface import interface_of
from marketplace.devnet.settings import DevnetSettings
from marketplace.domain.addresses import ETH, ChecksumAddress
from marketplace.domain.drop import DropState
from marketplace.domain.model.claiming import refund_of
from marketplace.domain.model.money import UNLIMITED
from marketplace.domain.model.refusals import Digest, Refused
from marketplace.domain.model.state import Call, Market
from marketplace.domain.money import NO_MONEY, Bps, Wei
from marketplace.domain.views import RefundView
from tests.integration.model import signing, storage
from tests.integration.model.calls import Caller
from tests.integration.model.evm import FEE, GENESIS, WALL, Machine, deployed, fresh, named, octets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from marketplace.domain.ids import DropId, SeatId
    from tests.integration.model.calls import Action

UNIT: Final = 10**15 + 7
"""Odd, so that every share has something to round."""

BUYERS: Final = (*tuple(named(name) for name in ("ada", "bo", "cleo", "dan")), WALL)
STAFF: Final = tuple(
    named(name)
    for name in ("mentor", "deployer", "treasury", "resolver", "guardian", "verifier", "payout")
)
EVE: Final = named("eve")
ACCOUNTS: Final = (*BUYERS, *STAFF, EVE)
"""Everybody who may own anything."""

_ENOUGH: Final = Wei(500_000 * UNIT)
_ALLOWED: Final = (UNLIMITED, Wei(40_000 * UNIT), Wei(3_000 * UNIT), NO_MONEY, UNLIMITED)
_ERRORS: Final = interface_of("Seats").errors
_BY_SELECTOR: Final = {entry.selector: entry for entry in _ERRORS.values()}
_VIEWS: Final = interface_of("Seats").functions
_REFUND_OF: Final = _VIEWS["refundOf"]
_ESCROW_OF: Final = _VIEWS["escrowOf"]


@dataclass
class Reached:
    """What a history, or many, has been through."""

    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    marks: Counter[str] = field(default_factory=Counter)
    steps: int = 0

    def table(self) -> str:
        """For people: how often each call was done and refused."""
        names = sorted({name for name, _ in self.outcomes})
        lines = [f"{self.steps} steps; {len(self.refusals)} different refusals"]
        for name in names:
            done = self.outcomes[name, ""]
            said = sum(n for (one, error), n in self.outcomes.items() if one == name and error)
            lines.append(f"  {name:24} done {done:5}  refused {said:5}")
        lines.extend(f"  {mark:40} {count:5}" for mark, count in sorted(self.marks.items()))
        return "\n".join(lines)

    @property
    def refusals(self) -> set[str]:
        """Every error that was met."""
        return {error for _, error in self.outcomes if error}

    def done(self, name: str) -> bool:
        """Whether a call succeeded at least once."""
        return self.outcomes[name, ""] > 0

    def refused(self, name: str) -> bool:
        """Whether a call was refused at least once."""
        return any(one == name and error for one, error in self.outcomes)


def edge(was: DropState, now: DropState) -> str:
    """How an edge between two states is written."""
    return f"{was.name} -> {now.name}"


def marks_between(before: Market, after: Market) -> Iterator[str]:
    """Edges between states, gates that opened, and what moved under which policy."""
    for id_, drop in after.drops.items():
        old = before.drops.get(id_)
        if old is None or old.state is not drop.state:
            yield edge(DropState.NONE if old is None else old.state, drop.state)
    for seat, kept in after.seats.items():
        known, drop = before.seats.get(seat), after.drops[seat.drop]
        paid_in = "ether" if drop.terms.currency == ETH else "coins"
        if known is None and not kept.granted:
            yield f"{drop.phases[kept.phase].terms.gate.name} opened for {paid_in}"
        elif known is not None and known.living and not kept.living:
            yield f"burned for {paid_in}"
        elif known is not None and known.owner != kept.owner:
            yield f"{drop.terms.policy.name} moved, in {paid_in}"


class Play:
    """The market as model and contract have it; `now` is the second of the next call."""

    def __init__(self, reached: Reached) -> None:
        _, self.places = deployed()
        self.machine: Machine = fresh()
        self.reached = reached
        self.now = GENESIS + 1_000
        self._step = 0
        self.market = _first_market(self.machine, self.places.seats)
        self.history: list[str] = []
        self._told: dict[tuple[str, int], int] = {}
        self._owed: dict[DropId, Wei] = {}
        self._looked: dict[SeatId, object] = {}
        self._looked_at = 0
        self.machine.at(self.now, self.block_hash)
        self._hand_out()

    @property
    def block_hash(self) -> bytes:
        """Of the block before the next call."""
        return keccak(self._step.to_bytes(8, "big"))

    def caller(self, sender: ChecksumAddress, value: int = 0) -> Caller:
        return Caller(self.places.seats, sender, Wei(value))

    def would_be_done(self, action: Action) -> bool:
        """Whether the model takes a call now."""
        return not isinstance(action.run(self.market, self._call(action)), Refused)

    def would_be_new(self, action: Action) -> bool:
        """Whether a call would now end as it never did, or do what none did."""
        after = action.run(self.market, self._call(action))
        if isinstance(after, Refused):
            return (action.name, after.error) not in self.reached.outcomes
        marks = set(marks_between(self.market, after))
        return not marks <= self.reached.marks.keys() or not self.reached.done(action.name)

    def force(self, market: Market) -> None:
        """Put both into a state that no short history reaches, by writing its words."""
        self.market = market
        ether = market.balance(ETH, market.address)
        self.machine.state.set_balance(octets(market.address), ether)
        for (address, slot), (_, value) in self._told_words().items():
            if value != self._told.get((address, slot), 0):
                self.machine.state.set_storage(octets(address), slot, value)
        self.compare()

    def _call(self, action: Action) -> Call:
        return Call(
            sender=action.sender, now=self.now, value=action.value, block_hash=self.block_hash
        )

    def do(self, action: Action) -> Refused | None:
        """Make one call on both and compare everything; gives what both said against it."""
        self._step += 1
        call = self._call(action)
        self.machine.at(self.now, self.block_hash)
        expected = action.run(self.market, call)
        answer = self.machine.call(action.sender, self.places.seats, action.data, action.value)
        said = _refusal_in(answer.data) if answer.reverted else None
        refusal = expected if isinstance(expected, Refused) else None
        self.history.append(f"{self.now}: {action}")
        told = "\n".join(self.history)
        assert _agree(refusal, said), f"model: {refusal}\ncontract: {said}\nafter\n{told}"
        before = self.market
        if not isinstance(expected, Refused):
            self.market = expected
        self.reached.steps += 1
        self.reached.outcomes[action.name, refusal.error if refusal else ""] += 1
        self.reached.marks.update(marks_between(before, self.market))
        self.compare()
        return refusal

    def allow(self, currency: ChecksumAddress, account: ChecksumAddress, amount: Wei) -> None:
        """Let the contract take so much of an ERC-20."""
        types = ["address", "uint256"]
        data = keccak(text="approve(address,uint256)")[:4]
        data += encode_abi(types, [self.places.seats, amount])
        assert not self.machine.call(account, currency, data).reverted
        allowances = {**self.market.allowances, (currency, account): amount}
        self.market = replace(self.market, allowances=allowances)

    def compare(self, *, thoroughly: bool = False) -> None:
        """Hold the contract to the model in everything that the model says.

        A word that was neither written nor predicted to change, and a view whose words and second
        are the same, are looked at again only `thoroughly`.
        """
        state = self.machine.state
        told = self._told_words()
        changed = {spot for spot, (_, value) in told.items() if value != self._told.get(spot)}
        written = self.machine.take_written()
        for spot in told if thoroughly else changed | (written & told.keys()):
            name, value = told[spot]
            found = state.get_storage(octets(spot[0]), spot[1])
            assert found == value, f"{name}: {found:#x}, the model {value:#x}"
        seats = self.places.seats
        listings = {signing.stored_slot(one) for one in self.market.stored_listings}
        for address, slot in written - told.keys():
            if address == seats and slot not in listings:
                found = state.get_storage(octets(address), slot)
                assert found == 0, f"the model knows no word at {slot:#x}, which holds {found:#x}"
        assert all(state.get_storage(octets(seats), slot) == 1 for slot in listings)
        self._told = {spot: value for spot, (_, value) in told.items()}
        for account in (*ACCOUNTS, seats, self.places.wrapped_ether):
            found = state.get_balance(octets(account))
            assert found == self.market.balance(ETH, account), f"ether of {account}"
        self._compare_debts()
        self._compare_views(thoroughly=thoroughly)

    def _told_words(self) -> dict[tuple[str, int], tuple[str, int]]:
        """Name and value of each word of each contract that the model speaks about."""
        seats, market = self.places.seats, self.market
        told: dict[tuple[str, int], tuple[str, int]] = {
            (seats, one.slot): (one.name, one.value) for one in storage.places(market, ACCOUNTS)
        }
        for currency in (self.places.coin, self.places.wrapped_ether):
            for account in (*ACCOUNTS, seats):
                slot = storage.coin_slot(account)
                told[currency, slot] = (f"coins of {account}", market.balance(currency, account))
            for account in ACCOUNTS:
                slot = storage.allowance_slot(account, seats)
                allowed = market.allowances.get((currency, account), NO_MONEY)
                told[currency, slot] = (f"allowance of {account}", allowed)
        return told

    def _compare_views(self, *, thoroughly: bool) -> None:
        """E of each drop, and what each seat is worth."""
        seats, market = self.places.seats, self.market
        # Time may have passed since the last call.
        self.machine.at(self.now, self.block_hash)
        for drop, kept in market.drops.items():
            if thoroughly or self._owed.get(drop) != kept.owed:
                answer = self.machine.look(seats, _ESCROW_OF.encode_call([drop]))
                assert int.from_bytes(answer, "big") == kept.owed, f"E of {drop}"
                self._owed[drop] = kept.owed
        waited = self.now > self._looked_at + 1
        self._looked_at = self.now
        turn = self._step % len(market.seats) if market.seats else 0
        for place, (seat, held) in enumerate(market.seats.items()):
            worth = refund_of(market, seat, self.now)
            known = (held, market.drops[seat.drop].state, worth)
            if not (thoroughly or waited or place == turn) and self._looked.get(seat) == known:
                continue
            answer = self.machine.look(seats, _REFUND_OF.encode_call([seat]))
            assert _worth(answer) == worth, f"refundOf({seat}): the model {worth}"
            self._looked[seat] = known

    def _compare_debts(self) -> None:
        """Per currency the contract has exactly what it owes: nobody force-sends here."""
        market = self.market
        for currency in (ETH, self.places.coin, self.places.wrapped_ether):
            drops = {
                id_: drop for id_, drop in market.drops.items() if drop.terms.currency == currency
            }
            owed = sum(int(drop.owed) for drop in drops.values())
            owed += sum(seat.held for id_, seat in market.seats.items() if id_.drop in drops)
            owed += sum(n for (one, _), n in market.credits.items() if one == currency)
            assert market.balance(currency, market.address) == owed, f"debts in {currency}"

    def _hand_out(self) -> None:
        """Coins and wrapped ether for every buyer, and as much leave to take them as they give."""
        coin, wrapped = self.places.coin, self.places.wrapped_ether
        for account, allowed in zip(BUYERS, _ALLOWED, strict=True):
            data = keccak(text="mint(address,uint256)")[:4]
            data += encode_abi(["address", "uint256"], [account, _ENOUGH])
            assert not self.machine.call(EVE, coin, data).reverted
            deposit = keccak(text="deposit()")[:4]
            assert not self.machine.call(account, wrapped, deposit, _ENOUGH // 100).reverted
            self.allow(coin, account, allowed)
            self.allow(wrapped, account, allowed)
            balances = dict(self.market.balances)
            balances[coin, account] = _ENOUGH
            balances[wrapped, account] = Wei(_ENOUGH // 100)
            balances[ETH, account] = Wei(balances[ETH, account] - _ENOUGH // 100)
            balances[ETH, wrapped] = Wei(balances.get((ETH, wrapped), 0) + _ENOUGH // 100)
            self.market = replace(self.market, balances=balances)


def _first_market(machine: Machine, seats: ChecksumAddress) -> Market:
    _, places = deployed()
    rich = Wei(DevnetSettings().account_balance_wei)
    balances = {(ETH, account): rich for account in ACCOUNTS}
    assert all(
        machine.state.get_balance(octets(account)) == amount
        for (_, account), amount in balances.items()
    )
    return Market(
        address=seats,
        wrapped_ether=places.wrapped_ether,
        owner=named("deployer"),
        treasury=named("treasury"),
        fee=Bps(FEE),
        balances=balances,
        refusing=frozenset({WALL}),
        code=frozenset({seats, places.coin, places.wrapped_ether}),
    )


def _refusal_in(data: bytes) -> Refused:
    entry = _BY_SELECTOR.get(data[:4])
    if entry is None:
        return Refused(f"bytes {data.hex()}")
    types = [one.type for one in entry.inputs]
    return Refused(entry.name, tuple(decode_abi(types, data[4:])))


def _agree(expected: Refused | None, said: Refused | None) -> bool:
    if expected is None or said is None:
        return expected is said
    if expected.error != said.error or len(expected.arguments) != len(said.arguments):
        return False
    return all(
        mine is Digest.UNKNOWN or _plain(mine) == _plain(theirs)
        for mine, theirs in zip(expected.arguments, said.arguments, strict=True)
    )


def _plain(argument: object) -> object:
    return argument.lower() if isinstance(argument, str) else argument


def _worth(answer: bytes) -> RefundView:
    refund, penalty, until, claimable, on_failure = decode_abi(["uint256"] * 5, answer)
    return RefundView(refund, penalty, until, claimable, on_failure)
