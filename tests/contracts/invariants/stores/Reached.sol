// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title What a history has come to
/// @dev Counts of actions, gates, policies, currencies, states and causes of death, by their names.
/// `calls` is the number of the handler's calls: each must reach exactly one action.
contract Reached {
    uint256 public calls;
    uint256 public actions;

    mapping(bytes32 name => uint256) public count;

    function begin() external {
        ++calls;
    }

    function act(bytes32 name) external {
        ++actions;
        ++count[name];
    }

    function reach(bytes32 name) external {
        ++count[name];
    }
}
