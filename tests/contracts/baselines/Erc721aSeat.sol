// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC721A} from "erc721a/ERC721A.sol";

/// @dev The least that sells tokens on ERC721A, which counts by itself.
contract Erc721aSeat is ERC721A("Bare", "BARE") {
    uint256 private constant PRICE = 0.05 ether;

    error WrongPayment();

    function mint(address recipient, uint256 quantity) external payable {
        if (msg.value != quantity * PRICE) revert WrongPayment();
        _mint(recipient, quantity);
    }
}
