// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatMarket} from "../../../contracts/interfaces/ISeatMarket.sol";
import {SeatId} from "../../../contracts/types/SeatId.sol";
import {Listing} from "../../../contracts/types/Terms.sol";
import {PRICE} from "../base/Plans.sol";
import {SeatsTest} from "../base/SeatsTest.sol";
import {vm} from "../base/Vm.sol";

contract BumpCounterTest is SeatsTest {
    function test_WhenAnAccountBumps_ItGivesAndPublishesTheNextCounter() public {
        for (uint256 expected = 1; expected <= 3; ++expected) {
            vm.expectEmit(address(seats));
            emit ISeatMarket.CounterBumped(alice, expected);
            vm.prank(alice);
            vm.assertEq(seats.bumpCounter(), expected, "answer");
            vm.assertEq(seats.counterOf(alice), expected, "counter");
        }
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
        vm.assertEq(seats.counterOf(alice), 1, "counter");
    }

    function test_WhenAnAccountBumps_ItKillsTheListingsOfEverySeat() public {
        Listing memory first = _listing(_mint(alice), PRICE);
        Listing memory second = _listing(_mint(alice), PRICE);
        bytes memory signature = _sign("alice", first);
        bytes memory secondSignature = _sign("alice", second);
        vm.prank(alice);
        seats.bumpCounter();
        bytes memory passed =
            abi.encodeWithSelector(ISeatMarket.SeatMarket_CounterPassed.selector, alice, 0, 1);
        _buyRefused(bob, first, signature, passed);
        _buyRefused(bob, second, secondSignature, passed);
    }

    function test_WhenAListingCarriesTheNewCounter_ItIsAlive() public {
        SeatId seat = _mint(alice);
        vm.prank(alice);
        seats.bumpCounter();
        Listing memory listing = _listing(seat, PRICE);
        vm.assertEq(listing.counter, 1, "counter");
        _buy(bob, listing, _sign("alice", listing));
        vm.assertEq(_ownerOf(seat), bob, "owner");
    }
}
