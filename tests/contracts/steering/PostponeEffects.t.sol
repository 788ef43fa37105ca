// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatDelivery} from "../../../contracts/interfaces/ISeatDelivery.sol";
import {ISeatMarket} from "../../../contracts/interfaces/ISeatMarket.sol";
import {ISeatSteering} from "../../../contracts/interfaces/ISeatSteering.sol";
import {ISeatToken} from "../../../contracts/interfaces/ISeatToken.sol";
import {SeatId} from "../../../contracts/types/SeatId.sol";
import {Listing} from "../../../contracts/types/Terms.sol";
import {DropView} from "../../../contracts/types/Views.sol";
import {NOW, PRICE, Plan} from "../base/Plans.sol";
import {vm} from "../base/Vm.sol";
import {SteeringTest} from "./SteeringTest.sol";

/// @dev What postponing changes, for a drop that refunds until day 20 for a tenth of the face.
contract PostponeEffectsTest is SteeringTest {
    uint256 private constant STARTS = NOW + 10 days;
    uint256 private constant ENDS = NOW + 38 days;
    uint256 private constant DELIVERS = NOW + 45 days;

    function test_WhenItIsPostponed_ItStoresTheNewTimesAndNothingElse() public {
        vm.prank(guardian);
        seats.pause(drop, NOW + 100);
        DropView memory expected = _terms(drop);
        (expected.startsAt, expected.endsAt) = (STARTS + 1 days, ENDS + 2 days);
        (expected.deliverBy, expected.refundUntil) = (DELIVERS + 3 days, NOW + 21 days);
        (expected.termsVersion, expected.postponements, expected.penalty) = (1, 1, 0);
        _postpone(STARTS + 1 days, ENDS + 2 days, DELIVERS + 3 days);
        vm.assertEq(abi.encode(_terms(drop)), abi.encode(expected), "once");
        (expected.startsAt, expected.refundUntil) = (STARTS + 4 days, NOW + 24 days);
        (expected.termsVersion, expected.postponements) = (2, 2);
        _postpone(STARTS + 4 days, ENDS + 2 days, DELIVERS + 3 days);
        vm.assertEq(abi.encode(_terms(drop)), abi.encode(expected), "twice");
    }

    function test_WhenItIsPostponed_ItPublishesTheNewTimes() public {
        vm.expectEmit(address(seats));
        emit ISeatSteering.DropPostponed(
            drop, STARTS + 1 days, ENDS + 2 days, DELIVERS + 3 days, NOW + 21 days
        );
        vm.expectEmit(address(seats));
        emit ISeatToken.BatchMetadataUpdate(1_000_000, 1_999_999);
        _postpone(STARTS + 1 days, ENDS + 2 days, DELIVERS + 3 days);
    }

    function test_WhenItIsPostponed_ItRefundsTheWholeFaceFromThenOn() public {
        SeatId first = _mint(alice);
        SeatId second = _mint(alice);
        vm.warp(NOW + 1);
        _refund(first, PRICE - PRICE / 10);
        _postpone(STARTS, ENDS, DELIVERS);
        _refund(second, PRICE);
        vm.assertEq(seats.heldOf(first), PRICE / 10, "the penalty of before");
    }

    function test_WhenItIsPostponed_ItKillsListings() public {
        SeatId seat = _mint(alice);
        Listing memory listing = _listing(seat, PRICE);
        bytes memory signature = _sign("alice", listing);
        vm.prank(alice);
        seats.list(listing);
        _postpone(STARTS, ENDS, DELIVERS);
        bytes memory expected =
            abi.encodeWithSelector(ISeatMarket.SeatMarket_TermsChanged.selector, seat, 0, 1);
        _buyRefused(bob, listing, signature, expected);
        _buyRefused(bob, listing, "", expected);
        listing.termsVersion = 1;
        _buy(bob, listing, _sign("alice", listing));
        vm.assertEq(_ownerOf(seat), bob, "sold by the new terms");
    }

    function test_WhenTheWindowWasShort_ItIsOpenForAnother7Days() public {
        _createWithWindow(NOW + 2 days);
        SeatId seat = _mint(alice);
        _postpone(STARTS, ENDS, DELIVERS);
        _windowIs(NOW + 7 days);
        vm.warp(NOW + 7 days);
        _refund(seat, PRICE);
    }

    function test_WhenTheWindowIsOver_ItOpensAgain() public {
        _createWithWindow(NOW + 1 days);
        SeatId seat = _mint(alice);
        SeatId another = _mint(alice);
        vm.warp(NOW + 5 days);
        _postpone(STARTS + 2 days, ENDS, DELIVERS);
        _windowIs(NOW + 12 days);
        vm.warp(NOW + 12 days);
        _refund(seat, PRICE);
        vm.warp(NOW + 12 days + 1);
        _refusedTo(
            alice,
            abi.encodeCall(ISeatDelivery.refund, (another)),
            abi.encodeWithSelector(
                ISeatDelivery.SeatDelivery_TooLate.selector, drop, NOW + 12 days, NOW + 12 days + 1
            )
        );
    }

    function test_WhenThereWasNoWindow_ItOpensOne() public {
        _createWithWindow(0);
        _postpone(STARTS, ENDS, DELIVERS);
        _windowIs(NOW + 7 days);
    }

    function test_WhenTheWindowWouldOutlastTheDrop_ItEndsWithTheDrop() public {
        _postpone(STARTS + 18 days, ENDS, DELIVERS);
        _windowIs(ENDS);
        drop = _create(_plan());
        _postpone(STARTS + 18 days + 1, ENDS, DELIVERS);
        _windowIs(ENDS);
        drop = _create(_plan());
        _postpone(STARTS + 18 days - 1, ENDS, DELIVERS);
        _windowIs(ENDS - 1);
    }

    function test_WhenItIsPostponed_ItMovesTheTimeOfCheckIns() public {
        vm.prank(mentor);
        seats.setVerifier(drop, bob);
        SeatId seat = _mint(alice);
        _postpone(STARTS + 1 days, ENDS, DELIVERS);
        vm.warp(STARTS);
        _refusedTo(
            alice,
            abi.encodeCall(ISeatDelivery.checkIn, (seat, ENDS, "", "")),
            abi.encodeWithSelector(
                ISeatDelivery.SeatDelivery_TooEarly.selector, drop, STARTS + 1 days, STARTS
            )
        );
    }

    function test_WhenItIsPostponed_ItMovesTheTimeOfFailing() public {
        _postpone(STARTS, ENDS, DELIVERS + 3 days);
        vm.warp(DELIVERS + 3 days);
        _refusedTo(
            alice,
            abi.encodeCall(ISeatSteering.failDrop, (drop)),
            _tooEarly(DELIVERS + 3 days + 1, DELIVERS + 3 days)
        );
        vm.warp(DELIVERS + 3 days + 1);
        seats.failDrop(drop);
    }

    function _createWithWindow(uint256 refundUntil) private {
        Plan memory plan = _plan();
        plan.terms.refundUntil = refundUntil;
        drop = _create(plan);
    }

    function _postpone(uint256 startsAt, uint256 endsAt, uint256 deliverBy) private {
        vm.prank(mentor);
        seats.postpone(drop, startsAt, endsAt, deliverBy);
    }

    function _windowIs(uint256 refundUntil) private view {
        vm.assertEq(_terms(drop).refundUntil, refundUntil, "refund until");
    }

    function _refund(SeatId seat, uint256 paid) private {
        uint256 before = alice.balance;
        vm.prank(alice);
        seats.refund(seat);
        vm.assertEq(alice.balance - before, paid, "refund");
    }
}
