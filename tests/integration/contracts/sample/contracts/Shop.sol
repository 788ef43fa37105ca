// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

// import {Nothing} from "./Nothing.sol"; stays a comment
import {Account, Ledger} from "./Ledger.sol";
import {SafeTransferLib} from "solady/utils/SafeTransferLib.sol";

contract Shop {
    uint256 public immutable least;
    address internal _keeper;
    uint96 internal _count;
    mapping(address => Account) internal _accounts;

    error Shop_BelowLeast(uint256 given, uint256 least_);

    constructor(uint256 least_) {
        least = least_;
    }

    function pay() external payable {
        if (msg.value < least) revert Shop_BelowLeast(msg.value, least);
        _accounts[msg.sender].balance += uint128(msg.value);
        _count += 1;
    }

    function share(uint256 parts) external {
        Ledger.share(_accounts[msg.sender], msg.sender, parts);
    }

    function quit() external {
        uint256 amount = _accounts[msg.sender].balance;
        _accounts[msg.sender].balance = 0;
        SafeTransferLib.safeTransferETH(msg.sender, amount);
    }
}
