// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Actions} from "./Actions.sol";

/// @dev One long walk through every action: an invariant over histories in which nothing happens
/// holds too easily. The counts are printed with `forge test -vv`.
contract ReachTest is Actions {
    uint256 private constant ROUNDS = 7;

    function test_EveryActionIsReached() public {
        _listActions();
        uint256 seed = uint256(keccak256("reach"));
        for (uint256 round; round < ROUNDS; ++round) {
            for (uint256 i; i < actions.length; ++i) {
                seed = uint256(keccak256(abi.encode(seed)));
                // Every action once, in another order in every round. The rest of a division by a
                // small number is what actions choose by: it takes every value in turn.
                _step(actions[i * (2 * round + 3) % actions.length], seed - seed % 60 + round);
            }
            checks.checkAll();
        }
        _demandAll();
        _demand("pass used twice");
        _demand("seat used twice");
        _demand("stuck by policy");
        _demand("stuck by check-in");
        _demand("stuck by objection");
        _demand("stuck by state");
        _demand("stuck by time");
        _demand("dead by a fill");
        _demand("dead by cancelling");
        _demand("dead by a bump");
        _demand("dead by a move");
        _demand("dead by postponement");
        _demand("dead by time");
        _demand("a seat offer died");
        _demand("a tier offer died");
        _demand("a dead tier offer tried");
        _demand("an offer in wrapped ether");
        _demand("an offer in ERC-20");
        _demand("postponed twice");
        _demand("checked in, no refund");
        _demand("no refund");
        _demand("no mint in a pause");
        _demand("no sale in a pause");
        handler.finishAll();
        checks.checkAll();
        checks.checkEmptied();
    }

    function _step(Action memory action, uint256 seed) private {
        string memory types =
            ["uint256", "uint256,uint256", "uint256,uint256,uint256"][action.arity - 1];
        bytes4 selector = bytes4(keccak256(abi.encodePacked(action.name, "(", types, ")")));
        // What an action does not take is not read.
        bytes memory data = abi.encodePacked(selector, seed, seed >> 64, seed >> 128);
        (bool accepted, bytes memory answer) = address(handler).call(data);
        if (!accepted) {
            assembly ("memory-safe") {
                revert(add(answer, 0x20), mload(answer))
            }
        }
    }
}
