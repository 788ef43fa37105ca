// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {vm} from "../base/Vm.sol";
import {InvariantChecks} from "./Invariants.t.sol";

/// @dev One long walk through every action: an invariant over histories in which nothing happens
/// holds too easily. The counts are printed with `forge test -vv`.
contract ReachTest is InvariantChecks {
    uint256 private constant STEPS = 600;

    event log_named_uint(string key, uint256 val);

    function test_EveryActionIsReached() public {
        uint256 seed = uint256(keccak256("reach"));
        for (uint256 i; i < STEPS; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            _step(i % 13, seed >> 8, seed >> 72, seed >> 136);
        }
        string[13] memory actions = [
            "mint",
            "mintTooMany",
            "give",
            "buySigned",
            "buyStored",
            "cancel",
            "bump",
            "buyDead",
            "withdraw",
            "withdrawTooMuch",
            "force",
            "setFee",
            "wait"
        ];
        for (uint256 i; i < actions.length; ++i) {
            uint256 count = ledger.reached(bytes32(bytes(actions[i])));
            emit log_named_uint(actions[i], count);
            vm.assertGt(count, 0, actions[i]);
        }
        vm.assertEq(ledger.minted(3), 5, "the small drop sold out");
        _checkAll();
    }

    function _step(uint256 action, uint256 a, uint256 b, uint256 c) private {
        if (action == 0) handler.mint(a, b, c);
        else if (action == 1) handler.mintTooMany(a, b);
        else if (action == 2) handler.give(a, b);
        else if (action == 3) handler.buySigned(a, b, c);
        else if (action == 4) handler.buyStored(a, b, c);
        else if (action == 5) handler.cancel(a);
        else if (action == 6) handler.bump(a);
        else if (action == 7) handler.buyDead(a, b);
        else if (action == 8) handler.withdraw(a, b);
        else if (action == 9) handler.withdrawTooMuch(a, b);
        else if (action == 10) handler.force(a);
        else if (action == 11) handler.setFee(a);
        else handler.wait(a);
    }
}
