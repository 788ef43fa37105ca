// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatMarket} from "../../../contracts/interfaces/ISeatMarket.sol";
import {ISeatToken} from "../../../contracts/interfaces/ISeatToken.sol";
import {SeatId} from "../../../contracts/types/SeatId.sol";
import {Listing} from "../../../contracts/types/Terms.sol";
import {MAX_EPOCH} from "../../../contracts/types/SeatWord.sol";
import {PRICE} from "../base/Plans.sol";
import {SeatsTest} from "../base/SeatsTest.sol";
import {Storage} from "../base/Storage.sol";
import {vm} from "../base/Vm.sol";

contract CancelListingsTest is SeatsTest {
    SeatId internal seat;

    function setUp() public override {
        super.setUp();
        seat = _mint(alice);
    }

    function test_GivenTheSeatDoesNotExist_ItRevertsWithTheSeat() public {
        vm.expectRevert(abi.encodeWithSelector(ISeatToken.SeatToken_Unknown.selector, _seat(2)));
        seats.cancelListings(_seat(2));
    }

    function test_WhenTheCallerIsNotTheOwner_ItRevertsWithOwnerAndCaller() public {
        vm.prank(bob);
        vm.expectRevert(
            abi.encodeWithSelector(ISeatToken.SeatToken_NotOwner.selector, seat, alice, bob)
        );
        seats.cancelListings(seat);
    }

    function test_GivenTheEpochIsAtItsMaximum_ItRevertsWithTheSeat() public {
        Storage.setEpoch(seats, seat, MAX_EPOCH);
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(ISeatToken.SeatToken_EpochExhausted.selector, seat));
        seats.cancelListings(seat);
    }

    function test_WhenTheOwnerCalls_ItRaisesTheEpochAndPublishesIt() public {
        vm.expectEmit(address(seats));
        emit ISeatToken.ListingsCancelled(seat, 1);
        vm.prank(alice);
        seats.cancelListings(seat);
        vm.assertEq(seats.seatOf(seat).epoch, 1, "epoch");
    }

    function test_WhenTheOwnerCalls_ItLeavesTheCooldownWhereItWas() public {
        uint256 movedAt = seats.seatOf(seat).movedAt;
        vm.warp(block.timestamp + 1 days);
        vm.prank(alice);
        seats.cancelListings(seat);
        vm.assertEq(seats.seatOf(seat).movedAt, movedAt, "moved at");
    }

    function test_GivenAnOldListing_ItCannotBeBought() public {
        Listing memory listing = _listing(seat, PRICE);
        bytes memory signature = _sign("alice", listing);
        vm.prank(alice);
        seats.cancelListings(seat);
        _buyRefused(
            bob,
            listing,
            signature,
            abi.encodeWithSelector(ISeatMarket.SeatMarket_EpochPassed.selector, seat, 0, 1)
        );
    }

    function test_GivenAListingOfAnotherSeat_ItStaysAlive() public {
        SeatId other = _mint(alice);
        Listing memory listing = _listing(other, PRICE);
        bytes memory signature = _sign("alice", listing);
        vm.prank(alice);
        seats.cancelListings(seat);
        _buy(bob, listing, signature);
        vm.assertEq(_ownerOf(other), bob, "owner");
    }
}
