// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatToken} from "../../../contracts/interfaces/ISeatToken.sol";
import {SeatId} from "../../../contracts/types/SeatId.sol";
import {DropState} from "../../../contracts/types/Terms.sol";
import {CAP, PRICE, Plan} from "../base/Plans.sol";
import {vm} from "../base/Vm.sol";
import {DeliveryTest} from "../delivery/DeliveryTest.sol";

/// @dev What a mentor or one objector gains from the rules of a dispute. Each passes today: it shows
/// what is possible, not what should be.
contract DisputeAttacksTest is DeliveryTest {
    address private sock = _account("the mentor's other wallet");

    /// @dev A buyer-friendly drop: a silent resolver means that holders get everything.
    function _plan() internal view override returns (Plan memory plan) {
        plan = super._plan();
        plan.terms.defaultSplit = 10_000;
        plan.terms.refundUntil = ENDS - 1;
        plan.phases[0].closes = ENDS;
    }

    function test_WhenTheMentorMintsTheRestBeforeAsserting_ItMakesEveryBuyersObjectionNarrow()
        public
    {
        SeatId first = _mint(alice);
        SeatId second = _mint(bob);
        // Both buyers are real, and there is no third. In the last second of the phase, which is
        // the first second for an assertion, the mentor fills the drop.
        vm.warp(ENDS);
        vm.deal(sock, 100 ether);
        vm.prank(sock);
        seats.mint{value: PRICE * (CAP - 2)}(_request(sock, CAP - 2), "");
        _assert();
        _object(first);
        _object(second);
        _settle();
        // All who paid with their own money have objected, and that is "less than a tenth".
        _assertState(DropState.DISPUTED_NARROW);
        vm.assertGe(_creditOf(mentor), (CAP - 2) * PRICE - _feeOf((CAP - 2) * PRICE), "back");
        _resolveByDefault();
        vm.assertEq(seats.refundOf(first).claimable, 0, "not the 100% that the terms say");
        uint256 cost = (CAP - 2) * PRICE;
        vm.assertGt(_creditOf(mentor), cost, "the mentor has gained");
    }

    function test_WhenTheHoldersWinEverything_ItLeavesThePenaltiesWithTheMentor() public {
        SeatId left = _mint(carol);
        SeatId stayed = _mint(bob);
        vm.warp(block.timestamp + 1);
        _refund(left);
        // Nothing was delivered. Failing would give the penalty back; asserting keeps it.
        _assert();
        _object(stayed);
        _settle();
        _resolve(10_000);
        vm.assertEq(seats.refundOf(stayed).claimable, PRICE, "the dispute was lost entirely");
        seats.collect(left);
        vm.assertEq(_creditOf(mentor), PENALTY - _feeOf(PENALTY), "the penalty");
        vm.assertEq(_creditOf(carol), 0, "who paid it");
    }

    function test_WhenOneOfTenObjectsForNothing_ItFreezesTheOthersForEver() public {
        SeatId frivolous = _mint(carol);
        _mintSeats(bob, 9);
        _assert();
        _object(frivolous);
        _settle();
        _resolve(0);
        _assertState(DropState.SPLIT_WIDE);
        vm.assertEq(seats.escrowOf(drop), 0, "everything went to the mentor");
        vm.warp(block.timestamp + 3650 days);
        SeatId others = _seat(5);
        vm.assertFalse(
            seats.isTransferable(SeatId.unwrap(others), bob, alice), "not even ten years later"
        );
        _refused(
            bob,
            abi.encodeWithSignature(
                "transferFrom(address,address,uint256)", bob, alice, SeatId.unwrap(others)
            ),
            abi.encodeWithSelector(
                ISeatToken.SeatToken_DropImmovable.selector, drop, DropState.SPLIT_WIDE
            )
        );
        // And nobody is told: ERC-5192 calls it unlocked.
        vm.assertFalse(seats.locked(SeatId.unwrap(others)), "locked");
    }

    function test_WhenTheMentorBuysAtFaceAndCancels_ItPaysThemTheRoyaltyOfTheSeller() public {
        SeatId seat = _mint(alice);
        vm.deal(sock, PRICE);
        uint256 before = alice.balance;
        _resell("alice", seat, sock, PRICE);
        vm.assertEq(alice.balance - before, PRICE - ROYALTY, "the seller's net");
        _cancel();
        vm.prank(sock);
        seats.claim(seat);
        vm.assertEq(sock.balance, PRICE + ROYALTY, "more than the mentor paid");
    }
}
