// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatBaskets} from "../../../contracts/interfaces/ISeatBaskets.sol";
import {ISeatDelivery} from "../../../contracts/interfaces/ISeatDelivery.sol";
import {ISeatMarket} from "../../../contracts/interfaces/ISeatMarket.sol";
import {ISeatToken} from "../../../contracts/interfaces/ISeatToken.sol";
import {SeatId} from "../../../contracts/types/SeatId.sol";
import {Listing, SeatOffer} from "../../../contracts/types/Terms.sol";
import {COOLDOWN, NOW, PRICE, TOLL} from "../base/Plans.sol";
import {vm} from "../base/Vm.sol";
import {OffersTest} from "./OffersTest.sol";

/// @dev Two transactions of one block, in either order: the first decides, and the second says why
/// it came too late.
contract RacesTest is OffersTest {
    uint256 private constant PENALTY = PRICE / 10;

    Listing internal listing;
    bytes internal signature;

    function setUp() public override {
        super.setUp();
        listing = _listing(seat, PRICE);
        signature = _sign("alice", listing);
    }

    /// @dev C-22.
    function test_WhenTheCancellationComesFirst_ItKeepsTheSeat() public {
        vm.prank(alice);
        seats.cancelListings(seat);
        _buyRefused(bob, listing, signature, _epochPassed(0, 1));
    }

    /// @dev C-22.
    function test_WhenTheFillComesFirst_ItRefusesTheCancellation() public {
        _buy(bob, listing, signature);
        vm.prank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(ISeatToken.SeatToken_NotOwner.selector, seat, bob, alice)
        );
        seats.cancelListings(seat);
    }

    function test_WhenTwoBuyersFillOneListing_ItSellsOnce() public {
        _buy(bob, listing, signature);
        _buyRefused(
            carol,
            listing,
            signature,
            abi.encodeWithSelector(ISeatMarket.SeatMarket_SellerNotOwner.selector, seat, alice, bob)
        );
    }

    /// @dev Two listings of one seat at two prices: the fill of one is the end of the other.
    function test_GivenTwoListingsOfOneSeat_ItFillsOne() public {
        Listing memory cheaper = _listing(seat, PRICE / 2);
        bytes memory cheaperSignature = _sign("alice", cheaper);
        _buy(bob, cheaper, cheaperSignature);
        Listing memory back = _listing(seat, PRICE);
        _buy(alice, back, _sign("bob", back));
        _buyRefused(carol, listing, signature, _epochPassed(0, 2));
    }

    /// @dev C-57: the refund goes to who holds the seat.
    function test_WhenTheFillComesFirst_ItRefusesTheSellersRefund() public {
        vm.warp(NOW + 1);
        _buy(bob, listing, signature);
        _refundRefused(alice, _notOwner(bob, alice));
        vm.assertEq(seats.escrowOf(drop), PRICE, "escrow");
    }

    /// @dev C-58.
    function test_WhenTheRefundComesFirst_ItRefusesThePurchase() public {
        vm.warp(NOW + 1);
        _refund(alice);
        uint256 before = bob.balance;
        _buyRefused(bob, listing, signature, _unknown());
        vm.assertEq(bob.balance, before, "balance of the buyer");
    }

    /// @dev C-57: one face leaves, and the penalty waits.
    function test_WhenTheRefundComesFirst_ItPaysTheHolderOnce() public {
        vm.warp(NOW + 1);
        uint256 before = alice.balance;
        _refund(alice);
        vm.assertEq(alice.balance - before, PRICE - PENALTY, "refunded");
        _refundRefused(alice, _unknown());
        vm.assertEq(seats.escrowOf(drop), 0, "escrow");
        vm.assertEq(seats.heldOf(seat), PENALTY, "held");
        vm.assertEq(address(seats).balance, PENALTY, "balance of the contract");
    }

    /// @dev C-58: money that is borrowed for one block cannot buy and give back.
    function test_WhenTheBuyerRefundsAtOnce_ItRefusesTheRefundUntilTheNextSecond() public {
        vm.warp(NOW + 60);
        _buy(bob, listing, signature);
        _refundRefused(bob, _justMoved(NOW + 60));
        vm.warp(NOW + 61);
        uint256 before = bob.balance;
        _refund(bob);
        vm.assertEq(bob.balance - before, PRICE - PENALTY, "refunded");
        vm.assertEq(seats.heldOf(seat), PRICE / 10 + PENALTY, "royalty and penalty wait");
    }

    function test_WhenTheSellerTakesAnOfferAndRefunds_ItRefusesTheRefund() public {
        vm.warp(NOW + 1);
        _accept(_seatOffer(seat, BID));
        _refundRefused(alice, _notOwner(bob, alice));
    }

    function test_WhenTheSellerRefundsAndTakesAnOffer_ItRefusesTheOffer() public {
        SeatOffer memory offer = _seatOffer(seat, BID);
        vm.warp(NOW + 1);
        _refund(alice);
        _refused(offer, _unknown());
        vm.assertEq(wrapped.balanceOf(bob), 10 ether, "wrapped ether of the buyer");
    }

    function test_WhenTheSeatIsMintedAndRefunded_ItRefusesTheRefundUntilTheNextSecond() public {
        _refundRefused(alice, _justMoved(NOW));
        vm.warp(NOW + 1);
        _refund(alice);
    }

    function test_WhenTheSeatIsSoldBackAndRefunded_ItRefusesTheRefundUntilTheNextSecond() public {
        vm.warp(NOW + 60);
        _buy(bob, listing, signature);
        Listing memory back = _listing(seat, PRICE);
        _buy(alice, back, _sign("bob", back));
        _refundRefused(alice, _justMoved(NOW + 60));
        vm.warp(NOW + 61);
        _refund(alice);
        vm.assertEq(seats.heldOf(seat), 2 * PRICE / 10 + PENALTY, "two royalties and a penalty");
    }

    /// @dev C-85: the number is spent, and with it everything that was signed for it.
    function test_WhenABurnedSeatIsMintedAgain_ItGetsAnotherNumberAndNoOldListing() public {
        vm.warp(NOW + 1);
        _refund(alice);
        SeatId next = _mint(alice);
        vm.assertEq(SeatId.unwrap(next), SeatId.unwrap(seat) + 1, "number");
        _buyRefused(bob, listing, signature, _unknown());
        Listing memory moved = listing;
        moved.seat = next;
        _buyRefused(bob, moved, signature, _invalid(alice, seats.digestOf(moved)));
    }

    function test_GivenABasket_ItSkipsTheSeatThatWasRefundedBeforeIt() public {
        Listing[] memory listings = new Listing[](2);
        bytes[] memory signatures = new bytes[](2);
        (listings[0], signatures[0]) = (listing, signature);
        listings[1] = _listing(_mint(alice), PRICE);
        signatures[1] = _sign("alice", listings[1]);
        vm.warp(NOW + 1);
        _refund(alice);
        uint256 before = bob.balance;
        vm.expectEmit(address(seats));
        emit ISeatBaskets.ListingSkipped(seat, ISeatToken.SeatToken_Unknown.selector);
        vm.prank(bob);
        bool[] memory bought = seats.buyMany{value: 2 * PRICE}(listings, signatures);
        vm.assertTrue(!bought[0] && bought[1], "bought");
        vm.assertEq(before - bob.balance, PRICE, "paid for one");
    }

    function test_WhenACancelledOfferRacesItsFill_ItLetsTheFirstWin() public {
        SeatOffer memory offer = _seatOffer(seat, BID);
        vm.prank(bob);
        seats.cancelOffer(0);
        _refused(offer, _spent(bob, 0));
        offer.nonce = 1;
        _accept(offer);
        vm.prank(bob);
        seats.cancelOffer(1);
        vm.assertEq(_ownerOf(seat), bob, "the fill stays");
    }

    function test_WhenAGiftComesBeforeTheFill_ItRefusesThePurchase() public {
        vm.warp(NOW + COOLDOWN);
        vm.prank(alice);
        seats.transferFrom{value: TOLL}(alice, carol, SeatId.unwrap(seat));
        _buyRefused(
            bob,
            listing,
            signature,
            abi.encodeWithSelector(
                ISeatMarket.SeatMarket_SellerNotOwner.selector, seat, alice, carol
            )
        );
    }

    function _refund(address holder) private {
        vm.prank(holder);
        seats.refund(seat);
    }

    function _refundRefused(address caller, bytes memory expected) private {
        vm.prank(caller);
        vm.expectRevert(expected);
        seats.refund(seat);
    }

    function _justMoved(uint256 time) private view returns (bytes memory) {
        return abi.encodeWithSelector(ISeatDelivery.SeatDelivery_JustMoved.selector, seat, time);
    }

    function _notOwner(address owner, address caller) private view returns (bytes memory) {
        return abi.encodeWithSelector(ISeatToken.SeatToken_NotOwner.selector, seat, owner, caller);
    }

    function _unknown() private view returns (bytes memory) {
        return abi.encodeWithSelector(ISeatToken.SeatToken_Unknown.selector, seat);
    }

    function _epochPassed(uint256 listed, uint256 current) private view returns (bytes memory) {
        return
            abi.encodeWithSelector(
                ISeatMarket.SeatMarket_EpochPassed.selector, seat, listed, current
            );
    }
}
