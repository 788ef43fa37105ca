// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatEscrow} from "../../../contracts/interfaces/ISeatEscrow.sol";
import {ISeatToken} from "../../../contracts/interfaces/ISeatToken.sol";
import {SeatId} from "../../../contracts/types/SeatId.sol";
import {CHECKED_IN, MAX_EPOCH, OBJECTED} from "../../../contracts/types/SeatWord.sol";
import {MAX_HELD} from "../../../contracts/types/HeldWord.sol";
import {DropState, TransferPolicy} from "../../../contracts/types/Terms.sol";
import {DeployedSeats} from "../base/DeployedSeats.sol";
import {COOLDOWN, NOW, PRICE, Plan, TOLL} from "../base/Plans.sol";
import {SeatsTest} from "../base/SeatsTest.sol";
import {Storage} from "../base/Storage.sol";
import {vm} from "../base/Vm.sol";
import {
    ReasonHolder,
    ReenteringHolder,
    ShortAnswerHolder,
    WrongAnswerHolder
} from "../hostile/SeatReceivers.sol";

/// @dev A gift is the owner's own `transferFrom` or `safeTransferFrom`.
contract GiftTest is SeatsTest {
    SeatId internal seat;
    uint256 internal id;

    function setUp() public override {
        super.setUp();
        _hold(_mint(alice));
        vm.warp(NOW + COOLDOWN);
    }

    function test_GivenTheSeatDoesNotExist_ItRevertsWithTheSeat() public {
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(ISeatToken.SeatToken_Unknown.selector, _seat(2)));
        seats.transferFrom{value: TOLL}(alice, bob, id + 1);
    }

    function test_WhenTheCallerIsNotTheOwner_ItRevertsWithOwnerAndCaller() public {
        bytes memory expected =
            abi.encodeWithSelector(ISeatToken.SeatToken_NotOwner.selector, seat, alice, bob);
        vm.startPrank(bob);
        vm.expectRevert(expected);
        seats.transferFrom{value: TOLL}(alice, bob, id);
        vm.expectRevert(expected);
        seats.safeTransferFrom{value: TOLL}(alice, bob, id);
        vm.expectRevert(expected);
        seats.safeTransferFrom{value: TOLL}(alice, bob, id, "data");
    }

    function test_WhenFromIsNotTheOwner_ItRevertsWithBoth() public {
        vm.prank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(ISeatToken.SeatToken_NotTheirs.selector, seat, alice, bob)
        );
        seats.transferFrom{value: TOLL}(bob, carol, id);
    }

    function test_WhenItIsGivenToNobodyOrTheMarket_ItRevertsWithBothInEveryForm() public {
        address[2] memory nobody = [address(0), address(seats)];
        vm.startPrank(alice);
        for (uint256 i; i < nobody.length; ++i) {
            bytes memory expected =
                abi.encodeWithSelector(ISeatToken.SeatToken_ToNobody.selector, seat, nobody[i]);
            vm.expectRevert(expected);
            seats.transferFrom{value: TOLL}(alice, nobody[i], id);
            vm.expectRevert(expected);
            seats.safeTransferFrom{value: TOLL}(alice, nobody[i], id);
            vm.expectRevert(expected);
            seats.safeTransferFrom{value: TOLL}(alice, nobody[i], id, "data");
        }
    }

    function test_GivenTheSeatIsCheckedIn_ItRevertsInEveryForm() public {
        Storage.setFlags(seats, seat, CHECKED_IN);
        _refusedInEveryForm(abi.encodeWithSelector(ISeatToken.SeatToken_Locked.selector, seat));
    }

    function test_GivenTheSeatIsObjected_ItRevertsInEveryForm() public {
        Storage.setFlags(seats, seat, OBJECTED);
        _refusedInEveryForm(abi.encodeWithSelector(ISeatToken.SeatToken_Locked.selector, seat));
    }

    function test_GivenTheSeatIsBound_ItRevertsInEveryForm() public {
        Plan memory plan = _plan();
        plan.terms.policy = TransferPolicy.BOUND;
        vm.warp(NOW);
        drop = _create(plan);
        _hold(_mint(alice));
        vm.warp(NOW + COOLDOWN);
        _refusedInEveryForm(abi.encodeWithSelector(ISeatToken.SeatToken_Bound.selector, seat));
    }

    function test_GivenTheDropIsInDisputeOrOverWithoutSuccess_ItRevertsWithTheState() public {
        DropState[4] memory immovable =
            [DropState.DISPUTED_WIDE, DropState.SPLIT_WIDE, DropState.CANCELLED, DropState.FAILED];
        for (uint256 i; i < immovable.length; ++i) {
            Storage.setState(seats, drop, immovable[i]);
            _refusedInEveryForm(
                abi.encodeWithSelector(
                    ISeatToken.SeatToken_DropImmovable.selector, drop, immovable[i]
                )
            );
        }
    }

    function test_GivenTheDropIsAssertedOrSettled_ItMovesTheSeatEvenAfterTheDeadline() public {
        vm.warp(NOW + 60 days);
        Storage.setState(seats, drop, DropState.ASSERTED);
        _give(alice, bob);
        vm.warp(NOW + 90 days);
        Storage.setState(seats, drop, DropState.SETTLED);
        _give(bob, alice);
        vm.assertEq(_ownerOf(seat), alice, "owner");
    }

    function test_GivenANarrowDispute_ItMovesSeatsThatDidNotObject() public {
        Storage.setState(seats, drop, DropState.DISPUTED_NARROW);
        _give(alice, bob);
        vm.warp(NOW + 2 * COOLDOWN);
        Storage.setState(seats, drop, DropState.SPLIT_NARROW);
        _give(bob, alice);
        vm.assertEq(_ownerOf(seat), alice, "owner");
    }

    function test_WhenALiveDropIsOverdue_ItRevertsWithTheDeadline() public {
        vm.warp(NOW + 45 days);
        _give(alice, bob);
        vm.warp(NOW + 45 days + 1);
        vm.prank(bob);
        vm.expectRevert(
            abi.encodeWithSelector(
                ISeatToken.SeatToken_DeliveryOverdue.selector, drop, NOW + 45 days
            )
        );
        seats.transferFrom{value: TOLL}(bob, carol, id);
    }

    function test_WhenTheCooldownIsNotOver_ItRevertsWithItsFirstSecond() public {
        vm.warp(NOW + COOLDOWN - 1);
        _refusedInEveryForm(_coolingDown(NOW + COOLDOWN));
        vm.warp(NOW + COOLDOWN);
        _give(alice, bob);
    }

    function test_GivenItHasJustBeenGiven_ItCoolsDownAgain() public {
        _give(alice, bob);
        vm.prank(bob);
        vm.expectRevert(_coolingDown(NOW + 2 * COOLDOWN));
        seats.transferFrom{value: TOLL}(bob, carol, id);
    }

    function test_WhenThePaymentIsOneWeiOffTheToll_ItRevertsWithBoth() public {
        vm.startPrank(alice);
        vm.expectRevert(_wrongToll(TOLL - 1));
        seats.transferFrom{value: TOLL - 1}(alice, bob, id);
        vm.expectRevert(_wrongToll(TOLL + 1));
        seats.safeTransferFrom{value: TOLL + 1}(alice, bob, id);
    }

    function test_GivenTheDropHasNoToll_ItTakesNoMoney() public {
        Plan memory plan = _plan();
        plan.terms.toll = 0;
        vm.warp(NOW);
        drop = _create(plan);
        _hold(_mint(alice));
        vm.warp(NOW + COOLDOWN);
        vm.startPrank(alice);
        vm.expectRevert(abi.encodeWithSelector(ISeatToken.SeatToken_WrongToll.selector, seat, 0, 1));
        seats.transferFrom{value: 1}(alice, bob, id);
        seats.transferFrom(alice, bob, id);
        vm.assertEq(_ownerOf(seat), bob, "owner");
    }

    function test_GivenMoreWaitsThanCanBeCounted_ItRevertsWithTheAmounts() public {
        Storage.setHeld(seats, seat, MAX_HELD - TOLL + 1);
        vm.prank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(
                ISeatEscrow.SeatEscrow_HeldTooLarge.selector, seat, MAX_HELD - TOLL + 1, TOLL
            )
        );
        seats.transferFrom{value: TOLL}(alice, bob, id);
        Storage.setHeld(seats, seat, MAX_HELD - TOLL);
        _give(alice, bob);
        vm.assertEq(seats.heldOf(seat), MAX_HELD, "held");
    }

    function test_GivenTheEpochIsAtItsMaximum_ItRevertsWithTheSeat() public {
        Storage.setEpoch(seats, seat, MAX_EPOCH);
        _refusedInEveryForm(
            abi.encodeWithSelector(ISeatToken.SeatToken_EpochExhausted.selector, seat)
        );
    }

    function test_WhenTheOwnerPaysTheToll_ItMovesTheSeatAndRaisesTheEpoch() public {
        _give(alice, bob);
        vm.assertEq(_ownerOf(seat), bob, "owner");
        vm.assertEq(seats.balanceOf(alice), 0, "balance of alice");
        vm.assertEq(seats.balanceOf(bob), 1, "balance of bob");
        vm.assertEq(seats.seatOf(seat).epoch, 1, "epoch");
        vm.assertEq(seats.seatOf(seat).movedAt, NOW + COOLDOWN, "moved at");
    }

    function test_WhenTheOwnerPaysTheToll_ItWaitsWithTheSeat() public {
        vm.expectEmit(address(seats));
        emit ISeatEscrow.Held(seat, TOLL);
        vm.expectEmit(address(seats));
        emit DeployedSeats.Transfer(alice, bob, id);
        _give(alice, bob);
        vm.assertEq(seats.heldOf(seat), TOLL, "held");
        vm.assertEq(address(seats).balance, PRICE + TOLL, "balance");
    }

    function test_WhenTheOwnerGivesToThemselves_ItPaysAndRaisesTheEpochAllTheSame() public {
        _give(alice, alice);
        vm.assertEq(_ownerOf(seat), alice, "owner");
        vm.assertEq(seats.balanceOf(alice), 1, "balance");
        vm.assertEq(seats.seatOf(seat).epoch, 1, "epoch");
        vm.assertEq(seats.heldOf(seat), TOLL, "held");
    }

    function test_GivenSellingIsPaused_ItMovesTheSeatAllTheSame() public {
        Storage.setPausedUntil(seats, drop, block.timestamp + 1 days);
        _give(alice, bob);
        vm.assertEq(_ownerOf(seat), bob, "owner");
    }

    function test_WhenAContractCannotTakeSeats_ItRevertsWithBothIfAskedSafely() public {
        vm.startPrank(alice);
        address[4] memory unable = [
            address(renderer),
            address(new WrongAnswerHolder()),
            address(new ShortAnswerHolder(4)),
            address(new ShortAnswerHolder(31))
        ];
        for (uint256 i; i < unable.length; ++i) {
            bytes memory expected =
                abi.encodeWithSelector(ISeatToken.SeatToken_NotTaken.selector, seat, unable[i]);
            vm.expectRevert(expected);
            seats.safeTransferFrom{value: TOLL}(alice, unable[i], id);
            vm.expectRevert(expected);
            seats.safeTransferFrom{value: TOLL}(alice, unable[i], id, "data");
        }
        seats.transferFrom{value: TOLL}(alice, address(renderer), id);
        vm.assertEq(_ownerOf(seat), address(renderer), "owner");
    }

    function test_WhenAContractGivesAReason_ItRevertsWithIt() public {
        address sorry = address(new ReasonHolder());
        vm.prank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(ReasonHolder.Sorry.selector, alice, alice, id, "data")
        );
        seats.safeTransferFrom{value: TOLL}(alice, sorry, id, "data");
    }

    function test_WhenDataIsHandedOver_ItIsTheReceiversAlreadyWhenTheyAreAsked() public {
        ReenteringHolder holder = new ReenteringHolder(address(seats));
        vm.prank(alice);
        seats.safeTransferFrom{value: TOLL}(alice, address(holder), id, "data");
        vm.assertTrue(holder.ownedAtCallback(), "owned at the callback");
    }

    function test_WhenTheReceiverReenters_ItFindsTheSeatAsItsOwnAndCoolingDown() public {
        ReenteringHolder holder = new ReenteringHolder(address(seats));
        holder.prepare(
            abi.encodeWithSignature(
                "transferFrom(address,address,uint256)", address(holder), bob, id
            )
        );
        vm.prank(alice);
        seats.safeTransferFrom{value: TOLL}(alice, address(holder), id);
        vm.assertTrue(holder.ownedAtCallback(), "owned at the callback");
        vm.assertFalse(holder.accepted(), "given on at once");
        vm.assertEq(_ownerOf(seat), address(holder), "owner");
        vm.assertEq(seats.seatOf(seat).epoch, 1, "epoch");
    }

    function _hold(SeatId minted) private {
        (seat, id) = (minted, SeatId.unwrap(minted));
    }

    function _give(address from, address to) private {
        vm.prank(from);
        seats.transferFrom{value: TOLL}(from, to, id);
    }

    function _refusedInEveryForm(bytes memory expected) private {
        vm.startPrank(alice);
        vm.expectRevert(expected);
        seats.transferFrom{value: TOLL}(alice, bob, id);
        vm.expectRevert(expected);
        seats.safeTransferFrom{value: TOLL}(alice, bob, id);
        vm.expectRevert(expected);
        seats.safeTransferFrom{value: TOLL}(alice, bob, id, "data");
        vm.stopPrank();
    }

    function _coolingDown(uint256 from) private view returns (bytes memory) {
        return abi.encodeWithSelector(ISeatToken.SeatToken_CoolingDown.selector, seat, from);
    }

    function _wrongToll(uint256 paid) private view returns (bytes memory) {
        return abi.encodeWithSelector(ISeatToken.SeatToken_WrongToll.selector, seat, TOLL, paid);
    }
}
