// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatEscrow} from "../../../contracts/interfaces/ISeatEscrow.sol";
import {ISeatMarket} from "../../../contracts/interfaces/ISeatMarket.sol";
import {ISeatOffers} from "../../../contracts/interfaces/ISeatOffers.sol";
import {ISeatToken} from "../../../contracts/interfaces/ISeatToken.sol";
import {MAX_HELD} from "../../../contracts/types/HeldWord.sol";
import {SeatId} from "../../../contracts/types/SeatId.sol";
import {CHECKED_IN, GRANTED, MAX_EPOCH, OBJECTED} from "../../../contracts/types/SeatWord.sol";
import {DropState, Listing, SeatOffer, TransferPolicy} from "../../../contracts/types/Terms.sol";
import {DeployedSeats} from "../base/DeployedSeats.sol";
import {NOW, PRICE, Plan, TOLL} from "../base/Plans.sol";
import {Storage} from "../base/Storage.sol";
import {vm} from "../base/Vm.sol";
import {OffersTest} from "./OffersTest.sol";

/// @dev What is paid is in OfferPayments.t.sol, who may sign in OfferSignatures.t.sol.
contract AcceptSeatOfferTest is OffersTest {
    SeatOffer internal offer;

    function setUp() public override {
        super.setUp();
        offer = _seatOffer(seat, BID);
    }

    function test_GivenTheSeatDoesNotExist_ItRevertsWithTheSeat() public {
        offer.seat = _seat(2);
        _refused(offer, abi.encodeWithSelector(ISeatToken.SeatToken_Unknown.selector, _seat(2)));
    }

    /// @dev C-31.
    function test_GivenTheSeatWentAwayAndCameBack_ItRevertsWithBothEpochs() public {
        _sell("alice", carol);
        _sell("carol", alice);
        vm.assertEq(_ownerOf(seat), alice, "came back");
        _refused(offer, _epochPassed(0, 2));
    }

    /// @dev C-31.
    function test_GivenTheSeatIsAnothersNow_ItRevertsWithBothEpochs() public {
        _sell("alice", carol);
        bytes memory signature = _signOffer("bob", offer);
        vm.prank(carol);
        vm.expectRevert(_epochPassed(0, 1));
        seats.acceptSeatOffer(offer, signature);
    }

    function test_GivenTheOwnerCancelledListings_ItRevertsWithBothEpochs() public {
        vm.prank(alice);
        seats.cancelListings(seat);
        _refused(offer, _epochPassed(0, 1));
    }

    function test_GivenTheBuyerBumpedTheirCounter_ItRevertsWithBothCounters() public {
        vm.prank(bob);
        uint256 counter = seats.bumpCounter();
        _refused(
            offer,
            abi.encodeWithSelector(ISeatMarket.SeatMarket_CounterPassed.selector, bob, 0, counter)
        );
        // The seller's own counter is about what the seller signed.
        offer.counter = counter;
        vm.prank(alice);
        seats.bumpCounter();
        _accepted();
    }

    /// @dev C-24.
    function test_GivenTheTermsHaveChanged_ItRevertsWithBothVersions() public {
        Storage.setTermsVersion(seats, drop, 1);
        _refused(
            offer, abi.encodeWithSelector(ISeatMarket.SeatMarket_TermsChanged.selector, seat, 0, 1)
        );
        offer.termsVersion = 1;
        _accepted();
    }

    /// @dev C-25.
    function test_WhenItHasExpired_ItRevertsWithBothTimes() public {
        vm.warp(offer.expiry + 1);
        _refused(
            offer,
            abi.encodeWithSelector(
                ISeatMarket.SeatMarket_ListingExpired.selector, offer.expiry, offer.expiry + 1
            )
        );
        vm.warp(offer.expiry);
        _accepted();
    }

    function test_GivenAnOfferOfTheSameNonceWasFilled_ItRevertsWithTheNonce() public {
        SeatOffer memory other = _seatOffer(_mint(alice), BID);
        _accept(other);
        _refused(offer, _spent(bob, 0));
        offer.nonce = 1;
        _accepted();
    }

    function test_GivenTheNonceWasCancelled_ItRevertsWithTheNonce() public {
        offer.nonce = 77;
        vm.prank(bob);
        seats.cancelOffer(77);
        _refused(offer, _spent(bob, 77));
    }

    function test_GivenTheEpochIsInTheFuture_ItRevertsWithBothEpochs() public {
        offer.epoch = 1;
        _refused(offer, _epochPassed(1, 0));
    }

    function test_WhenItExpiresLaterThan30Days_ItRevertsWithTheLatest() public {
        offer.expiry = NOW + 30 days + 1;
        _refused(
            offer,
            abi.encodeWithSelector(
                ISeatMarket.SeatMarket_ExpiryTooFar.selector, NOW + 30 days + 1, NOW + 30 days
            )
        );
        offer.expiry = NOW + 30 days;
        _accepted();
    }

    function test_WhenTheCallerIsNotTheOwner_ItRevertsWithCallerAndOwner() public {
        bytes memory signature = _signOffer("bob", offer);
        vm.prank(carol);
        vm.expectRevert(_notOwner(carol));
        seats.acceptSeatOffer(offer, signature);
    }

    /// @dev Who may move an open seat may still not sell it here in the owner's name.
    function test_GivenAnOpenDrop_ItRefusesApprovedAccountsAndOperators() public {
        _openSeat();
        vm.startPrank(alice);
        seats.approve(carol, SeatId.unwrap(seat));
        seats.setApprovalForAll(carol, true);
        vm.stopPrank();
        bytes memory signature = _signOffer("bob", offer);
        vm.prank(carol);
        vm.expectRevert(_notOwner(carol));
        seats.acceptSeatOffer(offer, signature);
    }

    /// @dev C-26.
    function test_WhenTheBuyerIsTheSeller_ItRevertsWithTheAccount() public {
        seat = _mint(bob);
        offer = _seatOffer(seat, BID);
        bytes memory signature = _signOffer("bob", offer);
        vm.prank(bob);
        vm.expectRevert(abi.encodeWithSelector(ISeatMarket.SeatMarket_SellerIsBuyer.selector, bob));
        seats.acceptSeatOffer(offer, signature);
    }

    function test_GivenTheDropIsNotLive_ItRevertsWithTheState() public {
        for (uint256 i = uint256(DropState.ASSERTED); i <= uint256(DropState.FAILED); ++i) {
            Storage.setState(seats, drop, DropState(i));
            _refused(offer, _closed(drop, DropState(i)));
        }
        Storage.setState(seats, drop, DropState.LIVE);
        _accepted();
    }

    function test_WhenTheDropHasEnded_ItRevertsFromTheSecondAfter() public {
        offer.expiry = NOW + 45 days;
        vm.warp(NOW + 38 days + 1);
        _refused(offer, _closed(drop, DropState.LIVE));
        vm.warp(NOW + 38 days);
        _accepted();
    }

    function test_GivenSellingIsPaused_ItRevertsUntilThatSecondIsOver() public {
        Storage.setPausedUntil(seats, drop, NOW + 100);
        vm.warp(NOW + 100);
        _refused(
            offer, abi.encodeWithSelector(ISeatMarket.SeatMarket_Paused.selector, drop, NOW + 100)
        );
        vm.warp(NOW + 101);
        _accepted();
    }

    function test_GivenTheSeatIsLocked_ItRevertsWithTheSeat() public {
        bytes memory expected = abi.encodeWithSelector(ISeatToken.SeatToken_Locked.selector, seat);
        Storage.setFlags(seats, seat, CHECKED_IN);
        _refused(offer, expected);
        Storage.setFlags(seats, seat, OBJECTED);
        _refused(offer, expected);
    }

    function test_GivenTheSeatIsBound_ItRevertsWithTheSeat() public {
        Plan memory plan = _plan();
        plan.terms.policy = TransferPolicy.BOUND;
        offer = _seatOffer(_mintIn(_create(plan), alice), BID);
        _refused(offer, abi.encodeWithSelector(ISeatToken.SeatToken_Bound.selector, offer.seat));
    }

    /// @dev C-86.
    function test_GivenTheSeatWasGranted_ItRevertsWithTheSeat() public {
        Storage.setFlags(seats, seat, GRANTED);
        _refused(offer, abi.encodeWithSelector(ISeatMarket.SeatMarket_Granted.selector, seat));
    }

    function test_GivenTheEpochIsAtItsMaximum_ItRevertsWithTheSeat() public {
        Storage.setEpoch(seats, seat, MAX_EPOCH);
        offer.epoch = MAX_EPOCH;
        _refused(offer, abi.encodeWithSelector(ISeatToken.SeatToken_EpochExhausted.selector, seat));
        vm.assertFalse(seats.isOfferSpent(bob, 0), "spent");
    }

    function test_GivenMoreWaitsThanCanBeCounted_ItRevertsWithTheAmounts() public {
        Storage.setHeld(seats, seat, MAX_HELD - ROYALTY + 1);
        _refused(
            offer,
            abi.encodeWithSelector(
                ISeatEscrow.SeatEscrow_HeldTooLarge.selector, seat, MAX_HELD - ROYALTY + 1, ROYALTY
            )
        );
        Storage.setHeld(seats, seat, MAX_HELD - ROYALTY);
        _accepted();
        vm.assertEq(seats.heldOf(seat), MAX_HELD, "held");
    }

    /// @dev C-27, C-84.
    function test_WhenThePriceIsBelowTheToll_ItRevertsWithTheBounds() public {
        uint256[3] memory low = [uint256(0), 1, TOLL - 1];
        for (uint256 i; i < low.length; ++i) {
            offer.price = low[i];
            _refused(offer, _outOfBounds(low[i], TOLL, PRICE));
        }
        offer.price = TOLL;
        _accepted();
    }

    /// @dev C-28.
    function test_WhenThePriceIsAboveTheCap_ItRevertsWithTheBounds() public {
        offer.price = PRICE + 1;
        _refused(offer, _outOfBounds(PRICE + 1, TOLL, PRICE));
        offer.price = type(uint256).max;
        _refused(offer, _outOfBounds(type(uint256).max, TOLL, PRICE));
        offer.price = PRICE;
        _accepted();
    }

    function test_GivenTheDropHasNoToll_ItStillRefusesAPriceOfZero() public {
        _openSeat();
        offer.price = 0;
        _refused(offer, _outOfBounds(0, 1, PRICE));
        offer.price = 1;
        _accepted();
    }

    function test_GivenTheDropForbidsResale_ItRefusesEveryPrice() public {
        Plan memory plan = _plan();
        plan.terms.resaleCap = 0;
        seat = _mintIn(_create(plan), alice);
        offer = _seatOffer(seat, TOLL);
        _refused(offer, _outOfBounds(TOLL, TOLL, 0));
    }

    function test_WhenEtherComesWithTheCall_ItIsRefused() public {
        bytes memory call_ =
            abi.encodeCall(ISeatOffers.acceptSeatOffer, (offer, _signOffer("bob", offer)));
        vm.prank(alice);
        (bool accepted,) = address(seats).call{value: 1}(call_);
        vm.assertFalse(accepted, "accepted");
        _accepted();
    }

    function test_GivenTheOfferIsAlive_ItMovesTheSeat() public {
        vm.warp(NOW + 60);
        _accepted();
        vm.assertEq(seats.balanceOf(alice), 0, "balance of alice");
        vm.assertEq(seats.balanceOf(bob), 1, "balance of bob");
        vm.assertEq(seats.seatOf(seat).epoch, 1, "epoch");
        vm.assertEq(seats.seatOf(seat).movedAt, NOW + 60, "moved at");
        vm.assertEq(seats.seatOf(seat).face, PRICE, "the face goes with the seat");
    }

    function test_GivenTheOfferIsAlive_ItSpendsTheNonce() public {
        offer.nonce = 300;
        vm.assertFalse(seats.isOfferSpent(bob, 300), "before");
        _accepted();
        vm.assertTrue(seats.isOfferSpent(bob, 300), "after");
        vm.assertFalse(seats.isOfferSpent(bob, 299), "one lower");
        vm.assertFalse(seats.isOfferSpent(bob, 301), "one higher");
        vm.assertFalse(seats.isOfferSpent(alice, 300), "of the seller");
    }

    function test_GivenTheOfferIsAlive_ItPublishesOfferAndSaleAndTransfer() public {
        offer.nonce = 5;
        bytes memory signature = _signOffer("bob", offer);
        vm.expectEmit(address(seats));
        emit ISeatOffers.OfferFilled(bob, seat, 5);
        vm.expectEmit(address(seats));
        emit ISeatMarket.SeatSold(seat, alice, bob, BID, ROYALTY);
        vm.expectEmit(address(seats));
        emit DeployedSeats.Transfer(alice, bob, SeatId.unwrap(seat));
        vm.prank(alice);
        seats.acceptSeatOffer(offer, signature);
    }

    function test_GivenTheOfferIsAlive_ItEndsTheApprovalOfAnOpenSeat() public {
        _openSeat();
        vm.prank(alice);
        seats.approve(carol, SeatId.unwrap(seat));
        _accepted();
        vm.assertEq(seats.getApproved(SeatId.unwrap(seat)), address(0), "approved");
    }

    function _openSeat() private {
        Plan memory plan = _plan();
        plan.terms.policy = TransferPolicy.OPEN;
        (plan.terms.toll, plan.terms.giftCooldown) = (0, 0);
        seat = _mintIn(_create(plan), alice);
        offer = _seatOffer(seat, BID);
    }

    function _accepted() private {
        _accept(offer);
        vm.assertEq(_ownerOf(offer.seat), bob, "owner");
    }

    function _sell(string memory seller, address buyer) private {
        Listing memory listing = _listing(seat, BID);
        _buy(buyer, listing, _sign(seller, listing));
    }

    function _notOwner(address caller) private view returns (bytes memory) {
        return
            abi.encodeWithSelector(
                ISeatMarket.SeatMarket_SellerNotOwner.selector, seat, caller, alice
            );
    }

    function _epochPassed(uint256 offered, uint256 current) private view returns (bytes memory) {
        return
            abi.encodeWithSelector(
                ISeatMarket.SeatMarket_EpochPassed.selector, seat, offered, current
            );
    }
}
