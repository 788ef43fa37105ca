// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatDrops} from "../../../contracts/interfaces/ISeatDrops.sol";
import {ISeatPlatform} from "../../../contracts/interfaces/ISeatPlatform.sol";
import {DeployedSeats} from "../base/DeployedSeats.sol";
import {NOW} from "../base/Plans.sol";
import {SeatsTest} from "../base/SeatsTest.sol";
import {vm} from "../base/Vm.sol";

contract SetGuardianTest is SeatsTest {
    address private guardian = _account("guardian");

    function test_WhenTheCallerIsNotTheOwner_ItRevertsWithTheCaller() public {
        _set(guardian);
        address[3] memory callers = [guardian, mentor, treasury];
        for (uint256 i; i < callers.length; ++i) {
            vm.prank(callers[i]);
            vm.expectRevert(
                abi.encodeWithSelector(
                    DeployedSeats.OwnableUnauthorizedAccount.selector, callers[i]
                )
            );
            seats.setGuardian(callers[i]);
        }
    }

    function test_GivenNobodyWasNamed_ItIsNobody() public view {
        vm.assertEq(seats.guardian(), address(0), "guardian");
    }

    function test_WhenTheOwnerNamesOne_ItStoresAndPublishesIt() public {
        vm.expectEmit(address(seats));
        emit ISeatPlatform.GuardianSet(guardian);
        _set(guardian);
        vm.assertEq(seats.guardian(), guardian, "guardian");
    }

    function test_WhenTheOwnerNamesAnother_ItTakesThePowerFromTheFirst() public {
        _set(guardian);
        _set(carol);
        vm.prank(guardian);
        vm.expectRevert(
            abi.encodeWithSelector(ISeatDrops.SeatDrops_NotGuardian.selector, carol, guardian)
        );
        seats.pause(drop, NOW + 1);
        vm.prank(carol);
        seats.pause(drop, NOW + 1);
    }

    function test_WhenTheOwnerNamesNobody_ItLetsNobodyPause() public {
        _set(guardian);
        vm.expectEmit(address(seats));
        emit ISeatPlatform.GuardianSet(address(0));
        _set(address(0));
        vm.prank(guardian);
        vm.expectRevert(
            abi.encodeWithSelector(ISeatDrops.SeatDrops_NotGuardian.selector, address(0), guardian)
        );
        seats.pause(drop, NOW + 1);
    }

    function test_WhenTheGuardianIsTheOwner_ItLetsTheOwnerPause() public {
        vm.prank(platformOwner);
        vm.expectRevert(
            abi.encodeWithSelector(
                ISeatDrops.SeatDrops_NotGuardian.selector, address(0), platformOwner
            )
        );
        seats.pause(drop, NOW + 1);
        _set(platformOwner);
        vm.prank(platformOwner);
        seats.pause(drop, NOW + 1);
    }

    function _set(address guardian_) private {
        vm.prank(platformOwner);
        seats.setGuardian(guardian_);
    }
}
