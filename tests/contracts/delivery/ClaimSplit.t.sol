// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatDelivery} from "../../../contracts/interfaces/ISeatDelivery.sol";
import {SeatId} from "../../../contracts/types/SeatId.sol";
import {MintRequest} from "../../../contracts/types/Terms.sol";
import {NOW, PRICE, Plan} from "../base/Plans.sol";
import {vm} from "../base/Vm.sol";
import {DeliveryTest} from "./DeliveryTest.sol";

/// @dev Seats of a drop whose dispute was decided: seat 1 was resold to bob and objected, seat 2 is
/// alice's and was resold, seat 3 was refunded by carol; more where the dispute is narrow.
contract ClaimSplitTest is DeliveryTest {
    uint256 private constant SPLIT = 3333;

    SeatId private objector;
    SeatId private other;
    SeatId private burned;

    function test_GivenAWideDispute_ItPaysEverySeatItsShare() public {
        _decided(2, SPLIT);
        uint256 before = bob.balance;
        _claimAsOwner(objector);
        vm.assertEq(bob.balance - before, _share(PRICE) + _share(ROYALTY), "the objector");
        before = alice.balance;
        _claimAsOwner(other);
        vm.assertEq(alice.balance - before, _share(PRICE) + _share(ROYALTY), "the other");
    }

    function test_GivenANarrowDispute_ItPaysTheObjectorTheirShare() public {
        _decided(ELEVEN, SPLIT);
        uint256 before = bob.balance;
        _claimAsOwner(objector);
        vm.assertEq(bob.balance - before, _share(PRICE) + _share(ROYALTY), "paid");
        vm.assertTrue(seats.seatOf(objector).claimed, "claimed");
    }

    function test_GivenANarrowDispute_ItRevertsForEverybodyElse() public {
        _decided(ELEVEN, SPLIT);
        _claimRefused(other, ISeatDelivery.SeatDelivery_NotInDispute.selector);
    }

    function test_GivenTheSeatWasRefunded_ItRevertsWithTheSeat() public {
        _decided(2, SPLIT);
        _claimRefused(burned, ISeatDelivery.SeatDelivery_NotInDispute.selector);
    }

    function test_GivenTheSeatWasRefundedBeforeANarrowDispute_ItRevertsWithTheSeat() public {
        _decided(ELEVEN, SPLIT);
        _claimRefused(burned, ISeatDelivery.SeatDelivery_NotInDispute.selector);
    }

    function test_WhenItIsClaimed_ItReleasesTheRestOfWhatWaited() public {
        _decided(2, SPLIT);
        uint256 released = 2 * PRICE * (10_000 - SPLIT) / 10_000;
        _assertReleased(released);
        uint256 rest = ROYALTY - _share(ROYALTY);
        vm.expectEmit(address(seats));
        emit ISeatDelivery.Claimed(objector, bob, _share(PRICE), _share(ROYALTY), rest);
        vm.prank(bob);
        seats.claim(objector);
        vm.assertEq(_creditOf(treasury), _feeOf(released) + _feeOf(rest), "fee");
        vm.assertEq(
            _creditOf(mentor),
            released - _feeOf(released) + rest - _feeOf(rest),
            "the mentor's credit"
        );
        vm.assertEq(seats.heldOf(objector), 0, "K");
    }

    function test_WhenItIsClaimed_ItOwesThatMuchLess() public {
        _decided(2, SPLIT);
        uint256 owed = seats.escrowOf(drop);
        _claimAsOwner(objector);
        _assertOwed(owed - _share(PRICE));
    }

    function test_WhenAnotherCalls_ItLeavesTheOwnerACredit() public {
        _decided(2, SPLIT);
        vm.prank(mentor);
        seats.claim(objector);
        vm.assertEq(_creditOf(bob), _share(PRICE) + _share(ROYALTY), "credit");
    }

    function test_GivenItWasClaimed_ItRevertsWithTheSeat() public {
        _decided(2, SPLIT);
        _claimAsOwner(objector);
        _claimRefused(objector, ISeatDelivery.SeatDelivery_NothingToClaim.selector);
    }

    function test_GivenTheMentorGotAll_ItReleasesWhatWaitedAndPaysNothing() public {
        _decided(2, 0);
        uint256 before = bob.balance;
        vm.expectEmit(address(seats));
        emit ISeatDelivery.Claimed(objector, bob, 0, 0, ROYALTY);
        vm.prank(bob);
        seats.claim(objector);
        vm.assertEq(bob.balance, before, "paid");
        vm.assertEq(_creditOf(bob), 0, "credit");
        _claimRefused(objector, ISeatDelivery.SeatDelivery_NothingToClaim.selector);
    }

    function test_GivenTheMentorGotAllAndNothingWaits_ItRevertsWithTheSeat() public {
        SeatId plain = _mint(bob);
        _assert();
        _object(plain);
        _settle();
        _resolve(0);
        _claimRefused(plain, ISeatDelivery.SeatDelivery_NothingToClaim.selector);
    }

    function test_GivenTheHoldersGotAll_ItPaysFaceAndAllThatWaited() public {
        _decided(2, 10_000);
        uint256 before = bob.balance;
        _claimAsOwner(objector);
        vm.assertEq(bob.balance - before, PRICE + ROYALTY, "paid");
        _assertReleased(0);
        _claimAsOwner(other);
        _assertOwed(0);
    }

    function test_GivenAGrantedSeatInAWideDispute_ItRevertsWithTheSeat() public {
        SeatId granted = _grant(carol);
        _decided(2, SPLIT);
        _claimRefused(granted, ISeatDelivery.SeatDelivery_NothingToClaim.selector);
    }

    function test_GivenTheTermsDecided_ItPaysByThem() public {
        _disputed(2);
        _resolveByDefault();
        uint256 before = bob.balance;
        _claimAsOwner(objector);
        vm.assertEq(bob.balance - before, PRICE / 2 + ROYALTY / 2, "paid");
    }

    /// @dev Whatever the faces and the decision, what is owed covers every claim, and what stays
    /// behind is less than one wei for each payment that was rounded.
    function testFuzz_GivenAnyFaceAndSplit_ItLeavesLessThanAWeiForEachClaim(
        uint72 face,
        uint256 split
    ) public {
        vm.assume(face != 0);
        split %= 10_001;
        Plan memory plan = _plan();
        plan.tiers[0].listPrice = face;
        plan.phases[0].price = face;
        plan.terms.toll = 0;
        drop = _create(plan);
        vm.deal(alice, uint256(face) * 5);
        vm.prank(alice);
        seats.mint{value: uint256(face) * 5}(_requestAt(face), "");
        _assert();
        _object(_seat(1));
        _settle();
        _resolve(split);
        for (uint256 number = 1; number <= 5; ++number) {
            uint256 before = bob.balance;
            _tryClaim(_seat(number), face * split / 10_000);
            vm.assertEq(bob.balance - before, face * split / 10_000, "paid");
        }
        vm.assertLe(seats.escrowOf(drop), 5, "dust");
        vm.assertEq(
            address(seats).balance,
            seats.escrowOf(drop) + _creditOf(mentor) + _creditOf(treasury),
            "everything is accounted for"
        );
    }

    function _tryClaim(SeatId seat, uint256 due) private {
        if (due == 0) _claimRefused(seat, ISeatDelivery.SeatDelivery_NothingToClaim.selector);
        else _claimAsOwner(seat);
    }

    function _requestAt(uint256 face) private view returns (MintRequest memory request) {
        request = _request(bob, 5);
        request.maxTotal = face * 5;
    }

    /// @dev `quantity` seats with a face are left when it is asserted.
    function _disputed(uint256 quantity) private {
        objector = _mint(carol);
        other = _mint(carol);
        burned = _mint(carol);
        if (quantity > 2) _mintSeats(carol, quantity - 2);
        _resell("carol", objector, bob, PRICE);
        _resell("carol", other, alice, PRICE);
        vm.warp(NOW + 1);
        _refund(burned);
        _assert();
        _object(objector);
        _settle();
    }

    function _decided(uint256 quantity, uint256 split) private {
        _disputed(quantity);
        _resolve(split);
    }

    function _share(uint256 amount) private pure returns (uint256) {
        return amount * SPLIT / 10_000;
    }

    function _claimRefused(SeatId seat, bytes4 selector) private {
        _refused(bob, abi.encodeCall(ISeatDelivery.claim, (seat)), _of(selector, seat));
    }
}
