// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatDelivery} from "../../../contracts/interfaces/ISeatDelivery.sol";
import {ISeatDrops} from "../../../contracts/interfaces/ISeatDrops.sol";
import {SeatId} from "../../../contracts/types/SeatId.sol";
import {DropState} from "../../../contracts/types/Terms.sol";
import {PRICE, Plan} from "../base/Plans.sol";
import {vm} from "../base/Vm.sol";
import {DeliveryTest} from "../delivery/DeliveryTest.sol";

/// @dev The last second of a promise, and what is told when it is over. Each passes today.
contract EdgeAttacksTest is DeliveryTest {
    function _plan() internal view override returns (Plan memory plan) {
        plan = super._plan();
        plan.terms.refundUntil = ENDS;
        plan.phases[0].closes = ENDS;
    }

    function test_WhenTheMentorAssertsInTheSecondOfTheEnd_ItTakesThatSecondFromRefunds() public {
        SeatId seat = _mint(alice);
        vm.warp(ENDS);
        vm.assertEq(seats.refundOf(seat).refund, PRICE - PENALTY, "promised until ENDS");
        // The refund is in the mempool; the mentor's call is put before it in the same block.
        _assert();
        vm.assertEq(block.timestamp, seats.refundOf(seat).refundUntil, "still inside the window");
        _refused(
            alice, abi.encodeCall(ISeatDelivery.refund, (seat)), _wrongState(DropState.ASSERTED)
        );
    }

    function test_WhenTheMentorAssertsInTheSecondOfTheEnd_ItTakesThatSecondFromMinters() public {
        vm.warp(ENDS);
        _assert();
        vm.prank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(ISeatDrops.SeatDrops_NotLive.selector, drop, DropState.ASSERTED)
        );
        seats.mint{value: PRICE}(_request(alice, 1), "");
    }

    function test_WhenTheDropIsSettled_ItTellsNoBuyerOfAFailureThatCannotCome() public {
        SeatId seat = _mint(alice);
        _assert();
        _settle();
        vm.assertEq(seats.escrowOf(drop), 0, "nothing is owed any more");
        // The seat is for sale, and buyers look at `refundOf` first.
        vm.assertTrue(seats.isTransferable(SeatId.unwrap(seat), alice, bob), "for sale");
        vm.assertEq(seats.refundOf(seat).onFailure, 0, "what nobody will ever pay");
    }

    function test_WhenTheDisputeIsAboutOthers_ItTellsNoBuyerOfAFailureThatCannotCome() public {
        SeatId objector = _mint(carol);
        SeatId bystander = _mintSeats(alice, ELEVEN);
        _assert();
        _object(objector);
        _settle();
        _assertState(DropState.DISPUTED_NARROW);
        vm.assertTrue(seats.isTransferable(SeatId.unwrap(bystander), alice, bob), "for sale");
        vm.assertEq(seats.refundOf(bystander).onFailure, 0, "released to the mentor already");
    }
}
