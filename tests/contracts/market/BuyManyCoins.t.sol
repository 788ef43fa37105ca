// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatBaskets} from "../../../contracts/interfaces/ISeatBaskets.sol";
import {ISeatEscrow} from "../../../contracts/interfaces/ISeatEscrow.sol";
import {ISeatMarket} from "../../../contracts/interfaces/ISeatMarket.sol";
import {DropId} from "../../../contracts/types/DropId.sol";
import {SeatId} from "../../../contracts/types/SeatId.sol";
import {DeployedSeats} from "../base/DeployedSeats.sol";
import {PRICE} from "../base/Plans.sol";
import {vm} from "../base/Vm.sol";
import {
    BlockingCoin,
    CallbackCoin,
    CalledBackHolder,
    Coin,
    FeeCoin,
    PlainCoin
} from "../hostile/Currencies.sol";
import {BasketsTest} from "./BasketsTest.sol";

contract BuyManyCoinsTest is BasketsTest {
    DropId internal inEther;

    function setUp() public override {
        super.setUp();
        inEther = drop;
    }

    function test_GivenDropsInEtherAndInACoin_ItTakesEachPriceInItsOwnCurrency() public {
        Coin coin = Coin(_coinDrop(address(new PlainCoin())));
        SeatId first = _addInEther();
        SeatId second = _addInCoin(coin, alice);
        _fund(address(coin), bob, PRICE);
        (uint256 ofAlice, uint256 ofBob) = (alice.balance, bob.balance);
        bool[] memory bought = _buyAll(PRICE);
        vm.assertTrue(bought[0] && bought[1], "bought");
        vm.assertEq(ofBob - bob.balance, PRICE, "ether of the buyer");
        vm.assertEq(alice.balance - ofAlice, _net(PRICE), "ether of the seller");
        vm.assertEq(coin.balanceOf(bob), 0, "coins of the buyer");
        vm.assertEq(coin.balanceOf(alice), _net(PRICE), "coins of the seller");
        vm.assertEq(seats.heldOf(first), PRICE / 10, "held in ether");
        vm.assertEq(seats.heldOf(second), PRICE / 10, "held in coins");
        vm.assertEq(address(seats).balance, PRICE + PRICE / 10, "ether of the contract");
        vm.assertEq(coin.balanceOf(address(seats)), PRICE + PRICE / 10, "coins of the contract");
    }

    function test_GivenDropsInEtherAndInACoin_ItCountsEtherAloneInThePayment() public {
        Coin coin = Coin(_coinDrop(address(new PlainCoin())));
        _addInEther();
        _addInCoin(coin, alice);
        _fund(address(coin), bob, PRICE);
        _allRefused(2 * PRICE, _wrongPayment(PRICE, 2 * PRICE));
        _allRefused(PRICE + 1, _wrongPayment(PRICE, PRICE + 1));
        _allRefused(0, _wrongPayment(PRICE, 0));
    }

    function test_GivenDropsInEtherAndInACoin_ItPaysBackNothingButEther() public {
        Coin coin = Coin(_coinDrop(address(new PlainCoin())));
        SeatId dead = _addInEther();
        SeatId deadInCoin = _addInCoin(coin, alice);
        _addInCoin(coin, alice);
        _fund(address(coin), bob, 2 * PRICE);
        vm.startPrank(alice);
        seats.cancelListings(dead);
        seats.cancelListings(deadInCoin);
        vm.stopPrank();
        uint256 before = bob.balance;
        bool[] memory bought = _buyAll(PRICE);
        vm.assertTrue(!bought[0] && !bought[1] && bought[2], "bought");
        vm.assertEq(bob.balance, before, "all ether came back");
        vm.assertEq(coin.balanceOf(bob), PRICE, "a coin that was not asked for never left");
    }

    function test_GivenAnAllowanceForOneOfTwo_ItBuysTheFirstAndSkipsTheSecond() public {
        Coin coin = Coin(_coinDrop(address(new PlainCoin())));
        _addInCoin(coin, alice);
        SeatId second = _addInCoin(coin, alice);
        _fund(address(coin), bob, 2 * PRICE);
        vm.prank(bob);
        coin.approve(address(seats), 2 * PRICE - 1);
        vm.expectEmit(address(seats));
        emit ISeatBaskets.ListingSkipped(second, ISeatEscrow.SeatEscrow_PaymentMissing.selector);
        bool[] memory bought = _buyAll(0);
        vm.assertTrue(bought[0] && !bought[1], "bought");
        vm.assertEq(coin.balanceOf(bob), PRICE, "coins of the buyer");
        vm.assertEq(seats.heldOf(second), 0, "held with the second");
        vm.assertEq(seats.seatOf(second).epoch, 0, "epoch of the second");
    }

    function test_GivenNoAllowance_ItSkipsAllOfTheCoin() public {
        Coin coin = Coin(_coinDrop(address(new PlainCoin())));
        _addInCoin(coin, alice);
        _allRefused(0, _nothing(1));
        _addInEther();
        bool[] memory bought = _buyAll(PRICE);
        vm.assertTrue(!bought[0] && bought[1], "bought");
    }

    function test_WhenAPriceInACoinIsHuge_ItIsSkippedAndCountsForNothing() public {
        Coin coin = Coin(_coinDrop(address(new PlainCoin())));
        SeatId huge = _addInCoin(coin, alice);
        _addInEther();
        listings[0].price = type(uint256).max;
        signatures[0] = _sign("alice", listings[0]);
        vm.expectEmit(address(seats));
        emit ISeatBaskets.ListingSkipped(huge, ISeatMarket.SeatMarket_PriceOutOfBounds.selector);
        bool[] memory bought = _buyAll(PRICE);
        vm.assertTrue(!bought[0] && bought[1], "bought");
    }

    /// @dev C-42.
    function test_GivenACoinThatKeepsAPart_ItSkipsEveryListingInItAndLeavesNoTrace() public {
        FeeCoin coin = new FeeCoin();
        coin.setTaking(false);
        _coinDrop(address(coin));
        SeatId skipped = _addInCoin(coin, alice);
        _addInEther();
        _fund(address(coin), bob, PRICE);
        coin.setTaking(true);
        vm.expectEmit(address(seats));
        emit ISeatBaskets.ListingSkipped(skipped, ISeatEscrow.SeatEscrow_PaymentMissing.selector);
        bool[] memory bought = _buyAll(PRICE);
        vm.assertTrue(!bought[0] && bought[1], "bought");
        vm.assertEq(coin.balanceOf(bob), PRICE, "coins of the buyer");
        vm.assertEq(coin.balanceOf(address(seats)), PRICE, "coins of the contract");
    }

    /// @dev C-47.
    function test_GivenACoinThatBlocksASeller_ItBecomesACreditAndTheBasketIsBought() public {
        BlockingCoin coin = new BlockingCoin();
        _coinDrop(address(coin));
        _addInCoin(coin, alice);
        _addInEther();
        _fund(address(coin), bob, PRICE);
        coin.setBlocked(alice, true);
        bool[] memory bought = _buyAll(PRICE);
        vm.assertTrue(bought[0] && bought[1], "bought");
        vm.assertEq(seats.creditOf(alice, address(coin)), _net(PRICE), "credit");
        vm.assertEq(coin.balanceOf(address(seats)), 2 * PRICE, "coins of the contract");
    }

    /// @dev C-46.
    function test_GivenACoinThatCallsTheSellerBack_ItFindsEveryDoorClosed() public {
        CallbackCoin coin = new CallbackCoin();
        _coinDrop(address(coin));
        CalledBackHolder seller = new CalledBackHolder();
        SeatId sold = _addInCoin(coin, address(seller));
        SeatId kept = _addInEther();
        seller.prepare(
            address(seats), abi.encodeCall(ISeatMarket.buy, (listings[1], signatures[1]))
        );
        _fund(address(coin), bob, PRICE);
        bool[] memory bought = _buyAll(PRICE);
        vm.assertTrue(bought[0] && bought[1], "bought");
        vm.assertEq(seller.outcome(), bytes32(DeployedSeats.Reentrancy.selector), "the door");
        vm.assertEq(_ownerOf(sold), bob, "sold");
        vm.assertEq(_ownerOf(kept), bob, "the next");
        vm.assertEq(coin.balanceOf(address(seller)), _net(PRICE), "paid once");
    }

    function _coinDrop(address coin) private returns (address) {
        drop = _createIn(coin);
        return coin;
    }

    function _addInEther() private returns (SeatId seat) {
        seat = _mintIn(inEther, alice);
        _put(_listing(seat, PRICE));
    }

    function _addInCoin(Coin coin, address seller) private returns (SeatId seat) {
        _fund(address(coin), carol, PRICE);
        vm.prank(carol);
        seat = seats.mint(_request(seller, 1), "");
        _put(_listing(seat, PRICE));
    }
}
