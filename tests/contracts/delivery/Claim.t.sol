// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatDelivery} from "../../../contracts/interfaces/ISeatDelivery.sol";
import {ISeatEscrow} from "../../../contracts/interfaces/ISeatEscrow.sol";
import {ISeatToken} from "../../../contracts/interfaces/ISeatToken.sol";
import {SeatId} from "../../../contracts/types/SeatId.sol";
import {DropState, Listing} from "../../../contracts/types/Terms.sol";
import {DeployedSeats} from "../base/DeployedSeats.sol";
import {NOW, PRICE, Plan, TOLL} from "../base/Plans.sol";
import {vm} from "../base/Vm.sol";
import {BurningReceiver, ReenteringReceiver, RefusingReceiver} from "../hostile/EtherReceivers.sol";
import {DeliveryTest} from "./DeliveryTest.sol";

/// @dev C-40, C-65, C-74 to C-77: seats of a drop that was cancelled or failed. Decided disputes are
/// in ClaimSplit.t.sol.
contract ClaimTest is DeliveryTest {
    SeatId private seat;
    bytes private call_;

    function setUp() public override {
        super.setUp();
        seat = _mint(bob);
        call_ = abi.encodeCall(ISeatDelivery.claim, (seat));
    }

    function test_GivenTheSeatNeverWas_ItRevertsWithTheSeat() public {
        _cancel();
        _refused(
            bob,
            abi.encodeCall(ISeatDelivery.claim, (_seat(2))),
            _of(ISeatToken.SeatToken_Unknown.selector, _seat(2))
        );
    }

    function test_GivenTheDropIsNotOver_ItRevertsWithTheState() public {
        _refused(bob, call_, _wrongState(DropState.LIVE));
        vm.warp(DELIVER_BY + 1000 days);
        _refused(bob, call_, _wrongState(DropState.LIVE));
        vm.warp(ENDS);
        _assert();
        _refused(bob, call_, _wrongState(DropState.ASSERTED));
        _settle();
        _refused(bob, call_, _wrongState(DropState.SETTLED));
    }

    function test_GivenTheDispute_ItRevertsWithTheState() public {
        _assert();
        _object(seat);
        _settle();
        _refused(bob, call_, _wrongState(DropState.DISPUTED_WIDE));
    }

    function test_GivenTheDropWasCancelled_ItPaysTheOwnerTheFaceAtOnce() public {
        _cancel();
        _claimsAtOnce();
    }

    function test_GivenTheDropFailed_ItPaysTheOwnerTheFaceAtOnce() public {
        _fail();
        _claimsAtOnce();
    }

    function test_WhenAnotherCalls_ItLeavesTheOwnerACredit() public {
        _cancel();
        uint256 before = bob.balance;
        vm.expectEmit(address(seats));
        emit ISeatEscrow.Credited(bob, address(0), PRICE);
        vm.prank(carol);
        seats.claim(seat);
        vm.assertEq(bob.balance, before, "not paid");
        vm.assertEq(_creditOf(bob), PRICE, "credit");
        vm.assertEq(_creditOf(carol), 0, "the caller's credit");
        _assertOwed(0);
    }

    /// @dev C-74.
    function test_GivenItWasClaimed_ItRevertsWithTheSeat() public {
        _cancel();
        _claimAsOwner(seat);
        bytes memory nothing = _of(ISeatDelivery.SeatDelivery_NothingToClaim.selector, seat);
        _refused(bob, call_, nothing);
        _refused(carol, call_, nothing);
        vm.assertEq(address(seats).balance, 0, "balance");
    }

    function test_GivenTheSeatWasGranted_ItRevertsWithTheSeat() public {
        SeatId granted = _grant(bob);
        _cancel();
        _refused(
            bob,
            abi.encodeCall(ISeatDelivery.claim, (granted)),
            _of(ISeatDelivery.SeatDelivery_NothingToClaim.selector, granted)
        );
    }

    /// @dev It has no face, and its toll was paid by somebody.
    function test_GivenAGrantedSeatWasGivenOn_ItPaysTheToll() public {
        SeatId granted = _grant(bob);
        vm.warp(NOW + 7 days);
        _give(granted, carol);
        _cancel();
        uint256 before = carol.balance;
        _claimAsOwner(granted);
        vm.assertEq(carol.balance - before, TOLL, "paid");
        _assertOwed(PRICE);
    }

    function test_WhenItIsClaimed_ItPublishesFaceAndHeld() public {
        _resell("bob", seat, carol, PRICE);
        _cancel();
        vm.expectEmit(address(seats));
        emit ISeatDelivery.Claimed(seat, carol, PRICE, ROYALTY, 0);
        vm.prank(carol);
        seats.claim(seat);
    }

    function test_WhenItIsClaimed_ItMarksTheSeatAndEmptiesIt() public {
        _resell("bob", seat, carol, PRICE);
        _cancel();
        _claimAsOwner(seat);
        vm.assertTrue(seats.seatOf(seat).claimed, "claimed");
        vm.assertEq(seats.heldOf(seat), 0, "K");
        vm.assertEq(_ownerOf(seat), carol, "owner");
        _assertOwed(0);
        _assertReleased(0);
    }

    /// @dev C-74: the right is the owner's of the day.
    function test_GivenTheSeatWasSoldBefore_ItPaysTheNewOwner() public {
        _resell("bob", seat, carol, PRICE);
        _cancel();
        uint256 before = carol.balance;
        _claimAsOwner(seat);
        vm.assertEq(carol.balance - before, PRICE + ROYALTY, "paid");
        vm.assertEq(_creditOf(bob), 0, "the seller's credit");
    }

    /// @dev C-56: the last owner has the royalties of all who sold.
    function test_GivenTenResales_ItPaysTheFaceAndEveryRoyalty() public {
        uint256 royalties = _resellTenTimes(seat);
        _cancel();
        uint256 before = bob.balance;
        _claimAsOwner(seat);
        vm.assertEq(bob.balance - before, PRICE + royalties, "paid");
        vm.assertEq(address(seats).balance, 0, "the rest");
    }

    /// @dev C-74: after the end nobody can buy a claim, with a listing signed before.
    function test_GivenTheDropIsOver_ItCannotBeSoldBetween() public {
        Listing memory listing = _listing(seat, PRICE);
        bytes memory signature = _sign("bob", listing);
        _cancel();
        _buyRefused(
            carol,
            listing,
            signature,
            abi.encodeWithSelector(
                ISeatToken.SeatToken_DropImmovable.selector, drop, DropState.CANCELLED
            )
        );
    }

    function test_GivenTheHolderWasCheckedIn_ItPaysTheFace() public {
        vm.warp(STARTS);
        _checkIn("bob", seat);
        _cancel();
        _claimsAtOnce();
    }

    function test_GivenManyYearsHavePassed_ItStillPays() public {
        _fail();
        vm.warp(DELIVER_BY + 36_500 days);
        _claimsAtOnce();
    }

    /// @dev C-76: minted with borrowed money just before the end, each seat gets what it cost.
    function test_GivenSeatsMintedInTheLastMoment_ItGivesThemTheirFaceAlone() public {
        uint256 before = alice.balance;
        _resell("bob", seat, carol, PRICE);
        SeatId first = _mintSeats(alice, 20);
        _cancel();
        for (uint256 i; i < 20; ++i) {
            _claimAsOwner(SeatId.wrap(SeatId.unwrap(first) + i));
        }
        vm.assertEq(alice.balance, before, "not a wei more than they cost");
        _assertOwed(PRICE);
        vm.assertEq(seats.heldOf(seat), ROYALTY, "K of the other seat");
    }

    /// @dev C-77.
    function test_GivenTheMentorsOwnSeats_ItGivesThemWhatTheyPaid() public {
        vm.deal(mentor, PRICE);
        vm.prank(mentor);
        SeatId own = seats.mint{value: PRICE}(_request(mentor, 1), "");
        _fail();
        _claimAsOwner(own);
        vm.assertEq(mentor.balance, PRICE, "paid");
        vm.assertEq(_creditOf(mentor), 0, "credit");
        _assertOwed(PRICE);
    }

    /// @dev C-65 and C-75: a mentor who fails has earned no penalty.
    function test_GivenTheSeatWasRefunded_ItPaysThePenaltyToWhoBurnedIt() public {
        _resell("bob", seat, carol, PRICE);
        vm.warp(NOW + 1);
        _refund(seat);
        _fail();
        uint256 before = carol.balance;
        vm.expectEmit(address(seats));
        emit ISeatDelivery.Claimed(seat, carol, 0, PENALTY + ROYALTY, 0);
        vm.prank(carol);
        seats.claim(seat);
        vm.assertEq(carol.balance - before, PENALTY + ROYALTY, "paid");
        vm.assertEq(address(seats).balance, 0, "balance");
        _refused(carol, call_, _of(ISeatDelivery.SeatDelivery_NothingToClaim.selector, seat));
    }

    function test_GivenTheSeatWasRefunded_ItCreditsWhoBurnedItWhenAnotherCalls() public {
        vm.warp(NOW + 1);
        _refund(seat);
        _cancel();
        _claimFor(seat);
        vm.assertEq(_creditOf(bob), PENALTY, "credit");
        vm.assertEq(seats.heldOf(seat), 0, "K");
    }

    function test_GivenTheSeatWasRefundedInFull_ItRevertsWithTheSeat() public {
        Plan memory plan = _plan();
        plan.terms.penalty = 0;
        drop = _create(plan);
        seat = _mint(bob);
        vm.warp(NOW + 1);
        _refund(seat);
        _cancel();
        _refused(
            bob,
            abi.encodeCall(ISeatDelivery.claim, (seat)),
            _of(ISeatDelivery.SeatDelivery_NothingToClaim.selector, seat)
        );
    }

    function test_WhenTheOwnerRefusesMoney_ItBecomesACredit() public {
        _becomesCredit(address(new RefusingReceiver()));
    }

    function test_WhenTheOwnerBurnsGas_ItBecomesACredit() public {
        _becomesCredit(address(new BurningReceiver()));
    }

    /// @dev C-40.
    function test_WhenTheOwnerReenters_ItFindsEveryGuardedDoorClosed() public {
        ReenteringReceiver owner = new ReenteringReceiver();
        SeatId kept = _mintSeats(address(owner), 4);
        _cancel();
        _reenters(owner, 2, abi.encodeCall(ISeatDelivery.claim, (kept)));
        _reenters(owner, 3, abi.encodeCall(ISeatDelivery.refund, (kept)));
        _reenters(owner, 4, abi.encodeCall(ISeatEscrow.withdraw, (address(0), address(owner), 1)));
        _reenters(owner, 5, abi.encodeCall(ISeatDelivery.claim, (_seat(5))));
        vm.assertEq(address(owner).balance, 4 * PRICE, "each once");
        _assertOwed(PRICE);
    }

    function _claimsAtOnce() private {
        uint256 before = bob.balance;
        _claimAsOwner(seat);
        vm.assertEq(bob.balance - before, PRICE, "paid");
        vm.assertEq(_creditOf(bob), 0, "credit");
        _assertOwed(0);
        _assertReleased(0);
    }

    function _becomesCredit(address owner) private {
        SeatId its = _mint(owner);
        _cancel();
        _claimAsOwner(its);
        vm.assertEq(_creditOf(owner), PRICE, "credit");
        vm.assertEq(address(seats).balance, 2 * PRICE, "everything is still here");
        _claimAsOwner(seat);
        vm.assertEq(address(seats).balance, PRICE, "others are paid");
    }

    function _reenters(ReenteringReceiver owner, uint256 number, bytes memory attempt) private {
        uint256 before = address(owner).balance;
        owner.prepare(address(seats), attempt, 0);
        _claimAsOwner(_seat(number));
        vm.assertEq(owner.outcome(), bytes32(DeployedSeats.Reentrancy.selector), "the door");
        vm.assertEq(address(owner).balance - before, PRICE, "paid once");
    }
}
