// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatBaskets} from "../../../contracts/interfaces/ISeatBaskets.sol";
import {ISeatEscrow} from "../../../contracts/interfaces/ISeatEscrow.sol";
import {ISeatMarket} from "../../../contracts/interfaces/ISeatMarket.sol";
import {ISeatToken} from "../../../contracts/interfaces/ISeatToken.sol";
import {DropId} from "../../../contracts/types/DropId.sol";
import {SeatId} from "../../../contracts/types/SeatId.sol";
import {CHECKED_IN, GRANTED, MAX_EPOCH} from "../../../contracts/types/SeatWord.sol";
import {DropState, Listing, TransferPolicy} from "../../../contracts/types/Terms.sol";
import {DeployedSeats} from "../base/DeployedSeats.sol";
import {NOW, PRICE, Plan} from "../base/Plans.sol";
import {Storage} from "../base/Storage.sol";
import {vm} from "../base/Vm.sol";
import {ReenteringReceiver, RefusingReceiver} from "../hostile/EtherReceivers.sol";
import {BurningWallet} from "../hostile/SignatureWallets.sol";
import {BasketsTest} from "./BasketsTest.sol";

/// @dev Each basket holds the listing that the test is about and one of another drop that is alive:
/// the first is skipped with its reason, the second is bought, and the first's price comes back.
contract BuyManySkipsTest is BasketsTest {
    SeatId internal seat;
    Listing internal listing;

    function setUp() public override {
        super.setUp();
        seat = _mint(alice);
        listing = _listing(seat, PRICE);
    }

    function test_WhenTheSeatDoesNotExist_ItNamesThatReason() public {
        listing.seat = _seat(2);
        _skipped(ISeatToken.SeatToken_Unknown.selector);
        listing.seat = SeatId.wrap(9_000_001);
        _skipped(ISeatToken.SeatToken_Unknown.selector);
    }

    function test_WhenTheSellerIsNotTheOwner_ItNamesThatReason() public {
        listing.seller = carol;
        _skipped(ISeatMarket.SeatMarket_SellerNotOwner.selector);
    }

    function test_WhenTheSeatHasMoved_ItNamesThatReason() public {
        listing.epoch = 1;
        _skipped(ISeatMarket.SeatMarket_EpochPassed.selector);
    }

    function test_WhenTheCounterWasBumped_ItNamesThatReason() public {
        vm.prank(alice);
        seats.bumpCounter();
        _skipped(ISeatMarket.SeatMarket_CounterPassed.selector);
    }

    function test_WhenTheTermsHaveChanged_ItNamesThatReason() public {
        Storage.setTermsVersion(seats, drop, 1);
        _skipped(ISeatMarket.SeatMarket_TermsChanged.selector);
    }

    function test_WhenItHasExpired_ItNamesThatReason() public {
        listing.expiry = NOW - 1;
        _skipped(ISeatMarket.SeatMarket_ListingExpired.selector);
    }

    function test_WhenItExpiresTooLate_ItNamesThatReason() public {
        listing.expiry = NOW + 30 days + 1;
        _skipped(ISeatMarket.SeatMarket_ExpiryTooFar.selector);
    }

    function test_WhenItIsForAnotherTaker_ItNamesThatReason() public {
        listing.taker = carol;
        _skipped(ISeatMarket.SeatMarket_NotTheTaker.selector);
    }

    function test_WhenTheBuyerIsTheSeller_ItNamesThatReason() public {
        listing = _listing(_mint(bob), PRICE);
        _skippedAs("bob", ISeatMarket.SeatMarket_SellerIsBuyer.selector);
    }

    function test_WhenNobodyAuthorisedIt_ItNamesThatReason() public {
        _skippedAs("carol", ISeatMarket.SeatMarket_SignatureInvalid.selector);
    }

    function test_WhenSellingIsPaused_ItNamesThatReason() public {
        Storage.setPausedUntil(seats, drop, NOW);
        _skipped(ISeatMarket.SeatMarket_Paused.selector);
    }

    function test_WhenTheSeatWasGranted_ItNamesThatReason() public {
        Storage.setFlags(seats, seat, GRANTED);
        _skipped(ISeatMarket.SeatMarket_Granted.selector);
    }

    function test_WhenThePriceIsOutOfBounds_ItNamesThatReason() public {
        listing.price = PRICE + 1;
        _skipped(ISeatMarket.SeatMarket_PriceOutOfBounds.selector);
        listing.price = 0;
        _skipped(ISeatMarket.SeatMarket_PriceOutOfBounds.selector);
    }

    function test_WhenTheSeatIsLocked_ItNamesThatReason() public {
        Storage.setFlags(seats, seat, CHECKED_IN);
        _skipped(ISeatToken.SeatToken_Locked.selector);
    }

    function test_WhenTheSeatIsBound_ItNamesThatReason() public {
        Plan memory plan = _plan();
        plan.terms.policy = TransferPolicy.BOUND;
        listing = _listing(_mintIn(_create(plan), alice), PRICE);
        _skipped(ISeatToken.SeatToken_Bound.selector);
    }

    function test_WhenTheDropKeepsItsSeats_ItNamesThatReason() public {
        Storage.setState(seats, drop, DropState.FAILED);
        _skipped(ISeatToken.SeatToken_DropImmovable.selector);
    }

    function test_WhenDeliveryIsOverdue_ItNamesThatReason() public {
        Plan memory plan = _plan();
        plan.terms.startsAt = NOW + 60 days;
        plan.terms.endsAt = NOW + 60 days;
        plan.terms.deliverBy = NOW + 61 days;
        plan.phases[0].closes = NOW + 60 days;
        DropId later = _create(plan);
        vm.warp(NOW + 45 days + 1);
        listing.expiry = NOW + 46 days;
        _put(listing);
        _put(_listing(_mintIn(later, alice), PRICE));
        _assertSkipped(ISeatToken.SeatToken_DeliveryOverdue.selector);
    }

    function test_WhenTheEpochIsAtItsMaximum_ItNamesThatReason() public {
        Storage.setEpoch(seats, seat, MAX_EPOCH);
        listing.epoch = MAX_EPOCH;
        _skipped(ISeatToken.SeatToken_EpochExhausted.selector);
    }

    /// @dev C-21.
    function test_WhenTheSeatWasBurned_ItNamesThatReason() public {
        vm.warp(NOW + 1);
        vm.prank(alice);
        seats.refund(seat);
        _skipped(ISeatToken.SeatToken_Unknown.selector);
    }

    function test_WhenTheSellerReenters_ItFindsEveryDoorClosedAndTheBasketIsBought() public {
        ReenteringReceiver seller = new ReenteringReceiver();
        bytes[] memory doors = new bytes[](3);
        doors[0] = abi.encodeCall(ISeatBaskets.buyMany, (new Listing[](0), new bytes[](0)));
        doors[1] = abi.encodeCall(ISeatEscrow.withdraw, (address(0), bob, 1));
        doors[2] = abi.encodeWithSignature("refund(uint256)", _mint(address(seller)));
        for (uint256 i; i < doors.length; ++i) {
            seller.prepare(address(seats), doors[i], 0);
            _empty();
            _put(_listing(_mint(address(seller)), PRICE), "");
            _add(PRICE);
            bool[] memory bought = _buyAll(2 * PRICE);
            vm.assertTrue(bought[0] && bought[1], "bought");
            vm.assertEq(seller.outcome(), bytes32(DeployedSeats.Reentrancy.selector), "the door");
        }
    }

    function test_WhenTheSellerRefusesMoney_ItBecomesACreditAndTheBasketIsBought() public {
        address seller = address(new RefusingReceiver());
        Listing memory stored = _listing(_mint(seller), PRICE);
        vm.prank(seller);
        seats.list(stored);
        _put(stored, "");
        _add(PRICE);
        bool[] memory bought = _buyAll(2 * PRICE);
        vm.assertTrue(bought[0] && bought[1], "bought");
        vm.assertEq(seats.creditOf(seller, address(0)), _net(PRICE), "credit");
    }

    function test_WhenTheWalletOfTheSellerBurnsAllGas_ItIsSkippedWithinItsShare() public {
        _put(_listing(_mint(address(new BurningWallet())), PRICE), "");
        _add(PRICE);
        uint256 before = gasleft();
        _assertSkipped(ISeatMarket.SeatMarket_SignatureInvalid.selector);
        vm.assertLe(before - gasleft(), 900_000, "gas");
    }

    /// @dev Cancelling needs no guard: what is bought next finds the epoch risen.
    function test_WhenTheSellerCancelsTheNextWhileBeingPaid_ItSkipsTheNextAndPaysItsPriceBack()
        public
    {
        ReenteringReceiver seller = new ReenteringReceiver();
        _put(_listing(_mint(address(seller)), PRICE), "");
        SeatId next = _mint(address(seller));
        _put(_listing(next, PRICE), "");
        seller.prepare(address(seats), abi.encodeCall(ISeatToken.cancelListings, (next)), 0);
        uint256 before = bob.balance;
        bool[] memory bought = _buyAll(2 * PRICE);
        vm.assertTrue(bought[0] && !bought[1], "bought");
        vm.assertEq(seats.seatOf(next).epoch, 1, "epoch");
        vm.assertEq(before - bob.balance, PRICE, "paid for one");
    }

    function _skipped(bytes4 reason) private {
        _skippedAs("alice", reason);
    }

    function _skippedAs(string memory signer, bytes4 reason) private {
        _empty();
        _put(listing, _sign(signer, listing));
        address other = _account("another seller");
        Listing memory alive = _listing(_mintIn(_create(_plan()), other), PRICE);
        _put(alive, _sign("another seller", alive));
        _assertSkipped(reason);
    }

    /// @dev The first of the two in the basket is skipped, the second is bought.
    function _assertSkipped(bytes4 reason) private {
        uint256 before = bob.balance;
        vm.expectEmit(address(seats));
        emit ISeatBaskets.ListingSkipped(listings[0].seat, reason);
        bool[] memory bought = _buyAll(listings[0].price + listings[1].price);
        vm.assertTrue(!bought[0] && bought[1], "bought");
        vm.assertEq(_ownerOf(listings[1].seat), bob, "owner of the second");
        vm.assertEq(before - bob.balance, listings[1].price, "paid for the second");
    }
}
