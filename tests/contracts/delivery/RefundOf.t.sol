// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatToken} from "../../../contracts/interfaces/ISeatToken.sol";
import {SeatId} from "../../../contracts/types/SeatId.sol";
import {RefundView} from "../../../contracts/types/Views.sol";
import {NOW, PRICE, Plan} from "../base/Plans.sol";
import {vm} from "../base/Vm.sol";
import {DeliveryTest} from "./DeliveryTest.sol";

/// @dev Seat 1 was resold to bob, so that ROYALTY waits with it; seat 2 is carol's as it was minted.
/// What is told is compared with what is paid where something is.
contract RefundOfTest is DeliveryTest {
    uint256 private constant SPLIT = 3333;

    SeatId private resold;
    SeatId private plain;

    function setUp() public override {
        super.setUp();
        resold = _mintSeats(carol, 2);
        plain = _seat(2);
        _resell("carol", resold, bob, PRICE);
        vm.warp(NOW + 1);
    }

    function test_GivenTheSeatNeverWas_ItRevertsWithTheSeat() public {
        vm.expectRevert(_of(ISeatToken.SeatToken_Unknown.selector, _seat(3)));
        seats.refundOf(_seat(3));
        SeatId nowhere = SeatId.wrap(0);
        vm.expectRevert(_of(ISeatToken.SeatToken_Unknown.selector, nowhere));
        seats.refundOf(nowhere);
    }

    function test_WhenTheWindowIsOpen_ItTellsWhatARefundPays() public {
        _tells(resold, PRICE - PENALTY, PENALTY, 0, PRICE + ROYALTY);
        _tells(plain, PRICE - PENALTY, PENALTY, 0, PRICE);
        vm.warp(REFUND_UNTIL);
        _tells(plain, PRICE - PENALTY, PENALTY, 0, PRICE);
        uint256 before = carol.balance;
        _refund(plain);
        vm.assertEq(carol.balance - before, PRICE - PENALTY, "paid");
    }

    function test_WhenTheWindowIsOver_ItTellsNoRefund() public {
        vm.warp(REFUND_UNTIL + 1);
        _tells(resold, 0, 0, 0, PRICE + ROYALTY);
    }

    function test_WhenTheSeatHasJustMoved_ItTellsNoRefundForThisSecond() public {
        _resell("bob", resold, carol, PRICE);
        _tells(resold, 0, 0, 0, PRICE + 2 * ROYALTY);
        SeatId minted = _mint(carol);
        _tells(minted, 0, 0, 0, PRICE);
        vm.warp(block.timestamp + 1);
        _tells(minted, PRICE - PENALTY, PENALTY, 0, PRICE);
    }

    function test_GivenTheHolderIsCheckedIn_ItTellsNoRefund() public {
        vm.warp(STARTS);
        _checkIn("bob", resold);
        _tells(resold, 0, 0, 0, PRICE + ROYALTY);
    }

    function test_GivenThePostponement_ItTellsTheFaceAndTheNewWindow() public {
        vm.prank(mentor);
        seats.postpone(drop, STARTS + 5 days, ENDS + 5 days, DELIVER_BY + 5 days);
        RefundView memory told = seats.refundOf(plain);
        vm.assertEq(told.refund, PRICE, "refund");
        vm.assertEq(told.penalty, 0, "penalty");
        vm.assertEq(told.refundUntil, REFUND_UNTIL + 5 days, "until");
    }

    function test_GivenTheSeatWasGranted_ItTellsNothing() public {
        SeatId granted = _grant(carol);
        vm.warp(block.timestamp + 1);
        _tells(granted, 0, 0, 0, 0);
        _cancel();
        _tells(granted, 0, 0, 0, 0);
    }

    function test_GivenTheDropIsAsserted_ItTellsNoRefund() public {
        Plan memory plan = _plan();
        plan.terms.refundUntil = ENDS;
        drop = _create(plan);
        SeatId seat = _mint(bob);
        vm.warp(ENDS);
        vm.assertEq(seats.refundOf(seat).refund, PRICE - PENALTY, "before");
        _assert();
        vm.assertEq(seats.refundOf(seat).refund, 0, "refund");
        vm.assertEq(seats.refundOf(seat).penalty, 0, "penalty");
        vm.assertEq(seats.refundOf(seat).refundUntil, ENDS, "until");
    }

    function test_GivenTheDropIsSettled_ItTellsNoClaim() public {
        _assert();
        _settle();
        vm.assertEq(seats.refundOf(resold).claimable, 0, "claimable");
        vm.assertEq(seats.refundOf(resold).refund, 0, "refund");
    }

    function test_GivenTheDispute_ItTellsNoClaimYet() public {
        _assert();
        _object(resold);
        _settle();
        _tells(resold, 0, 0, 0, PRICE + ROYALTY);
        _tells(plain, 0, 0, 0, PRICE);
    }

    function test_GivenAWideDecision_ItTellsEverySeatsShare() public {
        _assert();
        _object(resold);
        _settle();
        _resolve(SPLIT);
        _tellsAndPays(resold, _share(PRICE) + _share(ROYALTY), 0);
        _tellsAndPays(plain, _share(PRICE), 0);
    }

    function test_GivenANarrowDecision_ItTellsTheObjectorsShareAlone() public {
        _mintSeats(alice, ELEVEN);
        _assert();
        _object(resold);
        _settle();
        _resolve(SPLIT);
        vm.assertEq(seats.refundOf(plain).claimable, 0, "claimable");
        vm.assertEq(seats.refundOf(plain).onFailure, 0, "on failure");
        _tellsAndPays(resold, _share(PRICE) + _share(ROYALTY), 0);
    }

    function test_GivenANarrowDispute_ItTellsAFailureToTheObjectorsAlone() public {
        _mintSeats(alice, ELEVEN);
        _assert();
        _object(resold);
        _tells(plain, 0, 0, 0, PRICE);
        _settle();
        _tells(resold, 0, 0, 0, PRICE + ROYALTY);
        _tells(plain, 0, 0, 0, 0);
    }

    function test_GivenTheDropSettled_ItTellsNoFailure() public {
        _assert();
        _settle();
        _tells(resold, 0, 0, 0, 0);
    }

    function test_GivenTheDropWasCancelled_ItTellsFaceAndAllThatWaits() public {
        _cancel();
        _tellsAndPays(resold, PRICE + ROYALTY, PRICE + ROYALTY);
        _tellsAndPays(plain, PRICE, PRICE);
    }

    function test_GivenTheDropFailed_ItTellsFaceAndAllThatWaits() public {
        _fail();
        _tellsAndPays(resold, PRICE + ROYALTY, PRICE + ROYALTY);
    }

    function test_GivenTheSeatWasRefunded_ItTellsWhatWaitsForWhoBurnedIt() public {
        _refund(resold);
        _tells(resold, 0, 0, 0, PENALTY + ROYALTY);
        _cancel();
        _tells(resold, 0, 0, PENALTY + ROYALTY, PENALTY + ROYALTY);
        seats.claim(resold);
        _tells(resold, 0, 0, 0, 0);
        vm.assertEq(_creditOf(bob), PENALTY + ROYALTY, "paid");
    }

    function test_GivenTheSeatWasRefundedBeforeADecision_ItTellsNoClaim() public {
        _refund(resold);
        _assert();
        _object(plain);
        _settle();
        _resolve(SPLIT);
        _tells(resold, 0, 0, 0, 0);
    }

    function testFuzz_WhenTheMomentIsAny_ItPaysExactlyWhatItTells(uint256 time) public {
        vm.warp(NOW + 1 + time % 60 days);
        uint256 told = seats.refundOf(plain).refund;
        uint256 before = carol.balance;
        vm.prank(carol);
        (bool accepted,) =
            address(seats).call(abi.encodeWithSignature("refund(uint256)", SeatId.unwrap(plain)));
        vm.assertEq(accepted, told != 0, "accepted");
        vm.assertEq(carol.balance - before, told, "paid");
    }

    function _tellsAndPays(SeatId seat, uint256 claimable, uint256 onFailure) private {
        _tells(seat, 0, 0, claimable, onFailure);
        address owner = _ownerOf(seat);
        uint256 before = owner.balance;
        _claimAsOwner(seat);
        vm.assertEq(owner.balance - before, claimable, "paid");
        _tells(seat, 0, 0, 0, 0);
    }

    function _tells(
        SeatId seat,
        uint256 refund,
        uint256 penalty,
        uint256 claimable,
        uint256 onFailure
    ) private view {
        RefundView memory told = seats.refundOf(seat);
        vm.assertEq(told.refund, refund, "refund");
        vm.assertEq(told.penalty, penalty, "penalty");
        vm.assertEq(told.refundUntil, REFUND_UNTIL, "until");
        vm.assertEq(told.claimable, claimable, "claimable");
        vm.assertEq(told.onFailure, onFailure, "on failure");
    }

    function _share(uint256 amount) private pure returns (uint256) {
        return amount * SPLIT / 10_000;
    }
}
