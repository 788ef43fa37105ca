// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatMarket} from "../../../contracts/interfaces/ISeatMarket.sol";
import {Signatures} from "../../../contracts/libraries/Signatures.sol";
import {SeatId} from "../../../contracts/types/SeatId.sol";
import {Listing} from "../../../contracts/types/Terms.sol";
import {DeployedSeats} from "../base/DeployedSeats.sol";
import {PRICE} from "../base/Plans.sol";
import {SeatsTest} from "../base/SeatsTest.sol";
import {vm} from "../base/Vm.sol";

/// @dev Keys: C-01 to C-08 and C-13. Contract wallets are in WalletSignatures.t.sol.
contract SignaturesTest is SeatsTest {
    uint256 private constant CURVE_ORDER =
        0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;

    SeatId internal seat;
    Listing internal listing;

    function setUp() public override {
        super.setUp();
        seat = _mint(alice);
        listing = _listing(seat, PRICE);
    }

    /// @dev Written out here, because the contract's own digest would prove nothing.
    function test_WhenTheSellerSignsTheStandardsDigest_ItIsAccepted() public {
        bytes32 digest = _digest(block.chainid, address(seats), _hashOf(listing));
        vm.assertEq(seats.digestOf(listing), digest, "digest");
        _buy(bob, listing, _signDigest("alice", digest));
        vm.assertEq(_ownerOf(seat), bob, "owner");
    }

    function test_WhenAnotherKeySigns_ItRevertsWithSellerAndDigest() public {
        _refused(_sign("bob", listing));
    }

    function test_WhenItWasSignedForAnotherChain_ItIsRefused() public {
        _refused(_signDigest("alice", _digest(block.chainid + 1, address(seats), _hashOf(listing))));
    }

    function test_GivenTheChainForksAway_ItRefusesSignaturesOfTheOldChain() public {
        bytes memory signature = _sign("alice", listing);
        vm.chainId(block.chainid + 1);
        _refused(signature);
        _buy(bob, listing, _sign("alice", listing));
    }

    function test_WhenItWasSignedForAnotherContract_ItIsRefused() public {
        _refused(_signDigest("alice", _digest(block.chainid, address(this), _hashOf(listing))));
    }

    /// @dev C-03: the same code and names at another address.
    function test_WhenItWasSignedForAnotherDeployment_ItIsRefused() public {
        DeployedSeats other = _deploySeats();
        _refused(_signDigest("alice", other.digestOf(listing)));
    }

    function test_WhenAnyFieldIsChanged_ItIsRefused() public {
        bytes memory signature = _sign("alice", listing);
        Listing memory changed = listing;
        changed.price = PRICE - 1;
        _refusedFor(changed, signature);
        changed = listing;
        changed.expiry += 1;
        _refusedFor(changed, signature);
        changed = listing;
        changed.taker = bob;
        _refusedFor(changed, signature);
        changed = listing;
        changed.seat = _mint(alice);
        _refusedFor(changed, signature);
    }

    function test_WhenSIsHigh_ItIsRefused() public {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(_keyOf("alice"), seats.digestOf(listing));
        bytes32 high = bytes32(CURVE_ORDER - uint256(s));
        _refused(abi.encodePacked(r, high, v == 27 ? uint8(28) : uint8(27)));
    }

    function test_WhenItIsTheCompactForm_ItIsRefused() public {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(_keyOf("alice"), seats.digestOf(listing));
        _refused(abi.encodePacked(r, bytes32(uint256(s) | uint256(v - 27) << 255)));
    }

    function test_WhenVIsNeither27Nor28_ItIsRefused() public {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(_keyOf("alice"), seats.digestOf(listing));
        uint8[6] memory others = [0, 1, 26, 29, v + 8, 255];
        for (uint256 i; i < others.length; ++i) {
            _refused(abi.encodePacked(r, s, others[i]));
        }
    }

    /// @dev C-07: a bad signature recovers to the zero address, which owns no seat.
    function test_WhenItRecoversToNobody_ItIsRefused() public {
        bytes memory nobody = abi.encodePacked(bytes32(0), bytes32(uint256(1)), uint8(27));
        _refused(nobody);
        listing.seller = address(0);
        vm.prank(bob);
        vm.expectRevert(
            abi.encodeWithSelector(
                ISeatMarket.SeatMarket_SellerNotOwner.selector, seat, address(0), alice
            )
        );
        seats.buy{value: PRICE}(listing, nobody);
    }

    /// @dev The library by itself: no caller has to refuse the zero address for it.
    function test_WhenTheSignerIsNobody_ItIsRefusedBeforeAnythingElse() public view {
        bytes memory nobody = abi.encodePacked(bytes32(0), bytes32(uint256(1)), uint8(27));
        vm.assertFalse(this.isSigner(address(0), keccak256("a digest"), nobody), "nobody");
        vm.assertFalse(this.isSigner(address(0), keccak256("a digest"), ""), "nobody, nothing");
    }

    function isSigner(address signer, bytes32 digest, bytes calldata signature)
        external
        view
        returns (bool)
    {
        return Signatures.isSigner(signer, digest, signature);
    }

    function test_WhenItHasAnotherLength_ItIsRefused() public {
        bytes memory signature = _sign("alice", listing);
        _refused("");
        _refused(hex"1b");
        _refused(_cut(signature, 64));
        _refused(abi.encodePacked(signature, uint8(0)));
        _refused(abi.encodePacked(signature, new bytes(10_000)));
    }

    /// @dev C-13: EIP-7702 code names the account that acts for the key, and the key still signs.
    function test_GivenTheKeysAccountHasGainedCode_ItIsStillAccepted() public {
        vm.etch(alice, abi.encodePacked(hex"ef0100", address(renderer)));
        vm.assertEq(alice.code.length, 23, "code");
        _buy(bob, listing, _sign("alice", listing));
        vm.assertEq(_ownerOf(seat), bob, "owner");
    }

    function testFuzz_WhenTheBytesAreRandom_ItIsRefused(bytes calldata signature) public {
        _refused(signature);
    }

    function _refused(bytes memory signature) private {
        _refusedFor(listing, signature);
    }

    function _refusedFor(Listing memory refused, bytes memory signature) private {
        _buyRefused(
            bob,
            refused,
            signature,
            abi.encodeWithSelector(
                ISeatMarket.SeatMarket_SignatureInvalid.selector, alice, seats.digestOf(refused)
            )
        );
    }

    function _cut(bytes memory whole, uint256 length) private pure returns (bytes memory part) {
        part = new bytes(length);
        for (uint256 i; i < length; ++i) {
            part[i] = whole[i];
        }
    }

    function _hashOf(Listing memory signed) private pure returns (bytes32) {
        return keccak256(
            abi.encode(
                keccak256(
                    "Listing(uint256 seat,uint256 price,uint256 epoch,address seller,"
                    "uint256 counter,uint256 termsVersion,address taker,uint256 expiry)"
                ),
                signed.seat,
                signed.price,
                signed.epoch,
                signed.seller,
                signed.counter,
                signed.termsVersion,
                signed.taker,
                signed.expiry
            )
        );
    }

    function _digest(uint256 chainId, address verifyingContract, bytes32 structHash)
        private
        pure
        returns (bytes32)
    {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256(
                    "EIP712Domain(string name,string version,uint256 chainId,"
                    "address verifyingContract)"
                ),
                keccak256("Seatmarket"),
                keccak256("1"),
                chainId,
                verifyingContract
            )
        );
        return keccak256(abi.encodePacked(hex"1901", domain, structHash));
    }
}
