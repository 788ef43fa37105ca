// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatToken} from "../../../contracts/interfaces/ISeatToken.sol";
import {DropId} from "../../../contracts/types/DropId.sol";
import {SeatId} from "../../../contracts/types/SeatId.sol";
import {CHECKED_IN, OBJECTED} from "../../../contracts/types/SeatWord.sol";
import {DropState, Listing, TransferPolicy} from "../../../contracts/types/Terms.sol";
import {PRICE, Plan} from "../base/Plans.sol";
import {Storage} from "../base/Storage.sol";
import {vm} from "../base/Vm.sol";
import {PolicyTest} from "./PolicyTest.sol";

/// @dev C-88: three policies, nine states, three locks; whoever asks by whatever function gets one
/// answer. The drops have neither toll nor cooldown, and seats are given to their own owner, so
/// that a refusal has one reason and an accepted call leaves the seat where it was.
contract AgreementTest is PolicyTest {
    /// @dev One seat in one situation, and why it does not move there; empty: it moves.
    struct Case {
        TransferPolicy policy;
        DropId drop;
        uint256 id;
        bytes refusal;
    }

    Case[] private cases;
    DropState[] private states;
    uint256[] private locks;

    function test_GivenEachPolicyStateAndLock_ItAnswersTheOwnerAlikeInEveryForm() public {
        _prepare();
        for (uint256 i; i < cases.length; ++i) {
            _asks(alice, cases[i].id, cases[i].refusal);
        }
    }

    function test_GivenEachPolicyStateAndLock_ItAnswersAnOperatorAlikeInEveryForm() public {
        _prepare();
        vm.prank(alice);
        seats.setApprovalForAll(bob, true);
        for (uint256 i; i < cases.length; ++i) {
            bool open = cases[i].policy == TransferPolicy.OPEN;
            _asks(bob, cases[i].id, open ? cases[i].refusal : _notOwner(cases[i].id, alice, bob));
            // A stranger gets that answer everywhere.
            _asks(carol, cases[i].id, _notOwner(cases[i].id, alice, carol));
        }
    }

    function test_GivenEachPolicyStateAndLock_ItApprovesSingleSeatsUnderOpenAlone() public {
        _prepare();
        for (uint256 i; i < cases.length; ++i) {
            bool open = cases[i].policy == TransferPolicy.OPEN;
            vm.prank(alice);
            (bool accepted, bytes memory answer) =
                address(seats).call(abi.encodeCall(seats.approve, (bob, cases[i].id)));
            vm.assertEq(accepted, open, "approved");
            if (!open) vm.assertEq(answer, _refusal(cases[i].policy), "refusal");
            vm.assertEq(
                seats.getApproved(cases[i].id), open ? bob : address(0), "the approved account"
            );
        }
    }

    function test_GivenAnOpenSeatInEachState_ItAnswersWhoIsApprovedAsTheOwner() public {
        _prepare();
        for (uint256 i; i < cases.length; ++i) {
            if (cases[i].policy != TransferPolicy.OPEN) continue;
            _asksApproved(cases[i].id, cases[i].refusal);
        }
    }

    function test_GivenEachPolicyStateAndLock_ItSellsExactlyWhatItsOwnerCouldMove() public {
        _prepare();
        for (uint256 i; i < cases.length; ++i) {
            Listing memory listing = _listing(SeatId.wrap(cases[i].id), PRICE);
            bytes memory signature = _sign("alice", listing);
            if (cases[i].refusal.length == 0) {
                _buy(bob, listing, signature);
                vm.assertEq(seats.ownerOf(cases[i].id), bob, "sold");
            } else {
                _buyRefused(bob, listing, signature, cases[i].refusal);
            }
        }
    }

    function test_GivenEachPolicyStateAndLock_ItSaysBeforehandWhatItWillDo() public {
        _prepare();
        for (uint256 i; i < cases.length; ++i) {
            bool moves = cases[i].refusal.length == 0;
            vm.assertEq(seats.isTransferable(cases[i].id, alice, bob), moves, "transferable");
            if (moves) vm.assertFalse(seats.locked(cases[i].id), "locked");
        }
    }

    /// @dev 81 seats, each of its own drop.
    function _prepare() private {
        states = [
            DropState.LIVE,
            DropState.ASSERTED,
            DropState.DISPUTED_NARROW,
            DropState.DISPUTED_WIDE,
            DropState.SPLIT_NARROW,
            DropState.SPLIT_WIDE,
            DropState.SETTLED,
            DropState.CANCELLED,
            DropState.FAILED
        ];
        locks = [0, CHECKED_IN, OBJECTED];
        for (uint256 policy; policy <= uint256(TransferPolicy.BOUND); ++policy) {
            for (uint256 i; i < states.length; ++i) {
                for (uint256 j; j < locks.length; ++j) {
                    _add(TransferPolicy(policy), states[i], locks[j]);
                }
            }
        }
        vm.assertEq(cases.length, 81, "situations");
    }

    function _add(TransferPolicy policy, DropState state, uint256 lock) private {
        Plan memory plan = _plan();
        (plan.terms.policy, plan.terms.toll, plan.terms.giftCooldown) = (policy, 0, 0);
        DropId made = _create(plan);
        SeatId seat = _mintIn(made, alice);
        Storage.setState(seats, made, state);
        Storage.setFlags(seats, seat, lock);
        bytes memory refusal;
        if (lock != 0) {
            refusal = abi.encodeWithSelector(ISeatToken.SeatToken_Locked.selector, seat);
        } else if (policy == TransferPolicy.BOUND) {
            refusal = abi.encodeWithSelector(ISeatToken.SeatToken_Bound.selector, seat);
        } else if (_keeps(state)) {
            refusal =
                abi.encodeWithSelector(ISeatToken.SeatToken_DropImmovable.selector, made, state);
        }
        cases.push(Case(policy, made, SeatId.unwrap(seat), refusal));
    }

    function _keeps(DropState state) private pure returns (bool) {
        return state == DropState.DISPUTED_WIDE || state == DropState.SPLIT_WIDE
            || state == DropState.CANCELLED || state == DropState.FAILED;
    }

    /// @dev An approval ends with the move, so it is given again for each form.
    function _asksApproved(uint256 id, bytes memory refusal) private {
        for (uint256 form; form < 3; ++form) {
            vm.prank(alice);
            seats.approve(bob, id);
            _asksOnce(bob, id, form, refusal);
        }
    }

    function _asks(address caller, uint256 id, bytes memory refusal) private {
        for (uint256 form; form < 3; ++form) {
            _asksOnce(caller, id, form, refusal);
        }
    }

    function _asksOnce(address caller, uint256 id, uint256 form, bytes memory refusal) private {
        uint256 epoch = seats.seatOf(SeatId.wrap(id)).epoch;
        vm.prank(caller);
        (bool accepted, bytes memory answer) = address(seats).call(_call(id, form));
        vm.assertEq(accepted, refusal.length == 0, "accepted");
        if (!accepted) vm.assertEq(answer, refusal, "refusal");
        uint256 risen = accepted ? epoch + 1 : epoch;
        vm.assertEq(seats.seatOf(SeatId.wrap(id)).epoch, risen, "epoch");
    }

    function _call(uint256 id, uint256 form) private view returns (bytes memory) {
        if (form == 0) return abi.encodeCall(seats.transferFrom, (alice, alice, id));
        if (form == 1) {
            return
                abi.encodeWithSignature(
                    "safeTransferFrom(address,address,uint256)", alice, alice, id
                );
        }
        return abi.encodeWithSignature(
            "safeTransferFrom(address,address,uint256,bytes)", alice, alice, id, "data"
        );
    }
}
