// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SaleMath} from "../../../contracts/libraries/SaleMath.sol";
import {Bps} from "../../../contracts/types/Bps.sol";
import {vm} from "../base/Vm.sol";

contract SaleMathTest {
    function test_TheRoyaltyIsRoundedDown() public pure {
        vm.assertEq(SaleMath.royaltyOf(9, Bps.wrap(1000), 0), 0, "nine wei");
        vm.assertEq(SaleMath.royaltyOf(10, Bps.wrap(1000), 0), 1, "ten wei");
        vm.assertEq(SaleMath.royaltyOf(19, Bps.wrap(1000), 0), 1, "nineteen wei");
    }

    function test_TheRoyaltyIsNeverLessThanTheToll() public pure {
        vm.assertEq(SaleMath.royaltyOf(100, Bps.wrap(1000), 9), 10, "share above the toll");
        vm.assertEq(SaleMath.royaltyOf(100, Bps.wrap(1000), 10), 10, "share at the toll");
        vm.assertEq(SaleMath.royaltyOf(100, Bps.wrap(1000), 11), 11, "share below the toll");
    }

    function test_TheHighestPriceIsRoundedDown() public pure {
        vm.assertEq(SaleMath.highestPrice(3, Bps.wrap(15_000)), 4, "one and a half times three");
        vm.assertEq(SaleMath.highestPrice(3, Bps.wrap(0)), 0, "no resale");
    }

    function testFuzz_NoShareOfTheLargestPriceOverflows(uint80 face, uint16 bps) public pure {
        uint256 most = SaleMath.highestPrice(face, Bps.wrap(50_000));
        vm.assertEq(most, uint256(face) * 5, "highest price");
        uint256 royalty = SaleMath.royaltyOf(most, Bps.wrap(bps % 2001), 0);
        vm.assertEq(royalty, most * (bps % 2001) / 10_000, "royalty");
        vm.assertLe(royalty, most, "royalty within the price");
    }
}
