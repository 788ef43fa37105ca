// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Rounding} from "../../../contracts/Rounding.sol";
import {Shop} from "../../../contracts/Shop.sol";

interface Vm {
    function expectRevert(bytes calldata data) external;
}

contract ShopTest {
    Vm internal constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
    Shop internal shop;

    function setUp() public {
        shop = new Shop(1 wei);
    }

    function test_pay() public {
        shop.pay{value: 1 ether}();
    }

    function test_payTooLittle() public {
        vm.expectRevert(abi.encodeWithSelector(Shop.Shop_BelowLeast.selector, 0, 1));
        shop.pay();
    }

    function test_shareAmongNobody() public {
        vm.expectRevert(abi.encodeWithSelector(Rounding.Rounding_ZeroDivisor.selector, 0));
        shop.share(0);
    }
}
