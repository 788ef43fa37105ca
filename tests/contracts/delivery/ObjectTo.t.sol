// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatDelivery} from "../../../contracts/interfaces/ISeatDelivery.sol";
import {ISeatToken} from "../../../contracts/interfaces/ISeatToken.sol";
import {SeatId} from "../../../contracts/types/SeatId.sol";
import {DropState, Listing, MintRequest, TransferPolicy} from "../../../contracts/types/Terms.sol";
import {NOW, PRICE, Plan, Plans, TOLL} from "../base/Plans.sol";
import {vm} from "../base/Vm.sol";
import {DeliveryTest} from "./DeliveryTest.sol";

/// @dev C-71, and who may contest at all.
contract ObjectToTest is DeliveryTest {
    SeatId private seat;
    bytes private call_;

    function setUp() public override {
        super.setUp();
        seat = _mint(bob);
        call_ = abi.encodeCall(ISeatDelivery.objectTo, (seat));
    }

    function test_GivenTheSeatNeverWas_ItRevertsWithTheSeat() public {
        _assert();
        _refused(
            bob,
            abi.encodeCall(ISeatDelivery.objectTo, (_seat(2))),
            _of(ISeatToken.SeatToken_Unknown.selector, _seat(2))
        );
    }

    function test_GivenTheSeatWasRefunded_ItRevertsWithTheSeat() public {
        vm.warp(NOW + 1);
        _refund(seat);
        _assert();
        _refused(bob, call_, _of(ISeatToken.SeatToken_Unknown.selector, seat));
    }

    function test_WhenTheCallerIsNotTheOwner_ItRevertsWithOwnerAndCaller() public {
        _assert();
        _refused(alice, call_, _notOwner(seat, alice));
        _refused(mentor, call_, _notOwner(seat, mentor));
    }

    function test_GivenTheDropIsNotAsserted_ItRevertsWithTheState() public {
        vm.warp(ENDS);
        _refused(bob, call_, _wrongState(DropState.LIVE));
        _fail();
        _refused(bob, call_, _wrongState(DropState.FAILED));
    }

    function test_GivenTheDropIsSettled_ItRevertsWithTheState() public {
        _assert();
        _settle();
        _refused(bob, call_, _wrongState(DropState.SETTLED));
    }

    function test_WhenItIsTheLastSecond_ItCounts() public {
        _assert();
        vm.warp(ENDS + CHALLENGE);
        _object(seat);
        vm.assertEq(_view().objected, PRICE, "O");
    }

    function test_WhenItIsOneSecondLater_ItRevertsWithBothTimes() public {
        _assert();
        vm.warp(ENDS + CHALLENGE + 1);
        _refused(bob, call_, _tooLate(ENDS + CHALLENGE));
    }

    /// @dev The window begins with the assertion, whenever that was, and is as long as the terms say.
    function test_GivenALongWindow_ItEndsWithIt() public {
        Plan memory plan = _plan();
        plan.terms.challengeDays = 30;
        drop = _create(plan);
        seat = _mint(bob);
        vm.warp(DELIVER_BY);
        _assert();
        vm.warp(DELIVER_BY + 30 days + 1);
        _refused(
            bob, abi.encodeCall(ISeatDelivery.objectTo, (seat)), _tooLate(DELIVER_BY + 30 days)
        );
        vm.warp(DELIVER_BY + 30 days);
        _object(seat);
        vm.assertEq(_view().objected, PRICE, "O");
    }

    function test_GivenTheHolderHasObjected_ItRevertsWithTheSeat() public {
        _assert();
        _object(seat);
        _refused(bob, call_, _of(ISeatDelivery.SeatDelivery_ObjectedAlready.selector, seat));
        vm.assertEq(_view().objected, PRICE, "O");
    }

    function test_GivenTheSeatWasGranted_ItRevertsWithTheSeat() public {
        SeatId granted = _grant(bob);
        _assert();
        _refused(
            bob,
            abi.encodeCall(ISeatDelivery.objectTo, (granted)),
            _of(ISeatDelivery.SeatDelivery_NoFace.selector, granted)
        );
    }

    function test_GivenTheSeatWasFree_ItRevertsWithTheSeat() public {
        Plan memory plan = _plan();
        plan.phases[0].price = 0;
        drop = _create(plan);
        MintRequest memory request = _request(bob, 1);
        vm.prank(bob);
        seat = seats.mint(request, "");
        _assert();
        _refused(
            bob,
            abi.encodeCall(ISeatDelivery.objectTo, (seat)),
            _of(ISeatDelivery.SeatDelivery_NoFace.selector, seat)
        );
    }

    function test_GivenTheHolderWasCheckedIn_ItCounts() public {
        vm.warp(STARTS);
        _checkIn("bob", seat);
        _assert();
        _object(seat);
        vm.assertEq(_view().objected, PRICE, "O");
        vm.assertTrue(seats.seatOf(seat).checkedIn, "still checked in");
    }

    function test_GivenTheSeatIsBound_ItCounts() public {
        Plan memory plan = _plan();
        plan.terms.policy = TransferPolicy.BOUND;
        drop = _create(plan);
        seat = _mint(bob);
        _assert();
        _object(seat);
        vm.assertEq(_view().objected, PRICE, "O");
    }

    function test_WhenTheHolderObjects_ItPublishesObjectionAndLock() public {
        _assert();
        vm.expectEmit(address(seats));
        emit ISeatDelivery.Objected(seat, bob, PRICE);
        vm.expectEmit(address(seats));
        emit ISeatToken.Locked(SeatId.unwrap(seat));
        vm.expectEmit(address(seats));
        emit ISeatToken.MetadataUpdate(SeatId.unwrap(seat));
        vm.prank(bob);
        seats.objectTo(seat);
    }

    function test_WhenTheHolderObjects_ItFixesTheSeatAndMovesNoMoney() public {
        _assert();
        _object(seat);
        vm.assertTrue(seats.seatOf(seat).objected, "objected");
        vm.assertTrue(seats.seatOf(seat).locked, "locked");
        vm.assertTrue(seats.locked(SeatId.unwrap(seat)), "ERC-5192");
        vm.assertFalse(seats.isTransferable(SeatId.unwrap(seat), bob, carol), "ERC-6454");
        _assertState(DropState.ASSERTED);
        _assertOwed(PRICE);
        vm.assertEq(address(seats).balance, PRICE, "balance");
    }

    function test_WhenSeveralObject_ItAddsTheirFaces() public {
        Plan memory plan = Plans.withPhases(_plan(), 2);
        plan.phases[1].price = PRICE - 1;
        drop = _create(plan);
        SeatId dear = _mint(bob);
        MintRequest memory request = _request(carol, 1);
        request.phase = 1;
        vm.prank(alice);
        SeatId cheap = seats.mint{value: PRICE - 1}(request, "");
        _mint(alice);
        _assert();
        _object(dear);
        _object(cheap);
        vm.assertEq(_view().objected, 2 * PRICE - 1, "O");
        _assertOwed(3 * PRICE - 1);
    }

    /// @dev C-71.
    function test_GivenTheObjection_ItCanBeNeitherSoldNorGiven() public {
        _assert();
        Listing memory listing = _listing(seat, PRICE);
        bytes memory signature = _sign("bob", listing);
        _object(seat);
        bytes memory locked = _of(ISeatToken.SeatToken_Locked.selector, seat);
        _buyRefused(carol, listing, signature, locked);
        vm.prank(bob);
        vm.expectRevert(locked);
        seats.transferFrom{value: TOLL}(bob, carol, SeatId.unwrap(seat));
    }

    /// @dev C-71: the objection dies with nobody, because the seat stays where it is, in every
    /// state that follows.
    function test_GivenTheObjection_ItStaysFixedAfterTheDecision() public {
        _mintSeats(carol, ELEVEN);
        _assert();
        _object(seat);
        _settle();
        _resolve(0);
        Listing memory listing = _listing(seat, PRICE);
        _buyRefused(
            carol, listing, _sign("bob", listing), _of(ISeatToken.SeatToken_Locked.selector, seat)
        );
    }

    /// @dev Bought after the assertion: the right to contest has moved with the seat.
    function test_GivenASaleAfterTheAssertion_ItIsTheBuyersToObject() public {
        _assert();
        _resell("bob", seat, carol, PRICE);
        _refused(bob, call_, _notOwner(seat, bob));
        _object(seat);
        vm.assertEq(_view().objected, PRICE, "O");
    }

    /// @dev The face counts, not what the last buyer paid.
    function test_GivenAResale_ItCountsTheFace() public {
        _resell("bob", seat, carol, PRICE / 2);
        _assert();
        _object(seat);
        vm.assertEq(_view().objected, PRICE, "O");
    }
}
