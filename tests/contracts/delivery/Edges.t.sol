// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DropState} from "../../../contracts/types/Terms.sol";
import {NOW} from "../base/Plans.sol";
import {vm} from "../base/Vm.sol";
import {Action, ActionsTest, From} from "./ActionsTest.sol";

/// @dev The life of a drop is these edges and no others. Every action is tried from every state, by
/// who may take it, at each moment at which it could be due; it must succeed exactly where an edge
/// is drawn and lead exactly there.
contract EdgesTest is ActionsTest {
    function test_GivenALiveDrop_ItAllowsExactlyTheDrawnActions() public {
        _tryAll(From.LIVE);
    }

    function test_GivenAnAssertedDrop_ItAllowsExactlyTheDrawnActions() public {
        _tryAll(From.ASSERTED);
    }

    function test_GivenAnAssertedDropWithFewObjections_ItAllowsExactlyTheDrawnActions() public {
        _tryAll(From.ASSERTED_WITH_FEW);
    }

    function test_GivenAnAssertedDropWithManyObjections_ItAllowsExactlyTheDrawnActions() public {
        _tryAll(From.ASSERTED_WITH_MANY);
    }

    function test_GivenANarrowDispute_ItAllowsExactlyTheDrawnActions() public {
        _tryAll(From.DISPUTED_NARROW);
    }

    function test_GivenAWideDispute_ItAllowsExactlyTheDrawnActions() public {
        _tryAll(From.DISPUTED_WIDE);
    }

    function test_GivenADecidedNarrowDispute_ItAllowsExactlyTheDrawnActions() public {
        _tryAll(From.SPLIT_NARROW);
    }

    function test_GivenADecidedWideDispute_ItAllowsExactlyTheDrawnActions() public {
        _tryAll(From.SPLIT_WIDE);
    }

    function test_GivenASettledDrop_ItAllowsExactlyTheDrawnActions() public {
        _tryAll(From.SETTLED);
    }

    function test_GivenACancelledDrop_ItAllowsExactlyTheDrawnActions() public {
        _tryAll(From.CANCELLED);
    }

    function test_GivenAFailedDrop_ItAllowsExactlyTheDrawnActions() public {
        _tryAll(From.FAILED);
    }

    /// @dev Where the action leads; NONE: it is refused.
    function _drawn(From from, Action action) private pure returns (DropState) {
        // No state holds back withdrawals, the guardian, another verifier or the end of listings.
        if (action >= Action.WITHDRAW) return _stateOf(from);
        if (from == From.LIVE) return _fromLive(action);
        if (
            from == From.ASSERTED || from == From.ASSERTED_WITH_FEW
                || from == From.ASSERTED_WITH_MANY
        ) return _fromAsserted(from, action);
        if (from == From.DISPUTED_NARROW) {
            if (action == Action.SELL_OTHER || action == Action.GIVE_OTHER) {
                return DropState.DISPUTED_NARROW;
            }
            return _decides(action) ? DropState.SPLIT_NARROW : DropState.NONE;
        }
        if (from == From.DISPUTED_WIDE) {
            return _decides(action) ? DropState.SPLIT_WIDE : DropState.NONE;
        }
        return _fromTheEnd(from, action) ? _stateOf(from) : DropState.NONE;
    }

    function _fromLive(Action action) private pure returns (DropState) {
        if (action == Action.CANCEL) return DropState.CANCELLED;
        if (action == Action.FAIL) return DropState.FAILED;
        if (action == Action.ASSERT) return DropState.ASSERTED;
        // From minting to postponing, and nothing after it.
        return action <= Action.POSTPONE ? DropState.LIVE : DropState.NONE;
    }

    function _fromAsserted(From from, Action action) private pure returns (DropState) {
        if (action == Action.SETTLE) {
            if (from == From.ASSERTED) return DropState.SETTLED;
            return
                from == From.ASSERTED_WITH_FEW ? DropState.DISPUTED_NARROW : DropState.DISPUTED_WIDE;
        }
        bool free = from == From.ASSERTED;
        bool stays = action == Action.OBJECT || action == Action.SELL_OTHER
            || action == Action.GIVE_OTHER
            || (free && (action == Action.SELL_OBJECTOR || action == Action.GIVE_OBJECTOR));
        return stays ? DropState.ASSERTED : DropState.NONE;
    }

    function _fromTheEnd(From from, Action action) private pure returns (bool) {
        bool moves = action == Action.SELL_OTHER || action == Action.GIVE_OTHER;
        if (from == From.SPLIT_NARROW) {
            return moves || action == Action.CLAIM_OBJECTOR || action == Action.COLLECT_OTHER
                || action == Action.COLLECT_BURNED;
        }
        if (from == From.SPLIT_WIDE) {
            return action == Action.CLAIM_OBJECTOR || action == Action.CLAIM_OTHER
                || action == Action.COLLECT_BURNED;
        }
        if (from == From.SETTLED) {
            return moves || action == Action.SELL_OBJECTOR || action == Action.GIVE_OBJECTOR
                || (action >= Action.COLLECT_OBJECTOR && action <= Action.COLLECT_BURNED);
        }
        return action >= Action.CLAIM_OBJECTOR && action <= Action.CLAIM_BURNED;
    }

    function _decides(Action action) private pure returns (bool) {
        return action == Action.RESOLVE || action == Action.DEFAULT;
    }

    function _stateOf(From from) private pure returns (DropState) {
        if (from == From.LIVE) return DropState.LIVE;
        if (from <= From.ASSERTED_WITH_MANY) return DropState.ASSERTED;
        return DropState(
            uint256(from) - uint256(From.DISPUTED_NARROW) + uint256(DropState.DISPUTED_NARROW)
        );
    }

    function _tryAll(From from) private {
        for (uint256 i; i <= uint256(type(Action).max); ++i) {
            _try(from, Action(i));
        }
    }

    /// @dev Time goes on between the attempts: a refused one changes nothing.
    function _try(From from, Action action) private {
        _reach(from);
        _assertState(_stateOf(from));
        uint256[6] memory waits =
            [uint256(0), STARTS - NOW, CHALLENGE + 1, DECISION + 1, ENDS - NOW, DELIVER_BY - NOW];
        uint256 began = block.timestamp;
        bool accepted;
        for (uint256 i; i < waits.length && !accepted; ++i) {
            if (began + waits[i] < block.timestamp) continue;
            vm.warp(began + waits[i]);
            accepted = _take(action);
        }
        DropState drawn = _drawn(from, action);
        string memory what =
            string.concat("from ", _digits(uint256(from)), ", action ", _digits(uint256(action)));
        vm.assertEq(accepted, drawn != DropState.NONE, what);
        _assertState(accepted ? drawn : _stateOf(from));
        _assertCovered();
    }

    /// @dev The money is there for what this drop still owes, in whatever state.
    function _assertCovered() private view {
        vm.assertGe(
            address(seats).balance,
            seats.escrowOf(drop) + _creditOf(mentor) + _creditOf(treasury) + _creditOf(alice),
            "covered"
        );
    }

    function _digits(uint256 number) private pure returns (string memory) {
        return string(abi.encodePacked(uint8(48 + number / 10), uint8(48 + number % 10)));
    }
}
