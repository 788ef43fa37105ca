// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Rounding} from "./Rounding.sol";

struct Account {
    uint128 balance;
    uint64 seen;
    mapping(address => bool) friends;
}

library Ledger {
    event Shared(address indexed holder, uint256 amount);

    function share(Account storage account, address holder, uint256 parts) external {
        uint256 amount = Rounding.down(account.balance, parts);
        account.balance -= uint128(amount);
        emit Shared(holder, amount);
    }
}
