// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SeatsTest} from "../base/SeatsTest.sol";
import {vm} from "../base/Vm.sol";

/// @dev The runtime bytes of everything that is deployed; the chain allows 24,576 for each.
contract SizesTest is SeatsTest {
    uint256 private constant MOST = 24_576;
    /// @dev EIP-3860: what a chain takes as the code that creates a contract.
    uint256 private constant MOST_TO_CREATE = 49_152;

    function test_EveryDeployedContractFitsTheChain() public {
        _measure("Seats", address(seats).code.length);
        _measure("SeatsExtension", seats.extension().code.length);
        _measure("SeatRenderer", address(renderer).code.length);
        _measure("SeatViews", vm.getDeployedCode("SeatViews.sol:SeatViews").length);
    }

    function test_TheCreationOfSeatsFitsTheChain() public {
        uint256 size = vm.getCode("Seats.sol:Seats").length;
        vm.assertLe(size, MOST_TO_CREATE, "Seats");
        vm.snapshotValue("creation", "Seats", size);
    }

    function _measure(string memory name, uint256 size) private {
        vm.assertGt(size, 0, name);
        vm.assertLe(size, MOST, name);
        vm.snapshotValue("sizes", name, size);
    }
}
