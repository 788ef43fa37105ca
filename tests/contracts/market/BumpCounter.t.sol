// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatMarket} from "../../../contracts/interfaces/ISeatMarket.sol";
import {SeatId} from "../../../contracts/types/SeatId.sol";
import {Listing} from "../../../contracts/types/Terms.sol";
import {PRICE} from "../base/Plans.sol";
import {SeatsTest} from "../base/SeatsTest.sol";
import {vm} from "../base/Vm.sol";

contract BumpCounterTest is SeatsTest {
    function test_WhenAnAccountBumps_ItGivesAndPublishesAHigherCounter() public {
        uint256 counter;
        for (uint256 i; i < 3; ++i) {
            uint256 expected = counter + 1 + (uint256(blockhash(block.number - 1)) >> 128);
            vm.expectEmit(address(seats));
            emit ISeatMarket.CounterBumped(alice, expected);
            vm.prank(alice);
            vm.assertEq(seats.bumpCounter(), expected, "answer");
            vm.assertEq(seats.counterOf(alice), expected, "counter");
            vm.assertGt(expected, counter, "higher");
            counter = expected;
            vm.roll(block.number + 1);
        }
    }

    /// @dev A listing signed for the next counter would come to life by the call that is to kill it.
    function test_WhenTheBlockIsAnother_ItTakesAStepThatNobodyForesaw() public {
        vm.prank(alice);
        uint256 first = seats.bumpCounter();
        vm.roll(block.number + 1);
        vm.prank(bob);
        vm.assertTrue(seats.bumpCounter() != first, "another step");
    }

    function test_WhenTheBlockHashIsTheLargest_ItStillRises() public {
        vm.roll(100);
        vm.setBlockhash(99, bytes32(type(uint256).max));
        vm.startPrank(alice);
        uint256 first = seats.bumpCounter();
        vm.assertEq(first, uint256(type(uint128).max) + 1, "first");
        vm.assertEq(seats.bumpCounter(), 2 * first, "second");
    }

    function test_WhenAnAccountBumps_ItLeavesEverybodyElsesCounter() public {
        vm.prank(alice);
        seats.bumpCounter();
        vm.assertEq(seats.counterOf(bob), 0, "counter of bob");
    }

    /// @dev Counter and balance share a word.
    function test_WhenAnAccountBumps_ItKeepsItsBalanceOfSeats() public {
        _mint(alice);
        vm.prank(alice);
        seats.bumpCounter();
        _mint(alice);
        vm.assertEq(seats.balanceOf(alice), 2, "balance");
        vm.assertGt(seats.counterOf(alice), 0, "counter");
    }

    function test_WhenAnAccountBumps_ItKillsTheListingsOfEverySeat() public {
        Listing memory first = _listing(_mint(alice), PRICE);
        Listing memory second = _listing(_mint(alice), PRICE);
        bytes memory signature = _sign("alice", first);
        bytes memory secondSignature = _sign("alice", second);
        vm.prank(alice);
        uint256 counter = seats.bumpCounter();
        bytes memory passed = abi.encodeWithSelector(
            ISeatMarket.SeatMarket_CounterPassed.selector, alice, 0, counter
        );
        _buyRefused(bob, first, signature, passed);
        _buyRefused(bob, second, secondSignature, passed);
    }

    function test_WhenAListingCarriesTheNewCounter_ItIsAlive() public {
        SeatId seat = _mint(alice);
        vm.prank(alice);
        uint256 counter = seats.bumpCounter();
        Listing memory listing = _listing(seat, PRICE);
        vm.assertEq(listing.counter, counter, "counter");
        _buy(bob, listing, _sign("alice", listing));
        vm.assertEq(_ownerOf(seat), bob, "owner");
    }
}
