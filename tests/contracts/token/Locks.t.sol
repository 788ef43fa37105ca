// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatDelivery} from "../../../contracts/interfaces/ISeatDelivery.sol";
import {ISeatToken} from "../../../contracts/interfaces/ISeatToken.sol";
import {DropId} from "../../../contracts/types/DropId.sol";
import {SeatId} from "../../../contracts/types/SeatId.sol";
import {Listing, MintRequest, TransferPolicy} from "../../../contracts/types/Terms.sol";
import {DeployedSeats} from "../base/DeployedSeats.sol";
import {COOLDOWN, NOW, PRICE, Plan, TOLL} from "../base/Plans.sol";
import {RecordedLog, vm} from "../base/Vm.sol";
import {PolicyTest} from "./PolicyTest.sol";

/// @dev ERC-5192 and ERC-4906. alice owns the seat and checks people in, so that she agrees twice.
contract LocksTest is PolicyTest {
    SeatId internal seat;
    uint256 internal id;

    function setUp() public override {
        super.setUp();
        Plan memory plan = _plan();
        plan.terms.verifier = alice;
        drop = _create(plan);
        seat = _mint(alice);
        id = SeatId.unwrap(seat);
    }

    function test_WhenSeatsAreMinted_ItTellsOfEach() public {
        drop = _dropUnder(TransferPolicy.BOUND);
        MintRequest memory request = _request(bob, 3);
        uint256 first = SeatId.unwrap(_seat(1));
        _expectLocks(first, bob, 3);
        vm.prank(alice);
        seats.mint{value: 3 * PRICE}(request, "");
        for (uint256 i; i < 3; ++i) {
            vm.assertTrue(seats.locked(first + i), "locked");
        }
    }

    function test_WhenSeatsAreGranted_ItTellsOfEach() public {
        drop = _dropUnder(TransferPolicy.BOUND);
        uint256 first = SeatId.unwrap(_seat(1));
        _expectLocks(first, carol, 2);
        vm.prank(mentor);
        seats.grant(drop, 0, carol, 2);
        vm.assertTrue(seats.locked(first + 1), "locked");
    }

    function test_GivenAnotherDrop_ItTellsNothingOfNewSeats() public {
        DropId open = _dropUnder(TransferPolicy.OPEN);
        vm.recordLogs();
        SeatId minted = _mint(alice);
        SeatId openSeat = _mintIn(open, alice);
        vm.prank(mentor);
        seats.grant(drop, 0, carol, 1);
        _assertSilent();
        vm.assertFalse(seats.locked(SeatId.unwrap(minted)), "locked");
        vm.assertFalse(seats.locked(SeatId.unwrap(openSeat)), "open, locked");
    }

    function test_WhenTheHolderIsCheckedIn_ItTellsThatTheSeatIsLockedAndLooksDifferent() public {
        vm.warp(NOW + 10 days);
        vm.expectEmit(address(seats));
        emit ISeatDelivery.CheckedIn(seat, alice, alice);
        vm.expectEmit(address(seats));
        emit ISeatToken.Locked(id);
        vm.expectEmit(address(seats));
        emit ISeatToken.MetadataUpdate(id);
        _checkIn();
        vm.assertTrue(seats.locked(id), "locked");
    }

    function test_WhenTheHolderIsCheckedIn_ItKeepsTheSeatWhereItIs() public {
        vm.warp(NOW + 10 days);
        vm.assertTrue(seats.isTransferable(id, alice, bob), "before");
        _checkIn();
        _assertFixed();
    }

    function test_WhenTheHolderObjects_ItTellsThatTheSeatIsLockedAndLooksDifferent() public {
        _assert();
        vm.expectEmit(address(seats));
        emit ISeatDelivery.Objected(seat, alice, PRICE);
        vm.expectEmit(address(seats));
        emit ISeatToken.Locked(id);
        vm.expectEmit(address(seats));
        emit ISeatToken.MetadataUpdate(id);
        vm.prank(alice);
        seats.objectTo(seat);
        vm.assertTrue(seats.locked(id), "locked");
    }

    function test_WhenTheHolderObjects_ItKeepsTheSeatWhereItIs() public {
        _assert();
        vm.assertTrue(seats.isTransferable(id, alice, bob), "before");
        vm.prank(alice);
        seats.objectTo(seat);
        _assertFixed();
    }

    function test_WhenASeatMovesOrItsListingsAreCancelled_ItTellsNothingOfTheKind() public {
        Listing memory listing = _listing(seat, PRICE);
        bytes memory signature = _sign("alice", listing);
        vm.recordLogs();
        _buy(bob, listing, signature);
        vm.warp(NOW + COOLDOWN);
        vm.startPrank(bob);
        seats.transferFrom{value: TOLL}(bob, carol, id);
        vm.stopPrank();
        vm.prank(carol);
        seats.cancelListings(seat);
        _assertSilent();
    }

    function _checkIn() private {
        vm.prank(alice);
        seats.checkIn(seat, block.timestamp, "", "");
    }

    function _assert() private {
        vm.warp(NOW + 38 days);
        vm.prank(mentor);
        seats.assertDelivery(drop, keccak256("the recording"));
    }

    function _assertFixed() private {
        vm.assertFalse(seats.isTransferable(id, alice, bob), "transferable");
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(ISeatToken.SeatToken_Locked.selector, seat));
        seats.transferFrom{value: TOLL}(alice, bob, id);
        Listing memory listing = _listing(seat, PRICE);
        _buyRefused(
            bob,
            listing,
            _sign("alice", listing),
            abi.encodeWithSelector(ISeatToken.SeatToken_Locked.selector, seat)
        );
    }

    /// @dev One `Locked` for each new seat, in their order.
    function _expectLocks(uint256 first, address recipient, uint256 count) private {
        for (uint256 i; i < count; ++i) {
            vm.expectEmit(address(seats));
            emit DeployedSeats.Transfer(address(0), recipient, first + i);
        }
        for (uint256 i; i < count; ++i) {
            vm.expectEmit(address(seats));
            emit ISeatToken.Locked(first + i);
        }
    }

    function _assertSilent() private {
        RecordedLog[] memory logs = vm.getRecordedLogs();
        vm.assertGt(logs.length, 0, "something was published");
        for (uint256 i; i < logs.length; ++i) {
            bytes32 topic = logs[i].topics[0];
            vm.assertFalse(topic == ISeatToken.Locked.selector, "locked");
            vm.assertFalse(topic == ISeatToken.MetadataUpdate.selector, "looks different");
            vm.assertFalse(topic == ISeatToken.BatchMetadataUpdate.selector, "all of them");
        }
    }
}
