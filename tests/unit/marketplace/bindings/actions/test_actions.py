from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Final

import pytest

from marketplace.bindings.actions import ARTIFACT, SeatsActions
from marketplace.bindings.artifacts import load
from marketplace.bindings.interface import interface_of
from marketplace.domain.addresses import ETH, ZERO_ADDRESS, ChecksumAddress
from marketplace.domain.drop import Minting, MintRequest
from marketplace.domain.ids import DropId, PhaseIndex, SeatId, TierIndex
from marketplace.domain.listing import Listing, Purchase
from marketplace.domain.money import Bps, Wei
from marketplace.domain.offer import SeatOffer, TierOffer

if TYPE_CHECKING:
    from marketplace.bindings.transactions import PreparedTransaction

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ADA, BO, COIN = (ChecksumAddress(f"0x{n:040d}") for n in (1, 2, 3))
MARKET = SeatsActions(ChecksumAddress(f"0x{9:040d}"))
DROP, SEAT, TIER = DropId(7), SeatId(7_200_013), TierIndex(2)
TENTH = Wei(10**17)
LISTING = Listing(
    seat=SEAT, price=TENTH, epoch=0, seller=ADA, counter=0, terms_version=0, expiry=1_800_000_000
)
SEAT_OFFER = SeatOffer(
    seat=SEAT,
    price=TENTH,
    epoch=0,
    buyer=BO,
    counter=0,
    terms_version=0,
    nonce=5,
    expiry=1_800_000_000,
)
TIER_OFFER = TierOffer(
    drop=DROP,
    tier=TIER,
    least_face=TENTH,
    price=TENTH,
    buyer=BO,
    counter=0,
    terms_version=0,
    nonce=5,
    expiry=1_800_000_000,
)
AT = 1_800_000_000


def request(drop: int = DROP, quantity: int = 1) -> MintRequest:
    return MintRequest(
        drop=DropId(drop),
        phase=PhaseIndex(0),
        recipient=ADA,
        quantity=quantity,
        max_total=TENTH,
    )


PRICED: Final[Mapping[str, Callable[[ChecksumAddress], PreparedTransaction]]] = {
    "mint": lambda currency: MARKET.mint(request(), TENTH, currency=currency),
    "mint_many": lambda currency: MARKET.mint_many(
        [Minting(request=request(), payment=TENTH, currency=currency)]
    ),
    "transfer": lambda currency: MARKET.transfer(SEAT, ADA, BO, TENTH, currency),
    "buy": lambda currency: MARKET.buy(LISTING, b"", currency),
    "buy_many": lambda currency: MARKET.buy_many([Purchase(listing=LISTING, currency=currency)]),
}
FREE = {
    "list_seat": (MARKET.list_seat(LISTING, COIN), "list"),
    "withdraw": (MARKET.withdraw(BO, TENTH, COIN), "withdraw"),
    "accept_seat_offer": (MARKET.accept_seat_offer(SEAT_OFFER, b"", COIN), "acceptSeatOffer"),
    "accept_tier_offer": (
        MARKET.accept_tier_offer(TIER_OFFER, SEAT, b"", COIN),
        "acceptTierOffer",
    ),
    "cancel_listings": (MARKET.cancel_listings(SEAT), "cancelListings"),
    "bump_counter": (MARKET.bump_counter(), "bumpCounter"),
    "cancel_offer": (MARKET.cancel_offer(5), "cancelOffer"),
    "transfer_from": (MARKET.transfer_from(SEAT, ADA, BO), "transferFrom"),
    "approve": (MARKET.approve(BO, SEAT), "approve"),
    "set_approval_for_all": (
        MARKET.set_approval_for_all(BO, approved=True),
        "setApprovalForAll",
    ),
    "grant": (MARKET.grant(DROP, TIER, BO, 3), "grant"),
    "lower_cap": (MARKET.lower_cap(DROP, TIER, 3), "lowerCap"),
    "set_verifier": (MARKET.set_verifier(DROP, BO), "setVerifier"),
    "pause": (MARKET.pause(DROP, AT), "pause"),
    "unpause": (MARKET.unpause(DROP), "unpause"),
    "postpone": (MARKET.postpone(DROP, AT, AT + 1, AT + 2), "postpone"),
    "cancel_drop": (MARKET.cancel_drop(DROP), "cancelDrop"),
    "fail_drop": (MARKET.fail_drop(DROP), "failDrop"),
    "check_in": (MARKET.check_in(SEAT, AT), "checkIn"),
    "refund": (MARKET.refund(SEAT), "refund"),
    "assert_delivery": (MARKET.assert_delivery(DROP, bytes(32)), "assertDelivery"),
    "object_to": (MARKET.object_to(SEAT), "objectTo"),
    "settle": (MARKET.settle(DROP), "settle"),
    "resolve": (MARKET.resolve(DROP, Bps(2_500)), "resolve"),
    "resolve_by_default": (MARKET.resolve_by_default(DROP), "resolveByDefault"),
    "claim": (MARKET.claim(SEAT), "claim"),
    "collect": (MARKET.collect(SEAT), "collect"),
    "set_platform": (MARKET.set_platform(BO, Bps(250)), "setPlatform"),
    "set_currency": (MARKET.set_currency(COIN, allowed=True), "setCurrency"),
    "set_guardian": (MARKET.set_guardian(BO), "setGuardian"),
    "transfer_ownership": (MARKET.transfer_ownership(BO), "transferOwnership"),
    "accept_ownership": (MARKET.accept_ownership(), "acceptOwnership"),
}
"""Actions that send no ETH, and the functions that they call."""


def called(transaction: PreparedTransaction) -> str:
    """The function that calldata calls."""
    entries = interface_of(ARTIFACT).functions.values()
    return next(one.name for one in entries if one.selector == transaction.data[:4])


def test_every_action_is_looked_at_here() -> None:
    public = {
        name
        for name, value in inspect.getmembers(SeatsActions, inspect.isfunction)
        if not name.startswith("_")
    }
    assert public == {*PRICED, *FREE, "create_drop"}


def test_every_function_that_changes_something_has_an_action() -> None:
    changing = {
        str(one["name"])
        for one in interface_abi()
        if one["type"] == "function" and one["stateMutability"] in {"payable", "nonpayable"}
    }
    # buyFor is the contract's own, ownership is never thrown away, and of the two safe transfers
    # the one without data serves.
    left_out = {"buyFor", "renounceOwnership"}
    named = {function for _, function in FREE.values()} | {
        called(make(ETH)) for make in PRICED.values()
    }
    assert changing - left_out == named | {"createDrop"}


def interface_abi() -> tuple[dict[str, object], ...]:
    return tuple(dict(one) for one in load(ARTIFACT).abi)


@pytest.mark.parametrize("action", sorted(PRICED))
def test_only_eth_goes_with_a_call_and_only_eth_is_called_so(action: str) -> None:
    in_ether, in_coins = PRICED[action](ETH), PRICED[action](COIN)
    assert (in_ether.value, in_coins.value) == (TENTH, 0)
    assert in_ether.data == in_coins.data
    assert "0.1 ETH" in in_ether.summary
    assert "ETH" not in in_coins.summary
    assert f"{TENTH} units of {COIN}" in in_coins.summary


@pytest.mark.parametrize("action", sorted(FREE))
def test_an_action_calls_its_function_and_says_what_for(action: str) -> None:
    transaction, function = FREE[action]
    assert called(transaction) == function
    assert (transaction.to, transaction.value) == (MARKET.address, 0)
    assert "ETH" not in transaction.summary
    assert not transaction.summary.endswith(".")


def test_sums_of_several_currencies_are_told_apart() -> None:
    mints = [
        Minting(request=request(7), payment=TENTH),
        Minting(request=request(8, 2), payment=Wei(50), currency=COIN),
        Minting(request=request(9), payment=TENTH),
    ]
    prepared = MARKET.mint_many(mints)
    assert prepared.value == 2 * TENTH
    assert prepared.summary == (
        "Mint a seat of drop 7 and 2 seats of drop 8 and a seat of drop 9 for 0.2 ETH and "
        f"50 units of {COIN}, all or nothing"
    )


def test_an_approval_that_ends_says_so() -> None:
    assert MARKET.approve(ZERO_ADDRESS, SEAT).summary == f"Let nobody but you move seat {SEAT}"
    assert "no longer" in MARKET.set_approval_for_all(BO, approved=False).summary
    assert MARKET.set_guardian(ZERO_ADDRESS).summary == "Let nobody pause drops for a while"
    assert MARKET.set_verifier(DROP, ZERO_ADDRESS).summary.startswith("Let nobody")


def test_a_decision_tells_both_shares() -> None:
    assert "25% to the holders, 75% to the mentor" in MARKET.resolve(DROP, Bps(2_500)).summary
