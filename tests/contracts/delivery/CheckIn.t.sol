// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatDelivery} from "../../../contracts/interfaces/ISeatDelivery.sol";
import {ISeatToken} from "../../../contracts/interfaces/ISeatToken.sol";
import {SeatId} from "../../../contracts/types/SeatId.sol";
import {DropState, Listing, TransferPolicy} from "../../../contracts/types/Terms.sol";
import {NOW, PRICE, Plan, TOLL} from "../base/Plans.sol";
import {vm} from "../base/Vm.sol";
import {DeliveryTest} from "./DeliveryTest.sol";

/// @dev When a check-in is possible, what it does and what it takes away. Who must agree to it is in
/// CheckInSignatures.t.sol.
contract CheckInTest is DeliveryTest {
    SeatId private seat;

    function setUp() public override {
        super.setUp();
        seat = _mint(bob);
        vm.warp(STARTS);
    }

    function test_GivenTheSeatNeverWas_ItRevertsWithTheSeat() public {
        _checkInRefused(_seat(2), _of(ISeatToken.SeatToken_Unknown.selector, _seat(2)));
    }

    function test_GivenTheSeatWasRefunded_ItRevertsWithTheSeat() public {
        _refund(seat);
        _checkInRefused(seat, _of(ISeatToken.SeatToken_Unknown.selector, seat));
    }

    function test_WhenItIsOneSecondBeforeTheStart_ItRevertsWithBothTimes() public {
        vm.warp(STARTS - 1);
        _checkInRefused(seat, _tooEarly(STARTS));
    }

    function test_WhenItIsTheSecondOfTheStart_ItChecksIn() public {
        _checkIn("bob", seat);
        vm.assertTrue(seats.seatOf(seat).checkedIn, "checked in");
    }

    function test_GivenThePostponement_ItWaitsForTheNewStart() public {
        vm.warp(NOW);
        vm.prank(mentor);
        seats.postpone(drop, STARTS + 5 days, ENDS + 5 days, DELIVER_BY + 5 days);
        vm.warp(STARTS + 5 days - 1);
        _checkInRefused(seat, _tooEarly(STARTS + 5 days));
        vm.warp(STARTS + 5 days);
        _checkIn("bob", seat);
    }

    function test_WhenTheDropIsOverdue_ItStillChecksIn() public {
        vm.warp(DELIVER_BY + 1);
        _checkIn("bob", seat);
        vm.assertTrue(seats.seatOf(seat).checkedIn, "checked in");
    }

    function test_GivenTheDropIsAsserted_ItRevertsWithTheState() public {
        _assert();
        _checkInRefused(seat, _wrongState(DropState.ASSERTED));
        _settle();
        _checkInRefused(seat, _wrongState(DropState.SETTLED));
    }

    function test_GivenTheDropWasCancelled_ItRevertsWithTheState() public {
        _cancel();
        _checkInRefused(seat, _wrongState(DropState.CANCELLED));
    }

    function test_GivenTheHolderIsCheckedIn_ItRevertsWithTheSeat() public {
        _checkIn("bob", seat);
        _checkInRefused(seat, _of(ISeatDelivery.SeatDelivery_CheckedIn.selector, seat));
    }

    function test_WhenItIsTheLastSecondOfTheSignatures_ItChecksIn() public {
        uint256 expiry = STARTS + 60;
        bytes memory signature = _signDigest("bob", _checkInDigest(seat, 0, expiry));
        vm.warp(expiry);
        vm.prank(verifier);
        seats.checkIn(seat, expiry, signature, "");
        vm.assertTrue(seats.seatOf(seat).checkedIn, "checked in");
    }

    function test_WhenTheSignaturesHaveExpired_ItRevertsWithBothTimes() public {
        uint256 expiry = STARTS + 60;
        bytes memory signature = _signDigest("bob", _checkInDigest(seat, 0, expiry));
        vm.warp(expiry + 1);
        _refused(
            verifier,
            abi.encodeCall(ISeatDelivery.checkIn, (seat, expiry, signature, "")),
            abi.encodeWithSelector(
                ISeatDelivery.SeatDelivery_CheckInExpired.selector, expiry, expiry + 1
            )
        );
    }

    function test_GivenNoVerifier_ItRevertsWithTheDrop() public {
        vm.prank(mentor);
        seats.setVerifier(drop, address(0));
        _checkInRefused(
            seat, abi.encodeWithSelector(ISeatDelivery.SeatDelivery_VerifierMissing.selector, drop)
        );
    }

    function test_WhenTheHolderIsCheckedIn_ItPublishesItAndTheLock() public {
        bytes memory signature = _signDigest("bob", _checkInDigest(seat, 0, STARTS));
        vm.expectEmit(address(seats));
        emit ISeatDelivery.CheckedIn(seat, bob, verifier);
        vm.expectEmit(address(seats));
        emit ISeatToken.Locked(SeatId.unwrap(seat));
        vm.expectEmit(address(seats));
        emit ISeatToken.MetadataUpdate(SeatId.unwrap(seat));
        vm.prank(verifier);
        seats.checkIn(seat, STARTS, signature, "");
    }

    function test_WhenTheHolderIsCheckedIn_ItMovesNoMoney() public {
        _checkIn("bob", seat);
        _assertOwed(PRICE);
        vm.assertEq(address(seats).balance, PRICE, "balance");
        vm.assertEq(seats.seatOf(seat).epoch, 0, "epoch");
        vm.assertEq(seats.seatOf(seat).movedAt, NOW, "moved at");
        _assertState(DropState.LIVE);
    }

    function test_GivenTheHolderWasCheckedIn_ItCanBeNeitherSoldNorGiven() public {
        Listing memory listing = _listing(seat, PRICE);
        bytes memory signature = _sign("bob", listing);
        _checkIn("bob", seat);
        bytes memory locked = _of(ISeatToken.SeatToken_Locked.selector, seat);
        _buyRefused(carol, listing, signature, locked);
        vm.prank(bob);
        vm.expectRevert(locked);
        seats.transferFrom{value: TOLL}(bob, carol, SeatId.unwrap(seat));
        vm.assertTrue(seats.locked(SeatId.unwrap(seat)), "ERC-5192");
        vm.assertFalse(seats.isTransferable(SeatId.unwrap(seat), bob, carol), "ERC-6454");
    }

    function test_GivenTheHolderWasCheckedIn_ItHasNoRefundWindow() public {
        _checkIn("bob", seat);
        vm.warp(REFUND_UNTIL);
        _refused(
            bob,
            abi.encodeCall(ISeatDelivery.refund, (seat)),
            _of(ISeatDelivery.SeatDelivery_CheckedIn.selector, seat)
        );
        vm.assertEq(seats.refundOf(seat).refund, 0, "refund");
    }

    function test_GivenTheHolderWasCheckedIn_ItStillObjectsAndClaims() public {
        _checkIn("bob", seat);
        _assert();
        _object(seat);
        _settle();
        _resolve(10_000);
        uint256 before = bob.balance;
        _claimAsOwner(seat);
        vm.assertEq(bob.balance - before, PRICE, "paid");
    }

    function test_GivenABoundSeat_ItChecksIn() public {
        Plan memory plan = _plan();
        plan.terms.policy = TransferPolicy.BOUND;
        vm.warp(NOW);
        drop = _create(plan);
        seat = _mint(bob);
        vm.warp(STARTS);
        _checkIn("bob", seat);
        vm.assertTrue(seats.seatOf(seat).checkedIn, "checked in");
    }

    function test_GivenAnOpenSeat_ItChecksInAndStaysWhereItIs() public {
        Plan memory plan = _plan();
        plan.terms.policy = TransferPolicy.OPEN;
        plan.terms.giftCooldown = 0;
        plan.terms.toll = 0;
        vm.warp(NOW);
        drop = _create(plan);
        seat = _mint(bob);
        vm.warp(STARTS);
        _checkIn("bob", seat);
        vm.startPrank(bob);
        seats.approve(carol, SeatId.unwrap(seat));
        vm.stopPrank();
        vm.prank(carol);
        vm.expectRevert(_of(ISeatToken.SeatToken_Locked.selector, seat));
        seats.transferFrom(bob, carol, SeatId.unwrap(seat));
    }

    function test_GivenAGrantedSeat_ItChecksIn() public {
        SeatId granted = _grant(bob);
        _checkIn("bob", granted);
        vm.assertTrue(seats.seatOf(granted).checkedIn, "checked in");
        vm.assertTrue(seats.seatOf(granted).granted, "still granted");
    }

    function test_GivenTheDropIsPaused_ItChecksIn() public {
        vm.prank(platformOwner);
        seats.setGuardian(carol);
        vm.prank(carol);
        seats.pause(drop, block.timestamp + 1);
        _checkIn("bob", seat);
        vm.assertTrue(seats.seatOf(seat).checkedIn, "checked in");
    }

    /// @dev By the verifier, with what would be bob's signature.
    function _checkInRefused(SeatId which, bytes memory refusal) private {
        bytes memory signature = _signDigest("bob", _checkInDigest(which, 0, block.timestamp));
        _refused(
            verifier,
            abi.encodeCall(ISeatDelivery.checkIn, (which, block.timestamp, signature, "")),
            refusal
        );
    }
}
