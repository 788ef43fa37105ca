// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatDrops} from "../../../contracts/interfaces/ISeatDrops.sol";
import {DropId} from "../../../contracts/types/DropId.sol";
import {Gate, MintRequest} from "../../../contracts/types/Terms.sol";
import {PRICE, Plan, Plans} from "../base/Plans.sol";
import {SeatsTest} from "../base/SeatsTest.sol";
import {vm} from "../base/Vm.sol";

/// @dev One tree of four leaves is the allowlist of phases 0 and 1, which sell tier 0, and of
/// phase 2, which sells tier 1: alice and bob may mint in phase 0, alice in 1, carol in 2.
contract MintAllowlistTest is SeatsTest {
    using Plans for Plan;

    bytes32 private aliceIn0;
    bytes32 private bobIn0;
    bytes32 private aliceIn1;
    bytes32 private carolIn2;
    bytes32 private lower;
    bytes32 private upper;

    function setUp() public override {
        super.setUp();
        aliceIn0 = _leaf(0, alice);
        bobIn0 = _leaf(0, bob);
        aliceIn1 = _leaf(1, alice);
        carolIn2 = _leaf(2, carol);
        lower = _node(aliceIn0, bobIn0);
        upper = _node(aliceIn1, carolIn2);
        drop = _createWith(_node(lower, upper));
    }

    function test_WhenTheProofLeadsFromTheCallerToTheRoot_ItMintsForAnyRecipient() public {
        _minted(alice, 0, abi.encodePacked(bobIn0, upper));
        _minted(bob, 0, abi.encodePacked(aliceIn0, upper));
        _minted(alice, 1, abi.encodePacked(carolIn2, lower));
        _minted(carol, 2, abi.encodePacked(aliceIn1, lower));
        vm.assertEq(seats.balanceOf(resolver), 4, "seats of the recipient");
    }

    function test_WhenTheProofLeadsFromTheCallerToTheRoot_ItCountsTheCallersSeats() public {
        _minted(alice, 0, abi.encodePacked(bobIn0, upper));
        vm.assertEq(seats.mintedBy(drop, 0, alice), 1, "caller");
        vm.assertEq(seats.mintedBy(drop, 0, resolver), 0, "recipient");
    }

    function test_WhenTheProofIsUsedAgain_ItMintsUpToTheWalletLimit() public {
        bytes memory proof = abi.encodePacked(bobIn0, upper);
        _minted(alice, 0, proof);
        _minted(alice, 0, proof);
        _refused(
            alice,
            _requestIn(0),
            proof,
            abi.encodeWithSelector(ISeatDrops.SeatDrops_WalletLimit.selector, alice, 2, 1, 2)
        );
    }

    function test_WhenTheProofIsAnotherAccounts_ItRevertsWithPhaseAndCaller() public {
        _notListed(carol, 0, abi.encodePacked(bobIn0, upper));
        _notListed(bob, 0, abi.encodePacked(bobIn0, upper));
    }

    function test_WhenOnlyTheRecipientIsListed_ItRevertsWithPhaseAndCaller() public {
        MintRequest memory request = _requestIn(0);
        request.recipient = alice;
        _refused(carol, request, abi.encodePacked(bobIn0, upper), _notAllowlisted(0, carol));
    }

    function test_WhenTheProofIsOfAnotherPhase_ItRevertsWithPhaseAndCaller() public {
        _notListed(bob, 1, abi.encodePacked(aliceIn0, upper));
        _notListed(alice, 1, abi.encodePacked(bobIn0, upper));
        _notListed(alice, 0, abi.encodePacked(carolIn2, lower));
    }

    function test_WhenTheProofIsOfAnotherTier_ItRevertsWithPhaseAndCaller() public {
        _notListed(alice, 2, abi.encodePacked(bobIn0, upper));
        _notListed(carol, 0, abi.encodePacked(aliceIn1, lower));
    }

    function test_WhenTheProofIsOfAnotherDrop_ItRevertsWithPhaseAndCaller() public {
        drop = _createWith(_node(_leaf(0, carol), _leaf(0, resolver)));
        _notListed(alice, 0, abi.encodePacked(bobIn0, upper));
        _minted(carol, 0, abi.encodePacked(_leaf(0, resolver)));
    }

    function test_WhenThereIsNoProof_ItRevertsWithPhaseAndCaller() public {
        _notListed(alice, 0, "");
    }

    function test_WhenThereIsNoProof_ItMintsIfTheListHasOneAccount() public {
        drop = _createWith(aliceIn0);
        _notListed(bob, 0, "");
        _minted(alice, 0, "");
    }

    /// @dev C-14: with leaves hashed once, `abi.encode(phase, account)` would be two nodes.
    function test_WhenALeafIsReadAsANode_ItRevertsWithPhaseAndCaller() public {
        drop = _createWith(keccak256(abi.encode(uint256(0), alice)));
        _notListed(alice, 0, "");
        bytes32 account = bytes32(uint256(uint160(alice)));
        drop = _createWith(_node(bytes32(0), account));
        _notListed(alice, 0, "");
        _notListed(alice, 0, abi.encodePacked(account));
        _notListed(alice, 0, abi.encodePacked(bytes32(0), account));
    }

    function test_WhenANodeIsReadAsALeaf_ItRevertsWithPhaseAndCaller() public {
        _notListed(alice, 0, abi.encodePacked(upper));
        _notListed(carol, 0, abi.encodePacked(upper));
        _notListed(carol, 0, abi.encodePacked(lower, upper));
        _notListed(alice, 0, abi.encodePacked(aliceIn0, bobIn0, upper));
        drop = _createWith(_node(keccak256(abi.encode(aliceIn0)), upper));
        _notListed(alice, 0, abi.encodePacked(upper));
    }

    function test_WhenTheHashesAreInAnotherOrder_ItRevertsWithPhaseAndCaller() public {
        _notListed(alice, 0, abi.encodePacked(upper, bobIn0));
    }

    function test_WhenTheProofIsNotInWholeWords_ItRevertsWithItsLength() public {
        bytes memory proof = abi.encodePacked(bobIn0, upper);
        _malformed(abi.encodePacked(proof, uint8(0)), 65);
        _malformed(abi.encodePacked(bobIn0, bytes31(upper)), 63);
        _malformed(abi.encodePacked(bytes31(bobIn0)), 31);
        _malformed(hex"00", 1);
    }

    function testFuzz_WhenAStrangerInventsAProof_ItRevertsWithPhaseAndCaller(bytes32[] memory hashes)
        public
    {
        _notListed(carol, 0, abi.encodePacked(hashes));
    }

    function _createWith(bytes32 root) private returns (DropId) {
        Plan memory plan = _plan().withTiers(2).withPhases(3);
        for (uint256 i; i < 3; ++i) {
            (plan.phases[i].gate, plan.phases[i].gateData) = (Gate.ALLOWLIST, root);
            plan.phases[i].walletLimit = 2;
        }
        plan.phases[2].tier = 1;
        return _create(plan);
    }

    /// @dev Hashed twice, written out from the NatSpec of `mint`.
    function _leaf(uint256 phase, address account) private pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(abi.encode(phase, account))));
    }

    /// @dev The lower of two hashes comes first.
    function _node(bytes32 a, bytes32 b) private pure returns (bytes32) {
        return a < b ? keccak256(bytes.concat(a, b)) : keccak256(bytes.concat(b, a));
    }

    /// @dev One seat for `resolver`, who is on no list.
    function _requestIn(uint256 phase) private view returns (MintRequest memory) {
        return MintRequest(drop, phase, resolver, 1, PRICE, address(0));
    }

    function _minted(address caller, uint256 phase, bytes memory proof) private {
        uint256 before = seats.mintedBy(drop, phase, caller);
        vm.prank(caller);
        seats.mint{value: PRICE}(_requestIn(phase), proof);
        vm.assertEq(seats.mintedBy(drop, phase, caller), before + 1, "minted");
    }

    function _notListed(address caller, uint256 phase, bytes memory proof) private {
        _refused(caller, _requestIn(phase), proof, _notAllowlisted(phase, caller));
    }

    function _malformed(bytes memory proof, uint256 length) private {
        _refused(
            alice,
            _requestIn(0),
            proof,
            abi.encodeWithSelector(
                ISeatDrops.SeatDrops_AuthorisationMalformed.selector, Gate.ALLOWLIST, length
            )
        );
    }

    function _refused(
        address caller,
        MintRequest memory request,
        bytes memory proof,
        bytes memory expected
    ) private {
        vm.prank(caller);
        vm.expectRevert(expected);
        seats.mint{value: PRICE}(request, proof);
    }

    function _notAllowlisted(uint256 phase, address caller) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ISeatDrops.SeatDrops_NotAllowlisted.selector, phase, caller);
    }
}
