// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatBaskets} from "../../../contracts/interfaces/ISeatBaskets.sol";
import {ISeatEscrow} from "../../../contracts/interfaces/ISeatEscrow.sol";
import {ISeatMarket} from "../../../contracts/interfaces/ISeatMarket.sol";
import {SeatId} from "../../../contracts/types/SeatId.sol";
import {Listing} from "../../../contracts/types/Terms.sol";
import {DeployedSeats} from "../base/DeployedSeats.sol";
import {NOW, PRICE} from "../base/Plans.sol";
import {vm} from "../base/Vm.sol";
import {ReenteringReceiver, RefusingReceiver} from "../hostile/EtherReceivers.sol";
import {BasketsTest} from "./BasketsTest.sol";

/// @dev C-35. Why single listings are skipped is in BuyManySkips.t.sol, coins are in
/// BuyManyCoins.t.sol.
contract BuyManyTest is BasketsTest {
    uint256 private constant LOW = 0.03 ether;

    function test_WhenTheLengthsDiffer_ItRevertsWithBoth() public {
        _addMany(2);
        signatures.pop();
        _allRefused(2 * PRICE, _lengths(2, 1));
        signatures.push("");
        signatures.push("");
        _allRefused(2 * PRICE, _lengths(2, 3));
        delete listings;
        _allRefused(0, _lengths(0, 3));
    }

    /// @dev C-50.
    function test_WhenThePaymentIsOneWeiOff_ItRevertsWithTheSumAndThePayment() public {
        _addMany(2);
        _add(LOW);
        uint256 total = 2 * PRICE + LOW;
        _allRefused(total - 1, _wrongPayment(total, total - 1));
        _allRefused(total + 1, _wrongPayment(total, total + 1));
        _allRefused(0, _wrongPayment(total, 0));
        _buyAll(total);
    }

    /// @dev C-49: the same money does not pay twice.
    function test_WhenOnePriceIsPaidForTwo_ItRevertsWithTheSumAndThePayment() public {
        _addMany(2);
        _allRefused(PRICE, _wrongPayment(2 * PRICE, PRICE));
    }

    function test_WhenAPriceIsAboveAnyThatCouldBe_ItRevertsWithThePrice() public {
        uint256 most = 5 * uint256(type(uint80).max);
        _add(PRICE);
        _add(PRICE);
        listings[1].price = type(uint256).max;
        _allRefused(0, _tooDear(type(uint256).max));
        listings[1].price = most + 1;
        _allRefused(0, _tooDear(most + 1));
        listings[1].price = most;
        _allRefused(0, _wrongPayment(PRICE + most, 0));
    }

    function test_WhenTheBasketIsEmpty_ItRevertsWithNone() public {
        _allRefused(0, _nothing(0));
        _allRefused(1, _wrongPayment(0, 1));
    }

    function test_WhenEveryListingIsDead_ItRevertsWithTheirNumberAndKeepsNothing() public {
        _addMany(3);
        vm.prank(alice);
        seats.bumpCounter();
        uint256 before = bob.balance;
        _allRefused(3 * PRICE, _nothing(3));
        vm.assertEq(bob.balance, before, "balance of bob");
        vm.assertEq(address(seats).balance, 3 * PRICE, "balance of the contract");
    }

    /// @dev C-26.
    function test_WhenEverythingIsTheBuyersOwn_ItRevertsWithTheirNumber() public {
        _addMany(2);
        vm.prank(alice);
        vm.expectRevert(_nothing(2));
        seats.buyMany{value: 2 * PRICE}(listings, signatures);
    }

    function test_GivenEveryListingIsAlive_ItMovesEverySeatToTheCaller() public {
        _addMany(3);
        vm.warp(NOW + 60);
        bool[] memory bought = _buyAll(3 * PRICE);
        vm.assertEq(bought.length, 3, "answers");
        for (uint256 i; i < 3; ++i) {
            SeatId seat = listings[i].seat;
            vm.assertTrue(bought[i], "bought");
            vm.assertEq(_ownerOf(seat), bob, "owner");
            vm.assertEq(seats.seatOf(seat).epoch, 1, "epoch");
            vm.assertEq(seats.seatOf(seat).movedAt, NOW + 60, "moved at");
        }
        vm.assertEq(seats.balanceOf(bob), 3, "balance of bob");
        vm.assertEq(seats.balanceOf(alice), 0, "balance of alice");
    }

    function test_GivenEveryListingIsAlive_ItPaysEverySellerAndHoldsEveryRoyalty() public {
        SeatId first = _add(PRICE);
        SeatId second = _mint(carol);
        Listing memory ofCarol = _listing(second, LOW);
        _put(ofCarol, _sign("carol", ofCarol));
        (uint256 ofAlice, uint256 carols) = (alice.balance, carol.balance);
        vm.expectEmit(address(seats));
        emit ISeatMarket.SeatSold(first, alice, bob, PRICE, PRICE / 10);
        vm.expectEmit(address(seats));
        emit DeployedSeats.Transfer(alice, bob, SeatId.unwrap(first));
        vm.expectEmit(address(seats));
        emit ISeatMarket.SeatSold(second, carol, bob, LOW, LOW / 10);
        _buyAll(PRICE + LOW);
        vm.assertEq(alice.balance - ofAlice, _net(PRICE), "alice");
        vm.assertEq(carol.balance - carols, _net(LOW), "carol");
        vm.assertEq(seats.heldOf(first), PRICE / 10, "held with the first");
        vm.assertEq(seats.heldOf(second), LOW / 10, "held with the second");
    }

    function test_GivenEveryListingIsAlive_ItLeavesNoEtherBehind() public {
        _addMany(2);
        uint256 before = bob.balance;
        _buyAll(2 * PRICE);
        vm.assertEq(before - bob.balance, 2 * PRICE, "paid");
        vm.assertEq(address(seats).balance, 2 * PRICE + 2 * PRICE / 10, "escrow and royalties");
        vm.assertEq(seats.creditOf(bob, address(0)), 0, "credit");
        vm.assertEq(seats.creditOf(address(seats), address(0)), 0, "credit of the market");
    }

    function test_GivenOneListingIsDead_ItBuysTheOthersAndPaysItsPriceBack() public {
        _add(PRICE);
        SeatId dead = _add(LOW);
        _add(PRICE);
        vm.prank(alice);
        seats.cancelListings(dead);
        uint256 before = bob.balance;
        bool[] memory bought = _buyAll(2 * PRICE + LOW);
        vm.assertTrue(bought[0] && !bought[1] && bought[2], "bought");
        vm.assertEq(_ownerOf(dead), alice, "owner of the dead one");
        vm.assertEq(seats.heldOf(dead), 0, "held with the dead one");
        vm.assertEq(seats.balanceOf(bob), 2, "seats");
        vm.assertEq(before - bob.balance, 2 * PRICE, "paid for two");
    }

    function test_GivenOneListingIsDead_ItPublishesWhichWasSkipped() public {
        SeatId dead = _add(LOW);
        _add(PRICE);
        vm.prank(alice);
        seats.cancelListings(dead);
        vm.expectEmit(address(seats));
        emit ISeatBaskets.ListingSkipped(dead, ISeatMarket.SeatMarket_EpochPassed.selector);
        vm.expectEmit(address(seats));
        emit ISeatMarket.SeatSold(listings[1].seat, alice, bob, PRICE, PRICE / 10);
        _buyAll(PRICE + LOW);
    }

    function test_GivenDuplicates_ItBuysAListingOnce() public {
        SeatId seat = _add(PRICE);
        _put(listings[0]);
        _put(listings[0]);
        uint256 before = bob.balance;
        for (uint256 i; i < 2; ++i) {
            vm.expectEmit(address(seats));
            emit ISeatBaskets.ListingSkipped(seat, ISeatMarket.SeatMarket_SellerNotOwner.selector);
        }
        bool[] memory bought = _buyAll(3 * PRICE);
        vm.assertTrue(bought[0] && !bought[1] && !bought[2], "bought");
        vm.assertEq(before - bob.balance, PRICE, "paid once");
        vm.assertEq(seats.seatOf(seat).epoch, 1, "epoch");
    }

    function test_GivenDuplicates_ItBuysOneOfTwoListingsOfASeat() public {
        SeatId seat = _add(LOW);
        _put(_listing(seat, PRICE));
        uint256 before = bob.balance;
        bool[] memory bought = _buyAll(PRICE + LOW);
        vm.assertTrue(bought[0] && !bought[1], "bought");
        vm.assertEq(before - bob.balance, LOW, "paid the first price");
        vm.assertEq(seats.heldOf(seat), LOW / 10, "held");
    }

    /// @dev C-29: the contract calls itself, and is nobody's taker.
    function test_GivenPrivateTakers_ItBuysForTheCallerAndNobodyElse() public {
        address[3] memory takers = [bob, carol, address(seats)];
        for (uint256 i; i < takers.length; ++i) {
            Listing memory listing = _listing(_mint(alice), PRICE);
            listing.taker = takers[i];
            _put(listing);
        }
        bool[] memory bought = _buyAll(3 * PRICE);
        vm.assertTrue(bought[0] && !bought[1] && !bought[2], "bought");
        vm.assertEq(_ownerOf(listings[0].seat), bob, "owner");
    }

    function test_GivenStoredListings_ItNeedsNoSignatureForThem() public {
        Listing memory stored = _listing(_mint(alice), PRICE);
        vm.prank(alice);
        seats.list(stored);
        _put(stored, "");
        _put(_listing(_mint(alice), PRICE), "");
        bool[] memory bought = _buyAll(2 * PRICE);
        vm.assertTrue(bought[0], "the stored one");
        vm.assertFalse(bought[1], "the one that was never stored");
    }

    function test_WhenItRefusesWhatComesBack_ItBecomesACredit() public {
        address buyer = address(new RefusingReceiver());
        vm.deal(buyer, 1 ether);
        _oneAliveOneDead();
        vm.expectEmit(address(seats));
        emit ISeatEscrow.Credited(buyer, address(0), LOW);
        vm.prank(buyer);
        seats.buyMany{value: PRICE + LOW}(listings, signatures);
        vm.assertEq(seats.balanceOf(buyer), 1, "seats");
        vm.assertEq(seats.creditOf(buyer, address(0)), LOW, "credit");
        vm.prank(buyer);
        seats.withdraw(address(0), carol, LOW);
        vm.assertEq(address(seats).balance, 2 * PRICE + PRICE / 10, "escrow and royalty");
    }

    function test_WhenItReentersAsItIsPaidBack_ItFindsEveryDoorClosed() public {
        ReenteringReceiver buyer = new ReenteringReceiver();
        vm.deal(address(buyer), 1 ether);
        _oneAliveOneDead();
        bytes memory basket = abi.encodeCall(ISeatBaskets.buyMany, (listings, signatures));
        buyer.prepare(address(seats), abi.encodeCall(ISeatMarket.buy, (listings[0], "")), PRICE);
        buyer.act(address(seats), basket, PRICE + LOW);
        vm.assertEq(buyer.outcome(), bytes32(DeployedSeats.Reentrancy.selector), "the door");
        vm.assertEq(address(buyer).balance, 1 ether - PRICE, "paid for one");
    }

    function test_WhenNothingComesBack_ItIsNotPaidAtAll() public {
        address buyer = address(new RefusingReceiver());
        vm.deal(buyer, 1 ether);
        _addMany(2);
        vm.prank(buyer);
        seats.buyMany{value: 2 * PRICE}(listings, signatures);
        vm.assertEq(seats.balanceOf(buyer), 2, "seats");
        vm.assertEq(seats.creditOf(buyer, address(0)), 0, "credit");
    }

    function testFuzz_WhenAnyOfEightAreDead_ItConservesEveryWei(uint8 dead, uint256 seed) public {
        uint256 total;
        uint256 spent;
        uint256 royalties;
        for (uint256 i; i < 8; ++i) {
            uint256 price = PRICE - uint256(keccak256(abi.encode(seed, i))) % (PRICE / 2);
            Listing memory listing = _listing(_mint(alice), price);
            bool alive = dead >> i & 1 == 0;
            _put(listing, _sign(alive ? "alice" : "carol", listing));
            total += price;
            if (alive) (spent, royalties) = (spent + price, royalties + price / 10);
        }
        if (dead == type(uint8).max) return _allRefused(total, _nothing(8));
        (uint256 ofAlice, uint256 ofBob) = (alice.balance, bob.balance);
        bool[] memory bought = _buyAll(total);
        for (uint256 i; i < 8; ++i) {
            vm.assertEq(bought[i], dead >> i & 1 == 0, "bought");
            vm.assertEq(_ownerOf(listings[i].seat), bought[i] ? bob : alice, "owner");
        }
        vm.assertEq(ofBob - bob.balance, spent, "spent");
        vm.assertEq(alice.balance - ofAlice, spent - royalties, "earned");
        vm.assertEq(address(seats).balance, 8 * PRICE + royalties, "contract");
    }

    function _oneAliveOneDead() private {
        _add(PRICE);
        SeatId dead = _add(LOW);
        vm.prank(alice);
        seats.cancelListings(dead);
    }

    function _lengths(uint256 left, uint256 right) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ISeatMarket.SeatMarket_LengthsDiffer.selector, left, right);
    }
}
