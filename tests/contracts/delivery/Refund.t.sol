// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatDelivery} from "../../../contracts/interfaces/ISeatDelivery.sol";
import {ISeatToken} from "../../../contracts/interfaces/ISeatToken.sol";
import {SeatId} from "../../../contracts/types/SeatId.sol";
import {DropState, Listing, MintRequest} from "../../../contracts/types/Terms.sol";
import {COOLDOWN, NOW, PRICE, Plan, Plans} from "../base/Plans.sol";
import {vm} from "../base/Vm.sol";
import {DeliveryTest} from "./DeliveryTest.sol";

/// @dev C-57 to C-64 and C-80; what K becomes afterwards is in Claim.t.sol and Collect.t.sol.
contract RefundTest is DeliveryTest {
    SeatId private seat;
    bytes private call_;

    function setUp() public override {
        super.setUp();
        seat = _mint(bob);
        call_ = abi.encodeCall(ISeatDelivery.refund, (seat));
        vm.warp(NOW + 1);
    }

    function test_GivenTheSeatNeverWas_ItRevertsWithTheSeat() public {
        _refused(
            bob,
            abi.encodeCall(ISeatDelivery.refund, (_seat(2))),
            _of(ISeatToken.SeatToken_Unknown.selector, _seat(2))
        );
    }

    function test_WhenTheCallerIsNotTheOwner_ItRevertsWithOwnerAndCaller() public {
        _refused(mentor, call_, _notOwner(seat, mentor));
        _refused(alice, call_, _notOwner(seat, alice));
    }

    function test_GivenItWasRefunded_ItRevertsWithTheSeat() public {
        _refund(seat);
        _refused(bob, call_, _of(ISeatToken.SeatToken_Unknown.selector, seat));
    }

    function test_GivenTheHolderIsCheckedIn_ItRevertsWithTheSeat() public {
        vm.warp(STARTS);
        _checkIn("bob", seat);
        _refused(bob, call_, _of(ISeatDelivery.SeatDelivery_CheckedIn.selector, seat));
    }

    function test_GivenTheSeatWasGranted_ItRevertsWithTheSeat() public {
        SeatId granted = _grant(bob);
        vm.warp(NOW + 2);
        _refused(
            bob,
            abi.encodeCall(ISeatDelivery.refund, (granted)),
            _of(ISeatDelivery.SeatDelivery_NoFace.selector, granted)
        );
    }

    function test_GivenTheSeatWasFree_ItRevertsWithTheSeat() public {
        Plan memory plan = _plan();
        plan.phases[0].price = 0;
        drop = _create(plan);
        MintRequest memory request = _request(bob, 1);
        vm.prank(bob);
        seat = seats.mint(request, "");
        vm.warp(NOW + 2);
        _refused(
            bob,
            abi.encodeCall(ISeatDelivery.refund, (seat)),
            _of(ISeatDelivery.SeatDelivery_NoFace.selector, seat)
        );
    }

    function test_GivenTheDropIsNotLive_ItRevertsWithTheState() public {
        _cancel();
        _refused(bob, call_, _wrongState(DropState.CANCELLED));
    }

    function test_WhenItIsTheLastSecond_ItPays() public {
        vm.warp(REFUND_UNTIL);
        uint256 before = bob.balance;
        _refund(seat);
        vm.assertEq(bob.balance - before, PRICE - PENALTY, "paid");
    }

    function test_WhenItIsOneSecondLater_ItRevertsWithBothTimes() public {
        vm.warp(REFUND_UNTIL + 1);
        _refused(bob, call_, _tooLate(REFUND_UNTIL));
    }

    /// @dev C-63: blocks come as they like.
    function test_WhenBlocksHavePassedAndNoTime_ItPays() public {
        vm.roll(block.number + 1_000_000_000);
        _refund(seat);
        vm.assertEq(seats.balanceOf(bob), 0, "balance");
    }

    function test_GivenNoRefundWindow_ItRevertsAtOnce() public {
        Plan memory plan = _plan();
        plan.terms.refundUntil = 0;
        drop = _create(plan);
        seat = _mint(bob);
        vm.warp(NOW + 2);
        _refused(bob, abi.encodeCall(ISeatDelivery.refund, (seat)), _tooLate(0));
    }

    function test_WhenItWasMintedThisSecond_ItRevertsWithSeatAndTime() public {
        seat = _mint(bob);
        call_ = abi.encodeCall(ISeatDelivery.refund, (seat));
        _refused(bob, call_, _justMoved());
        vm.warp(block.timestamp + 1);
        _refund(seat);
    }

    /// @dev C-58: bought and refunded in one block.
    function test_WhenItWasSoldThisSecond_ItRevertsWithSeatAndTime() public {
        _resell("bob", seat, carol, PRICE);
        _refused(carol, call_, _justMoved());
        vm.warp(block.timestamp + 1);
        _refund(seat);
    }

    function test_WhenItWasGivenThisSecond_ItRevertsWithSeatAndTime() public {
        vm.warp(NOW + COOLDOWN);
        _give(seat, carol);
        _refused(carol, call_, _justMoved());
    }

    /// @dev C-57: sold, then refunded by the one who sold.
    function test_WhenTheSellerRefundsAfterTheSale_ItRevertsWithTheNewOwner() public {
        _resell("bob", seat, carol, PRICE);
        _refused(bob, call_, _notOwner(seat, bob));
    }

    /// @dev C-57: refunded, then sold by the one who was refunded.
    function test_WhenItIsSoldAfterTheRefund_ItCannotBeBought() public {
        Listing memory listing = _listing(seat, PRICE);
        bytes memory signature = _sign("bob", listing);
        _refund(seat);
        _buyRefused(carol, listing, signature, _of(ISeatToken.SeatToken_Unknown.selector, seat));
    }

    function test_GivenAPenalty_ItPaysTheRestAndKeepsThePenaltyWithTheSeat() public {
        uint256 before = bob.balance;
        _refund(seat);
        vm.assertEq(bob.balance - before, PRICE - PENALTY, "paid");
        vm.assertEq(seats.heldOf(seat), PENALTY, "K");
        vm.assertEq(address(seats).balance, PENALTY, "balance");
        _assertOwed(0);
    }

    function test_GivenNoPenalty_ItPaysTheFace() public {
        _refundUnder(0, PRICE, 0);
    }

    function test_GivenThePenaltyIsTheWhole_ItPaysNothing() public {
        _refundUnder(10_000, 0, PRICE);
    }

    /// @dev The penalty is rounded down, so the odd wei is the holder's.
    function testFuzz_GivenAnyFaceAndPenalty_ItConservesEveryWei(uint80 face, uint16 penalty)
        public
    {
        vm.assume(face != 0);
        Plan memory plan = _plan();
        plan.tiers[0].listPrice = face;
        plan.phases[0].price = face;
        plan.terms.penalty = penalty % 10_001;
        drop = _create(plan);
        seat = _mintAt(0, face);
        uint256 kept = uint256(face) * (penalty % 10_001) / 10_000;
        uint256 before = bob.balance;
        _refund(seat);
        vm.assertEq(bob.balance - before, face - kept, "paid");
        vm.assertEq(seats.heldOf(seat), kept, "K");
        _assertOwed(0);
    }

    /// @dev C-60: what was paid counts, not what the tier's list says or another phase asks.
    function test_GivenTwoPrices_ItPaysTheFaceOfEachSeat() public {
        Plan memory plan = Plans.withPhases(_plan(), 2);
        plan.tiers[0].listPrice = 3 * PRICE;
        plan.phases[0].price = 2 * PRICE;
        drop = _create(plan);
        SeatId dear = _mintAt(0, 2 * PRICE);
        SeatId cheap = _mintAt(1, PRICE);
        uint256 before = bob.balance;
        _refund(cheap);
        vm.assertEq(bob.balance - before, PRICE - PENALTY, "the cheap one");
        _assertOwed(2 * PRICE);
        _refund(dear);
        vm.assertEq(bob.balance - before, 3 * (PRICE - PENALTY), "both");
        _assertOwed(0);
    }

    /// @dev C-64: the right has moved with the seat, the royalty stays behind.
    function test_GivenAResale_ItPaysTheNewOwnerTheFace() public {
        _resell("bob", seat, carol, PRICE / 2);
        vm.warp(block.timestamp + 1);
        uint256 before = carol.balance;
        _refund(seat);
        vm.assertEq(carol.balance - before, PRICE - PENALTY, "paid");
        vm.assertEq(seats.heldOf(seat), ROYALTY / 2 + PENALTY, "K");
    }

    /// @dev C-80: a pause stops minting and sales, never a refund.
    function test_GivenTheDropIsPaused_ItPays() public {
        vm.prank(platformOwner);
        seats.setGuardian(carol);
        vm.prank(carol);
        seats.pause(drop, block.timestamp + 72 hours);
        uint256 before = bob.balance;
        _refund(seat);
        vm.assertEq(bob.balance - before, PRICE - PENALTY, "paid");
    }

    function test_GivenThePostponement_ItPaysTheWholeFaceInTheNewWindow() public {
        vm.prank(mentor);
        seats.postpone(drop, STARTS + 5 days, ENDS + 5 days, DELIVER_BY + 5 days);
        vm.warp(REFUND_UNTIL + 5 days);
        uint256 before = bob.balance;
        _refund(seat);
        vm.assertEq(bob.balance - before, PRICE, "paid");
        vm.assertEq(seats.heldOf(seat), 0, "K");
    }

    function test_GivenThePostponement_ItRevertsAfterTheNewWindow() public {
        vm.prank(mentor);
        seats.postpone(drop, STARTS + 5 days, ENDS + 5 days, DELIVER_BY + 5 days);
        vm.warp(REFUND_UNTIL + 5 days + 1);
        _refused(bob, call_, _tooLate(REFUND_UNTIL + 5 days));
    }

    function _mintAt(uint256 phase, uint256 price) private returns (SeatId minted) {
        MintRequest memory request = _request(bob, 1);
        request.phase = phase;
        request.maxTotal = price;
        vm.deal(alice, price);
        vm.prank(alice);
        minted = seats.mint{value: price}(request, "");
        vm.warp(block.timestamp + 1);
    }

    function _refundUnder(uint256 penalty, uint256 paid, uint256 kept) private {
        Plan memory plan = _plan();
        plan.terms.penalty = penalty;
        drop = _create(plan);
        seat = _mint(bob);
        vm.warp(block.timestamp + 1);
        uint256 before = bob.balance;
        vm.expectEmit(address(seats));
        emit ISeatDelivery.SeatRefunded(seat, bob, paid, kept);
        vm.prank(bob);
        seats.refund(seat);
        vm.assertEq(bob.balance - before, paid, "paid");
        vm.assertEq(seats.heldOf(seat), kept, "K");
    }

    function _justMoved() private view returns (bytes memory) {
        return abi.encodeWithSelector(
            ISeatDelivery.SeatDelivery_JustMoved.selector, seat, block.timestamp
        );
    }
}
