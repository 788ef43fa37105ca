// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatPlatform} from "../../../contracts/interfaces/ISeatPlatform.sol";
import {DeployedSeats} from "../base/DeployedSeats.sol";
import {SeatsTest} from "../base/SeatsTest.sol";
import {vm} from "../base/Vm.sol";

/// @dev C-90, C-91.
contract OwnershipTest is SeatsTest {
    function test_WhenTheOwnerHandsOver_ItWaitsForTheNewOwner() public {
        vm.prank(platformOwner);
        seats.transferOwnership(carol);
        vm.assertEq(seats.owner(), platformOwner, "still the owner");
        vm.assertEq(seats.pendingOwner(), carol, "pending");
        vm.prank(carol);
        vm.expectRevert(_unauthorised(carol));
        seats.setPlatform(carol, 0);
    }

    function test_WhenTheNewOwnerAccepts_ItIsTheOwner() public {
        vm.prank(platformOwner);
        seats.transferOwnership(carol);
        vm.prank(carol);
        seats.acceptOwnership();
        vm.assertEq(seats.owner(), carol, "owner");
        vm.assertEq(seats.pendingOwner(), address(0), "pending");
        vm.prank(platformOwner);
        vm.expectRevert(_unauthorised(platformOwner));
        seats.setPlatform(treasury, 0);
    }

    function test_WhenSomebodyElseAccepts_ItRevertsWithTheCaller() public {
        vm.prank(platformOwner);
        seats.transferOwnership(carol);
        vm.prank(bob);
        vm.expectRevert(_unauthorised(bob));
        seats.acceptOwnership();
    }

    function test_WhenSomebodyElseHandsOver_ItRevertsWithTheCaller() public {
        vm.prank(bob);
        vm.expectRevert(_unauthorised(bob));
        seats.transferOwnership(bob);
    }

    function test_WhenTheOwnerChangesTheirMind_ItForgetsTheFirstChoice() public {
        vm.startPrank(platformOwner);
        seats.transferOwnership(carol);
        seats.transferOwnership(address(0));
        vm.stopPrank();
        vm.prank(carol);
        vm.expectRevert(_unauthorised(carol));
        seats.acceptOwnership();
    }

    function test_WhenAnybodyRenounces_ItReverts() public {
        vm.prank(platformOwner);
        vm.expectRevert(ISeatPlatform.Seats_OwnerRequired.selector);
        seats.renounceOwnership();
        vm.prank(bob);
        vm.expectRevert(ISeatPlatform.Seats_OwnerRequired.selector);
        seats.renounceOwnership();
        vm.assertEq(seats.owner(), platformOwner, "owner");
    }

    function test_WhenSomebodyInitialisesAgain_ItHasNoSuchDoor() public {
        string[3] memory doors = ["initialize()", "initialize(address)", "init()"];
        for (uint256 i; i < doors.length; ++i) {
            vm.prank(bob);
            (bool accepted,) = address(seats).call(abi.encodeWithSignature(doors[i], bob));
            vm.assertFalse(accepted, doors[i]);
        }
        vm.assertEq(seats.owner(), platformOwner, "owner");
    }

    function _unauthorised(address account) private pure returns (bytes memory) {
        return abi.encodeWithSelector(DeployedSeats.OwnableUnauthorizedAccount.selector, account);
    }
}
