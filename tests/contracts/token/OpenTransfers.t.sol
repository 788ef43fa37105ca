// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatMarket} from "../../../contracts/interfaces/ISeatMarket.sol";
import {ISeatToken} from "../../../contracts/interfaces/ISeatToken.sol";
import {SeatId} from "../../../contracts/types/SeatId.sol";
import {CHECKED_IN, MAX_EPOCH, OBJECTED} from "../../../contracts/types/SeatWord.sol";
import {DropState, Listing, TransferPolicy} from "../../../contracts/types/Terms.sol";
import {DeployedSeats} from "../base/DeployedSeats.sol";
import {NOW, PRICE} from "../base/Plans.sol";
import {Storage} from "../base/Storage.sol";
import {vm} from "../base/Vm.sol";
import {ReenteringHolder} from "../hostile/SeatReceivers.sol";
import {PolicyTest} from "./PolicyTest.sol";

contract OpenTransfersTest is PolicyTest {
    SeatId internal seat;
    uint256 internal id;

    function setUp() public override {
        super.setUp();
        drop = _dropUnder(TransferPolicy.OPEN);
        seat = _mint(alice);
        id = SeatId.unwrap(seat);
    }

    function test_WhenTheOwnerMovesIt_ItMovesAtOnceAndPaysNoToll() public {
        vm.expectEmit(address(seats));
        emit DeployedSeats.Transfer(alice, bob, id);
        vm.recordLogs();
        vm.prank(alice);
        seats.transferFrom(alice, bob, id);
        vm.assertEq(vm.getRecordedLogs().length, 1, "nothing but the transfer is published");
        vm.assertEq(_ownerOf(seat), bob, "owner");
        vm.assertEq(seats.balanceOf(alice), 0, "balance of alice");
        vm.assertEq(seats.balanceOf(bob), 1, "balance of bob");
        vm.assertEq(seats.seatOf(seat).epoch, 1, "epoch");
        vm.assertEq(seats.heldOf(seat), 0, "held");
        vm.warp(NOW + 60);
        vm.startPrank(bob);
        seats.safeTransferFrom(bob, carol, id);
        vm.assertEq(seats.seatOf(seat).movedAt, NOW + 60, "moved at");
        vm.assertEq(seats.seatOf(seat).movableFrom, NOW + 60, "movable from");
        vm.stopPrank();
        vm.prank(carol);
        seats.safeTransferFrom(carol, alice, id, "data");
        vm.assertEq(seats.seatOf(seat).epoch, 3, "epoch");
        vm.assertEq(_ownerOf(seat), alice, "back, in the same second");
        vm.assertEq(address(seats).balance, PRICE, "balance of the contract");
    }

    function test_WhenTheApprovedAccountMovesIt_ItMovesOnce() public {
        vm.prank(alice);
        seats.approve(bob, id);
        vm.startPrank(bob);
        seats.transferFrom(alice, carol, id);
        vm.assertEq(_ownerOf(seat), carol, "owner");
        vm.assertEq(seats.seatOf(seat).epoch, 1, "epoch");
        vm.assertEq(seats.getApproved(id), address(0), "approved");
        vm.expectRevert(_notOwner(id, carol, bob));
        seats.transferFrom(carol, bob, id);
    }

    function test_WhenAnOperatorMovesIt_ItMovesInEveryForm() public {
        vm.prank(alice);
        seats.setApprovalForAll(bob, true);
        vm.startPrank(bob);
        seats.transferFrom(alice, alice, id);
        seats.safeTransferFrom(alice, alice, id);
        seats.safeTransferFrom(alice, carol, id, "data");
        vm.assertEq(_ownerOf(seat), carol, "owner");
        vm.assertEq(seats.seatOf(seat).epoch, 3, "epoch");
        vm.expectRevert(_notOwner(id, carol, bob));
        seats.transferFrom(carol, bob, id);
    }

    function test_WhenAStrangerMovesIt_ItRevertsWithOwnerAndCallerInEveryForm() public {
        _refusedInEveryForm(bob, _notOwner(id, alice, bob));
    }

    function test_WhenTheAccountIsApprovedForAnotherSeat_ItRevertsWithOwnerAndCaller() public {
        uint256 other = SeatId.unwrap(_mint(alice));
        vm.prank(alice);
        seats.approve(bob, other);
        _refusedInEveryForm(bob, _notOwner(id, alice, bob));
    }

    function test_WhenFromIsNotTheOwner_ItRevertsWithBoth() public {
        vm.prank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(ISeatToken.SeatToken_NotTheirs.selector, seat, alice, bob)
        );
        seats.transferFrom(bob, carol, id);
    }

    function test_WhenItGoesToNobody_ItRevertsWithTheSeat() public {
        vm.prank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(ISeatToken.SeatToken_ToNobody.selector, seat, address(0))
        );
        seats.transferFrom(alice, address(0), id);
    }

    function test_WhenMoneyComesWithIt_ItRevertsWithTheAmount() public {
        bytes memory expected =
            abi.encodeWithSelector(ISeatToken.SeatToken_WrongToll.selector, seat, 0, 1);
        vm.startPrank(alice);
        vm.expectRevert(expected);
        seats.transferFrom{value: 1}(alice, bob, id);
        vm.expectRevert(expected);
        seats.safeTransferFrom{value: 1}(alice, bob, id);
    }

    function test_WhenTheOwnerTransfersTheSeat_ItEnds() public {
        _approve(bob);
        vm.prank(alice);
        seats.transferFrom(alice, carol, id);
        _assertPowerless(bob, carol);
    }

    function test_WhenTheOwnerTransfersToThemselves_ItEndsAllTheSame() public {
        _approve(bob);
        vm.prank(alice);
        seats.transferFrom(alice, alice, id);
        _assertPowerless(bob, alice);
    }

    /// @dev C-89: nothing that the seller did before the sale takes the seat back.
    function test_WhenTheSeatIsSold_ItDoesNotOutliveTheSale() public {
        _approve(alice);
        Listing memory listing = _listing(seat, PRICE);
        _buy(carol, listing, _sign("alice", listing));
        _assertPowerless(alice, carol);
    }

    function test_WhenTheSeatIsRefunded_ItBurnsWithTheSeat() public {
        _approve(bob);
        vm.warp(NOW + 1);
        vm.prank(alice);
        seats.refund(seat);
        vm.expectRevert(abi.encodeWithSelector(ISeatToken.SeatToken_Unknown.selector, seat));
        seats.getApproved(id);
        vm.prank(bob);
        vm.expectRevert(abi.encodeWithSelector(ISeatToken.SeatToken_Unknown.selector, seat));
        seats.transferFrom(alice, bob, id);
        vm.prank(bob);
        vm.expectRevert(abi.encodeWithSelector(ISeatToken.SeatToken_Unknown.selector, seat));
        seats.transferFrom(address(0), bob, id);
    }

    function test_WhenTheOwnerCancelsListings_ItStays() public {
        _approve(bob);
        vm.prank(alice);
        seats.cancelListings(seat);
        vm.assertEq(seats.getApproved(id), bob, "approved");
        vm.prank(bob);
        seats.transferFrom(alice, bob, id);
        vm.assertEq(_ownerOf(seat), bob, "owner");
        vm.assertEq(seats.seatOf(seat).epoch, 2, "epoch");
    }

    function test_GivenTheSeatIsLocked_ItRevertsForOwnerApprovedAndOperator() public {
        uint256[2] memory locks = [CHECKED_IN, OBJECTED];
        for (uint256 i; i < locks.length; ++i) {
            Storage.setFlags(seats, seat, locks[i]);
            _refusedForEverybody(abi.encodeWithSelector(ISeatToken.SeatToken_Locked.selector, seat));
        }
    }

    function test_GivenTheDropIsInDisputeOrOverWithoutSuccess_ItRevertsForOwnerApprovedAndOperator()
        public
    {
        DropState[4] memory immovable =
            [DropState.DISPUTED_WIDE, DropState.SPLIT_WIDE, DropState.CANCELLED, DropState.FAILED];
        for (uint256 i; i < immovable.length; ++i) {
            Storage.setState(seats, drop, immovable[i]);
            _refusedForEverybody(
                abi.encodeWithSelector(
                    ISeatToken.SeatToken_DropImmovable.selector, drop, immovable[i]
                )
            );
        }
    }

    function test_WhenALiveDropIsOverdue_ItRevertsWithTheDeadline() public {
        vm.warp(NOW + 45 days + 1);
        _refusedForEverybody(
            abi.encodeWithSelector(
                ISeatToken.SeatToken_DeliveryOverdue.selector, drop, NOW + 45 days
            )
        );
        vm.warp(NOW + 45 days);
        vm.prank(alice);
        seats.transferFrom(alice, bob, id);
        vm.assertEq(_ownerOf(seat), bob, "owner");
    }

    function test_GivenTheEpochIsAtItsMaximum_ItRevertsWithTheSeat() public {
        Storage.setEpoch(seats, seat, MAX_EPOCH);
        _refusedForEverybody(
            abi.encodeWithSelector(ISeatToken.SeatToken_EpochExhausted.selector, seat)
        );
    }

    /// @dev C-20, by transfers that pay nothing.
    function test_GivenAListing_ItDiesWhenTheSeatIsTransferredAndComesBack() public {
        Listing memory listing = _listing(seat, PRICE);
        bytes memory signature = _sign("alice", listing);
        vm.prank(alice);
        seats.transferFrom(alice, bob, id);
        vm.prank(bob);
        seats.transferFrom(bob, alice, id);
        _buyRefused(
            carol,
            listing,
            signature,
            abi.encodeWithSelector(ISeatMarket.SeatMarket_EpochPassed.selector, seat, 0, 2)
        );
    }

    function test_GivenAFormerOwner_ItLeavesTheirOperatorWithoutPower() public {
        vm.startPrank(alice);
        seats.setApprovalForAll(carol, true);
        seats.transferFrom(alice, bob, id);
        vm.stopPrank();
        _refusedFrom(bob, carol, _notOwner(id, bob, carol));
        _refusedFrom(bob, alice, _notOwner(id, bob, alice));
        vm.prank(carol);
        vm.expectRevert(_notOwner(id, bob, carol));
        seats.approve(carol, id);
    }

    /// @dev Nothing holds an open seat back: the receiver sells or passes it on as it likes.
    function test_WhenTheReceiverReenters_ItFindsTheSeatAsItsOwnAndMayPassItOn() public {
        ReenteringHolder holder = new ReenteringHolder(address(seats));
        holder.prepare(
            abi.encodeWithSignature(
                "transferFrom(address,address,uint256)", address(holder), bob, id
            )
        );
        vm.prank(alice);
        seats.safeTransferFrom(alice, address(holder), id);
        vm.assertTrue(holder.ownedAtCallback(), "owned at the callback");
        vm.assertTrue(holder.accepted(), "passed on");
        vm.assertEq(_ownerOf(seat), bob, "owner");
        vm.assertEq(seats.seatOf(seat).epoch, 2, "epoch");
    }

    function _approve(address account) private {
        vm.prank(alice);
        seats.approve(account, id);
    }

    function _assertPowerless(address former, address owner) private {
        vm.assertEq(_ownerOf(seat), owner, "owner");
        vm.assertEq(seats.getApproved(id), address(0), "approved");
        _refusedFrom(owner, former, _notOwner(id, owner, former));
    }

    function _refusedForEverybody(bytes memory expected) private {
        vm.startPrank(alice);
        seats.approve(bob, id);
        seats.setApprovalForAll(carol, true);
        vm.stopPrank();
        _refusedInEveryForm(alice, expected);
        _refusedInEveryForm(bob, expected);
        _refusedInEveryForm(carol, expected);
    }

    function _refusedInEveryForm(address caller, bytes memory expected) private {
        _refusedFrom(alice, caller, expected);
    }

    function _refusedFrom(address owner, address caller, bytes memory expected) private {
        vm.startPrank(caller);
        vm.expectRevert(expected);
        seats.transferFrom(owner, caller, id);
        vm.expectRevert(expected);
        seats.safeTransferFrom(owner, caller, id);
        vm.expectRevert(expected);
        seats.safeTransferFrom(owner, caller, id, "data");
        vm.stopPrank();
    }
}
