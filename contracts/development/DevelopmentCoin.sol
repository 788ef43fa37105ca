// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "solady/tokens/ERC20.sol";

/// @title A currency that anybody may make as much of as they like
/// @notice Development chains only: it is worth nothing.
contract DevelopmentCoin is ERC20 {
    function name() public pure override returns (string memory) {
        return "Development coin";
    }

    function symbol() public pure override returns (string memory) {
        return "DEV";
    }

    /// @notice Makes `amount` units for `account`.
    function mint(address account, uint256 amount) external {
        _mint(account, amount);
    }
}
