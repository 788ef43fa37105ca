// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatDelivery} from "../../../contracts/interfaces/ISeatDelivery.sol";
import {ISeatEscrow} from "../../../contracts/interfaces/ISeatEscrow.sol";
import {ISeatMarket} from "../../../contracts/interfaces/ISeatMarket.sol";
import {ISeatToken} from "../../../contracts/interfaces/ISeatToken.sol";
import {SeatId} from "../../../contracts/types/SeatId.sol";
import {Listing} from "../../../contracts/types/Terms.sol";
import {DeployedSeats} from "../base/DeployedSeats.sol";
import {PRICE, TOLL} from "../base/Plans.sol";
import {SeatsTest} from "../base/SeatsTest.sol";
import {RecordedLog, vm} from "../base/Vm.sol";
import {
    BlockingCoin,
    CallbackCoin,
    CalledBackHolder,
    Coin,
    FalseCoin,
    FeeCoin,
    LyingCoin,
    PlainCoin,
    RebasingCoin,
    SilentCoin
} from "../hostile/Currencies.sol";
import {OneWayCoin} from "../hostile/OneWayCoin.sol";

/// @dev What kills a listing is the same in every currency; see Buy.t.sol.
contract BuyCoinTest is SeatsTest {
    uint256 private constant ASKED = 0.04 ether;
    uint256 private constant ROYALTY = ASKED / 10;
    uint256 private constant NET = ASKED - ROYALTY;

    Coin internal coin;
    SeatId internal seat;
    Listing internal listing;

    function test_GivenABuyerWhoCanPay_ItTakesThePriceAndPaysTheSellerAndKeepsTheRoyalty() public {
        _use(address(new PlainCoin()));
        (uint256 ofAlice, uint256 ofBob) = (alice.balance, bob.balance);
        _accepted();
        _assertPaid(NET, ROYALTY);
        vm.assertEq(alice.balance, ofAlice, "ether of the seller");
        vm.assertEq(bob.balance, ofBob, "ether of the buyer");
        vm.assertEq(address(seats).balance, 0, "ether of the contract");
        vm.assertEq(coin.allowance(bob, address(seats)), PRICE - ASKED, "allowance");
    }

    function test_GivenABuyerWhoCanPay_ItPublishesSaleAndTransferAndNothingElse() public {
        _use(address(new PlainCoin()));
        bytes memory signature = _sign("alice", listing);
        vm.expectEmit(address(seats));
        emit ISeatMarket.SeatSold(seat, alice, bob, ASKED, ROYALTY);
        vm.expectEmit(address(seats));
        emit DeployedSeats.Transfer(alice, bob, SeatId.unwrap(seat));
        vm.prank(bob);
        seats.buy(listing, signature);
        listing = _listing(seat, ASKED);
        signature = _sign("bob", listing);
        _fund(address(coin), alice, PRICE);
        vm.recordLogs();
        vm.prank(alice);
        seats.buy(listing, signature);
        RecordedLog[] memory logs = vm.getRecordedLogs();
        vm.assertEq(logs.length, 2, "the coin is silent, and no credit was needed");
    }

    function testFuzz_GivenABuyerWhoCanPay_ItConservesEveryWeiOfAnyPrice(uint256 price) public {
        _use(address(new PlainCoin()));
        listing.price = TOLL + price % (PRICE - TOLL + 1);
        uint256 royalty = listing.price / 10 < TOLL ? TOLL : listing.price / 10;
        _accepted();
        _assertPaid(listing.price - royalty, royalty);
    }

    function test_GivenABuyerWhoCanPay_ItNeedsNoApprovalOfTheSeller() public {
        _use(address(new PlainCoin()));
        vm.assertEq(coin.allowance(alice, address(seats)), 0, "allowance of the seller");
        vm.assertEq(seats.getApproved(SeatId.unwrap(seat)), address(0), "approved");
        _accepted();
    }

    function test_WhenEtherComesWithTheCall_ItRevertsWithTheAmount() public {
        _use(address(new PlainCoin()));
        bytes memory signature = _sign("alice", listing);
        uint256[2] memory paid = [uint256(1), ASKED];
        for (uint256 i; i < paid.length; ++i) {
            vm.prank(bob);
            vm.expectRevert(
                abi.encodeWithSelector(ISeatMarket.SeatMarket_WrongPayment.selector, 0, paid[i])
            );
            seats.buy{value: paid[i]}(listing, signature);
        }
    }

    function test_WhenAWeiOfTheAllowanceIsMissing_ItRevertsWithNothingReceived() public {
        _use(address(new PlainCoin()));
        vm.prank(bob);
        coin.approve(address(seats), ASKED - 1);
        _refused(_missing(0));
        vm.prank(bob);
        coin.approve(address(seats), ASKED);
        _accepted();
    }

    function test_WhenAWeiOfTheBalanceIsMissing_ItRevertsWithNothingReceived() public {
        _use(address(new PlainCoin()));
        vm.prank(bob);
        PlainCoin(address(coin)).transfer(carol, PRICE - ASKED + 1);
        _refused(_missing(0));
        vm.prank(carol);
        PlainCoin(address(coin)).transfer(bob, 1);
        _accepted();
    }

    function test_WhenTheBuyerHoldsAnotherCoin_ItTakesNothingElse() public {
        _use(address(new PlainCoin()));
        PlainCoin other = new PlainCoin();
        _fund(address(other), carol, PRICE);
        bytes memory signature = _sign("alice", listing);
        vm.prank(carol);
        vm.expectRevert(
            abi.encodeWithSelector(
                ISeatEscrow.SeatEscrow_PaymentMissing.selector, coin, carol, ASKED, 0
            )
        );
        seats.buy(listing, signature);
        vm.assertEq(other.balanceOf(carol), PRICE, "coins of another currency");
    }

    /// @dev C-48.
    function test_GivenThePlatformAllowsTheCoinNoLonger_ItSellsSeatsOfDropsThatExist() public {
        _use(address(new PlainCoin()));
        vm.prank(platformOwner);
        seats.setCurrency(address(coin), false);
        _accepted();
        _assertPaid(NET, ROYALTY);
    }

    /// @dev C-42.
    function test_WhenTheCoinKeepsAPart_ItRevertsWithWhatArrived() public {
        FeeCoin fees = new FeeCoin();
        fees.setTaking(false);
        _use(address(fees));
        fees.setTaking(true);
        _refused(_missing(ASKED - ASKED / 100));
        vm.assertEq(_ownerOf(seat), alice, "owner");
        vm.assertEq(seats.heldOf(seat), 0, "held");
    }

    /// @dev C-43.
    function test_WhenTheCoinSaysNo_ItRevertsWithNothingReceived() public {
        FalseCoin refusing = new FalseCoin();
        refusing.setRefusing(false);
        _use(address(refusing));
        refusing.setRefusing(true);
        _refused(_missing(0));
    }

    function test_WhenTheCoinLies_ItRevertsWithNothingReceived() public {
        LyingCoin lying = new LyingCoin();
        lying.setLying(false);
        _use(address(lying));
        lying.setLying(true);
        _refused(_missing(0));
    }

    /// @dev C-44.
    function test_WhenTheCoinIsSilent_ItSellsTheSeat() public {
        _use(address(new SilentCoin()));
        _accepted();
        _assertPaid(NET, ROYALTY);
    }

    /// @dev C-47: the seat has gone, and its seller is owed; everybody else goes on.
    function test_WhenTheCoinBlocksTheSeller_ItBecomesACreditAndFreezesNobody() public {
        BlockingCoin blocking = new BlockingCoin();
        _use(address(blocking));
        blocking.setBlocked(alice, true);
        bytes memory signature = _sign("alice", listing);
        vm.expectEmit(address(seats));
        emit ISeatEscrow.Credited(alice, address(coin), NET);
        vm.prank(bob);
        seats.buy(listing, signature);
        vm.assertEq(_ownerOf(seat), bob, "owner");
        vm.assertEq(seats.creditOf(alice, address(coin)), NET, "credit");
        vm.assertEq(coin.balanceOf(address(seats)), PRICE + ASKED, "coins of the contract");
        listing = _listing(seat, ASKED);
        signature = _sign("bob", listing);
        _fund(address(coin), carol, ASKED);
        vm.prank(carol);
        seats.buy(listing, signature);
        vm.assertEq(_ownerOf(seat), carol, "sold on");
        vm.assertEq(seats.creditOf(alice, address(coin)), NET, "credit stays");
    }

    function test_WhenTheCoinBlocksTheBuyer_ItRevertsWithNothingReceived() public {
        BlockingCoin blocking = new BlockingCoin();
        _use(address(blocking));
        blocking.setBlocked(bob, true);
        _refused(_missing(0));
    }

    /// @dev Taken while the coin says yes, and refused when the seller is paid.
    function test_WhenTheCoinSaysNoToTheSeller_ItBecomesACredit() public {
        _use(address(new OneWayCoin()));
        _accepted();
        vm.assertEq(seats.creditOf(alice, address(coin)), NET, "credit");
        vm.assertEq(coin.balanceOf(address(seats)), PRICE + ASKED, "coins of the contract");
    }

    /// @dev C-45: what is lost is lost to the drops in that coin.
    function test_WhenTheCoinShrinks_ItHurtsNoDropInAnotherCurrency() public {
        RebasingCoin shrinking = new RebasingCoin();
        SeatId inEther = _mint(alice);
        _use(address(shrinking));
        _accepted();
        shrinking.rebase(5000);
        vm.assertEq(coin.balanceOf(address(seats)), (PRICE + ROYALTY) / 2, "half is left");
        vm.assertEq(seats.heldOf(seat), ROYALTY, "what is owed stays");
        Listing memory other = _listing(inEther, PRICE);
        _buy(bob, other, _sign("alice", other));
        vm.assertEq(address(seats).balance, PRICE + PRICE / 10, "ether of the contract");
    }

    /// @dev C-46, C-34.
    function test_WhenTheCoinCallsTheSellerBack_ItFindsEveryGuardedDoorClosed() public {
        _use(address(new CallbackCoin()));
        CalledBackHolder seller = new CalledBackHolder();
        bytes[4] memory doors = [
            abi.encodeCall(ISeatMarket.buy, (listing, "")),
            abi.encodeCall(ISeatEscrow.withdraw, (address(coin), bob, 1)),
            abi.encodeCall(ISeatDelivery.refund, (seat)),
            abi.encodeCall(ISeatDelivery.claim, (seat))
        ];
        for (uint256 i; i < doors.length; ++i) {
            seller.prepare(address(seats), doors[i]);
            Listing memory next = _listing(_mintForCoin(address(seller)), ASKED);
            _fund(address(coin), bob, ASKED);
            vm.prank(bob);
            seats.buy(next, "");
            vm.assertEq(seller.outcome(), bytes32(DeployedSeats.Reentrancy.selector), "the door");
        }
        vm.assertEq(coin.balanceOf(address(seller)), doors.length * NET, "paid for each");
    }

    /// @dev The buyer is called before the coins move; the seat is theirs by then.
    function test_WhenTheCoinCallsTheBuyerBack_ItFindsTheSaleComplete() public {
        _use(address(new CallbackCoin()));
        CalledBackHolder buyer = new CalledBackHolder();
        _fund(address(coin), address(buyer), ASKED);
        buyer.prepare(address(seats), abi.encodeCall(ISeatToken.cancelListings, (seat)));
        buyer.act(
            address(seats), abi.encodeCall(ISeatMarket.buy, (listing, _sign("alice", listing)))
        );
        vm.assertEq(buyer.outcome(), buyer.ACCEPTED(), "cancelled as the owner");
        vm.assertEq(_ownerOf(seat), address(buyer), "owner");
        vm.assertEq(seats.seatOf(seat).epoch, 2, "sold and cancelled");
        vm.assertEq(coin.balanceOf(alice), NET, "seller");
    }

    /// @dev A gift that the buyer slips in while paying is nobody's: the purchase ends instead.
    function test_WhenMoreArrivesThanWasAskedFor_ItRevertsWithWhatArrived() public {
        _use(address(new CallbackCoin()));
        CalledBackHolder buyer = new CalledBackHolder();
        _fund(address(coin), address(buyer), ASKED);
        buyer.prepare(address(coin), abi.encodeCall(Coin.mint, (address(seats), 1)));
        bytes memory call_ = abi.encodeCall(ISeatMarket.buy, (listing, _sign("alice", listing)));
        vm.expectRevert(
            abi.encodeWithSelector(
                ISeatEscrow.SeatEscrow_PaymentMissing.selector, coin, buyer, ASKED, ASKED + 1
            )
        );
        buyer.act(address(seats), call_);
    }

    /// @dev A drop in `currency`, a seat of alice's in it for sale, and bob, who can pay its face.
    function _use(address currency) private {
        coin = Coin(currency);
        drop = _createIn(currency);
        seat = _mintForCoin(alice);
        listing = _listing(seat, ASKED);
        _fund(currency, bob, PRICE);
    }

    function _mintForCoin(address recipient) private returns (SeatId) {
        _fund(address(coin), carol, PRICE);
        vm.prank(carol);
        return seats.mint(_request(recipient, 1), "");
    }

    function _accepted() private {
        bytes memory signature = _sign("alice", listing);
        vm.prank(bob);
        seats.buy(listing, signature);
        vm.assertEq(_ownerOf(seat), bob, "owner");
    }

    function _refused(bytes memory expected) private {
        bytes memory signature = _sign("alice", listing);
        vm.prank(bob);
        vm.expectRevert(expected);
        seats.buy(listing, signature);
    }

    function _assertPaid(uint256 net, uint256 royalty) private view {
        vm.assertEq(coin.balanceOf(bob), PRICE - net - royalty, "buyer");
        vm.assertEq(coin.balanceOf(alice), net, "seller");
        vm.assertEq(coin.balanceOf(address(seats)), PRICE + royalty, "contract");
        vm.assertEq(seats.heldOf(seat), royalty, "held");
        vm.assertEq(seats.escrowOf(drop), PRICE, "escrow");
        vm.assertEq(seats.creditOf(alice, address(coin)), 0, "credit");
    }

    function _missing(uint256 received) private view returns (bytes memory) {
        return abi.encodeWithSelector(
            ISeatEscrow.SeatEscrow_PaymentMissing.selector, coin, bob, ASKED, received
        );
    }
}
