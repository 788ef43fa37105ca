// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Shop} from "../../../contracts/Shop.sol";

interface Vm {
    function snapshotGasLastCall(string calldata group, string calldata name) external returns (uint256);
}

contract ShopGas {
    Vm internal constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
    Shop internal shop;

    function setUp() public {
        shop = new Shop(1 wei);
    }

    function test_pay() public {
        shop.pay{value: 1 ether}();
        vm.snapshotGasLastCall("Shop", "pay");
    }
}
