// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatDelivery} from "../../../contracts/interfaces/ISeatDelivery.sol";
import {ISeatDrops} from "../../../contracts/interfaces/ISeatDrops.sol";
import {ISeatMarket} from "../../../contracts/interfaces/ISeatMarket.sol";
import {ISeatSteering} from "../../../contracts/interfaces/ISeatSteering.sol";
import {DropState, Listing} from "../../../contracts/types/Terms.sol";
import {NOW, PRICE, Plan} from "../base/Plans.sol";
import {vm} from "../base/Vm.sol";
import {DeliveryTest} from "../delivery/DeliveryTest.sol";

/// @dev C-81: the same history in a fresh deployment, once among thirty seats and once among three
/// thousand. Each step costs the same.
contract CrowdsTest is DeliveryTest {
    uint256 private constant ROOM = 30;
    uint256 private constant CROWD = 3000;
    /// @dev Sums and numbers with more digits have more bytes that are not zero.
    uint256 private constant SPREAD = 100;
    /// @dev Bob's first seat, the same number among few and among many.
    uint256 private constant BOBS = 1;

    mapping(bytes32 step => uint256 gas) private costs;

    function _plan() internal view override returns (Plan memory plan) {
        plan = super._plan();
        plan.tiers[0].cap = 99_999;
    }

    function test_GivenNobodyContests_ItCostsTheSameAtEveryStep() public {
        _playSettled(ROOM, false);
        _playSettled(CROWD, true);
    }

    function test_GivenFewContest_ItCostsTheSameAtEveryStep() public {
        _playDisputed(ROOM, 1, false);
        _playDisputed(CROWD, 1, true);
    }

    /// @dev A tenth of the seats object, each by a call of its own.
    function test_GivenManyContest_ItCostsTheSameAtEveryStep() public {
        _playDisputed(ROOM, ROOM / 10, false);
        _playDisputed(CROWD, CROWD / 10, true);
    }

    function test_GivenTheMentorCancels_ItCostsTheSameAtEveryStep() public {
        _playCancelled(ROOM, false);
        _playCancelled(CROWD, true);
    }

    function test_GivenTheMentorFails_ItCostsTheSameAtEveryStep() public {
        _playFailed(ROOM, false);
        _playFailed(CROWD, true);
    }

    function _playSettled(uint256 quantity, bool compare) private {
        _fill(quantity);
        _step(compare, alice, abi.encodeCall(ISeatDrops.mint, (_request(carol, 1), "")), PRICE);
        vm.warp(NOW + 1);
        _step(compare, bob, abi.encodeCall(ISeatDelivery.refund, (_seat(BOBS))), 0);
        _step(compare, mentor, abi.encodeCall(ISeatSteering.grant, (drop, 0, carol, 1)), 0);
        Listing memory listing = _listing(_seat(BOBS + 1), PRICE);
        _step(
            compare, carol, abi.encodeCall(ISeatMarket.buy, (listing, _sign("bob", listing))), PRICE
        );
        vm.warp(ENDS);
        _step(compare, mentor, abi.encodeCall(ISeatDelivery.assertDelivery, (drop, EVIDENCE)), 0);
        vm.warp(ENDS + CHALLENGE + 1);
        _step(compare, carol, abi.encodeCall(ISeatDelivery.settle, (drop)), 0);
        _step(compare, carol, abi.encodeCall(ISeatDelivery.collect, (_seat(BOBS))), 0);
    }

    function _playDisputed(uint256 quantity, uint256 objectors, bool compare) private {
        _fill(quantity);
        _assert();
        for (uint256 number = 2; number <= objectors; ++number) {
            _object(_seat(number));
        }
        _step(compare, bob, abi.encodeCall(ISeatDelivery.objectTo, (_seat(BOBS))), 0);
        vm.warp(ENDS + CHALLENGE + 1);
        _step(compare, carol, abi.encodeCall(ISeatDelivery.settle, (drop)), 0);
        _assertState(objectors == 1 ? DropState.DISPUTED_NARROW : DropState.DISPUTED_WIDE);
        _step(compare, resolver, abi.encodeCall(ISeatDelivery.resolve, (drop, 5000)), 0);
        _step(compare, bob, abi.encodeCall(ISeatDelivery.claim, (_seat(BOBS))), 0);
    }

    function _playCancelled(uint256 quantity, bool compare) private {
        _fill(quantity);
        _step(compare, mentor, abi.encodeCall(ISeatSteering.cancelDrop, (drop)), 0);
        _step(compare, bob, abi.encodeCall(ISeatDelivery.claim, (_seat(BOBS))), 0);
        _step(compare, carol, abi.encodeCall(ISeatDelivery.claim, (_seat(BOBS + 1))), 0);
    }

    function _playFailed(uint256 quantity, bool compare) private {
        _fill(quantity);
        vm.warp(DELIVER_BY + 1);
        _step(compare, carol, abi.encodeCall(ISeatSteering.failDrop, (drop)), 0);
        _step(compare, bob, abi.encodeCall(ISeatDelivery.claim, (_seat(BOBS))), 0);
    }

    /// @dev A new deployment, because a credit that is there costs less to raise.
    function _fill(uint256 quantity) private {
        vm.warp(NOW);
        seats = _deploySeats();
        drop = _create(_plan());
        vm.deal(alice, PRICE * (quantity + 1));
        vm.deal(bob, 1 ether);
        vm.deal(carol, 1 ether);
        _mintSeats(bob, quantity);
        vm.assertEq(seats.balanceOf(bob), quantity, "seats");
    }

    /// @dev Among few the cost is noted, among many compared.
    function _step(bool compare, address caller, bytes memory call_, uint256 value) private {
        vm.prank(caller);
        uint256 before = gasleft();
        (bool accepted,) = address(seats).call{value: value}(call_);
        uint256 cost = before - gasleft();
        vm.assertTrue(accepted, "accepted");
        bytes32 step = keccak256(abi.encode(caller, bytes4(call_)));
        if (!compare) {
            costs[step] = cost;
            return;
        }
        vm.assertLe(cost, costs[step] + SPREAD, "more than among few");
        vm.assertGe(cost + SPREAD, costs[step], "less than among few");
    }
}
