// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatDelivery} from "../../../contracts/interfaces/ISeatDelivery.sol";
import {ISeatToken} from "../../../contracts/interfaces/ISeatToken.sol";
import {SeatId} from "../../../contracts/types/SeatId.sol";
import {DropState} from "../../../contracts/types/Terms.sol";
import {NOW, PRICE, Plan, TOLL} from "../base/Plans.sol";
import {vm} from "../base/Vm.sol";
import {PlainCoin} from "../hostile/Currencies.sol";
import {DeliveryTest} from "./DeliveryTest.sol";

/// @dev C-75: what waited with a seat whose drop was delivered.
contract CollectTest is DeliveryTest {
    SeatId private seat;
    bytes private call_;

    function setUp() public override {
        super.setUp();
        seat = _mint(carol);
        call_ = abi.encodeCall(ISeatDelivery.collect, (seat));
        _resell("carol", seat, bob, PRICE);
    }

    function test_GivenTheSeatNeverWas_ItRevertsWithTheSeat() public {
        _assert();
        _settle();
        _collectRefused(_seat(2), ISeatToken.SeatToken_Unknown.selector);
    }

    function test_GivenTheDropIsNotOver_ItRevertsWithTheState() public {
        _refused(mentor, call_, _wrongState(DropState.LIVE));
        _assert();
        _refused(mentor, call_, _wrongState(DropState.ASSERTED));
        _object(seat);
        _settle();
        _refused(mentor, call_, _wrongState(DropState.DISPUTED_WIDE));
    }

    function test_GivenANarrowDispute_ItRevertsWithTheState() public {
        _mintSeats(alice, ELEVEN);
        _assert();
        _object(_seat(2));
        _settle();
        _refused(mentor, call_, _wrongState(DropState.DISPUTED_NARROW));
    }

    function test_GivenTheDropWasCancelled_ItRevertsWithTheState() public {
        _cancel();
        _refused(mentor, call_, _wrongState(DropState.CANCELLED));
    }

    function test_GivenTheDropFailed_ItRevertsWithTheState() public {
        _fail();
        _refused(mentor, call_, _wrongState(DropState.FAILED));
    }

    function test_GivenTheDropIsSettled_ItReleasesWhatWaits() public {
        _assert();
        _settle();
        _assertCollects(seat, ROYALTY);
        vm.assertEq(seats.heldOf(seat), 0, "K");
        vm.assertEq(_ownerOf(seat), bob, "owner");
    }

    /// @dev C-56: with the royalty of the first resale, which was before.
    function test_GivenTenMoreResales_ItReleasesEveryRoyalty() public {
        uint256 royalties = ROYALTY + _resellTenTimes(seat);
        _assert();
        _settle();
        _assertCollects(seat, royalties);
        vm.assertEq(address(seats).balance, _creditOf(mentor) + _creditOf(treasury), "the rest");
    }

    function test_GivenTheDropIsSettled_ItPublishesTheAmount() public {
        _assert();
        _settle();
        vm.expectEmit(address(seats));
        emit ISeatDelivery.Collected(seat, ROYALTY);
        vm.prank(alice);
        seats.collect(seat);
    }

    function test_GivenItWasCollected_ItRevertsWithTheSeat() public {
        _assert();
        _settle();
        seats.collect(seat);
        _collectRefused(seat, ISeatDelivery.SeatDelivery_NothingToClaim.selector);
    }

    function test_GivenNothingWaits_ItRevertsWithTheSeat() public {
        SeatId plain = _mint(alice);
        _assert();
        _settle();
        _collectRefused(plain, ISeatDelivery.SeatDelivery_NothingToClaim.selector);
    }

    /// @dev Seats go on trading after the end, and go on paying.
    function test_GivenANewResaleAfterwards_ItReleasesAgain() public {
        _assert();
        _settle();
        seats.collect(seat);
        _resell("bob", seat, carol, PRICE / 2);
        _assertCollects(seat, TOLL);
        vm.warp(block.timestamp + 7 days);
        _give(seat, alice);
        _assertCollects(seat, TOLL);
    }

    function test_GivenTheSeatWasRefunded_ItReleasesThePenalty() public {
        vm.warp(NOW + 1);
        _refund(seat);
        _assert();
        _settle();
        _assertCollects(seat, ROYALTY + PENALTY);
        _collectRefused(seat, ISeatDelivery.SeatDelivery_NothingToClaim.selector);
        vm.assertEq(_creditOf(bob), 0, "who burned it");
    }

    function test_GivenADecidedWideDispute_ItRevertsForEverySeat() public {
        SeatId other = _mint(alice);
        _assert();
        _object(other);
        _settle();
        _resolve(5000);
        _collectRefused(seat, ISeatDelivery.SeatDelivery_InDispute.selector);
        _collectRefused(other, ISeatDelivery.SeatDelivery_InDispute.selector);
    }

    function test_GivenADecidedNarrowDispute_ItReleasesWhatWaitsWithTheOthers() public {
        _narrow(_mintSeats(alice, ELEVEN));
        _assertCollects(seat, ROYALTY);
    }

    function test_GivenADecidedNarrowDispute_ItRevertsForTheObjector() public {
        _mintSeats(alice, ELEVEN);
        _narrow(seat);
        _collectRefused(seat, ISeatDelivery.SeatDelivery_InDispute.selector);
    }

    function test_GivenADecidedNarrowDispute_ItReleasesAgainAfterANewResale() public {
        _narrow(_mintSeats(alice, ELEVEN));
        seats.collect(seat);
        _resell("bob", seat, carol, PRICE);
        _assertCollects(seat, ROYALTY);
    }

    function test_GivenADecidedDispute_ItReleasesThePenaltyOfARefundedSeat() public {
        SeatId other = _mint(alice);
        vm.warp(NOW + 1);
        _refund(seat);
        _assert();
        _object(other);
        _settle();
        _resolve(10_000);
        _assertCollects(seat, ROYALTY + PENALTY);
    }

    function test_GivenAPayout_ItPaysThereAndNotTheMentor() public {
        Plan memory plan = _plan();
        plan.terms.payout = alice;
        drop = _create(plan);
        seat = _mint(carol);
        _resell("carol", seat, bob, PRICE);
        _assert();
        _settle();
        uint256 before = _creditOf(alice);
        seats.collect(seat);
        vm.assertEq(_creditOf(alice) - before, ROYALTY - _feeOf(ROYALTY), "payout");
        vm.assertEq(_creditOf(mentor), 0, "mentor");
    }

    function test_GivenACurrency_ItReleasesInIt() public {
        PlainCoin coin = new PlainCoin();
        _payIn(address(coin));
        seat = _mintSeats(carol, 1);
        _resell("carol", seat, bob, PRICE);
        _assert();
        _settle();
        _assertCollects(seat, ROYALTY);
        vm.assertEq(seats.creditOf(mentor, address(0)), 0, "ether");
        vm.assertEq(
            coin.balanceOf(address(seats)), _creditOf(mentor) + _creditOf(treasury), "balance"
        );
    }

    function _narrow(SeatId objector) private {
        _assert();
        _object(objector);
        _settle();
        _resolve(5000);
        _assertState(DropState.SPLIT_NARROW);
    }

    /// @dev Anybody's call: alice has nothing to do with it.
    function _assertCollects(SeatId which, uint256 amount) private {
        uint256 mentors = _creditOf(mentor);
        uint256 fees = _creditOf(treasury);
        vm.prank(alice);
        seats.collect(which);
        vm.assertEq(_creditOf(treasury) - fees, _feeOf(amount), "fee");
        vm.assertEq(_creditOf(mentor) - mentors, amount - _feeOf(amount), "the mentor's credit");
        vm.assertEq(seats.heldOf(which), 0, "K");
    }

    function _collectRefused(SeatId which, bytes4 selector) private {
        _refused(mentor, abi.encodeCall(ISeatDelivery.collect, (which)), _of(selector, which));
    }
}
