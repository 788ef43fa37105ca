// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SeatsTest} from "../base/SeatsTest.sol";
import {vm} from "../base/Vm.sol";

/// @dev What the tests need of it.
interface DeployedCoin {
    function mint(address account, uint256 amount) external;
    function approve(address spender, uint256 amount) external returns (bool);
    function balanceOf(address account) external view returns (uint256);
    function name() external view returns (string memory);
    function symbol() external view returns (string memory);
    function decimals() external view returns (uint8);
}

/// @dev The currency of development chains.
contract DevelopmentCoinTest is SeatsTest {
    DeployedCoin internal coin;

    function setUp() public override {
        super.setUp();
        coin = DeployedCoin(vm.deployCode("DevelopmentCoin.sol:DevelopmentCoin", ""));
        drop = _createIn(address(coin));
    }

    function test_WhenAnybodyMakesSome_ItIsTheirsToPayWith() public {
        uint256 price = _request(alice, 1).maxTotal;
        vm.startPrank(alice);
        coin.mint(alice, price + 1);
        coin.approve(address(seats), price);
        seats.mint(_request(alice, 1), "");
        vm.stopPrank();
        vm.assertEq(coin.balanceOf(alice), 1, "balance of alice");
        vm.assertEq(coin.balanceOf(address(seats)), price, "balance of the contract");
        vm.assertEq(_ownerOf(_seat(1)), alice, "owner");
    }

    function test_WhenAWalletShowsIt_ItHasANameAndSaysThatItIsForDevelopment() public view {
        vm.assertEq(coin.name(), "Development coin", "name");
        vm.assertEq(coin.symbol(), "DEV", "symbol");
        vm.assertEq(uint256(coin.decimals()), 18, "decimals");
    }
}
