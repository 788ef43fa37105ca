// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Listing} from "../../../contracts/types/Terms.sol";
import {SeatId} from "../../../contracts/types/SeatId.sol";
import {COOLDOWN, PRICE} from "../base/Plans.sol";
import {SeatsTest} from "../base/SeatsTest.sol";
import {vm} from "../base/Vm.sol";

/// @title A drop that has begun to sell
/// @dev What a first transaction pays for everybody after it (the drop's first seat, the tier's
/// counters) is paid here, by carol. Measured is the last call before `_measured`.
abstract contract GasTest is SeatsTest {
    address internal dave = _account("dave");

    function setUp() public virtual override {
        super.setUp();
        vm.deal(dave, 100 ether);
        vm.deal(mentor, 100 ether);
        _mint(carol);
    }

    function _mintOwn(address account, uint256 quantity) internal {
        vm.prank(account);
        seats.mint{value: quantity * PRICE}(_request(account, quantity), "");
    }

    function _resell(SeatId seat, string memory seller, address buyer, uint256 price) internal {
        Listing memory listing = _listing(seat, price);
        bytes memory signature = _sign(seller, listing);
        vm.warp(block.timestamp + 1 hours);
        _buy(buyer, listing, signature);
    }

    function _coolDown() internal {
        vm.warp(block.timestamp + COOLDOWN);
    }

    function _measured(string memory group, string memory name) internal {
        vm.snapshotGasLastCall(group, name);
    }
}
