// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SeatId} from "../../../contracts/types/SeatId.sol";
import {CHECKED_IN, GRANTED, MAX_EPOCH, OBJECTED} from "../../../contracts/types/SeatWord.sol";
import {DropState, TransferPolicy} from "../../../contracts/types/Terms.sol";
import {COOLDOWN, NOW, TOLL} from "../base/Plans.sol";
import {Storage} from "../base/Storage.sol";
import {vm} from "../base/Vm.sol";
import {PolicyTest} from "./PolicyTest.sol";

/// @dev ERC-6454. That it agrees with what moves is in Agreement.t.sol.
contract TransferableTest is PolicyTest {
    SeatId internal seat;
    uint256 internal id;

    function setUp() public override {
        super.setUp();
        seat = _mint(alice);
        id = SeatId.unwrap(seat);
    }

    function test_GivenASeatThatMoves_ItCouldMoveToAnybodyButNobody() public view {
        vm.assertTrue(seats.isTransferable(id, alice, bob), "to bob");
        vm.assertTrue(seats.isTransferable(id, alice, alice), "to its owner");
        vm.assertFalse(seats.isTransferable(id, alice, address(0)), "to nobody");
        vm.assertFalse(seats.isTransferable(id, alice, address(seats)), "to the market");
    }

    function test_GivenASeatThatMoves_ItCouldMoveOnlyFromItsOwner() public {
        vm.assertFalse(seats.isTransferable(id, bob, carol), "from bob");
        vm.assertFalse(seats.isTransferable(id, address(0), bob), "from nobody");
        vm.warp(NOW + COOLDOWN);
        vm.prank(alice);
        seats.transferFrom{value: TOLL}(alice, bob, id);
        vm.assertFalse(seats.isTransferable(id, alice, carol), "from the former owner");
        vm.assertTrue(seats.isTransferable(id, bob, carol), "from the owner");
    }

    /// @dev A sale does not wait for the cooldown.
    function test_GivenASeatThatMoves_ItSaysSoWhileTheSeatCoolsDown() public view {
        vm.assertGt(seats.seatOf(seat).movableFrom, block.timestamp, "cooling down");
        vm.assertTrue(seats.isTransferable(id, alice, bob), "transferable");
    }

    /// @dev A gift does not ask whether selling is paused.
    function test_GivenASeatThatMoves_ItSaysSoWhileSellingIsPaused() public {
        Storage.setPausedUntil(seats, drop, NOW + 1);
        vm.assertTrue(seats.isTransferable(id, alice, bob), "transferable");
    }

    function test_GivenASeatThatMoves_ItSaysSoOfAGrantedSeat() public {
        Storage.setFlags(seats, seat, GRANTED);
        vm.assertTrue(seats.isTransferable(id, alice, bob), "transferable");
    }

    function test_WhenItWasNeverMinted_ItCouldNotMove() public view {
        vm.assertFalse(seats.isTransferable(id + 1, alice, bob), "the next seat");
        vm.assertFalse(seats.isTransferable(9_000_001, address(0), bob), "of no drop");
        vm.assertFalse(seats.isTransferable(type(uint256).max, alice, bob), "the largest id");
    }

    function test_WhenItWasBurned_ItCouldNotMove() public {
        vm.warp(NOW + 1);
        vm.prank(alice);
        seats.refund(seat);
        vm.assertFalse(seats.isTransferable(id, alice, bob), "from who burned it");
        vm.assertFalse(seats.isTransferable(id, address(0), bob), "from nobody");
    }

    function test_WhenItIsCheckedIn_ItCouldNotMove() public {
        Storage.setFlags(seats, seat, CHECKED_IN);
        vm.assertFalse(seats.isTransferable(id, alice, bob), "transferable");
    }

    function test_WhenItsHolderObjected_ItCouldNotMove() public {
        Storage.setFlags(seats, seat, OBJECTED);
        vm.assertFalse(seats.isTransferable(id, alice, bob), "transferable");
    }

    function test_WhenItIsBound_ItCouldNotMove() public {
        uint256 bound = _idUnder(TransferPolicy.BOUND, alice);
        vm.assertFalse(seats.isTransferable(bound, alice, bob), "transferable");
    }

    function test_WhenItsEpochIsAtItsMaximum_ItCouldNotMove() public {
        Storage.setEpoch(seats, seat, MAX_EPOCH);
        vm.assertFalse(seats.isTransferable(id, alice, bob), "transferable");
        Storage.setEpoch(seats, seat, MAX_EPOCH - 1);
        vm.assertTrue(seats.isTransferable(id, alice, bob), "once more");
    }

    function test_WhenTheDropKeepsItsSeats_ItCouldNotMove() public {
        DropState[4] memory immovable =
            [DropState.DISPUTED_WIDE, DropState.SPLIT_WIDE, DropState.CANCELLED, DropState.FAILED];
        for (uint256 i; i < immovable.length; ++i) {
            Storage.setState(seats, drop, immovable[i]);
            vm.assertFalse(seats.isTransferable(id, alice, bob), "transferable");
        }
    }

    function test_WhenDeliveryIsOverdue_ItCouldNotMoveFromTheSecondAfterOn() public {
        vm.warp(NOW + 45 days);
        vm.assertTrue(seats.isTransferable(id, alice, bob), "in the last second");
        vm.warp(NOW + 45 days + 1);
        vm.assertFalse(seats.isTransferable(id, alice, bob), "one second later");
        DropState[4] memory movable = [
            DropState.ASSERTED, DropState.SETTLED, DropState.DISPUTED_NARROW, DropState.SPLIT_NARROW
        ];
        for (uint256 i; i < movable.length; ++i) {
            Storage.setState(seats, drop, movable[i]);
            vm.assertTrue(seats.isTransferable(id, alice, bob), "once it was asserted");
        }
    }

    function test_GivenAnOpenSeat_ItCouldMoveByOwnerApprovedAndOperatorAlike() public {
        uint256 open = _idUnder(TransferPolicy.OPEN, alice);
        vm.startPrank(alice);
        seats.approve(bob, open);
        seats.setApprovalForAll(carol, true);
        vm.stopPrank();
        address[3] memory askers = [alice, bob, carol];
        for (uint256 i; i < askers.length; ++i) {
            vm.prank(askers[i]);
            vm.assertTrue(seats.isTransferable(open, alice, carol), "transferable");
        }
    }
}
