// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatDrops} from "../../../contracts/interfaces/ISeatDrops.sol";
import {DropId} from "../../../contracts/types/DropId.sol";
import {DropState, MintRequest} from "../../../contracts/types/Terms.sol";
import {DropView, TierView} from "../../../contracts/types/Views.sol";
import {PRICE} from "../base/Plans.sol";
import {SeatsTest} from "../base/SeatsTest.sol";
import {Storage} from "../base/Storage.sol";
import {vm} from "../base/Vm.sol";

/// @title What tests of steering have in common
/// @dev A guardian, and who may steer: the mentor, while the drop is LIVE.
abstract contract SteeringTest is SeatsTest {
    address internal guardian = _account("guardian");

    function setUp() public virtual override {
        super.setUp();
        vm.prank(platformOwner);
        seats.setGuardian(guardian);
    }

    function _mintIn(uint256 phase, uint256 quantity) internal {
        MintRequest memory request = _request(alice, quantity);
        request.phase = phase;
        vm.prank(alice);
        seats.mint{value: quantity * PRICE}(request, "");
    }

    function _terms(DropId id) internal view returns (DropView memory terms) {
        (terms,,) = seats.termsOf(id);
    }

    function _tier(uint256 tier) internal view returns (TierView memory) {
        (, TierView[] memory tiers,) = seats.termsOf(drop);
        return tiers[tier];
    }

    /// @dev `call` by everybody but the mentor.
    function _refusedToOthers(bytes memory call) internal {
        address[6] memory others =
            [alice, platformOwner, guardian, resolver, treasury, address(seats)];
        for (uint256 i; i < others.length; ++i) {
            _refusedTo(others[i], call, _notMentor(mentor, others[i]));
        }
    }

    /// @dev `call` by the mentor in every state but LIVE.
    function _refusedUnlessLive(bytes memory call) internal {
        for (uint8 state; state <= uint8(type(DropState).max); ++state) {
            if (DropState(state) == DropState.LIVE) continue;
            Storage.setState(seats, drop, DropState(state));
            _refusedTo(mentor, call, _notLive(drop, DropState(state)));
        }
    }

    function _refusedTo(address caller, bytes memory call, bytes memory expected) internal {
        vm.prank(caller);
        (bool accepted, bytes memory answer) = address(seats).call(call);
        vm.assertFalse(accepted, "accepted");
        vm.assertEq(answer, expected, "refusal");
    }

    function _notMentor(address mentor_, address caller) internal view returns (bytes memory) {
        return
            abi.encodeWithSelector(ISeatDrops.SeatDrops_NotMentor.selector, drop, mentor_, caller);
    }

    function _notLive(DropId id, DropState state) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(ISeatDrops.SeatDrops_NotLive.selector, id, state);
    }

    function _tooEarly(uint256 from, uint256 time) internal view returns (bytes memory) {
        return abi.encodeWithSelector(ISeatDrops.SeatDrops_TooEarly.selector, drop, from, time);
    }

    function _tooLate(uint256 until, uint256 time) internal view returns (bytes memory) {
        return abi.encodeWithSelector(ISeatDrops.SeatDrops_TooLate.selector, drop, until, time);
    }

    function _soldOut(uint256 phase, uint256 wanted, uint256 left)
        internal
        view
        returns (bytes memory)
    {
        return abi.encodeWithSelector(
            ISeatDrops.SeatDrops_SoldOut.selector, drop, phase, wanted, left
        );
    }

    function _outOfBounds(bytes32 field, uint256 value, uint256 least, uint256 most)
        internal
        pure
        returns (bytes memory)
    {
        return abi.encodeWithSelector(
            ISeatDrops.SeatDrops_TermOutOfBounds.selector, field, value, least, most
        );
    }
}
