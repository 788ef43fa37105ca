// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatEscrow} from "../../../contracts/interfaces/ISeatEscrow.sol";
import {ISeatOffers} from "../../../contracts/interfaces/ISeatOffers.sol";
import {SeatId} from "../../../contracts/types/SeatId.sol";
import {Listing, SeatOffer, TierOffer} from "../../../contracts/types/Terms.sol";
import {DeployedSeats} from "../base/DeployedSeats.sol";
import {PRICE, Plan, TOLL} from "../base/Plans.sol";
import {vm} from "../base/Vm.sol";
import {
    BlockingCoin,
    CallbackCoin,
    CalledBackHolder,
    Coin,
    FalseCoin,
    FeeCoin,
    LyingCoin,
    PlainCoin,
    SilentCoin
} from "../hostile/Currencies.sol";
import {RefusingReceiver} from "../hostile/EtherReceivers.sol";
import {OffersTest} from "./OffersTest.sol";

/// @dev Buyer, seller and contract, counted to the wei in both currencies before and after.
contract OfferPaymentsTest is OffersTest {
    uint256 private constant NET = BID - ROYALTY;

    function test_GivenADropInEther_ItTakesThePriceInWrappedEtherAndKeepsTheRoyaltyInEther()
        public
    {
        (uint256 ofAlice, uint256 ofBob) = (alice.balance, bob.balance);
        _accept(_seatOffer(seat, BID));
        _assertPaid(NET, ROYALTY);
        vm.assertEq(alice.balance, ofAlice, "ether of the seller");
        vm.assertEq(bob.balance, ofBob, "ether of the buyer");
        vm.assertEq(wrapped.allowance(bob, address(seats)), 10 ether - BID, "allowance");
        vm.assertEq(seats.escrowOf(drop), PRICE, "escrow");
    }

    function test_GivenADropInEther_ItPaysATierOfferTheSameWay() public {
        _accept(_tierOffer(drop, BID), seat);
        _assertPaid(NET, ROYALTY);
    }

    function testFuzz_GivenADropInEther_ItConservesEveryWeiOfAnyPrice(uint256 price) public {
        price = TOLL + price % (PRICE - TOLL + 1);
        uint256 royalty = price / 10 < TOLL ? TOLL : price / 10;
        _accept(_seatOffer(seat, price));
        _assertPaid(price - royalty, royalty);
    }

    function test_GivenADropInEther_ItHoldsTheRoyaltiesOfListingsAndOffersTogether() public {
        _accept(_seatOffer(seat, BID));
        Listing memory listing = _listing(seat, PRICE);
        _buy(alice, listing, _sign("bob", listing));
        TierOffer memory offer = _tierOffer(drop, BID + 9);
        offer.nonce = 1;
        _accept(offer, seat);
        uint256 together = ROYALTY + PRICE / 10 + ROYALTY;
        vm.assertEq(seats.heldOf(seat), together, "held");
        vm.assertEq(address(seats).balance, PRICE + together, "balance of the contract");
    }

    /// @dev What waits is ether, so that a claim can pay it.
    function test_GivenADropInEther_ItGivesTheRoyaltyBackWhenTheDropIsCancelled() public {
        _accept(_seatOffer(seat, BID));
        vm.prank(mentor);
        seats.cancelDrop(drop);
        uint256 before = bob.balance;
        vm.prank(bob);
        seats.claim(seat);
        vm.assertEq(bob.balance - before, PRICE + ROYALTY, "claimed");
        vm.assertEq(address(seats).balance, 0, "balance of the contract");
    }

    function test_WhenEverythingIsRoyalty_ItPaysTheSellerNothing() public {
        _accept(_seatOffer(seat, TOLL));
        _assertPaid(0, TOLL);
    }

    function test_WhenNothingIsRoyalty_ItUnwrapsNothing() public {
        Plan memory plan = _plan();
        plan.terms.toll = 0;
        drop = _create(plan);
        seat = _mintIn(drop, alice);
        _accept(_seatOffer(seat, 9));
        vm.assertEq(wrapped.balanceOf(alice), 9, "seller");
        vm.assertEq(seats.heldOf(seat), 0, "10% of 9 wei, rounded down");
        vm.assertEq(address(seats).balance, 2 * PRICE, "ether of the contract");
        vm.assertEq(wrapped.balanceOf(address(seats)), 0, "wrapped ether of the contract");
    }

    function test_WhenTheSellerRefusesEther_ItPaysInWrappedEtherAllTheSame() public {
        address seller = address(new RefusingReceiver());
        SeatId sold = _mint(seller);
        SeatOffer memory offer = _seatOffer(sold, BID);
        bytes memory signature = _signOffer("bob", offer);
        vm.prank(seller);
        seats.acceptSeatOffer(offer, signature);
        vm.assertEq(wrapped.balanceOf(seller), NET, "seller");
        vm.assertEq(seats.creditOf(seller, wrappedEther), 0, "credit");
        vm.assertEq(seats.creditOf(seller, address(0)), 0, "credit in ether");
    }

    function test_GivenADropInACoin_ItTakesThePriceAndKeepsTheRoyaltyInTheCoin() public {
        address coin = _coinDrop(address(new PlainCoin()));
        _accept(_seatOffer(seat, BID));
        _assertPaidIn(coin, NET, ROYALTY);
    }

    function test_GivenADropInACoin_ItPaysATierOfferInTheCoinTheSameWay() public {
        address coin = _coinDrop(address(new PlainCoin()));
        _accept(_tierOffer(drop, BID), seat);
        _assertPaidIn(coin, NET, ROYALTY);
    }

    function test_GivenADropInACoin_ItTakesNoWrappedEther() public {
        _coinDrop(address(new PlainCoin()));
        _accept(_seatOffer(seat, BID));
        vm.assertEq(wrapped.balanceOf(bob), 10 ether, "wrapped ether of the buyer");
        vm.assertEq(wrapped.balanceOf(alice), 0, "wrapped ether of the seller");
        vm.assertEq(address(seats).balance, PRICE, "ether of the contract, of the other drop");
    }

    function test_WhenAWeiOfTheBalanceIsMissing_ItRevertsWithNothingReceived() public {
        vm.prank(bob);
        wrapped.transfer(carol, 10 ether - BID + 1);
        SeatOffer memory offer = _seatOffer(seat, BID);
        _refused(offer, _missing(wrappedEther, 0));
        vm.prank(carol);
        wrapped.transfer(bob, 1);
        _accept(offer);
        vm.assertEq(wrapped.balanceOf(bob), 0, "the last wei");
    }

    function test_WhenAWeiOfTheAllowanceIsMissing_ItRevertsWithNothingReceived() public {
        vm.prank(bob);
        wrapped.approve(address(seats), BID - 1);
        _refused(_seatOffer(seat, BID), _missing(wrappedEther, 0));
        _refused(_tierOffer(drop, BID), seat, _missing(wrappedEther, 0));
        vm.prank(bob);
        wrapped.approve(address(seats), BID);
        _accept(_seatOffer(seat, BID));
        vm.assertEq(wrapped.allowance(bob, address(seats)), 0, "the last wei");
    }

    function test_WhenTheAllowanceIsInAnotherCurrency_ItRevertsWithNothingReceived() public {
        address coin = _coinDrop(address(new PlainCoin()));
        vm.prank(bob);
        Coin(coin).approve(address(seats), 0);
        _refused(_seatOffer(seat, BID), _missing(coin, 0));
    }

    function test_WhenTheOfferWasNotPaid_ItCanBeFilledLater() public {
        vm.prank(bob);
        wrapped.approve(address(seats), 0);
        SeatOffer memory offer = _seatOffer(seat, BID);
        _refused(offer, _missing(wrappedEther, 0));
        vm.assertFalse(seats.isOfferSpent(bob, 0), "spent");
        vm.assertEq(_ownerOf(seat), alice, "owner");
        vm.assertEq(seats.heldOf(seat), 0, "held");
        vm.prank(bob);
        wrapped.approve(address(seats), BID);
        _accept(offer);
        vm.assertEq(_ownerOf(seat), bob, "owner");
    }

    /// @dev C-42.
    function test_WhenTheCoinKeepsAPart_ItRevertsWithWhatArrived() public {
        FeeCoin coin = new FeeCoin();
        coin.setTaking(false);
        _coinDrop(address(coin));
        coin.setTaking(true);
        _refused(_seatOffer(seat, BID), _missing(address(coin), BID - BID / 100));
    }

    /// @dev C-43.
    function test_WhenTheCoinSaysNo_ItRevertsWithNothingReceived() public {
        FalseCoin coin = new FalseCoin();
        coin.setRefusing(false);
        _coinDrop(address(coin));
        coin.setRefusing(true);
        _refused(_seatOffer(seat, BID), _missing(address(coin), 0));
    }

    function test_WhenTheCoinLies_ItRevertsWithNothingReceived() public {
        LyingCoin coin = new LyingCoin();
        coin.setLying(false);
        _coinDrop(address(coin));
        coin.setLying(true);
        _refused(_seatOffer(seat, BID), _missing(address(coin), 0));
    }

    /// @dev C-44.
    function test_WhenTheCoinIsSilent_ItSellsTheSeat() public {
        address coin = _coinDrop(address(new SilentCoin()));
        _accept(_seatOffer(seat, BID));
        _assertPaidIn(coin, NET, ROYALTY);
    }

    function test_WhenTheCoinBlocksTheBuyer_ItRevertsWithNothingReceived() public {
        BlockingCoin coin = new BlockingCoin();
        _coinDrop(address(coin));
        coin.setBlocked(bob, true);
        _refused(_seatOffer(seat, BID), _missing(address(coin), 0));
    }

    /// @dev C-47: who is blocked has a credit, and everybody else goes on.
    function test_WhenTheCoinBlocksTheSeller_ItBecomesACredit() public {
        BlockingCoin coin = new BlockingCoin();
        _coinDrop(address(coin));
        coin.setBlocked(alice, true);
        SeatOffer memory offer = _seatOffer(seat, BID);
        bytes memory signature = _signOffer("bob", offer);
        vm.expectEmit(address(seats));
        emit ISeatEscrow.Credited(alice, address(coin), NET);
        vm.prank(alice);
        seats.acceptSeatOffer(offer, signature);
        vm.assertEq(_ownerOf(seat), bob, "owner");
        vm.assertEq(seats.creditOf(alice, address(coin)), NET, "credit");
        vm.assertEq(coin.balanceOf(address(seats)), PRICE + BID, "all of it is here");
        vm.prank(alice);
        seats.withdraw(address(coin), carol, NET);
        vm.assertEq(coin.balanceOf(carol), NET, "withdrawn");
        vm.assertEq(coin.balanceOf(address(seats)), PRICE + ROYALTY, "what remains");
    }

    /// @dev C-46.
    function test_WhenTheCoinCallsTheSellerBack_ItFindsEveryDoorClosed() public {
        CallbackCoin coin = new CallbackCoin();
        _coinDrop(address(coin));
        CalledBackHolder seller = new CalledBackHolder();
        SeatId sold = _mintForCoin(address(coin), address(seller));
        SeatId kept = _mintForCoin(address(coin), address(seller));
        SeatOffer memory next = _seatOffer(kept, BID);
        next.nonce = 1;
        seller.prepare(
            address(seats),
            abi.encodeCall(ISeatOffers.acceptSeatOffer, (next, _signOffer("bob", next)))
        );
        SeatOffer memory offer = _seatOffer(sold, BID);
        seller.act(
            address(seats),
            abi.encodeCall(ISeatOffers.acceptSeatOffer, (offer, _signOffer("bob", offer)))
        );
        vm.assertEq(seller.outcome(), bytes32(DeployedSeats.Reentrancy.selector), "the door");
        vm.assertEq(_ownerOf(sold), bob, "sold");
        vm.assertEq(_ownerOf(kept), address(seller), "kept");
        vm.assertEq(coin.balanceOf(address(seller)), NET, "paid once");
        vm.assertFalse(seats.isOfferSpent(bob, 1), "spent");
    }

    /// @dev Cancelling needs no guard: it finds the nonce spent, and the sale goes on.
    function test_WhenTheBuyerOffersTheSameNonceWhilePaying_ItIsSpentAlready() public {
        CallbackCoin coin = new CallbackCoin();
        _coinDrop(address(coin));
        CalledBackHolder buyer = new CalledBackHolder();
        _fund(address(coin), address(buyer), BID);
        SeatOffer memory offer = _seatOffer(seat, BID);
        offer.buyer = address(buyer);
        buyer.prepare(address(seats), abi.encodeCall(ISeatOffers.cancelOffer, (0)));
        vm.prank(alice);
        seats.acceptSeatOffer(offer, "");
        vm.assertEq(buyer.outcome(), buyer.ACCEPTED(), "cancelled while paying");
        vm.assertEq(_ownerOf(seat), address(buyer), "owner");
        vm.assertTrue(seats.isOfferSpent(address(buyer), 0), "spent");
        vm.assertEq(coin.balanceOf(alice), NET, "seller");
    }

    /// @dev From here on `drop` is one paid in `coin`, `seat` is a seat of it, and bob can pay.
    function _coinDrop(address coin) private returns (address) {
        drop = _createIn(coin);
        seat = _mintForCoin(coin, alice);
        _fund(coin, bob, 10 ether);
        return coin;
    }

    function _mintForCoin(address coin, address recipient) private returns (SeatId) {
        _fund(coin, carol, PRICE);
        vm.prank(carol);
        return seats.mint(_request(recipient, 1), "");
    }

    function _assertPaid(uint256 net, uint256 royalty) private view {
        vm.assertEq(_ownerOf(seat), bob, "owner");
        vm.assertEq(wrapped.balanceOf(bob), 10 ether - net - royalty, "buyer");
        vm.assertEq(wrapped.balanceOf(alice), net, "seller");
        vm.assertEq(wrapped.balanceOf(address(seats)), 0, "wrapped ether of the contract");
        vm.assertEq(address(seats).balance, PRICE + royalty, "ether of the contract");
        vm.assertEq(seats.heldOf(seat), royalty, "held");
    }

    function _assertPaidIn(address coin, uint256 net, uint256 royalty) private view {
        vm.assertEq(_ownerOf(seat), bob, "owner");
        vm.assertEq(Coin(coin).balanceOf(bob), 10 ether - net - royalty, "buyer");
        vm.assertEq(Coin(coin).balanceOf(alice), net, "seller");
        vm.assertEq(Coin(coin).balanceOf(address(seats)), PRICE + royalty, "contract");
        vm.assertEq(seats.heldOf(seat), royalty, "held");
        vm.assertEq(seats.escrowOf(drop), PRICE, "escrow");
    }

    function _missing(address currency, uint256 received) private view returns (bytes memory) {
        return abi.encodeWithSelector(
            ISeatEscrow.SeatEscrow_PaymentMissing.selector, currency, bob, BID, received
        );
    }
}
