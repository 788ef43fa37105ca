// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatBaskets} from "../../../contracts/interfaces/ISeatBaskets.sol";
import {ISeatDelivery} from "../../../contracts/interfaces/ISeatDelivery.sol";
import {ISeatDrops} from "../../../contracts/interfaces/ISeatDrops.sol";
import {ISeatEscrow} from "../../../contracts/interfaces/ISeatEscrow.sol";
import {ISeatMarket} from "../../../contracts/interfaces/ISeatMarket.sol";
import {ISeatToken} from "../../../contracts/interfaces/ISeatToken.sol";
import {SeatId} from "../../../contracts/types/SeatId.sol";
import {Listing, MintRequest} from "../../../contracts/types/Terms.sol";
import {DeployedSeats} from "../base/DeployedSeats.sol";
import {COOLDOWN, NOW, PRICE, TOLL} from "../base/Plans.sol";
import {SeatsTest} from "../base/SeatsTest.sol";
import {vm} from "../base/Vm.sol";
import {
    BombingReceiver,
    BurningReceiver,
    ForcedPayment,
    ReenteringReceiver,
    RefusingReceiver
} from "../hostile/EtherReceivers.sol";

/// @dev Sellers that make trouble when they are paid (C-38 to C-41).
contract PaymentsTest is SeatsTest {
    uint256 private constant NET = PRICE - PRICE / 10;

    function test_WhenTheSellerRefusesMoney_ItBecomesACredit() public {
        address seller = address(new RefusingReceiver());
        Listing memory listing = _listed(seller);
        vm.expectEmit(address(seats));
        emit ISeatEscrow.Credited(seller, address(0), NET);
        _buy(bob, listing, "");
        _assertCredited(seller, listing.seat);
    }

    function test_WhenTheSellerBurnsGas_ItCostsTheBuyerLittle() public {
        address seller = address(new BurningReceiver());
        Listing memory listing = _listed(seller);
        uint256 before = gasleft();
        _buy(bob, listing, "");
        vm.assertLe(before - gasleft(), 300_000, "gas");
        _assertCredited(seller, listing.seat);
    }

    function test_WhenTheSellerAnswersWithABomb_ItCostsTheBuyerLittle() public {
        address seller = address(new BombingReceiver());
        Listing memory listing = _listed(seller);
        uint256 before = gasleft();
        _buy(bob, listing, "");
        vm.assertLe(before - gasleft(), 300_000, "gas");
        _assertCredited(seller, listing.seat);
    }

    /// @dev A buyer who sends little gas cannot turn the push into a credit.
    function test_WhenTheBuyerSendsTooLittleGas_ItRevertsOrPays() public {
        ReenteringReceiver seller = new ReenteringReceiver();
        Listing memory listing = _listed(address(seller));
        bytes memory call_ = abi.encodeCall(ISeatMarket.buy, (listing, ""));
        bool accepted;
        for (uint256 limit = 60_000; !accepted; limit += 1000) {
            vm.prank(bob);
            (accepted,) = address(seats).call{value: PRICE, gas: limit}(call_);
        }
        vm.assertEq(address(seller).balance, NET, "paid");
        vm.assertEq(seats.creditOf(address(seller), address(0)), 0, "credit");
    }

    function test_WhenTheSellerReenters_ItFindsEveryGuardedDoorClosed() public {
        ReenteringReceiver seller = new ReenteringReceiver();
        vm.deal(address(seller), 1 ether);
        SeatId kept = _mint(address(seller));
        _reenters(seller, abi.encodeCall(ISeatEscrow.withdraw, (address(0), bob, 1)), 0);
        _reenters(
            seller, abi.encodeCall(ISeatDrops.mint, (_request(address(seller), 1), "")), PRICE
        );
        _reenters(seller, abi.encodeCall(ISeatDelivery.refund, (kept)), 0);
        _reenters(seller, abi.encodeCall(ISeatDelivery.claim, (kept)), 0);
        _reenters(
            seller, abi.encodeCall(ISeatBaskets.buyMany, (new Listing[](0), new bytes[](0))), 0
        );
        _reenters(
            seller, abi.encodeCall(ISeatDrops.mintMany, (new MintRequest[](0), new bytes[](0))), 0
        );
        Listing memory offered = _listing(_mint(carol), PRICE);
        _reenters(
            seller, abi.encodeCall(ISeatMarket.buy, (offered, _sign("carol", offered))), PRICE
        );
        vm.warp(NOW + COOLDOWN);
        _reenters(
            seller,
            abi.encodeWithSignature(
                "transferFrom(address,address,uint256)", seller, bob, SeatId.unwrap(kept)
            ),
            TOLL
        );
        vm.assertEq(_ownerOf(kept), address(seller), "kept");
    }

    /// @dev Cancelling needs no guard: it finds the sale complete.
    function test_WhenTheSellerCancelsWhileBeingPaid_ItIsNoLongerTheOwner() public {
        ReenteringReceiver seller = new ReenteringReceiver();
        Listing memory listing = _listing(_mint(address(seller)), PRICE);
        seller.prepare(address(seats), abi.encodeCall(ISeatToken.cancelListings, (listing.seat)), 0);
        _buy(bob, listing, "");
        vm.assertEq(
            bytes32(bytes4(seller.outcome())),
            bytes32(ISeatToken.SeatToken_NotOwner.selector),
            "outcome"
        );
        vm.assertEq(seats.seatOf(listing.seat).epoch, 1, "epoch");
    }

    /// @dev A sale for the toll: the royalty is all of it.
    function test_WhenNothingIsLeftForTheSeller_ItIsNotCalled() public {
        ReenteringReceiver seller = new ReenteringReceiver();
        Listing memory listing = _listing(_mint(address(seller)), TOLL);
        seller.prepare(address(seats), abi.encodeCall(ISeatToken.cancelListings, (listing.seat)), 0);
        _buy(bob, listing, "");
        vm.assertEq(seller.outcome(), seller.NOT_CALLED(), "outcome");
        vm.assertEq(seats.heldOf(listing.seat), TOLL, "K");
    }

    function test_WhenTheCreditIsWithdrawn_ItReachesAnyRecipient() public {
        RefusingReceiver seller = new RefusingReceiver();
        _buy(bob, _listed(address(seller)), "");
        uint256 before = carol.balance;
        vm.prank(address(seller));
        seats.withdraw(address(0), carol, NET);
        vm.assertEq(carol.balance - before, NET, "paid");
    }

    function test_WhenEtherIsForcedIn_ItBelongsToNobody() public {
        _mint(alice);
        new ForcedPayment{value: 1 ether}(payable(address(seats)));
        vm.assertEq(address(seats).balance, PRICE + 1 ether, "balance");
        vm.assertEq(seats.escrowOf(drop), PRICE, "escrow");
        vm.assertEq(seats.creditOf(address(this), address(0)), 0, "credit");
    }

    function test_WhenEtherIsSentPlainly_ItIsRefused() public {
        vm.prank(alice);
        (bool accepted,) = address(seats).call{value: 1 ether}("");
        vm.assertFalse(accepted, "accepted");
    }

    function _listed(address seller) private returns (Listing memory listing) {
        listing = _listing(_mint(seller), PRICE);
        vm.prank(seller);
        seats.list(listing);
    }

    function _reenters(ReenteringReceiver seller, bytes memory attempt, uint256 payment) private {
        Listing memory listing = _listing(_mint(address(seller)), PRICE);
        listing.expiry = block.timestamp + 1;
        seller.prepare(address(seats), attempt, payment);
        _buy(bob, listing, "");
        vm.assertEq(
            seller.outcome(), bytes32(DeployedSeats.Reentrancy.selector), "the door that was tried"
        );
        vm.assertEq(seats.creditOf(address(seller), address(0)), 0, "the payment was taken");
    }

    function _assertCredited(address seller, SeatId seat) private view {
        vm.assertEq(_ownerOf(seat), bob, "owner");
        vm.assertEq(seats.creditOf(seller, address(0)), NET, "credit");
        vm.assertEq(address(seats).balance, 2 * PRICE, "everything is still here");
    }
}
