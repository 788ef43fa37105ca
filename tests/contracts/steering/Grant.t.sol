// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatDrops} from "../../../contracts/interfaces/ISeatDrops.sol";
import {ISeatMarket} from "../../../contracts/interfaces/ISeatMarket.sol";
import {ISeatSteering} from "../../../contracts/interfaces/ISeatSteering.sol";
import {ISeatToken} from "../../../contracts/interfaces/ISeatToken.sol";
import {MAX_NUMBER, SeatId, toSeatId} from "../../../contracts/types/SeatId.sol";
import {Listing, TransferPolicy} from "../../../contracts/types/Terms.sol";
import {PhaseView, SeatView, TierView} from "../../../contracts/types/Views.sol";
import {DeployedSeats} from "../base/DeployedSeats.sol";
import {CAP, COOLDOWN, NOW, PRICE, Plan, Plans, TOLL} from "../base/Plans.sol";
import {Storage} from "../base/Storage.sol";
import {vm} from "../base/Vm.sol";
import {SteeringTest} from "./SteeringTest.sol";

contract GrantTest is SteeringTest {
    using Plans for Plan;

    function test_WhenTheCallerIsNotTheMentor_ItRevertsWithBoth() public {
        _refusedToOthers(_call(0, alice, 1));
    }

    function test_GivenTheDropIsNotLive_ItRevertsWithTheState() public {
        _refusedUnlessLive(_call(0, alice, 1));
    }

    function test_GivenTheDropHasEnded_ItRevertsWithTheLastSecond() public {
        vm.warp(NOW + 38 days);
        _refused(0, alice, 1, _tooLate(NOW + 38 days - 1, NOW + 38 days));
        vm.warp(NOW + 38 days - 1);
        _grant(alice, 1);
    }

    function test_WhenNoSeatIsGranted_ItReverts() public {
        _refused(0, alice, 0, _empty(0, alice));
    }

    function test_WhenNobodyOrTheMarketIsGranted_ItReverts() public {
        _refused(0, address(0), 1, _empty(1, address(0)));
        _refused(0, address(seats), 1, _empty(1, address(seats)));
    }

    function test_WhenTheTierDoesNotExist_ItRevertsWithTheTier() public {
        uint256[3] memory tiers = [uint256(1), 10, type(uint256).max];
        for (uint256 i; i < tiers.length; ++i) {
            _refused(
                tiers[i],
                alice,
                1,
                abi.encodeWithSelector(ISeatDrops.SeatDrops_TierUnknown.selector, drop, tiers[i])
            );
        }
    }

    function test_WhenTheCapLeavesFewer_ItRevertsWithWhatIsLeft() public {
        _mintIn(0, 20);
        _refused(0, bob, 11, _tooLarge(0, 11, 10));
        _refused(0, bob, type(uint256).max, _tooLarge(0, type(uint256).max, 10));
        _grant(bob, 10);
        _refused(0, bob, 1, _tooLarge(0, 1, 0));
    }

    function test_WhenPhasesHoldSeatsBack_ItLeavesThoseAlone() public {
        _createWithReserve();
        _refused(0, bob, CAP - 9, _tooLarge(0, CAP - 9, CAP - 10));
        _mintIn(1, 4);
        _grant(bob, CAP - 10);
        _refused(0, bob, 1, _tooLarge(0, 1, 0));
        _mintIn(1, 6);
        vm.assertEq(_tier(0).live, CAP, "every promise is kept");
    }

    function test_WhenAReserveHasClosed_ItGrantsTheRest() public {
        _createWithReserve();
        vm.warp(NOW + 3 days);
        _refused(0, bob, CAP, _tooLarge(0, CAP, CAP - 10));
        vm.warp(NOW + 3 days + 1);
        _grant(bob, CAP);
    }

    function test_WhenOtherTiersHoldSeatsBack_ItDoesNotMind() public {
        _createWithReserve();
        vm.prank(mentor);
        seats.grant(drop, 1, bob, CAP);
        vm.assertEq(_tier(1).live, CAP, "all of the other tier");
    }

    function test_GivenTheNumbersOfTheTierAreUsedUp_ItRevertsWithWhatIsLeft() public {
        Storage.setIssued(seats, drop, MAX_NUMBER - 1, 0);
        _refused(0, bob, 2, _tooLarge(0, 2, 1));
        vm.assertEq(SeatId.unwrap(_grant(bob, 1)), 1_099_999, "the tier's last id");
        _refused(0, bob, 1, _tooLarge(0, 1, 0));
    }

    function test_WhenSeatsAreLeft_ItGivesThemToTheRecipient() public {
        _mintIn(0, 2);
        SeatId first = _grant(bob, 3);
        vm.assertTrue(first == _seat(3), "first id");
        vm.assertEq(seats.balanceOf(bob), 3, "balance");
        for (uint256 number = 3; number <= 5; ++number) {
            vm.assertEq(_ownerOf(_seat(number)), bob, "owner");
        }
    }

    function test_WhenSeatsAreLeft_ItMarksThemAsGrantedWithoutAFace() public {
        vm.warp(NOW + 5);
        SeatView memory expected = SeatView({
            owner: bob,
            drop: drop,
            tier: 0,
            number: 1,
            phase: 0,
            epoch: 0,
            movedAt: NOW + 5,
            movableFrom: NOW + 5 + COOLDOWN,
            face: 0,
            toll: TOLL,
            held: 0,
            locked: false,
            checkedIn: false,
            granted: true,
            objected: false,
            claimed: false
        });
        vm.assertEq(abi.encode(seats.seatOf(_grant(bob, 1))), abi.encode(expected), "seat");
    }

    function test_WhenSeatsAreLeft_ItCountsThemAgainstTheCapAlone() public {
        Plan memory plan = _plan();
        (plan.phases[0].supply, plan.phases[0].walletLimit) = (20, 5);
        drop = _create(plan);
        _mintIn(0, 1);
        _grant(alice, 4);
        TierView memory expected = TierView(PRICE, CAP, 5, 5, PRICE);
        vm.assertEq(abi.encode(_tier(0)), abi.encode(expected), "tier");
        (,, PhaseView[] memory phases) = seats.termsOf(drop);
        vm.assertEq(phases[0].sold, 1, "sold by the phase");
        vm.assertEq(seats.mintedBy(drop, 0, alice), 1, "minted by alice");
        vm.assertEq(seats.escrowOf(drop), PRICE, "escrow");
    }

    function test_WhenSeatsAreLeft_ItPublishesEachSeatAndTheGrant() public {
        vm.expectEmit(address(seats));
        emit ISeatSteering.SeatsGranted(_seat(1), 2);
        vm.expectEmit(address(seats));
        emit DeployedSeats.Transfer(address(0), bob, 1_000_001);
        vm.expectEmit(address(seats));
        emit DeployedSeats.Transfer(address(0), bob, 1_000_002);
        _grant(bob, 2);
    }

    function test_WhenTheTierIsTheLast_ItNumbersItsSeatsByThemselves() public {
        drop = _create(_plan().withTiers(10));
        _grant(bob, 1);
        vm.prank(mentor);
        SeatId seat = seats.grant(drop, 9, bob, 1);
        vm.assertTrue(seat == toSeatId(drop, 9, 1), "id");
    }

    function test_GivenTheSeatsAreBound_ItPublishesThatTheyAreLocked() public {
        Plan memory plan = _plan();
        plan.terms.policy = TransferPolicy.BOUND;
        drop = _create(plan);
        vm.expectEmit(address(seats));
        emit ISeatToken.Locked(2_000_001);
        vm.expectEmit(address(seats));
        emit ISeatToken.Locked(2_000_002);
        _grant(bob, 2);
    }

    function test_GivenTheDropIsPaused_ItGrantsAllTheSame() public {
        vm.prank(guardian);
        seats.pause(drop, NOW + 1 days);
        vm.assertEq(_ownerOf(_grant(bob, 1)), bob, "owner");
    }

    /// @dev C-86.
    function test_WhenAGrantedSeatIsOffered_ItIsNeverSold() public {
        SeatId seat = _grant(bob, 1);
        Listing memory listing = _listing(seat, PRICE);
        _buyRefused(
            alice,
            listing,
            _sign("bob", listing),
            abi.encodeWithSelector(ISeatMarket.SeatMarket_Granted.selector, seat)
        );
    }

    function test_WhenAGrantedSeatIsGivenOn_ItMovesForTheToll() public {
        SeatId seat = _grant(bob, 1);
        vm.warp(NOW + COOLDOWN);
        vm.prank(bob);
        seats.transferFrom{value: TOLL}(bob, carol, SeatId.unwrap(seat));
        SeatView memory given = seats.seatOf(seat);
        vm.assertEq(given.owner, carol, "owner");
        vm.assertTrue(given.granted, "still granted");
        vm.assertEq(given.held, TOLL, "held");
    }

    function _call(uint256 tier, address to, uint256 quantity) private view returns (bytes memory) {
        return abi.encodeCall(ISeatSteering.grant, (drop, tier, to, quantity));
    }

    /// @dev Two tiers; phase 1 holds back ten seats of the first until day 3.
    function _createWithReserve() private {
        Plan memory plan = _plan().withTiers(2).withPhases(3);
        (plan.phases[1].reserved, plan.phases[1].supply) = (true, 10);
        plan.phases[1].closes = NOW + 3 days;
        plan.phases[2].tier = 1;
        drop = _create(plan);
    }

    function _grant(address to, uint256 quantity) private returns (SeatId) {
        vm.prank(mentor);
        return seats.grant(drop, 0, to, quantity);
    }

    function _refused(uint256 tier, address to, uint256 quantity, bytes memory expected) private {
        _refusedTo(mentor, _call(tier, to, quantity), expected);
    }

    function _empty(uint256 quantity, address to) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ISeatDrops.SeatDrops_EmptyMint.selector, quantity, to);
    }

    function _tooLarge(uint256 tier, uint256 wanted, uint256 left)
        private
        view
        returns (bytes memory)
    {
        return abi.encodeWithSelector(
            ISeatDrops.SeatDrops_GrantTooLarge.selector, drop, tier, wanted, left
        );
    }
}
