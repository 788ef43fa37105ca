// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Coin} from "./Currencies.sol";

/// @dev Lets itself be taken from an allowance, and says no to every payment.
contract OneWayCoin is Coin {
    function transfer(address, uint256) external pure returns (bool) {
        return false;
    }

    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        _spend(from, amount);
        _move(from, to, amount);
        return true;
    }
}
