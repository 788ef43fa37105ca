// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatToken} from "../../../contracts/interfaces/ISeatToken.sol";
import {DropId} from "../../../contracts/types/DropId.sol";
import {SeatId} from "../../../contracts/types/SeatId.sol";
import {TransferPolicy} from "../../../contracts/types/Terms.sol";
import {Plan} from "../base/Plans.sol";
import {SeatsTest} from "../base/SeatsTest.sol";

/// @title Seats under each policy
/// @dev An OPEN drop is created without toll and cooldown; every other term is the ordinary one.
abstract contract PolicyTest is SeatsTest {
    function _dropUnder(TransferPolicy policy) internal returns (DropId) {
        Plan memory plan = _plan();
        plan.terms.policy = policy;
        if (policy == TransferPolicy.OPEN) (plan.terms.toll, plan.terms.giftCooldown) = (0, 0);
        return _create(plan);
    }

    function _idUnder(TransferPolicy policy, address owner) internal returns (uint256) {
        return SeatId.unwrap(_mintIn(_dropUnder(policy), owner));
    }

    function _refusal(TransferPolicy policy) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(ISeatToken.SeatToken_ApprovalRefused.selector, policy);
    }

    function _notOwner(uint256 id, address owner, address caller)
        internal
        pure
        returns (bytes memory)
    {
        return abi.encodeWithSelector(ISeatToken.SeatToken_NotOwner.selector, id, owner, caller);
    }
}
