from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

import pytest

from marketplace.bindings import events
from marketplace.bindings.addresses import wire_address
from marketplace.bindings.interface import ArgumentUnfit
from marketplace.bindings.reverts import SeatDropsUnknown, SeatTokenUnknown
from marketplace.domain.addresses import ETH, ZERO_ADDRESS
from marketplace.domain.drop import DropState, TransferPolicy
from marketplace.domain.ids import DropId, PhaseIndex, SeatId, TierIndex
from marketplace.domain.money import Bps, Wei, split_sale, toll_of
from marketplace.domain.views import PlatformView, RoyaltyView
from tests.integration.marketplace.world import (
    DAY,
    FEE,
    LIST_PRICE,
    PRICE,
    ROYALTY,
    TOLL,
    Market,
    address_of,
    one,
)

if TYPE_CHECKING:
    from marketplace.bindings.logs import EventLog

TOLL_WEI = toll_of(LIST_PRICE, TOLL)


def test_terms_come_back_as_they_were_offered(market: Market) -> None:
    offer = market.offer()
    overview = market.contract.terms_of(market.create(offer))
    assert overview.terms.state is DropState.LIVE
    assert overview.terms.policy is TransferPolicy.MARKET_ONLY
    assert overview.terms.mentor == overview.terms.payout == address_of("mentor")
    assert overview.terms.currency == ETH
    assert overview.terms.deliver_by == overview.terms.first_deliver_by == offer.terms.deliver_by
    assert overview.terms.fee == FEE
    assert overview.tiers[0].cap == 12
    assert overview.phases[0].price == PRICE


def test_a_minted_seat_is_described(market: Market) -> None:
    drop = market.create()
    seat = market.mint(drop, "cleo", 2)
    view = market.contract.seat_of(seat)
    assert seat == SeatId.of(drop, TierIndex(0), 1)
    assert (view.owner, view.drop, view.number) == (address_of("cleo"), drop, 1)
    assert (view.face, view.toll, view.held, view.locked) == (PRICE, TOLL_WEI, 0, False)
    assert view.movable_from == view.moved_at + DAY
    assert market.contract.owner_of(SeatId(seat + 1)) == address_of("cleo")
    assert market.contract.balance_of(address_of("cleo")) == 2
    assert market.contract.escrow_of(drop) == 2 * PRICE
    assert market.contract.minted_by(drop, PhaseIndex(0), address_of("cleo")) == 2
    assert market.contract.is_locked(seat) is False


def test_a_sale_splits_the_price_to_the_wei(market: Market) -> None:
    seat = market.seat
    price = Wei(PRICE + 7)
    listing = market.listing(seat, "ada", price)
    before = market.web3.eth.get_balance(wire_address(address_of("ada")))
    bought = market.send("bo", market.contract.buy(listing, market.sign(listing, "ada")))
    split = split_sale(price, ROYALTY, TOLL_WEI)
    assert one(market.contract.events_of(bought), events.SeatSold) == events.SeatSold(
        seat, address_of("ada"), address_of("bo"), price, split.royalty
    )
    assert market.contract.held_of(seat) == split.royalty
    assert market.web3.eth.get_balance(wire_address(address_of("ada"))) - before == split.seller_net
    assert market.contract.owner_of(seat) == address_of("bo")
    assert market.contract.seat_of(seat).epoch == 1


def test_a_gift_pays_its_toll(market: Market) -> None:
    seat = market.seat
    market.steering.travel(market.now + 2 * DAY)
    gift = market.contract.transfer(seat, address_of("ada"), address_of("bo"), TOLL_WEI)
    given = market.send("ada", gift)
    assert kinds(market.contract.events_of(given)) == [events.Held, events.Transfer]
    assert market.contract.held_of(seat) == TOLL_WEI
    assert market.contract.owner_of(seat) == address_of("bo")


def test_a_stored_listing_is_bought_without_a_signature(market: Market) -> None:
    seat = market.seat
    listing = market.listing(seat, "ada")
    stored = market.send("ada", market.contract.list_seat(listing))
    assert one(market.contract.events_of(stored), events.ListingStored).expiry == listing.expiry
    market.send("bo", market.contract.buy(listing))
    assert market.contract.owner_of(seat) == address_of("bo")


def test_cancelling_raises_epoch_and_counter(market: Market) -> None:
    seat = market.seat
    cancelled = market.send("ada", market.contract.cancel_listings(seat))
    bumped = market.send("ada", market.contract.bump_counter())
    assert one(market.contract.events_of(cancelled), events.ListingsCancelled).epoch == 1
    counter = one(market.contract.events_of(bumped), events.CounterBumped).counter
    assert market.contract.counter_of(address_of("ada")) == counter > 0


def test_the_platform_is_set_and_handed_over(market: Market) -> None:
    contract = market.contract
    assert contract.platform() == PlatformView(address_of("treasury"), FEE)
    market.send("deployer", contract.set_platform(address_of("payout"), Bps(300)))
    assert contract.platform() == PlatformView(address_of("payout"), Bps(300))
    market.send("deployer", contract.transfer_ownership(address_of("guardian")))
    accepted = market.send("guardian", contract.accept_ownership())
    assert contract.owner() == address_of("guardian")
    assert one(contract.events_of(accepted), events.OwnershipTransferred).new_owner == address_of(
        "guardian"
    )


def test_metadata_is_readable(market: Market) -> None:
    drop = market.create()
    seat = market.mint(drop, "ada")
    described = json.loads(base64.b64decode(market.contract.token_uri(seat).partition(",")[2]))
    assert described["name"] == f"Seat 1, tier 0, drop {drop}"
    collection = json.loads(base64.b64decode(market.contract.contract_uri().partition(",")[2]))
    assert collection["symbol"] == "SEAT"
    share = market.contract.royalty_info(seat, Wei(1_000))
    assert share == RoyaltyView(address_of("mentor"), Wei(100))
    assert market.contract.supports_interface(bytes.fromhex("80ac58cd"))
    assert not market.contract.supports_interface(bytes.fromhex("ffffffff"))


def test_what_does_not_exist_is_a_typed_error(market: Market) -> None:
    with pytest.raises(SeatDropsUnknown) as unknown:
        market.contract.terms_of(DropId(99))
    assert unknown.value == SeatDropsUnknown(DropId(99))
    with pytest.raises(SeatTokenUnknown):
        market.contract.seat_of(SeatId(99_000_001))
    with pytest.raises(SeatTokenUnknown):
        market.contract.owner_of(SeatId(99_000_001))


def test_reads_take_a_block(devnet: Market) -> None:
    before = devnet.web3.eth.block_number
    devnet.create()
    block = devnet.web3.eth.get_block("latest")
    assert devnet.contract.drop_count(before) == 1
    assert devnet.contract.drop_count(bytes(block["hash"])) == 2


def test_an_amount_beyond_its_type_is_refused_before_the_chain(devnet: Market) -> None:
    with pytest.raises(ArgumentUnfit, match="withdraw cannot be called"):
        devnet.contract.withdraw(ZERO_ADDRESS, Wei(-1))


def kinds(found: tuple[EventLog, ...]) -> list[type]:
    return [type(log.event) for log in found]
