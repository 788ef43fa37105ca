// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatEscrow} from "../../../contracts/interfaces/ISeatEscrow.sol";
import {ISeatMarket} from "../../../contracts/interfaces/ISeatMarket.sol";
import {ISeatToken} from "../../../contracts/interfaces/ISeatToken.sol";
import {DropId} from "../../../contracts/types/DropId.sol";
import {MAX_HELD} from "../../../contracts/types/HeldWord.sol";
import {SeatId} from "../../../contracts/types/SeatId.sol";
import {CHECKED_IN, GRANTED, MAX_EPOCH, OBJECTED} from "../../../contracts/types/SeatWord.sol";
import {DropState, Listing, TransferPolicy} from "../../../contracts/types/Terms.sol";
import {DeployedSeats} from "../base/DeployedSeats.sol";
import {NOW, PRICE, Plan, TOLL} from "../base/Plans.sol";
import {SeatsTest} from "../base/SeatsTest.sol";
import {Storage} from "../base/Storage.sol";
import {vm} from "../base/Vm.sol";

/// @dev What makes a listing live or dead. Who may authorise one is in Signatures.t.sol, receivers
/// of the money are in escrow/Payments.t.sol.
contract BuyTest is SeatsTest {
    SeatId internal seat;
    Listing internal listing;

    function setUp() public override {
        super.setUp();
        seat = _mint(alice);
        listing = _listing(seat, 0.04 ether);
    }

    function test_GivenTheSeatDoesNotExist_ItRevertsWithTheSeat() public {
        listing.seat = _seat(2);
        _refused(abi.encodeWithSelector(ISeatToken.SeatToken_Unknown.selector, _seat(2)));
    }

    /// @dev C-21.
    function test_GivenTheSeatWasBurned_ItRevertsWithTheSeat() public {
        vm.warp(NOW + 1);
        vm.prank(alice);
        seats.refund(seat);
        _refused(abi.encodeWithSelector(ISeatToken.SeatToken_Unknown.selector, seat));
    }

    function test_WhenTheSellerIsNotTheOwner_ItRevertsWithBoth() public {
        listing.seller = carol;
        _refused(
            abi.encodeWithSelector(
                ISeatMarket.SeatMarket_SellerNotOwner.selector, seat, carol, alice
            )
        );
    }

    /// @dev C-20.
    function test_GivenTheSeatWentAwayAndCameBack_ItRevertsWithBothEpochs() public {
        bytes memory signature = _sign("alice", listing);
        Listing memory old = listing;
        _buy(bob, old, signature);
        Listing memory back = _listing(seat, 0.04 ether);
        _buy(alice, back, _sign("bob", back));
        vm.assertEq(_ownerOf(seat), alice, "came back");
        _buyRefused(bob, old, signature, _epochPassed(0, 2));
    }

    function test_GivenTheEpochIsInTheFuture_ItRevertsWithBothEpochs() public {
        listing.epoch = 1;
        _refused(_epochPassed(1, 0));
    }

    /// @dev C-36: the lowered listing is the only one left.
    function test_GivenThePriceWasLowered_ItRefusesTheOldPrice() public {
        bytes memory signature = _sign("alice", listing);
        vm.prank(alice);
        seats.cancelListings(seat);
        Listing memory lowered = _listing(seat, 0.03 ether);
        _buyRefused(bob, listing, signature, _epochPassed(0, 1));
        _buy(bob, lowered, _sign("alice", lowered));
    }

    /// @dev C-23.
    function test_GivenTheCounterWasBumped_ItRevertsWithBothCounters() public {
        vm.prank(alice);
        uint256 counter = seats.bumpCounter();
        _refused(
            abi.encodeWithSelector(ISeatMarket.SeatMarket_CounterPassed.selector, alice, 0, counter)
        );
    }

    /// @dev C-24.
    function test_GivenTheTermsHaveChanged_ItRevertsWithBothVersions() public {
        Storage.setTermsVersion(seats, drop, 1);
        _refused(abi.encodeWithSelector(ISeatMarket.SeatMarket_TermsChanged.selector, seat, 0, 1));
    }

    /// @dev C-25.
    function test_WhenItHasExpired_ItRevertsWithBothTimes() public {
        bytes memory signature = _sign("alice", listing);
        vm.warp(listing.expiry + 1);
        _buyRefused(
            bob,
            listing,
            signature,
            abi.encodeWithSelector(
                ISeatMarket.SeatMarket_ListingExpired.selector, listing.expiry, listing.expiry + 1
            )
        );
        vm.warp(listing.expiry);
        _buy(bob, listing, signature);
    }

    function test_WhenItExpiresLaterThan30Days_ItRevertsWithTheLatest() public {
        listing.expiry = NOW + 30 days + 1;
        _refused(
            abi.encodeWithSelector(
                ISeatMarket.SeatMarket_ExpiryTooFar.selector, NOW + 30 days + 1, NOW + 30 days
            )
        );
        listing.expiry = NOW + 30 days;
        _accepted();
    }

    /// @dev C-29.
    function test_GivenAPrivateTaker_ItRefusesEverybodyElse() public {
        listing.taker = carol;
        bytes memory signature = _sign("alice", listing);
        _buyRefused(
            bob,
            listing,
            signature,
            abi.encodeWithSelector(ISeatMarket.SeatMarket_NotTheTaker.selector, carol, bob)
        );
        _buy(carol, listing, signature);
        vm.assertEq(_ownerOf(seat), carol, "owner");
    }

    /// @dev C-26.
    function test_WhenTheSellerBuys_ItRevertsWithTheAccount() public {
        _buyRefused(
            alice,
            listing,
            _sign("alice", listing),
            abi.encodeWithSelector(ISeatMarket.SeatMarket_SellerIsBuyer.selector, alice)
        );
    }

    function test_GivenSellingIsPaused_ItRevertsUntilThatSecondIsOver() public {
        Storage.setPausedUntil(seats, drop, NOW + 100);
        bytes memory signature = _sign("alice", listing);
        vm.warp(NOW + 100);
        _buyRefused(
            bob,
            listing,
            signature,
            abi.encodeWithSelector(ISeatMarket.SeatMarket_Paused.selector, drop, NOW + 100)
        );
        vm.warp(NOW + 101);
        _buy(bob, listing, signature);
    }

    function test_GivenTheSeatIsLocked_ItRevertsWithTheSeat() public {
        Storage.setFlags(seats, seat, CHECKED_IN);
        _refused(abi.encodeWithSelector(ISeatToken.SeatToken_Locked.selector, seat));
    }

    function test_GivenTheSeatIsBound_ItRevertsWithTheSeat() public {
        Plan memory plan = _plan();
        plan.terms.policy = TransferPolicy.BOUND;
        seat = _mintIn(_create(plan), alice);
        listing = _listing(seat, 0.04 ether);
        _refused(abi.encodeWithSelector(ISeatToken.SeatToken_Bound.selector, seat));
    }

    /// @dev C-37.
    function test_WhenALiveDropIsOverdue_ItRevertsWithTheDeadline() public {
        vm.warp(NOW + 45 days);
        listing.expiry = NOW + 50 days;
        bytes memory signature = _sign("alice", listing);
        vm.warp(NOW + 45 days + 1);
        _buyRefused(
            bob,
            listing,
            signature,
            abi.encodeWithSelector(
                ISeatToken.SeatToken_DeliveryOverdue.selector, drop, NOW + 45 days
            )
        );
        vm.warp(NOW + 45 days);
        _buy(bob, listing, signature);
    }

    /// @dev C-37.
    function test_GivenTheDropIsInDisputeOrOverWithoutSuccess_ItRevertsWithTheState() public {
        DropState[4] memory immovable =
            [DropState.DISPUTED_WIDE, DropState.SPLIT_WIDE, DropState.CANCELLED, DropState.FAILED];
        for (uint256 i; i < immovable.length; ++i) {
            DropState state = immovable[i];
            Storage.setState(seats, drop, state);
            _refused(
                abi.encodeWithSelector(ISeatToken.SeatToken_DropImmovable.selector, drop, state)
            );
        }
    }

    /// @dev What was asserted in time is not overdue, however long the challenges take.
    function test_GivenTheDropIsAsserted_ItSellsTheSeatEvenAfterTheDeadline() public {
        Storage.setState(seats, drop, DropState.ASSERTED);
        vm.warp(NOW + 45 days + 1);
        listing.expiry = NOW + 46 days;
        _accepted();
    }

    function test_GivenTheDropIsSettled_ItSellsTheSeat() public {
        Storage.setState(seats, drop, DropState.SETTLED);
        vm.warp(NOW + 500 days);
        listing.expiry = NOW + 501 days;
        _accepted();
    }

    /// @dev In a narrow dispute only the objectors' seats stay where they are.
    function test_GivenANarrowDispute_ItSellsSeatsThatDidNotObject() public {
        Storage.setState(seats, drop, DropState.DISPUTED_NARROW);
        Storage.setFlags(seats, seat, OBJECTED);
        _refused(abi.encodeWithSelector(ISeatToken.SeatToken_Locked.selector, seat));
        Storage.setFlags(seats, seat, 0);
        _accepted();
    }

    function test_GivenADecidedNarrowDispute_ItSellsSeatsThatDidNotObject() public {
        Storage.setState(seats, drop, DropState.SPLIT_NARROW);
        Storage.setFlags(seats, seat, OBJECTED);
        _refused(abi.encodeWithSelector(ISeatToken.SeatToken_Locked.selector, seat));
        Storage.setFlags(seats, seat, 0);
        _accepted();
    }

    /// @dev C-86.
    function test_GivenTheSeatWasGranted_ItRevertsWithTheSeat() public {
        Storage.setFlags(seats, seat, GRANTED);
        _refused(abi.encodeWithSelector(ISeatMarket.SeatMarket_Granted.selector, seat));
    }

    /// @dev C-27, C-84.
    function test_WhenThePriceIsBelowTheToll_ItRevertsWithTheBounds() public {
        listing.price = 0;
        _refused(_outOfBounds(0, TOLL, PRICE));
        listing.price = 1;
        _refused(_outOfBounds(1, TOLL, PRICE));
        listing.price = TOLL - 1;
        _refused(_outOfBounds(TOLL - 1, TOLL, PRICE));
        listing.price = TOLL;
        _accepted();
        vm.assertEq(seats.heldOf(seat), TOLL, "everything is royalty");
    }

    /// @dev C-28.
    function test_WhenThePriceIsAboveTheCap_ItRevertsWithTheBounds() public {
        listing.price = PRICE + 1;
        _refused(_outOfBounds(PRICE + 1, TOLL, PRICE));
        listing.price = type(uint128).max;
        vm.deal(bob, type(uint128).max);
        _refused(_outOfBounds(type(uint128).max, TOLL, PRICE));
        listing.price = PRICE;
        _accepted();
    }

    function test_GivenTheDropHasNoToll_ItStillRefusesAPriceOfZero() public {
        Plan memory plan = _plan();
        plan.terms.toll = 0;
        seat = _mintIn(_create(plan), alice);
        listing = _listing(seat, 0);
        _refused(_outOfBounds(0, 1, PRICE));
        listing.price = 1;
        _accepted();
        vm.assertEq(seats.heldOf(seat), 0, "10% of a wei, rounded down");
    }

    function test_GivenTheDropForbidsResale_ItRefusesEveryPrice() public {
        Plan memory plan = _plan();
        plan.terms.resaleCap = 0;
        seat = _mintIn(_create(plan), alice);
        listing = _listing(seat, TOLL);
        _refused(_outOfBounds(TOLL, TOLL, 0));
    }

    /// @dev C-50.
    function test_WhenThePaymentIsOneWeiOff_ItRevertsWithBothAmounts() public {
        bytes memory signature = _sign("alice", listing);
        for (uint256 paid = listing.price - 1; paid <= listing.price + 1; paid += 2) {
            vm.prank(bob);
            vm.expectRevert(
                abi.encodeWithSelector(
                    ISeatMarket.SeatMarket_WrongPayment.selector, listing.price, paid
                )
            );
            seats.buy{value: paid}(listing, signature);
        }
    }

    function test_GivenMoreWaitsThanCanBeCounted_ItRevertsWithTheAmounts() public {
        Storage.setHeld(seats, seat, MAX_HELD);
        _refused(
            abi.encodeWithSelector(
                ISeatEscrow.SeatEscrow_HeldTooLarge.selector, seat, MAX_HELD, 0.004 ether
            )
        );
    }

    function test_GivenTheEpochIsAtItsMaximum_ItRevertsWithTheSeat() public {
        Storage.setEpoch(seats, seat, MAX_EPOCH);
        listing.epoch = MAX_EPOCH;
        _refused(abi.encodeWithSelector(ISeatToken.SeatToken_EpochExhausted.selector, seat));
    }

    function test_WhenThePaymentMatches_ItMovesTheSeatAndPaysTheSeller() public {
        uint256 before = alice.balance;
        vm.warp(NOW + 60);
        _accepted();
        vm.assertEq(_ownerOf(seat), bob, "owner");
        vm.assertEq(seats.balanceOf(alice), 0, "balance of alice");
        vm.assertEq(seats.balanceOf(bob), 1, "balance of bob");
        vm.assertEq(alice.balance - before, 0.036 ether, "seller");
        vm.assertEq(seats.heldOf(seat), 0.004 ether, "held");
        vm.assertEq(seats.seatOf(seat).epoch, 1, "epoch");
        vm.assertEq(seats.seatOf(seat).movedAt, NOW + 60, "moved at");
        vm.assertEq(address(seats).balance, PRICE + 0.004 ether, "contract");
    }

    function test_WhenThePaymentMatches_ItPublishesSaleAndTransfer() public {
        bytes memory signature = _sign("alice", listing);
        vm.expectEmit(address(seats));
        emit ISeatMarket.SeatSold(seat, alice, bob, 0.04 ether, 0.004 ether);
        vm.expectEmit(address(seats));
        emit DeployedSeats.Transfer(alice, bob, SeatId.unwrap(seat));
        _buy(bob, listing, signature);
    }

    /// @dev C-56: the royalties of ten resales wait together, to the wei.
    function test_GivenTenResales_ItHoldsEveryRoyalty() public {
        uint256 expected;
        for (uint256 i; i < 10; ++i) {
            uint256 price = 0.03 ether + i * 1_234_567;
            (address seller, address buyer) = i % 2 == 0 ? (alice, bob) : (bob, alice);
            Listing memory next = _listing(seat, price);
            uint256 before = seller.balance;
            _buy(buyer, next, _sign(i % 2 == 0 ? "alice" : "bob", next));
            expected += price / 10;
            vm.assertEq(seller.balance - before, price - price / 10, "seller");
        }
        vm.assertEq(seats.heldOf(seat), expected, "held");
        vm.assertEq(address(seats).balance, PRICE + expected, "contract");
    }

    /// @dev C-51.
    function testFuzz_WhenThePriceIsAny_ItConservesEveryWei(
        uint16 royalty,
        uint16 toll,
        uint80 listPrice,
        uint256 price
    ) public {
        vm.assume(listPrice != 0);
        Plan memory plan = _plan();
        plan.terms.royalty = royalty % 2001;
        plan.terms.toll = toll % 2001;
        plan.tiers[0].listPrice = listPrice;
        plan.phases[0].price = listPrice;
        DropId where = _create(plan);
        uint256 owedToll = plan.terms.toll * listPrice / 10_000;
        uint256 least = owedToll == 0 ? 1 : owedToll;
        listing = _listing(_mintFor(where, listPrice), least + price % (listPrice - least + 1));
        uint256 before = alice.balance;
        vm.deal(bob, listing.price);
        _accepted();
        uint256 royaltyPaid = listing.price * plan.terms.royalty / 10_000;
        if (royaltyPaid < owedToll) royaltyPaid = owedToll;
        vm.assertEq(seats.heldOf(listing.seat), royaltyPaid, "royalty");
        vm.assertEq(alice.balance - before, listing.price - royaltyPaid, "seller");
        vm.assertEq(bob.balance, 0, "buyer");
    }

    function _mintFor(DropId where, uint256 price) private returns (SeatId) {
        vm.deal(alice, price);
        vm.prank(alice);
        return seats.mint{value: price}(_requestFor(where, price), "");
    }

    function _accepted() private {
        _buy(bob, listing, _sign("alice", listing));
    }

    function _refused(bytes memory expected) private {
        _buyRefused(bob, listing, _sign("alice", listing), expected);
    }

    function _epochPassed(uint256 listed, uint256 current) private view returns (bytes memory) {
        return
            abi.encodeWithSelector(
                ISeatMarket.SeatMarket_EpochPassed.selector, seat, listed, current
            );
    }

    function _outOfBounds(uint256 price, uint256 least, uint256 most)
        private
        pure
        returns (bytes memory)
    {
        return abi.encodeWithSelector(
            ISeatMarket.SeatMarket_PriceOutOfBounds.selector, price, least, most
        );
    }
}
