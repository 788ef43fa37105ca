// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {vm} from "../base/Vm.sol";
import {Erc721aSeat} from "../baselines/Erc721aSeat.sol";
import {OpenZeppelinSeat} from "../baselines/OpenZeppelinSeat.sol";
import {SoladySeat} from "../baselines/SoladySeat.sol";

interface IBareSeat {
    function mint(address recipient, uint256 quantity) external payable;
    function transferFrom(address from, address to, uint256 id) external;
}

/// @dev Others' ERC-721 with a price and a counter, measured like ours: the token has been minted
/// from before, the recipient holds none, the giver keeps one.
contract BaselinesGasTest {
    string private constant GROUP = "baselines";
    uint256 private constant PRICE = 0.05 ether;

    address private constant FIRST = address(0x1111111111111111111111111111111111111111);
    address private constant HOLDER = address(0x2222222222222222222222222222222222222222);
    address private constant FRIEND = address(0x3333333333333333333333333333333333333333);

    function test_Solady() public {
        _measure(address(new SoladySeat()), "solady", 1);
    }

    function test_OpenZeppelin() public {
        _measure(address(new OpenZeppelinSeat()), "openzeppelin", 1);
    }

    function test_Erc721a() public {
        _measure(address(new Erc721aSeat()), "erc721a", 0);
    }

    /// @param firstId of the first token that the contract ever minted.
    function _measure(address deployed, string memory peer, uint256 firstId) private {
        IBareSeat token = IBareSeat(deployed);
        _mint(token, FIRST, 1);
        _mint(token, HOLDER, 1);
        vm.snapshotGasLastCall(GROUP, string.concat(peer, "_mint_one_new"));
        _mint(token, HOLDER, 1);
        vm.snapshotGasLastCall(GROUP, string.concat(peer, "_mint_one_existing"));
        _mint(token, address(this), 5);
        vm.snapshotGasLastCall(GROUP, string.concat(peer, "_mint_five"));
        vm.prank(HOLDER);
        token.transferFrom(HOLDER, FRIEND, firstId + 1);
        vm.snapshotGasLastCall(GROUP, string.concat(peer, "_gift_new"));
    }

    function _mint(IBareSeat token, address recipient, uint256 quantity) private {
        vm.deal(recipient, 100 ether);
        vm.prank(recipient);
        token.mint{value: quantity * PRICE}(recipient, quantity);
    }
}
