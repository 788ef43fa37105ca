// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatDelivery} from "../../../contracts/interfaces/ISeatDelivery.sol";
import {ISeatToken} from "../../../contracts/interfaces/ISeatToken.sol";
import {DropId} from "../../../contracts/types/DropId.sol";
import {SEATS_PER_DROP, SeatId} from "../../../contracts/types/SeatId.sol";
import {DropState, MintRequest} from "../../../contracts/types/Terms.sol";
import {NOW, PRICE, Plan, Plans} from "../base/Plans.sol";
import {vm} from "../base/Vm.sol";
import {DeliveryTest} from "./DeliveryTest.sol";

/// @dev C-69 and C-70: nothing, less than a tenth, and a tenth of the money under objection.
contract SettleTest is DeliveryTest {
    bytes private call_;

    function setUp() public override {
        super.setUp();
        call_ = abi.encodeCall(ISeatDelivery.settle, (drop));
    }

    function test_GivenTheDropNeverWas_ItRevertsWithItsState() public {
        DropId unknown = DropId.wrap(2);
        _refused(
            mentor,
            abi.encodeCall(ISeatDelivery.settle, (unknown)),
            abi.encodeWithSelector(
                ISeatDelivery.SeatDelivery_WrongState.selector, unknown, DropState.NONE
            )
        );
    }

    function test_GivenTheDropIsNotAsserted_ItRevertsWithTheState() public {
        vm.warp(DELIVER_BY + CHALLENGE + 1);
        _refused(mentor, call_, _wrongState(DropState.LIVE));
        _cancel();
        _refused(mentor, call_, _wrongState(DropState.CANCELLED));
    }

    function test_GivenTheDropWasSettled_ItRevertsWithTheState() public {
        _assert();
        _settle();
        _refused(mentor, call_, _wrongState(DropState.SETTLED));
    }

    function test_GivenTheDispute_ItRevertsWithTheState() public {
        _mint(bob);
        _assert();
        _object(_seat(1));
        _settle();
        _refused(mentor, call_, _wrongState(DropState.DISPUTED_WIDE));
        _resolve(0);
        _refused(mentor, call_, _wrongState(DropState.SPLIT_WIDE));
    }

    function test_WhenItIsTheLastSecondOfTheWindow_ItRevertsWithBothTimes() public {
        _assert();
        vm.warp(ENDS + CHALLENGE);
        _refused(mentor, call_, _tooEarly(ENDS + CHALLENGE + 1));
    }

    function test_WhenItIsOneSecondLater_ItSettles() public {
        _assert();
        vm.warp(ENDS + CHALLENGE + 1);
        seats.settle(drop);
        _assertState(DropState.SETTLED);
    }

    function test_WhenAnybodyCalls_ItSettles() public {
        _mint(bob);
        _assert();
        vm.warp(ENDS + CHALLENGE + 1);
        vm.prank(carol);
        seats.settle(drop);
        _assertReleased(PRICE);
        vm.assertEq(_creditOf(carol), 0, "the caller's credit");
    }

    function test_GivenNoSeats_ItSettlesAndReleasesNothing() public {
        _assert();
        _settle();
        _assertState(DropState.SETTLED);
        _assertReleased(0);
    }

    function test_GivenNoObjection_ItReleasesAllThatIsOwed() public {
        _mintSeats(bob, 3);
        _assert();
        _settle();
        _assertState(DropState.SETTLED);
        _assertOwed(0);
        _assertReleased(3 * PRICE);
        vm.assertEq(_view().disputedAt, 0, "disputed at");
    }

    function test_GivenNoObjection_ItPublishesWhatWasReleased() public {
        _mintSeats(bob, 3);
        _assert();
        vm.warp(ENDS + CHALLENGE + 1);
        vm.expectEmit(address(seats));
        emit ISeatDelivery.DropSettled(drop, 3 * PRICE);
        _expectAnnounced();
        seats.settle(drop);
    }

    function test_GivenNoObjection_ItLeavesWhatWaitsWithTheSeats() public {
        _mint(bob);
        _resell("bob", _seat(1), carol, PRICE);
        _assert();
        _settle();
        vm.assertEq(seats.heldOf(_seat(1)), ROYALTY, "K");
        _assertReleased(PRICE);
    }

    function test_GivenRefundedSeats_ItReleasesTheOthersFaces() public {
        _mintSeats(bob, 3);
        vm.warp(NOW + 1);
        _refund(_seat(2));
        _assert();
        _settle();
        _assertReleased(2 * PRICE);
        vm.assertEq(seats.heldOf(_seat(2)), PENALTY, "K of the burned seat");
    }

    function test_GivenSeveralTiers_ItReleasesTheFacesOfAll() public {
        Plan memory plan = Plans.withPhases(Plans.withTiers(_plan(), 10), 10);
        for (uint256 i; i < 10; ++i) {
            plan.phases[i].tier = i;
        }
        drop = _create(plan);
        for (uint256 i; i < 10; ++i) {
            _mintAt(i, 1, PRICE);
        }
        _assertOwed(10 * PRICE);
        _assert();
        _settle();
        _assertReleased(10 * PRICE);
    }

    /// @dev Granted seats have no face: they neither count nor dilute.
    function test_GivenGrantedSeats_ItReleasesTheFacesOfTheOthers() public {
        _grant(carol);
        _mint(bob);
        _assert();
        _settle();
        _assertReleased(PRICE);
    }

    /// @dev C-69: one seat of dust holds up its own face alone.
    function test_GivenADustObjection_ItReleasesTheRest() public {
        _createTwoPrices(1);
        _mintSeats(bob, 1);
        SeatId dust = _mintAt(1, 1, 1);
        _assert();
        _object(dust);
        _settle();
        _assertState(DropState.DISPUTED_NARROW);
        _assertOwed(1);
        _assertReleased(PRICE);
        vm.assertEq(_view().disputedAt, block.timestamp, "disputed at");
        vm.assertEq(_view().objected, 0, "O is told while it grows");
    }

    /// @dev C-70: E = 10 P - 10, O = P - 1, which is a tenth.
    function test_GivenExactlyATenth_ItDisputesEverything() public {
        _createTwoPrices(PRICE - 1);
        _mintAt(1, 10, PRICE - 1);
        _assert();
        _object(_seat(1));
        _settle();
        _assertState(DropState.DISPUTED_WIDE);
        _assertOwed(10 * (PRICE - 1));
        _assertReleased(0);
    }

    /// @dev C-70: E = 10 P - 9, O = P - 1: a tenth of a wei below a tenth.
    function test_GivenOneWeiLess_ItDisputesTheObjectorsAlone() public {
        _createTwoPrices(PRICE - 1);
        _mintAt(1, 9, PRICE - 1);
        _mintSeats(bob, 1);
        _assert();
        _object(_seat(1));
        _settle();
        _assertState(DropState.DISPUTED_NARROW);
        _assertOwed(PRICE - 1);
        _assertReleased(9 * PRICE - 8);
    }

    /// @dev C-70: E = 10 P - 1, O = P: a tenth of a wei above a tenth.
    function test_GivenOneWeiMore_ItDisputesEverything() public {
        _createTwoPrices(PRICE - 1);
        _mintSeats(bob, 9);
        _mintAt(1, 1, PRICE - 1);
        _assert();
        _object(_seat(1));
        _settle();
        _assertState(DropState.DISPUTED_WIDE);
        _assertOwed(10 * PRICE - 1);
    }

    function test_GivenFewObject_ItPublishesANarrowDispute() public {
        _mintSeats(bob, ELEVEN);
        _assert();
        _object(_seat(1));
        vm.warp(ENDS + CHALLENGE + 1);
        vm.expectEmit(address(seats));
        emit ISeatDelivery.DropDisputed(drop, false, PRICE, 10 * PRICE);
        _expectAnnounced();
        seats.settle(drop);
    }

    function test_GivenManyObject_ItPublishesAWideDispute() public {
        _mintSeats(bob, ELEVEN);
        _assert();
        _object(_seat(1));
        _object(_seat(2));
        vm.warp(ENDS + CHALLENGE + 1);
        vm.expectEmit(address(seats));
        emit ISeatDelivery.DropDisputed(drop, true, 11 * PRICE, 0);
        _expectAnnounced();
        seats.settle(drop);
    }

    function test_GivenAWideDispute_ItFixesEverySeat() public {
        _mintSeats(bob, 2);
        _assert();
        _object(_seat(1));
        _settle();
        vm.assertFalse(seats.isTransferable(SeatId.unwrap(_seat(2)), bob, carol), "movable");
    }

    function test_GivenANarrowDispute_ItLetsTheOtherSeatsMove() public {
        _mintSeats(bob, ELEVEN);
        _assert();
        _object(_seat(1));
        _settle();
        vm.assertFalse(seats.isTransferable(SeatId.unwrap(_seat(1)), bob, carol), "objector");
        _resell("bob", _seat(2), carol, PRICE);
        vm.assertEq(_ownerOf(_seat(2)), carol, "owner");
    }

    function _createTwoPrices(uint256 second) private {
        Plan memory plan = Plans.withPhases(_plan(), 2);
        plan.phases[1].price = second;
        drop = _create(plan);
    }

    function _mintAt(uint256 phase, uint256 quantity, uint256 price) private returns (SeatId) {
        MintRequest memory request = _request(bob, quantity);
        request.phase = phase;
        vm.prank(alice);
        return seats.mint{value: price * quantity}(request, "");
    }

    function _expectAnnounced() private {
        uint256 first = DropId.unwrap(drop) * SEATS_PER_DROP;
        vm.expectEmit(address(seats));
        emit ISeatToken.BatchMetadataUpdate(first, first + SEATS_PER_DROP - 1);
    }
}
