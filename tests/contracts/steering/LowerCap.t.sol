// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatDrops} from "../../../contracts/interfaces/ISeatDrops.sol";
import {ISeatSteering} from "../../../contracts/interfaces/ISeatSteering.sol";
import {TierView} from "../../../contracts/types/Views.sol";
import {CAP, NOW, PRICE, Plan, Plans} from "../base/Plans.sol";
import {vm} from "../base/Vm.sol";
import {SteeringTest} from "./SteeringTest.sol";

/// @dev C-78.
contract LowerCapTest is SteeringTest {
    using Plans for Plan;

    function test_WhenTheCallerIsNotTheMentor_ItRevertsWithBoth() public {
        _refusedToOthers(_call(0, 10));
    }

    function test_GivenTheDropIsNotLive_ItRevertsWithTheState() public {
        _refusedUnlessLive(_call(0, 10));
    }

    function test_WhenTheTierDoesNotExist_ItRevertsWithTheTier() public {
        uint256[3] memory tiers = [uint256(1), 10, type(uint256).max];
        for (uint256 i; i < tiers.length; ++i) {
            _refusedTo(
                mentor,
                _call(tiers[i], 10),
                abi.encodeWithSelector(ISeatDrops.SeatDrops_TierUnknown.selector, drop, tiers[i])
            );
        }
    }

    function test_WhenTheCapIsBelowTheLivingSeats_ItRevertsWithTheBounds() public {
        _mintIn(0, 5);
        vm.prank(mentor);
        seats.grant(drop, 0, bob, 3);
        _refused(7, 8, CAP);
        _refused(0, 8, CAP);
        _lower(8);
    }

    function test_WhenTheCapDoesNotFall_ItRevertsWithTheBounds() public {
        _refused(CAP, 0, CAP);
        _refused(CAP + 1, 0, CAP);
        _refused(type(uint256).max, 0, CAP);
        _lower(CAP - 1);
        _refused(CAP, 0, CAP - 1);
    }

    function test_WhenASeatWasGivenBack_ItMayFallByOneMore() public {
        _mintIn(0, 5);
        vm.warp(NOW + 1);
        vm.prank(alice);
        seats.refund(_seat(1));
        _refused(3, 4, CAP);
        _lower(4);
    }

    function test_GivenPhasesHoldSeatsBack_ItKeepsTheirPromises() public {
        _createWithReserves();
        _refused(14, 15, CAP);
        _mintIn(1, 4);
        _mintIn(0, 2);
        _refused(16, 17, CAP);
        _lower(17);
        _mintIn(1, 6);
        _mintIn(2, 5);
        vm.assertEq(_tier(0).live, 17, "every promise is kept");
    }

    function test_GivenAReserveHasClosed_ItMayFallByTheRest() public {
        _createWithReserves();
        _mintIn(1, 4);
        vm.warp(NOW + 3 days);
        _refused(14, 15, CAP);
        vm.warp(NOW + 3 days + 1);
        _refused(8, 9, CAP);
        _lower(9);
    }

    function test_GivenAnotherTiersReserves_ItDoesNotMind() public {
        _createWithReserves();
        vm.prank(mentor);
        seats.lowerCap(drop, 1, 0);
        vm.assertEq(_tier(1).cap, 0, "cap");
    }

    /// @dev No phase sells the second tier here.
    function test_GivenATierWithoutPhases_ItMayFallToNothing() public {
        drop = _create(_plan().withTiers(2));
        vm.prank(mentor);
        seats.lowerCap(drop, 1, 0);
        vm.assertEq(_tier(1).cap, 0, "cap");
    }

    function test_WhenTheCapFalls_ItStoresNothingElse() public {
        drop = _create(_plan().withTiers(2));
        _mintIn(0, 5);
        _lower(7);
        vm.assertEq(abi.encode(_tier(0)), abi.encode(TierView(PRICE, 7, 5, 5, 5 * PRICE)), "tier");
        vm.assertEq(abi.encode(_tier(1)), abi.encode(TierView(PRICE, CAP, 0, 0, 0)), "other tier");
        vm.assertEq(_terms(drop).termsVersion, 0, "terms version");
    }

    function test_WhenTheCapFalls_ItIsPublished() public {
        vm.expectEmit(address(seats));
        emit ISeatSteering.CapLowered(drop, 0, 7);
        _lower(7);
    }

    function test_WhenTheCapFalls_ItBoundsMintsAndGrants() public {
        _mintIn(0, 5);
        _lower(7);
        _refusedTo(
            alice, abi.encodeCall(ISeatDrops.mint, (_request(alice, 3), "")), _soldOut(0, 3, 2)
        );
        _refusedTo(
            mentor,
            abi.encodeCall(ISeatSteering.grant, (drop, 0, bob, 3)),
            abi.encodeWithSelector(ISeatDrops.SeatDrops_GrantTooLarge.selector, drop, 0, 3, 2)
        );
        _mintIn(0, 2);
    }

    function test_WhenTheCapFallsToNothing_ItEndsTheSale() public {
        _lower(0);
        _refusedTo(
            alice, abi.encodeCall(ISeatDrops.mint, (_request(alice, 1), "")), _soldOut(0, 1, 0)
        );
    }

    function testFuzz_WhenTheCapIsAny_ItFallsWithinItsBoundsAlone(
        uint8 sold,
        uint8 reserved,
        uint256 cap
    ) public {
        _createWithReserves();
        uint256 open = sold % 16;
        uint256 own = reserved % 11;
        if (open != 0) _mintIn(0, open);
        if (own != 0) _mintIn(1, own);
        if (cap > 255) cap = cap % 40;
        vm.prank(mentor);
        (bool accepted,) = address(seats).call(_call(0, cap));
        uint256 least = open + 15;
        vm.assertEq(accepted, cap >= least && cap < CAP, "accepted");
        if (own < 10) _mintIn(1, 10 - own);
        _mintIn(2, 5);
        vm.assertLe(_tier(0).live, _tier(0).cap, "cap");
    }

    /// @dev Phase 1 holds back ten seats until day 3, phase 2 five; phase 3 sells another tier.
    function _createWithReserves() private {
        Plan memory plan = _plan().withTiers(2).withPhases(4);
        (plan.phases[1].reserved, plan.phases[1].supply) = (true, 10);
        plan.phases[1].closes = NOW + 3 days;
        (plan.phases[2].reserved, plan.phases[2].supply) = (true, 5);
        plan.phases[3].tier = 1;
        drop = _create(plan);
    }

    function _call(uint256 tier, uint256 cap) private view returns (bytes memory) {
        return abi.encodeCall(ISeatSteering.lowerCap, (drop, tier, cap));
    }

    function _lower(uint256 cap) private {
        vm.prank(mentor);
        seats.lowerCap(drop, 0, cap);
        vm.assertEq(_tier(0).cap, cap, "cap");
    }

    function _refused(uint256 cap, uint256 least, uint256 most) private {
        _refusedTo(
            mentor,
            _call(0, cap),
            abi.encodeWithSelector(ISeatDrops.SeatDrops_CapOutOfBounds.selector, cap, least, most)
        );
    }
}
