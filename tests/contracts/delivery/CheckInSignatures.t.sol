// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatDelivery} from "../../../contracts/interfaces/ISeatDelivery.sol";
import {SeatId} from "../../../contracts/types/SeatId.sol";
import {DeployedSeats} from "../base/DeployedSeats.sol";
import {NOW, PRICE, Plan} from "../base/Plans.sol";
import {TypedData} from "../base/TypedData.sol";
import {vm} from "../base/Vm.sol";
import {
    ApprovingWallet,
    BombingWallet,
    BurningWallet,
    ReenteringWallet
} from "../hostile/SignatureWallets.sol";
import {DeliveryTest} from "./DeliveryTest.sol";

/// @dev C-19 and C-66: both sides must agree, each by calling or by a signature.
contract CheckInSignaturesTest is DeliveryTest {
    uint256 private constant CURVE_ORDER =
        0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;
    uint256 private constant EXPIRY = STARTS + 60;

    SeatId private seat;
    bytes32 private digest;

    function setUp() public override {
        super.setUp();
        seat = _mint(bob);
        digest = _checkInDigest(seat, 0, EXPIRY);
        vm.warp(STARTS);
    }

    function test_WhenTheVerifierCallsWithTheHoldersSignature_ItChecksIn() public {
        _checksIn(verifier, _signDigest("bob", digest), "");
    }

    function test_WhenTheHolderCallsWithTheVerifiersSignature_ItChecksIn() public {
        _checksIn(bob, "", _signDigest("verifier", digest));
    }

    function test_WhenAnybodyCallsWithBothSignatures_ItChecksIn() public {
        _checksIn(carol, _signDigest("bob", digest), _signDigest("verifier", digest));
    }

    function test_WhenACallerBringsTheirOwnSignatureToo_ItChecksIn() public {
        _checksIn(bob, _signDigest("bob", digest), _signDigest("verifier", digest));
    }

    /// @dev Whoever calls has agreed: what they sent besides is not read.
    function test_WhenTheCallersOwnSignatureIsBad_ItChecksIn() public {
        _checksIn(bob, "garbage", _signDigest("verifier", digest));
    }

    /// @dev Both sides are one account then, which has agreed to both.
    function test_GivenTheVerifierHoldsTheSeat_ItChecksInByOneCall() public {
        _ownedBy(verifier);
        _checksIn(verifier, "", "");
    }

    /// @dev C-66.
    function test_WhenTheVerifierIsAlone_ItRevertsWithHolderAndDigest() public {
        _holderAbsent(verifier, "", "");
        _holderAbsent(verifier, _signDigest("verifier", digest), _signDigest("verifier", digest));
    }

    function test_WhenTheHolderIsAlone_ItRevertsWithVerifierAndDigest() public {
        _verifierAbsent(bob, "", "");
        _verifierAbsent(bob, _signDigest("bob", digest), _signDigest("bob", digest));
    }

    function test_WhenNobodyAgrees_ItRevertsWithHolderAndDigest() public {
        _holderAbsent(carol, "", "");
    }

    function test_WhenTheSidesAreExchanged_ItRevertsWithHolderAndDigest() public {
        _holderAbsent(carol, _signDigest("verifier", digest), _signDigest("bob", digest));
    }

    function test_WhenTheMentorActsForTheVerifier_ItRevertsWithVerifierAndDigest() public {
        _verifierAbsent(mentor, _signDigest("bob", digest), _signDigest("mentor", digest));
    }

    /// @dev C-19.
    function test_WhenAnotherDropsVerifierSigns_ItRevertsWithVerifierAndDigest() public {
        Plan memory plan = _plan();
        plan.terms.verifier = carol;
        vm.warp(NOW);
        _create(plan);
        vm.warp(STARTS);
        _verifierAbsent(carol, _signDigest("bob", digest), _signDigest("carol", digest));
    }

    function test_GivenTheVerifierWasReplaced_ItRefusesTheOldOneAndTakesTheNew() public {
        vm.prank(mentor);
        seats.setVerifier(drop, carol);
        bytes memory holders = _signDigest("bob", digest);
        _refused(
            verifier,
            _call(holders, _signDigest("verifier", digest)),
            abi.encodeWithSelector(
                ISeatDelivery.SeatDelivery_VerifierAbsent.selector, carol, digest
            )
        );
        vm.expectEmit(address(seats));
        emit ISeatDelivery.CheckedIn(seat, bob, carol);
        vm.prank(alice);
        seats.checkIn(seat, EXPIRY, holders, _signDigest("carol", digest));
    }

    /// @dev C-19: what the seller signed does not check the buyer in.
    function test_GivenTheSeatWasSold_ItRevertsWithTheNewHolder() public {
        bytes memory sellers = _signDigest("bob", digest);
        _resell("bob", seat, carol, PRICE);
        bytes32 current = _checkInDigest(seat, 1, EXPIRY);
        _refused(
            verifier,
            _call(sellers, ""),
            abi.encodeWithSelector(ISeatDelivery.SeatDelivery_HolderAbsent.selector, carol, current)
        );
    }

    /// @dev C-19: the epoch tells, even where the owner is the same again.
    function test_GivenTheEpochHasPassed_ItRefusesBothSidesOldSignatures() public {
        bytes memory old = _signDigest("bob", digest);
        bytes memory oldVerifiers = _signDigest("verifier", digest);
        vm.prank(bob);
        seats.cancelListings(seat);
        digest = _checkInDigest(seat, 1, EXPIRY);
        _holderAbsent(verifier, old, "");
        _verifierAbsent(bob, "", oldVerifiers);
        _checksIn(carol, _signDigest("bob", digest), _signDigest("verifier", digest));
    }

    function test_WhenAnotherExpiryWasSigned_ItRevertsWithTheDigestOfThisOne() public {
        bytes memory other = _signDigest("bob", _checkInDigest(seat, 0, EXPIRY + 1));
        _holderAbsent(verifier, other, "");
    }

    function test_WhenAnotherSeatWasSigned_ItRevertsWithTheDigestOfThisOne() public {
        bytes memory other = _signDigest("bob", _checkInDigest(_seat(2), 0, EXPIRY));
        _holderAbsent(verifier, other, "");
    }

    function test_WhenItWasSignedForAnotherChain_ItIsRefused() public {
        bytes32 elsewhere = TypedData.digestOn(
            block.chainid + 1, address(seats), TypedData.checkInHash(seat, 0, EXPIRY)
        );
        _holderAbsent(verifier, _signDigest("bob", elsewhere), "");
        _verifierAbsent(bob, "", _signDigest("verifier", elsewhere));
    }

    function test_WhenItWasSignedForAnotherDeployment_ItIsRefused() public {
        DeployedSeats other = _deploySeats();
        bytes32 elsewhere = TypedData.digest(address(other), TypedData.checkInHash(seat, 0, EXPIRY));
        _holderAbsent(verifier, _signDigest("bob", elsewhere), "");
    }

    function test_WhenTheSignatureIsMalleated_ItIsRefused() public {
        _holderAbsent(verifier, _malleated("bob"), "");
        _verifierAbsent(bob, "", _malleated("verifier"));
    }

    function test_WhenTheSignatureIsCompact_ItIsRefused() public {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(_keyOf("bob"), digest);
        _holderAbsent(
            verifier, abi.encodePacked(r, bytes32(uint256(s) | uint256(v - 27) << 255)), ""
        );
    }

    function testFuzz_WhenTheBytesAreRandom_ItIsRefused(bytes calldata garbage) public {
        _holderAbsent(verifier, garbage, "");
        _verifierAbsent(bob, "", garbage);
    }

    function test_GivenTheHolderIsAWallet_ItChecksInWithItsApproval() public {
        ApprovingWallet wallet = _walletsSeat();
        wallet.approve(digest);
        _checksIn(verifier, "whatever the wallet reads", "");
    }

    function test_GivenTheHolderIsAWalletThatApprovesAnother_ItRevertsWithTheWallet() public {
        ApprovingWallet wallet = _walletsSeat();
        wallet.approve(_checkInDigest(seat, 0, EXPIRY + 1));
        _absent(address(wallet), verifier, "", "");
    }

    function test_GivenTheVerifierIsAWallet_ItChecksInWithItsApproval() public {
        ApprovingWallet wallet = new ApprovingWallet();
        vm.prank(mentor);
        seats.setVerifier(drop, address(wallet));
        _refused(
            bob,
            _call("", ""),
            abi.encodeWithSelector(
                ISeatDelivery.SeatDelivery_VerifierAbsent.selector, address(wallet), digest
            )
        );
        wallet.approve(digest);
        _checksIn(bob, "", "");
    }

    function test_GivenTheWalletBurnsAllGas_ItIsRefusedWithinItsShare() public {
        _walletRefusedCheaply(address(new BurningWallet()));
    }

    function test_GivenTheWalletReturnsABomb_ItIsRefusedWithinItsShare() public {
        _walletRefusedCheaply(address(new BombingWallet()));
    }

    /// @dev It is asked without the right to change anything.
    function test_GivenTheWalletReenters_ItFindsEveryDoorClosed() public {
        ReenteringWallet wallet = new ReenteringWallet();
        _ownedBy(address(wallet));
        bytes[] memory attempts = new bytes[](2);
        attempts[0] = abi.encodeCall(ISeatDelivery.refund, (seat));
        attempts[1] = abi.encodeCall(ISeatDelivery.checkIn, (seat, EXPIRY, "", ""));
        wallet.prepare(address(seats), attempts);
        _checksIn(verifier, "", "");
    }

    /// @dev EIP-7702 code names the account that acts for the key, and the key still signs.
    function test_GivenTheHoldersAccountHasGainedCode_ItStillChecksIn() public {
        vm.etch(bob, abi.encodePacked(hex"ef0100", address(renderer)));
        _checksIn(verifier, _signDigest("bob", digest), "");
    }

    function _walletsSeat() private returns (ApprovingWallet wallet) {
        wallet = new ApprovingWallet();
        _ownedBy(address(wallet));
    }

    function _ownedBy(address wallet) private {
        vm.warp(STARTS - 2 days);
        seat = _mint(wallet);
        vm.warp(STARTS);
        digest = _checkInDigest(seat, 0, EXPIRY);
    }

    function _walletRefusedCheaply(address wallet) private {
        _ownedBy(wallet);
        uint256 before = gasleft();
        _absent(wallet, verifier, "", "");
        vm.assertLe(before - gasleft(), 600_000, "gas");
    }

    function _malleated(string memory name) private view returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(_keyOf(name), digest);
        return
            abi.encodePacked(r, bytes32(CURVE_ORDER - uint256(s)), v == 27 ? uint8(28) : uint8(27));
    }

    function _call(bytes memory holders, bytes memory verifiers)
        private
        view
        returns (bytes memory)
    {
        return abi.encodeCall(ISeatDelivery.checkIn, (seat, EXPIRY, holders, verifiers));
    }

    function _checksIn(address caller, bytes memory holders, bytes memory verifiers) private {
        vm.prank(caller);
        seats.checkIn(seat, EXPIRY, holders, verifiers);
        vm.assertTrue(seats.seatOf(seat).checkedIn, "checked in");
    }

    function _holderAbsent(address caller, bytes memory holders, bytes memory verifiers) private {
        _absent(bob, caller, holders, verifiers);
    }

    function _absent(address holder, address caller, bytes memory holders, bytes memory verifiers)
        private
    {
        _refused(
            caller,
            _call(holders, verifiers),
            abi.encodeWithSelector(ISeatDelivery.SeatDelivery_HolderAbsent.selector, holder, digest)
        );
        vm.assertFalse(seats.seatOf(seat).checkedIn, "checked in");
    }

    function _verifierAbsent(address caller, bytes memory holders, bytes memory verifiers) private {
        _refused(
            caller,
            _call(holders, verifiers),
            abi.encodeWithSelector(
                ISeatDelivery.SeatDelivery_VerifierAbsent.selector, verifier, digest
            )
        );
        vm.assertFalse(seats.seatOf(seat).checkedIn, "checked in");
    }
}
