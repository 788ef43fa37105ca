// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Where all money should be
/// @dev Written by the handlers from what they sent and nothing else: no figure here is ever read
/// back from Seats. The zero address as a currency is ETH.
contract Ledger {
    mapping(address currency => uint256) public paidIn;
    mapping(address currency => uint256) public paidOut;
    mapping(address currency => uint256) public forced;
    mapping(address currency => uint256) public credits;
    mapping(address currency => mapping(address account => uint256)) public creditOf;

    /// @dev What stays of a drop's money: prices of its mints, royalties and tolls.
    mapping(uint256 drop => uint256) public kept;
    mapping(uint256 drop => uint256) public refunded;
    mapping(uint256 drop => uint256) public released;
    mapping(uint256 drop => uint256) public claimed;

    function noteIn(address currency, uint256 amount) external {
        paidIn[currency] += amount;
    }

    function noteOut(address currency, uint256 amount) external {
        paidOut[currency] += amount;
    }

    function noteForced(address currency, uint256 amount) external {
        forced[currency] += amount;
    }

    function noteCredit(address currency, address account, uint256 amount) external {
        creditOf[currency][account] += amount;
        credits[currency] += amount;
    }

    function noteWithdrawal(address currency, address account, uint256 amount) external {
        creditOf[currency][account] -= amount;
        credits[currency] -= amount;
        paidOut[currency] += amount;
    }

    function noteKept(uint256 drop, uint256 amount) external {
        kept[drop] += amount;
    }

    function noteRefunded(uint256 drop, uint256 amount) external {
        refunded[drop] += amount;
    }

    function noteReleased(uint256 drop, uint256 amount) external {
        released[drop] += amount;
    }

    function noteClaimed(uint256 drop, uint256 amount) external {
        claimed[drop] += amount;
    }
}
