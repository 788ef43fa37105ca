// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatDrops} from "../../../contracts/interfaces/ISeatDrops.sol";
import {Gate} from "../../../contracts/types/Terms.sol";
import {NOW, PRICE, Plan} from "../base/Plans.sol";
import {SeatsTest} from "../base/SeatsTest.sol";
import {Pass, TypedData} from "../base/TypedData.sol";
import {vm} from "../base/Vm.sol";
import {
    AnsweringWallet,
    ApprovingWallet,
    BombingWallet,
    BurningWallet,
    MAGIC,
    ReenteringWallet,
    RevertingWallet
} from "../hostile/SignatureWallets.sol";

/// @dev One pass for alice, signed in every way that is none (C-04 to C-13).
contract MintPassSignaturesTest is SeatsTest {
    using TypedData for Pass;

    uint256 private constant CURVE_ORDER =
        0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;

    address private signer;

    function setUp() public override {
        super.setUp();
        _signedBy(_account("pass signer"));
    }

    function test_WhenTheKeySigned_ItMints() public {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(_keyOf("pass signer"), _digest());
        _accepted(abi.encodePacked(r, s, v));
    }

    function test_WhenAnotherKeySigned_ItIsRefused() public {
        _refused(_signDigest("alice", _digest()));
        _refused(_signDigest("mentor", _digest()));
    }

    function test_WhenThereIsNoSignature_ItIsRefused() public {
        _refused("");
    }

    function test_WhenItIsNot65BytesLong_ItIsRefused() public {
        bytes memory whole = _signDigest("pass signer", _digest());
        _refused(abi.encodePacked(whole, uint8(0)));
        bytes memory part = new bytes(64);
        for (uint256 i; i < 64; ++i) {
            part[i] = whole[i];
        }
        _refused(part);
    }

    function test_WhenItIsTheCompactForm_ItIsRefused() public {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(_keyOf("pass signer"), _digest());
        _refused(abi.encodePacked(r, bytes32(uint256(s) | uint256(v - 27) << 255)));
    }

    function test_WhenSIsHigh_ItIsRefused() public {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(_keyOf("pass signer"), _digest());
        bytes32 high = bytes32(CURVE_ORDER - uint256(s));
        _refused(abi.encodePacked(r, high, v == 27 ? uint8(28) : uint8(27)));
    }

    function test_WhenVIsNeither27Nor28_ItIsRefused() public {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(_keyOf("pass signer"), _digest());
        uint8[5] memory others = [0, 1, 26, 29, v + 8];
        for (uint256 i; i < others.length; ++i) {
            _refused(abi.encodePacked(r, s, others[i]));
        }
    }

    function test_WhenItRecoversToNobody_ItIsRefused() public {
        _refused(abi.encodePacked(bytes32(0), bytes32(uint256(1)), uint8(27)));
    }

    function test_WhenTheHashItselfWasSigned_ItIsRefused() public {
        _refused(_signDigest("pass signer", _pass().hashOf()));
    }

    /// @dev C-13: an account that has gained code signs with its key all the same.
    function test_GivenTheKeysAccountHasCode_ItMints() public {
        vm.etch(signer, hex"fe");
        _accepted(_signDigest("pass signer", _digest()));
    }

    function test_GivenAWalletThatApproves_ItMintsUntilTheWalletRevokes() public {
        ApprovingWallet wallet = new ApprovingWallet();
        _signedBy(address(wallet));
        wallet.approve(_digest());
        wallet.approve(0);
        _refused("whatever the wallet reads");
        wallet.approve(_digest());
        _accepted("whatever the wallet reads");
    }

    function test_GivenAWalletThatAnswersSomethingElse_ItIsRefused() public {
        _refusedBy(address(new AnsweringWallet("")));
        _refusedBy(address(new AnsweringWallet(abi.encodePacked(MAGIC))));
        _refusedBy(address(new AnsweringWallet(abi.encode(true))));
        _refusedBy(address(new RevertingWallet()));
        _refusedBy(address(renderer));
    }

    function test_GivenAWalletThatBurnsGasOrAnswersABomb_ItIsRefusedWithinItsShare() public {
        uint256 before = gasleft();
        _refusedBy(address(new BurningWallet()));
        _refusedBy(address(new BombingWallet()));
        vm.assertLe(before - gasleft(), 2_000_000, "gas");
    }

    function test_GivenAWalletThatReenters_ItFindsEveryDoorClosed() public {
        ReenteringWallet wallet = new ReenteringWallet();
        _signedBy(address(wallet));
        bytes[] memory attempts = new bytes[](2);
        attempts[0] = abi.encodeCall(ISeatDrops.mint, (_request(alice, 1), ""));
        attempts[1] = _encodedMint("");
        wallet.prepare(address(seats), attempts);
        _accepted("");
        vm.assertEq(seats.balanceOf(alice), 2, "seats");
    }

    function _signedBy(address signer_) private {
        signer = signer_;
        Plan memory plan = _plan();
        plan.phases[0].gate = Gate.PASS;
        plan.phases[0].gateData = bytes32(uint256(uint160(signer)));
        drop = _create(plan);
    }

    function _pass() private view returns (Pass memory) {
        return Pass(drop, 0, alice, 2, 7, NOW + 1 days);
    }

    function _digest() private view returns (bytes32) {
        return TypedData.digest(address(seats), _pass().hashOf());
    }

    function _with(bytes memory signature) private view returns (bytes memory) {
        Pass memory pass = _pass();
        return abi.encodePacked(pass.quantity, pass.nonce, pass.expiry, signature);
    }

    function _encodedMint(bytes memory signature) private view returns (bytes memory) {
        return abi.encodeCall(ISeatDrops.mint, (_request(alice, 2), _with(signature)));
    }

    function _accepted(bytes memory signature) private {
        vm.prank(alice);
        seats.mint{value: 2 * PRICE}(_request(alice, 2), _with(signature));
        vm.assertTrue(seats.isPassSpent(drop, 7), "spent");
    }

    function _refusedBy(address wallet) private {
        _signedBy(wallet);
        _refused("");
    }

    function _refused(bytes memory signature) private {
        vm.prank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(ISeatDrops.SeatDrops_PassInvalid.selector, signer, _digest())
        );
        seats.mint{value: 2 * PRICE}(_request(alice, 2), _with(signature));
        vm.assertFalse(seats.isPassSpent(drop, 7), "spent");
    }
}
