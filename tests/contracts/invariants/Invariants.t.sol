// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {vm} from "../base/Vm.sol";
import {Actions} from "./Actions.sol";
import {Handler} from "./handlers/Handler.sol";
import {Reached} from "./stores/Reached.sol";

/// @dev What forge asks for by `excludeSelectors`.
struct FuzzSelector {
    address addr;
    bytes4[] selectors;
}

/// @title What must always hold, whatever anybody does in whatever order
abstract contract InvariantRules is Actions {
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

    /// @dev At the end of every history anybody brings every drop to its end, and all money leaves.
    function _conclude() internal {
        checks.checkAll();
        Reached reached = handler.REACHED();
        vm.assertEq(reached.calls(), reached.actions(), "every call reaches its action");
        handler.finishAll();
        checks.checkAll();
        checks.checkEmptied();
    }
}

/// @dev Many short histories. One function: forge plays all histories again for each.
contract InvariantsTest is InvariantRules {
    function invariant_EveryRuleHolds() external view {
        checks.checkStep();
    }

    function afterInvariant() external {
        _conclude();
    }
}

/// @dev One long history, so long that it must have come to everything.
contract LongHistoryTest is InvariantRules {
    function setUp() public override {
        super.setUp();
        _listActions();
    }

    /// forge-config: default.invariant.runs = 1
    /// forge-config: default.invariant.depth = 900
    /// forge-config: deep.invariant.runs = 4
    /// forge-config: deep.invariant.depth = 900
    function invariant_EveryRuleHoldsForLong() external view {
        checks.checkStep();
    }

    function afterInvariant() external {
        _demandAll();
        _conclude();
    }
}
