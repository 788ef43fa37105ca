// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatDrops} from "../../../contracts/interfaces/ISeatDrops.sol";
import {DropId} from "../../../contracts/types/DropId.sol";
import {Gate, MintRequest} from "../../../contracts/types/Terms.sol";
import {NOW, PRICE, Plan, Plans} from "../base/Plans.sol";
import {SeatsTest} from "../base/SeatsTest.sol";
import {Pass, TypedData} from "../base/TypedData.sol";
import {vm} from "../base/Vm.sol";

/// @dev Phases 0 and 1 are for alice's kind: accounts with a pass of `signer`, five seats a wallet.
/// What counts as a signature is in MintPassSignatures.t.sol.
contract MintPassTest is SeatsTest {
    using Plans for Plan;
    using TypedData for Pass;

    address private signer = _account("pass signer");

    function setUp() public override {
        super.setUp();
        drop = _createWithPasses();
    }

    function test_WhenThePassIsTheCallers_ItMintsForAnyRecipient() public {
        _use(alice, _pass(), 2);
        vm.assertEq(seats.balanceOf(resolver), 2, "seats of the recipient");
        vm.assertEq(seats.mintedBy(drop, 0, alice), 2, "minted by the caller");
        vm.assertEq(seats.escrowOf(drop), 2 * PRICE, "escrow");
    }

    function test_WhenThePassIsTheCallers_ItPublishesTheNonce() public {
        vm.expectEmit(address(seats));
        emit ISeatDrops.PassUsed(drop, alice, 7);
        _use(alice, _pass(), 2);
    }

    function test_WhenThePassIsTheCallers_ItSpendsThatNonceAlone() public {
        uint256[6] memory nonces = [uint256(0), 1, 255, 256, 511, type(uint256).max];
        for (uint256 i; i < nonces.length; ++i) {
            drop = _createWithPasses();
            Pass memory pass = _pass();
            pass.nonce = nonces[i];
            _use(alice, pass, 1);
            for (uint256 j; j < nonces.length; ++j) {
                vm.assertEq(seats.isPassSpent(drop, nonces[j]), i == j, "spent");
            }
        }
        vm.assertFalse(seats.isPassSpent(DropId.wrap(1), 0), "another drop");
    }

    function test_WhenFewerSeatsAreMinted_ItSpendsTheWholePass() public {
        _use(alice, _pass(), 1);
        _refused(alice, _pass(), 1, _spent(7));
    }

    function test_WhenOneSeatTooManyIsAskedFor_ItRevertsWithBothCounts() public {
        _refused(
            alice,
            _pass(),
            3,
            abi.encodeWithSelector(ISeatDrops.SeatDrops_PassTooSmall.selector, 2, 3)
        );
    }

    function test_WhenThePassHasExpired_ItRevertsWithBothTimes() public {
        vm.warp(NOW + 1 days + 1);
        _refused(
            alice,
            _pass(),
            1,
            abi.encodeWithSelector(
                ISeatDrops.SeatDrops_PassExpired.selector, NOW + 1 days, NOW + 1 days + 1
            )
        );
        vm.warp(NOW + 1 days);
        _use(alice, _pass(), 1);
    }

    function test_WhenAnotherAccountUsesIt_ItRevertsWithSignerAndDigest() public {
        Pass memory read = _pass();
        read.account = bob;
        _refused(bob, _pass(), 1, _invalid(read));
    }

    function test_WhenItIsUsedTwice_ItRevertsWithTheNonce() public {
        _use(alice, _pass(), 2);
        _refused(alice, _pass(), 1, _spent(7));
    }

    function test_WhenAnotherPassHasTheSameNonce_ItRevertsWithTheNonce() public {
        _use(alice, _pass(), 2);
        Pass memory other = _pass();
        other.account = bob;
        _refused(bob, other, 1, _spent(7));
        other.phase = 1;
        _refused(bob, other, 1, _spent(7));
    }

    function test_WhenAnotherPassHasAnotherNonce_ItMintsUpToTheWalletLimit() public {
        _use(alice, _pass(), 2);
        Pass memory other = _pass();
        (other.nonce, other.quantity) = (8, 4);
        _refused(
            alice,
            other,
            4,
            abi.encodeWithSelector(ISeatDrops.SeatDrops_WalletLimit.selector, alice, 2, 4, 5)
        );
        vm.assertFalse(seats.isPassSpent(drop, 8), "a refused mint spends nothing");
        _use(alice, other, 3);
    }

    function test_WhenItIsForAnotherPhase_ItRevertsWithSignerAndDigest() public {
        MintRequest memory request = _requestOf(1);
        request.phase = 1;
        Pass memory read = _pass();
        read.phase = 1;
        _refusedAt(request, _encoded(_pass()), _invalid(read));
    }

    function test_WhenItIsForAnotherDrop_ItRevertsWithSignerAndDigest() public {
        bytes memory pass = _encoded(_pass());
        drop = _createWithPasses();
        _refusedAt(_requestOf(1), pass, _invalid(_pass()));
    }

    function test_WhenItIsForAnotherChain_ItRevertsWithSignerAndDigest() public {
        bytes memory pass = _encoded(_pass());
        vm.chainId(block.chainid + 1);
        _refusedAt(_requestOf(1), pass, _invalid(_pass()));
    }

    function test_WhenItIsForAnotherContract_ItRevertsWithSignerAndDigest() public {
        address former = address(seats);
        bytes memory pass = _encoded(_pass());
        seats = _deploySeats();
        _create(_plan());
        DropId same = _createWithPasses();
        vm.assertTrue(same == drop && address(seats) != former, "the same drop elsewhere");
        _refusedAt(_requestOf(1), pass, _invalid(_pass()));
        _use(alice, _pass(), 1);
    }

    function test_WhenAWordIsChangedAfterSigning_ItRevertsWithSignerAndDigest() public {
        bytes memory signature = _signature(_pass());
        Pass memory read = _pass();
        read.quantity = 3;
        _refusedAt(_requestOf(3), _joined(read, signature), _invalid(read));
        read = _pass();
        read.nonce = 8;
        _refusedAt(_requestOf(1), _joined(read, signature), _invalid(read));
        read = _pass();
        read.expiry = NOW + 2 days;
        _refusedAt(_requestOf(1), _joined(read, signature), _invalid(read));
    }

    function test_WhenItIsShorterThanItsWords_ItRevertsWithItsLength() public {
        bytes memory whole = _encoded(_pass());
        uint256[4] memory lengths = [uint256(0), 32, 65, 95];
        for (uint256 i; i < lengths.length; ++i) {
            bytes memory part = new bytes(lengths[i]);
            for (uint256 j; j < part.length; ++j) {
                part[j] = whole[j];
            }
            _refusedAt(
                _requestOf(1),
                part,
                abi.encodeWithSelector(
                    ISeatDrops.SeatDrops_AuthorisationMalformed.selector, Gate.PASS, part.length
                )
            );
        }
    }

    /// @dev A drop that is sold out refuses before it looks at the pass.
    function test_GivenNoSeatIsLeft_ItLeavesThePassUnspent() public {
        vm.prank(mentor);
        seats.grant(drop, 0, mentor, 30);
        _refused(
            alice,
            _pass(),
            1,
            abi.encodeWithSelector(ISeatDrops.SeatDrops_SoldOut.selector, drop, 0, 1, 0)
        );
        vm.assertFalse(seats.isPassSpent(drop, 7), "spent");
    }

    function _createWithPasses() private returns (DropId) {
        Plan memory plan = _plan().withPhases(2);
        for (uint256 i; i < 2; ++i) {
            plan.phases[i].gate = Gate.PASS;
            plan.phases[i].gateData = bytes32(uint256(uint160(signer)));
            plan.phases[i].walletLimit = 5;
        }
        return _create(plan);
    }

    /// @dev Two seats for alice in phase 0, for a day.
    function _pass() private view returns (Pass memory) {
        return Pass(drop, 0, alice, 2, 7, NOW + 1 days);
    }

    function _signature(Pass memory pass) private view returns (bytes memory) {
        return _signDigest("pass signer", TypedData.digest(address(seats), pass.hashOf()));
    }

    function _joined(Pass memory pass, bytes memory signature) private pure returns (bytes memory) {
        return abi.encodePacked(pass.quantity, pass.nonce, pass.expiry, signature);
    }

    function _encoded(Pass memory pass) private view returns (bytes memory) {
        return _joined(pass, _signature(pass));
    }

    function _requestOf(uint256 quantity) private view returns (MintRequest memory) {
        return _request(resolver, quantity);
    }

    function _use(address caller, Pass memory pass, uint256 quantity) private {
        vm.prank(caller);
        seats.mint{value: quantity * PRICE}(_requestOf(quantity), _encoded(pass));
    }

    /// @dev In the phase that the pass names.
    function _refused(address caller, Pass memory pass, uint256 quantity, bytes memory expected)
        private
    {
        MintRequest memory request = _requestOf(quantity);
        request.phase = pass.phase;
        bytes memory encoded = _encoded(pass);
        vm.prank(caller);
        vm.expectRevert(expected);
        seats.mint{value: quantity * PRICE}(request, encoded);
    }

    function _refusedAt(MintRequest memory request, bytes memory pass, bytes memory expected)
        private
    {
        vm.prank(alice);
        vm.expectRevert(expected);
        seats.mint{value: request.maxTotal}(request, pass);
    }

    /// @dev `read` is the pass as the contract reads it here and now.
    function _invalid(Pass memory read) private view returns (bytes memory) {
        return abi.encodeWithSelector(
            ISeatDrops.SeatDrops_PassInvalid.selector,
            signer,
            TypedData.digest(address(seats), read.hashOf())
        );
    }

    function _spent(uint256 nonce) private view returns (bytes memory) {
        return abi.encodeWithSelector(ISeatDrops.SeatDrops_PassSpent.selector, drop, nonce);
    }
}
