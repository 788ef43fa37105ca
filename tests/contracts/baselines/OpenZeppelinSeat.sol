// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";

/// @dev The least that sells tokens on OpenZeppelin's ERC-721.
contract OpenZeppelinSeat is ERC721("Bare", "BARE") {
    uint256 private constant PRICE = 0.05 ether;

    uint256 private count;

    error WrongPayment();

    function mint(address recipient, uint256 quantity) external payable {
        if (msg.value != quantity * PRICE) revert WrongPayment();
        uint256 last = count + quantity;
        for (uint256 id = count + 1; id <= last; ++id) {
            _mint(recipient, id);
        }
        count = last;
    }
}
