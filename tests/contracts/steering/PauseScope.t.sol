// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SeatId} from "../../../contracts/types/SeatId.sol";
import {DropState, Listing} from "../../../contracts/types/Terms.sol";
import {COOLDOWN, NOW, PRICE, Plan, TOLL} from "../base/Plans.sol";
import {Storage} from "../base/Storage.sol";
import {TypedData} from "../base/TypedData.sol";
import {vm} from "../base/Vm.sol";
import {SteeringTest} from "./SteeringTest.sol";

/// @dev C-80: a pause stops minting and sales of one drop, and nobody's way out. `bob` verifies.
contract PauseScopeTest is SteeringTest {
    SeatId private seat;

    function setUp() public override {
        super.setUp();
        Plan memory plan = _plan();
        plan.terms.verifier = bob;
        drop = _create(plan);
        seat = _mintIn(drop, alice);
    }

    function test_GivenAPause_ItLetsSeatsBeGivenAway() public {
        _pauseAt(NOW + COOLDOWN);
        vm.prank(alice);
        seats.transferFrom{value: TOLL}(alice, carol, SeatId.unwrap(seat));
        vm.assertEq(_ownerOf(seat), carol, "owner");
    }

    function test_GivenAPause_ItRefundsToTheEndOfTheWindow() public {
        _pauseAt(NOW + 20 days);
        uint256 before = alice.balance;
        vm.prank(alice);
        seats.refund(seat);
        vm.assertEq(alice.balance - before, PRICE - PRICE / 10, "paid");
    }

    function test_GivenAPause_ItPaysCreditsOut() public {
        Storage.addCredit(seats, carol, 5);
        _pauseAt(NOW + 1);
        vm.prank(carol);
        seats.withdraw(address(0), resolver, 5);
        vm.assertEq(resolver.balance, 5, "withdrawn");
    }

    function test_GivenAPause_ItChecksHoldersIn() public {
        _pauseAt(NOW + 10 days);
        uint256 expiry = NOW + 11 days;
        bytes32 digest = TypedData.digest(address(seats), TypedData.checkInHash(seat, 0, expiry));
        bytes memory byBob = _signDigest("bob", digest);
        vm.prank(alice);
        seats.checkIn(seat, expiry, "", byBob);
        vm.assertTrue(seats.seatOf(seat).checkedIn, "checked in");
    }

    function test_GivenAPause_ItLetsHoldersObject() public {
        _assertAndPause();
        vm.prank(alice);
        seats.objectTo(seat);
        vm.assertTrue(seats.seatOf(seat).objected, "objected");
    }

    function test_GivenAPause_ItSettles() public {
        _assertAndPause();
        vm.warp(NOW + 47 days + 1);
        seats.settle(drop);
        vm.assertTrue(_terms(drop).state == DropState.SETTLED, "state");
    }

    function test_GivenAPause_ItLetsTheMentorCancelAndHoldersClaim() public {
        _pauseAt(NOW + 1 days);
        vm.prank(mentor);
        seats.cancelDrop(drop);
        uint256 before = alice.balance;
        vm.prank(alice);
        seats.claim(seat);
        vm.assertEq(alice.balance - before, PRICE, "claimed");
    }

    function test_GivenAPause_ItFailsLateDropsAllTheSame() public {
        _pauseAt(NOW + 45 days + 1);
        seats.failDrop(drop);
        vm.assertTrue(_terms(drop).state == DropState.FAILED, "state");
    }

    function test_GivenAPause_ItLetsSellersCancel() public {
        _pauseAt(NOW + 1 days);
        vm.prank(alice);
        seats.cancelListings(seat);
        vm.assertEq(seats.seatOf(seat).epoch, 1, "epoch");
        vm.prank(alice);
        seats.bumpCounter();
    }

    function test_GivenAPause_ItSellsOtherDrops() public {
        drop = _create(_plan());
        SeatId other = _mint(alice);
        drop = seats.seatOf(seat).drop;
        _pauseAt(NOW + 1 days);
        drop = seats.seatOf(other).drop;
        _mint(bob);
        Listing memory listing = _listing(other, PRICE);
        _buy(bob, listing, _sign("alice", listing));
        vm.assertEq(_ownerOf(other), bob, "owner");
    }

    function _assertAndPause() private {
        vm.warp(NOW + 40 days);
        vm.prank(mentor);
        seats.assertDelivery(drop, 0);
        _pauseAt(NOW + 46 days);
    }

    /// @dev For as long as it may be.
    function _pauseAt(uint256 time) private {
        vm.warp(time);
        vm.prank(guardian);
        seats.pause(drop, time + 72 hours);
    }
}
