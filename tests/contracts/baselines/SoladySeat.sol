// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC721} from "solady/tokens/ERC721.sol";

/// @dev The least that sells tokens on Solady's ERC-721: a price, a counter, nothing else.
contract SoladySeat is ERC721 {
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

    function name() public pure override returns (string memory) {
        return "Bare";
    }

    function symbol() public pure override returns (string memory) {
        return "BARE";
    }

    function tokenURI(uint256) public pure override returns (string memory) {
        return "";
    }
}
