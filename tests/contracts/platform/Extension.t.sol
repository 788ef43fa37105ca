// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatDrops} from "../../../contracts/interfaces/ISeatDrops.sol";
import {ISeatPlatform} from "../../../contracts/interfaces/ISeatPlatform.sol";
import {ISeatSteering} from "../../../contracts/interfaces/ISeatSteering.sol";
import {DropState} from "../../../contracts/types/Terms.sol";
import {DeployedSeats} from "../base/DeployedSeats.sol";
import {SeatsTest} from "../base/SeatsTest.sol";
import {vm} from "../base/Vm.sol";
import {PlainCoin} from "../hostile/Currencies.sol";

/// @dev What the extension answers for `Seats`, and what it is by itself.
contract ExtensionTest is SeatsTest {
    function test_WhenItIsCalledThroughSeats_ItWritesThere() public {
        vm.prank(platformOwner);
        seats.setGuardian(carol);
        vm.assertEq(seats.guardian(), carol, "seats");
        vm.assertEq(_alone().guardian(), address(0), "extension");
    }

    function test_WhenItIsCalledThroughSeats_ItRefusesInItsOwnWords() public {
        _refused(
            address(seats),
            0,
            abi.encodeCall(ISeatSteering.cancelDrop, (drop)),
            abi.encodeWithSelector(
                ISeatDrops.SeatDrops_NotMentor.selector, drop, mentor, platformOwner
            )
        );
    }

    function test_WhenEtherIsSentAlong_ItReverts() public {
        vm.deal(platformOwner, 1);
        _refused(address(seats), 1, abi.encodeCall(ISeatPlatform.setGuardian, (carol)), "");
        vm.assertEq(seats.guardian(), address(0), "guardian");
        vm.assertEq(platformOwner.balance, 1, "ether");
    }

    function test_WhenTheFunctionIsUnknown_ItRevertsWithItsSelector() public {
        vm.deal(platformOwner, 1);
        bytes memory unknown = abi.encodeWithSignature("upgradeTo(address)", carol);
        bytes4 selector = ISeatPlatform.Seats_FunctionUnknown.selector;
        bytes memory expected = abi.encodeWithSelector(selector, bytes4(unknown));
        _refused(address(seats), 0, unknown, expected);
        _refused(address(seats), 1, unknown, expected);
        expected = abi.encodeWithSelector(selector, bytes4(0x01020300));
        _refused(address(seats), 0, hex"010203", expected);
    }

    function test_GivenItsOwnAddress_ItHasNoOwner() public {
        address coin = address(new PlainCoin());
        bytes memory expected = abi.encodeWithSelector(
            DeployedSeats.OwnableUnauthorizedAccount.selector, platformOwner
        );
        address alone = seats.extension();
        _refused(alone, 0, abi.encodeCall(ISeatPlatform.setPlatform, (carol, 0)), expected);
        _refused(alone, 0, abi.encodeCall(ISeatPlatform.setCurrency, (coin, true)), expected);
        _refused(alone, 0, abi.encodeCall(ISeatPlatform.setGuardian, (carol)), expected);
        vm.assertEq(_alone().owner(), address(0xdead), "owner");
    }

    function test_GivenItsOwnAddress_ItHasNoDrops() public {
        address alone = seats.extension();
        _refused(
            alone,
            0,
            abi.encodeCall(ISeatSteering.failDrop, (drop)),
            abi.encodeWithSelector(ISeatDrops.SeatDrops_NotLive.selector, drop, DropState.NONE)
        );
        _refused(
            alone,
            0,
            abi.encodeCall(ISeatSteering.pause, (drop, block.timestamp)),
            abi.encodeWithSelector(
                ISeatDrops.SeatDrops_NotGuardian.selector, address(0), platformOwner
            )
        );
    }

    function _alone() private view returns (DeployedSeats) {
        return DeployedSeats(payable(seats.extension()));
    }

    /// @dev By the platform's owner.
    function _refused(address target, uint256 payment, bytes memory call, bytes memory expected)
        private
    {
        vm.prank(platformOwner);
        (bool accepted, bytes memory answer) = target.call{value: payment}(call);
        vm.assertFalse(accepted, "accepted");
        vm.assertEq(answer, expected, "refusal");
    }
}
