// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatDrops} from "../../../contracts/interfaces/ISeatDrops.sol";
import {MintRequest, PhaseTerms} from "../../../contracts/types/Terms.sol";
import {PhaseView} from "../../../contracts/types/Views.sol";
import {CAP, NOW, PRICE, Plan, Plans} from "../base/Plans.sol";
import {SeatsTest} from "../base/SeatsTest.sol";
import {vm} from "../base/Vm.sol";

/// @dev A cap of 30. Phase 0 is open to all; phase 1 holds back 10 seats until day 3, phase 2
/// holds back 5 until day 5; phase 3 sells another tier.
contract ReservesTest is SeatsTest {
    using Plans for Plan;

    function setUp() public override {
        super.setUp();
        Plan memory plan = _plan().withTiers(2).withPhases(4);
        _reserve(plan.phases[1], 10, 3 days);
        _reserve(plan.phases[2], 5, 5 days);
        plan.phases[3].tier = 1;
        drop = _create(plan);
    }

    function test_WhenOtherPhasesHoldSeatsBack_ItRefusesThose() public {
        _mintIn(0, 15);
        _refused(0, 1, 0);
    }

    function test_WhenAPhaseSellsItsOwnReserve_ItFindsThemAll() public {
        _mintIn(0, 15);
        _mintIn(1, 10);
        _mintIn(2, 5);
        vm.assertEq(seats.balanceOf(alice), CAP, "all seats");
    }

    function test_WhenAPhaseSellsItsOwnReserve_ItHoldsBackThatMuchLess() public {
        _mintIn(1, 4);
        _mintIn(0, 15);
        _refused(0, 1, 0);
    }

    function test_WhenAPhaseSellsItsOwnReserve_ItNeverSellsMoreThanItsSupply() public {
        _refused(1, 11, 10);
    }

    function test_WhenAReserveHasClosed_ItReturnsTheRest() public {
        _mintIn(1, 4);
        vm.warp(NOW + 3 days);
        _refused(0, 16, 15);
        vm.warp(NOW + 3 days + 1);
        _refused(0, 22, 21);
        _mintIn(0, 21);
        _mintIn(2, 5);
        vm.assertEq(seats.balanceOf(alice), CAP, "all seats");
    }

    function test_GivenAnotherTier_ItIsNotHeldBack() public {
        _mintIn(3, CAP);
        vm.assertEq(seats.balanceOf(alice), CAP, "all seats of the other tier");
    }

    function test_WhenTheDropIsCreated_ItTellsEachPhaseOfTheTiersReserves() public view {
        (,, PhaseView[] memory phases) = seats.termsOf(drop);
        vm.assertEq(phases[0].reserves, 6, "open to all");
        vm.assertEq(phases[1].reserves, 6, "first reserve");
        vm.assertEq(phases[2].reserves, 6, "second reserve");
        vm.assertEq(phases[3].reserves, 0, "other tier");
    }

    /// @dev Whatever the order of mints, every promise can still be kept.
    function testFuzz_WhenMintsComeInAnyOrder_ItKeepsEveryPromise(uint8[12] memory steps) public {
        for (uint256 i; i < steps.length; ++i) {
            MintRequest memory request = _request(alice, steps[i] % 7 + 1);
            request.phase = steps[i] % 3;
            vm.prank(alice);
            (bool accepted,) = address(seats).call{value: request.maxTotal}(
                abi.encodeCall(ISeatDrops.mint, (request, ""))
            );
            accepted;
        }
        (,, PhaseView[] memory phases) = seats.termsOf(drop);
        if (phases[1].sold < 10) _mintIn(1, 10 - phases[1].sold);
        if (phases[2].sold < 5) _mintIn(2, 5 - phases[2].sold);
        vm.assertLe(seats.balanceOf(alice), CAP, "cap");
    }

    function _reserve(PhaseTerms memory phase, uint256 supply, uint256 time) private pure {
        (phase.reserved, phase.supply, phase.closes) = (true, supply, NOW + time);
    }

    function _mintIn(uint256 phase, uint256 quantity) private {
        MintRequest memory request = _request(alice, quantity);
        request.phase = phase;
        vm.prank(alice);
        seats.mint{value: quantity * PRICE}(request, "");
    }

    function _refused(uint256 phase, uint256 quantity, uint256 left) private {
        MintRequest memory request = _request(alice, quantity);
        request.phase = phase;
        vm.prank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(
                ISeatDrops.SeatDrops_SoldOut.selector, drop, phase, quantity, left
            )
        );
        seats.mint{value: quantity * PRICE}(request, "");
    }
}
