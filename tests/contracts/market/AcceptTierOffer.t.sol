// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatMarket} from "../../../contracts/interfaces/ISeatMarket.sol";
import {ISeatOffers} from "../../../contracts/interfaces/ISeatOffers.sol";
import {ISeatToken} from "../../../contracts/interfaces/ISeatToken.sol";
import {DropId} from "../../../contracts/types/DropId.sol";
import {SeatId, toSeatId} from "../../../contracts/types/SeatId.sol";
import {CHECKED_IN, GRANTED, MAX_EPOCH} from "../../../contracts/types/SeatWord.sol";
import {
    DropState,
    Listing,
    MintRequest,
    SeatOffer,
    TierOffer,
    TransferPolicy
} from "../../../contracts/types/Terms.sol";
import {DeployedSeats} from "../base/DeployedSeats.sol";
import {NOW, PRICE, Plan, Plans, TOLL} from "../base/Plans.sol";
import {Storage} from "../base/Storage.sol";
import {vm} from "../base/Vm.sol";
import {OffersTest} from "./OffersTest.sol";

contract AcceptTierOfferTest is OffersTest {
    using Plans for Plan;

    uint256 private constant EARLY = PRICE - 1;

    TierOffer internal offer;

    function setUp() public override {
        super.setUp();
        offer = _tierOffer(drop, BID);
    }

    /// @dev Two tiers; the third phase sells the first tier for a wei less.
    function _plan() internal view override returns (Plan memory plan) {
        plan = Plans.ordinary(resolver).withTiers(2).withPhases(3);
        plan.phases[1].tier = 1;
        plan.phases[2].price = EARLY;
    }

    function test_GivenTheSeatDoesNotExist_ItRevertsWithTheSeat() public {
        _refused(
            offer, _seat(2), abi.encodeWithSelector(ISeatToken.SeatToken_Unknown.selector, _seat(2))
        );
    }

    function test_WhenTheSeatIsOfAnotherDrop_ItRevertsWithWhatWasAskedFor() public {
        SeatId other = _mintIn(_create(_plan()), alice);
        _refused(offer, other, _forAnother(other, drop, 0));
    }

    function test_WhenTheSeatIsOfAnotherTier_ItRevertsWithWhatWasAskedFor() public {
        SeatId other = _mintAt(1, PRICE);
        vm.assertEq(SeatId.unwrap(other), SeatId.unwrap(toSeatId(drop, 1, 1)), "tier");
        _refused(offer, other, _forAnother(other, drop, 0));
        offer.tier = 1;
        _refused(offer, seat, _forAnother(seat, drop, 1));
        _accept(offer, other);
        vm.assertEq(_ownerOf(other), bob, "owner");
    }

    /// @dev C-32: a cheaper face gives a smaller refund.
    function test_WhenTheFaceIsLowerThanAsked_ItRevertsWithBothFaces() public {
        SeatId early = _mintAt(2, EARLY);
        _refused(offer, early, _faceTooLow(early, EARLY));
        offer.leastFace = EARLY;
        _accept(offer, early);
        vm.assertEq(_ownerOf(early), bob, "owner");
    }

    /// @dev C-86: whatever face was asked for, a granted seat is not sold.
    function test_WhenTheSeatWasGranted_ItHasNoFace() public {
        Storage.setFlags(seats, seat, GRANTED);
        offer.leastFace = 1;
        _refused(
            offer,
            seat,
            abi.encodeWithSelector(ISeatMarket.SeatMarket_FaceTooLow.selector, seat, 0, 1)
        );
        offer.leastFace = 0;
        _refused(offer, seat, abi.encodeWithSelector(ISeatMarket.SeatMarket_Granted.selector, seat));
    }

    /// @dev C-30: the allowance would pay for all of them.
    function test_GivenTenSellersAndAnAllowanceForAll_ItIsFilledOnce() public {
        bytes memory signature = _signOffer("bob", offer);
        for (uint256 i; i < 10; ++i) {
            address seller = _account(string(abi.encodePacked("seller ", bytes1(uint8(48 + i)))));
            SeatId sold = _mint(seller);
            vm.prank(seller);
            if (i != 0) vm.expectRevert(_spent(bob, 0));
            seats.acceptTierOffer(offer, sold, signature);
            vm.assertEq(_ownerOf(sold), i == 0 ? bob : seller, "owner");
        }
        vm.assertEq(seats.balanceOf(bob), 1, "seats");
        vm.assertEq(wrapped.balanceOf(bob), 10 ether - BID, "paid once");
        vm.assertEq(wrapped.allowance(bob, address(seats)), 10 ether - BID, "allowed still");
    }

    function test_GivenTheNonceWasCancelled_ItRevertsWithTheNonce() public {
        vm.prank(bob);
        seats.cancelOffer(0);
        _refused(offer, seat, _spent(bob, 0));
    }

    /// @dev One bitmap for both kinds.
    function test_GivenASeatOfferOfTheSameNonceWasFilled_ItRevertsWithTheNonce() public {
        SeatId other = _mint(alice);
        _accept(_seatOffer(other, BID));
        _refused(offer, seat, _spent(bob, 0));
    }

    function test_GivenTheBuyerBumpedTheirCounter_ItRevertsWithBothCounters() public {
        vm.prank(bob);
        uint256 counter = seats.bumpCounter();
        _refused(
            offer,
            seat,
            abi.encodeWithSelector(ISeatMarket.SeatMarket_CounterPassed.selector, bob, 0, counter)
        );
        offer.counter = counter;
        _accepted();
    }

    function test_GivenTheTermsHaveChanged_ItRevertsWithBothVersions() public {
        Storage.setTermsVersion(seats, drop, 1);
        _refused(
            offer,
            seat,
            abi.encodeWithSelector(ISeatMarket.SeatMarket_TermsChanged.selector, seat, 0, 1)
        );
    }

    function test_WhenItHasExpired_ItRevertsWithBothTimes() public {
        vm.warp(offer.expiry + 1);
        _refused(
            offer,
            seat,
            abi.encodeWithSelector(
                ISeatMarket.SeatMarket_ListingExpired.selector, offer.expiry, offer.expiry + 1
            )
        );
        vm.warp(offer.expiry);
        _accepted();
    }

    function test_WhenItExpiresLaterThan30Days_ItRevertsWithTheLatest() public {
        offer.expiry = NOW + 30 days + 1;
        _refused(
            offer,
            seat,
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
        vm.expectRevert(
            abi.encodeWithSelector(
                ISeatMarket.SeatMarket_SellerNotOwner.selector, seat, carol, alice
            )
        );
        seats.acceptTierOffer(offer, seat, signature);
    }

    function test_WhenTheBuyerIsTheSeller_ItRevertsWithTheAccount() public {
        SeatId own = _mint(bob);
        bytes memory signature = _signOffer("bob", offer);
        vm.prank(bob);
        vm.expectRevert(abi.encodeWithSelector(ISeatMarket.SeatMarket_SellerIsBuyer.selector, bob));
        seats.acceptTierOffer(offer, own, signature);
    }

    function test_GivenTheDropIsNotLive_ItRevertsWithTheState() public {
        for (uint256 i = uint256(DropState.ASSERTED); i <= uint256(DropState.FAILED); ++i) {
            Storage.setState(seats, drop, DropState(i));
            _refused(offer, seat, _closed(drop, DropState(i)));
        }
    }

    function test_WhenTheDropHasEnded_ItRevertsFromTheSecondAfter() public {
        offer.expiry = NOW + 45 days;
        vm.warp(NOW + 38 days + 1);
        _refused(offer, seat, _closed(drop, DropState.LIVE));
        vm.warp(NOW + 38 days);
        _accepted();
    }

    function test_GivenSellingIsPaused_ItRevertsUntilThatSecondIsOver() public {
        Storage.setPausedUntil(seats, drop, NOW + 100);
        vm.warp(NOW + 100);
        _refused(
            offer,
            seat,
            abi.encodeWithSelector(ISeatMarket.SeatMarket_Paused.selector, drop, NOW + 100)
        );
        vm.warp(NOW + 101);
        _accepted();
    }

    function test_GivenTheSeatIsLocked_ItRevertsWithTheSeat() public {
        Storage.setFlags(seats, seat, CHECKED_IN);
        _refused(offer, seat, abi.encodeWithSelector(ISeatToken.SeatToken_Locked.selector, seat));
    }

    function test_GivenTheSeatIsBound_ItRevertsWithTheSeat() public {
        Plan memory plan = _plan();
        plan.terms.policy = TransferPolicy.BOUND;
        offer.drop = _create(plan);
        SeatId bound = _mintIn(offer.drop, alice);
        _refused(offer, bound, abi.encodeWithSelector(ISeatToken.SeatToken_Bound.selector, bound));
    }

    function test_GivenTheEpochIsAtItsMaximum_ItRevertsWithTheSeat() public {
        Storage.setEpoch(seats, seat, MAX_EPOCH);
        _refused(
            offer, seat, abi.encodeWithSelector(ISeatToken.SeatToken_EpochExhausted.selector, seat)
        );
    }

    function test_WhenThePriceIsOutOfBounds_ItRevertsWithTheBounds() public {
        uint256[4] memory wrong = [uint256(0), TOLL - 1, PRICE + 1, type(uint256).max];
        for (uint256 i; i < wrong.length; ++i) {
            offer.price = wrong[i];
            _refused(offer, seat, _outOfBounds(wrong[i], TOLL, PRICE));
        }
        // Each seat's own face bounds it, not the tier's list price.
        SeatId early = _mintAt(2, EARLY);
        (offer.price, offer.leastFace) = (PRICE, 0);
        _refused(offer, early, _outOfBounds(PRICE, TOLL, EARLY));
        _accepted();
    }

    function test_GivenTheOfferIsAlive_ItTakesAnySeatOfTheTier() public {
        SeatId second = _mint(alice);
        _accept(offer, second);
        vm.assertEq(_ownerOf(second), bob, "owner");
        vm.assertEq(_ownerOf(seat), alice, "the other seat");
        vm.assertEq(seats.seatOf(second).epoch, 1, "epoch");
        vm.assertEq(seats.seatOf(second).movedAt, NOW, "moved at");
        vm.assertEq(seats.heldOf(second), ROYALTY, "held");
        vm.assertEq(seats.heldOf(seat), 0, "held of the other");
        vm.assertTrue(seats.isOfferSpent(bob, 0), "spent");
    }

    /// @dev It names no epoch: what it asks for is a tier and a face.
    function test_GivenTheOfferIsAlive_ItTakesASeatWhateverHappenedToIt() public {
        Listing memory listing = _listing(seat, BID);
        _buy(carol, listing, _sign("alice", listing));
        listing = _listing(seat, BID);
        _buy(alice, listing, _sign("carol", listing));
        vm.prank(alice);
        seats.cancelListings(seat);
        _accepted();
        vm.assertEq(seats.seatOf(seat).epoch, 4, "epoch");
        vm.assertEq(seats.heldOf(seat), 3 * ROYALTY, "held");
    }

    function test_GivenTheOfferIsAlive_ItTakesADearerFaceThanAsked() public {
        offer.leastFace = 0;
        _accepted();
    }

    function test_GivenTheOfferIsAlive_ItPublishesOfferAndSaleAndTransfer() public {
        offer.nonce = type(uint256).max;
        bytes memory signature = _signOffer("bob", offer);
        vm.expectEmit(address(seats));
        emit ISeatOffers.OfferFilled(bob, seat, type(uint256).max);
        vm.expectEmit(address(seats));
        emit ISeatMarket.SeatSold(seat, alice, bob, BID, ROYALTY);
        vm.expectEmit(address(seats));
        emit DeployedSeats.Transfer(alice, bob, SeatId.unwrap(seat));
        vm.prank(alice);
        seats.acceptTierOffer(offer, seat, signature);
    }

    function test_GivenTheOfferIsAlive_ItLeavesTheSeatOffersOfOtherNonces() public {
        SeatId other = _mint(alice);
        SeatOffer memory second = _seatOffer(other, BID);
        second.nonce = 1;
        _accepted();
        _accept(second);
        vm.assertEq(_ownerOf(other), bob, "owner");
    }

    function _accepted() private {
        _accept(offer, seat);
        vm.assertEq(_ownerOf(seat), bob, "owner");
    }

    function _mintAt(uint256 phase, uint256 price) private returns (SeatId) {
        MintRequest memory request = _requestFor(drop, price);
        request.phase = phase;
        vm.prank(alice);
        return seats.mint{value: price}(request, "");
    }

    function _forAnother(SeatId offered, DropId wanted, uint256 tier)
        private
        pure
        returns (bytes memory)
    {
        return abi.encodeWithSelector(
            ISeatMarket.SeatMarket_OfferForAnother.selector, offered, wanted, tier
        );
    }

    function _faceTooLow(SeatId offered, uint256 face) private pure returns (bytes memory) {
        return
            abi.encodeWithSelector(ISeatMarket.SeatMarket_FaceTooLow.selector, offered, face, PRICE);
    }
}
