// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {vm} from "../base/Vm.sol";
import {InvariantWorld} from "./InvariantWorld.sol";
import {Handler} from "./handlers/Handler.sol";
import {Reached} from "./stores/Reached.sol";

/// @dev What forge asks for by `excludeSelectors`.
struct FuzzSelector {
    address addr;
    bytes4[] selectors;
}

/// @title What must always hold, whatever anybody does in whatever order
contract InvariantsTest is InvariantWorld {
    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    /// @dev What belongs to the beginning and to the end of a history.
    function excludeSelectors() external view returns (FuzzSelector[] memory excluded) {
        excluded = new FuzzSelector[](1);
        excluded[0].addr = address(handler);
        excluded[0].selectors = new bytes4[](2);
        excluded[0].selectors[0] = Handler.prepare.selector;
        excluded[0].selectors[1] = handler.finishAll.selector;
    }

    /// @dev One function: forge plays all histories again for each.
    function invariant_EveryRuleHolds() external view {
        checks.checkStep();
    }

    /// @dev At the end of every history.
    function afterInvariant() external {
        checks.checkAll();
        Reached reached = handler.REACHED();
        vm.assertEq(reached.calls(), reached.actions(), "every call reaches its action");
        handler.finishAll();
        checks.checkAll();
        checks.checkEmptied();
    }
}
