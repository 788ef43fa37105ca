// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Listing, SeatOffer} from "../../../contracts/types/Terms.sol";
import {PRICE, Plan, TOLL} from "../base/Plans.sol";
import {vm} from "../base/Vm.sol";
import {OffersTest} from "./OffersTest.sol";

/// @dev C-51: rounding at one wei and at the widest terms that a drop can have.
contract PriceLimitsTest is OffersTest {
    uint256 private constant LARGEST = type(uint80).max;
    uint256 private constant HIGHEST = 5 * LARGEST;

    function test_GivenTheLargestFaceAndTheWidestCap_ItSellsAtTheHighestPriceAndConservesEveryWei()
        public
    {
        _useLargest();
        uint256 royalty = HIGHEST * 2000 / 10_000;
        (uint256 ofAlice, uint256 ofMarket) = (alice.balance, address(seats).balance);
        Listing memory listing = _listing(seat, HIGHEST);
        vm.deal(bob, HIGHEST);
        _buy(bob, listing, _sign("alice", listing));
        vm.assertEq(bob.balance, 0, "buyer");
        vm.assertEq(alice.balance - ofAlice, HIGHEST - royalty, "seller");
        vm.assertEq(seats.heldOf(seat), royalty, "held");
        vm.assertEq(address(seats).balance - ofMarket, royalty, "contract");
    }

    function test_GivenTheLargestFaceAndTheWidestCap_ItTakesAnOfferAtThatPrice() public {
        _useLargest();
        uint256 royalty = HIGHEST * 2000 / 10_000;
        uint256 ofMarket = address(seats).balance;
        _wrap(bob, HIGHEST);
        _accept(_seatOffer(seat, HIGHEST));
        vm.assertEq(wrapped.balanceOf(bob), 10 ether, "buyer");
        vm.assertEq(wrapped.balanceOf(alice), HIGHEST - royalty, "seller");
        vm.assertEq(seats.heldOf(seat), royalty, "held");
        vm.assertEq(address(seats).balance - ofMarket, royalty, "contract");
    }

    function test_GivenTheLargestFaceAndTheWidestCap_ItRefusesOneWeiMore() public {
        _useLargest();
        _refusedAt(HIGHEST + 1, LARGEST / 5, HIGHEST);
    }

    function test_GivenAFaceOfOneWei_ItSellsForOneWeiAndRoundsTheRoyaltyToNothing() public {
        _useFace(_plan(), 1);
        Listing memory listing = _listing(seat, 1);
        uint256 before = alice.balance;
        _buy(bob, listing, _sign("alice", listing));
        vm.assertEq(alice.balance - before, 1, "seller");
        vm.assertEq(seats.heldOf(seat), 0, "held");
    }

    function test_GivenAFaceOfOneWei_ItRefusesTwo() public {
        _useFace(_plan(), 1);
        _refusedAt(2, 1, 1);
    }

    function test_GivenACapThatRoundsToNothing_ItRefusesEveryPrice() public {
        Plan memory plan = _plan();
        plan.terms.resaleCap = 9999;
        _useFace(plan, 1);
        _refusedAt(1, 1, 0);
        _refusedAt(0, 1, 0);
    }

    /// @dev Nothing was paid for it, so no resale has a bound that means anything.
    function test_GivenASeatThatCostNothing_ItRefusesEveryPrice() public {
        Plan memory plan = _plan();
        plan.phases[0].price = 0;
        drop = _create(plan);
        vm.prank(alice);
        seat = seats.mint(_requestFor(drop, 0), "");
        _refusedAt(0, TOLL, 0);
        _refusedAt(TOLL, TOLL, 0);
        _refusedAt(PRICE, TOLL, 0);
    }

    /// @dev C-84: a cheap sale with a payment outside costs what a gift costs.
    function test_GivenATollAboveTheRoyalty_ItOwesTheToll() public {
        Listing memory listing = _listing(seat, TOLL + 1);
        uint256 before = alice.balance;
        _buy(bob, listing, _sign("alice", listing));
        vm.assertEq(alice.balance - before, 1, "seller");
        vm.assertEq(seats.heldOf(seat), TOLL, "held");
        listing = _listing(seat, 2 * TOLL);
        _buy(alice, listing, _sign("bob", listing));
        vm.assertEq(seats.heldOf(seat), 2 * TOLL, "a tenth is less than the toll");
        SeatOffer memory offer = _seatOffer(seat, 10 * TOLL);
        _accept(offer);
        vm.assertEq(seats.heldOf(seat), 3 * TOLL, "a tenth is as much");
    }

    /// @dev The toll is of the list price, the cap of what this seat cost.
    function test_GivenATollAboveTheCap_ItRefusesEveryPrice() public {
        Plan memory plan = _plan();
        plan.phases[0].price = TOLL - 1;
        drop = _create(plan);
        vm.prank(alice);
        seat = seats.mint{value: TOLL - 1}(_requestFor(drop, TOLL - 1), "");
        _refusedAt(TOLL - 1, TOLL, TOLL - 1);
        _refusedAt(TOLL, TOLL, TOLL - 1);
    }

    function _useLargest() private {
        Plan memory plan = _plan();
        (plan.terms.royalty, plan.terms.toll, plan.terms.resaleCap) = (2000, 2000, 50_000);
        _useFace(plan, LARGEST);
    }

    function _useFace(Plan memory plan, uint256 face) private {
        (plan.tiers[0].listPrice, plan.phases[0].price) = (face, face);
        drop = _create(plan);
        vm.deal(alice, alice.balance + face);
        vm.prank(alice);
        seat = seats.mint{value: face}(_requestFor(drop, face), "");
    }

    /// @dev By listing and by offer alike.
    function _refusedAt(uint256 price, uint256 least, uint256 most) private {
        Listing memory listing = _listing(seat, price);
        vm.deal(bob, price);
        _buyRefused(bob, listing, _sign("alice", listing), _outOfBounds(price, least, most));
        _refused(_seatOffer(seat, price), _outOfBounds(price, least, most));
    }
}
