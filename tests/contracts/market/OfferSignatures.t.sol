// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SeatId} from "../../../contracts/types/SeatId.sol";
import {Listing, SeatOffer, TierOffer} from "../../../contracts/types/Terms.sol";
import {DeployedSeats} from "../base/DeployedSeats.sol";
import {TypedData} from "../base/TypedData.sol";
import {vm} from "../base/Vm.sol";
import {OffersTest} from "./OffersTest.sol";

/// @dev Keys: C-01 to C-08 and C-13, for both kinds of offer. Contract wallets are in
/// OfferWalletSignatures.t.sol.
contract OfferSignaturesTest is OffersTest {
    uint256 private constant CURVE_ORDER =
        0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;

    SeatOffer internal offer;
    TierOffer internal tierOffer;

    function setUp() public override {
        super.setUp();
        offer = _seatOffer(seat, BID);
        tierOffer = _tierOffer(drop, BID);
        tierOffer.nonce = 1;
    }

    /// @dev The test's own digest, because the contract's would prove nothing.
    function test_WhenTheBuyerSignsTheStandardsDigest_ItIsAccepted() public {
        SeatId second = _mint(alice);
        vm.startPrank(alice);
        seats.acceptSeatOffer(offer, _signDigest("bob", _digest(offer)));
        seats.acceptTierOffer(tierOffer, second, _signDigest("bob", _digest(tierOffer)));
        vm.assertEq(seats.balanceOf(bob), 2, "seats");
    }

    function test_WhenAnotherKeySigns_ItRevertsWithBuyerAndDigest() public {
        _bothRefused(_signOffer("carol", offer), _signOffer("carol", tierOffer));
    }

    function test_WhenTheSellerSigns_ItRevertsWithBuyerAndDigest() public {
        _bothRefused(_signOffer("alice", offer), _signOffer("alice", tierOffer));
    }

    function test_WhenItWasSignedForAnotherChain_ItIsRefused() public {
        _bothSignedFor(block.chainid + 1, address(seats));
    }

    function test_GivenTheChainForksAway_ItRefusesSignaturesOfTheOldChain() public {
        bytes memory old = _signOffer("bob", offer);
        bytes memory oldTier = _signOffer("bob", tierOffer);
        vm.chainId(block.chainid + 1);
        _bothRefused(old, oldTier);
        _accept(offer);
    }

    function test_WhenItWasSignedForAnotherContract_ItIsRefused() public {
        _bothSignedFor(block.chainid, address(this));
        // The extension's address signs nothing: its code runs at the address of the market.
        _bothSignedFor(block.chainid, seats.extension());
    }

    /// @dev C-03: the same code and names at another address.
    function test_WhenItWasSignedForAnotherDeployment_ItIsRefused() public {
        DeployedSeats other = _deploySeats();
        _bothSignedFor(block.chainid, address(other));
    }

    function test_WhenAnyFieldOfASeatOfferIsChanged_ItIsRefused() public {
        bytes memory signature = _signOffer("bob", offer);
        SeatOffer memory changed = offer;
        changed.price = BID - 1;
        _refusedFor(changed, signature);
        changed = offer;
        changed.nonce = 1;
        _refusedFor(changed, signature);
        changed = offer;
        changed.expiry += 1;
        _refusedFor(changed, signature);
        changed = offer;
        changed.seat = _mint(alice);
        _refusedFor(changed, signature);
        changed = offer;
        vm.prank(alice);
        seats.cancelListings(seat);
        changed.epoch = 1;
        _refusedFor(changed, signature);
        changed = _seatOffer(seat, BID);
        changed.buyer = carol;
        _refusedFor(changed, signature);
        vm.prank(bob);
        seats.bumpCounter();
        _refusedFor(_seatOffer(seat, BID), signature);
    }

    function test_WhenAnyFieldOfATierOfferIsChanged_ItIsRefused() public {
        bytes memory signature = _signOffer("bob", tierOffer);
        TierOffer memory changed = tierOffer;
        changed.price = BID - 1;
        _refusedFor(changed, seat, signature);
        changed = tierOffer;
        changed.leastFace = 0;
        _refusedFor(changed, seat, signature);
        changed = tierOffer;
        changed.nonce = 2;
        _refusedFor(changed, seat, signature);
        changed = tierOffer;
        changed.expiry += 1;
        _refusedFor(changed, seat, signature);
        changed = tierOffer;
        changed.buyer = carol;
        _refusedFor(changed, seat, signature);
        changed = tierOffer;
        changed.drop = _create(_plan());
        _refusedFor(changed, _mintIn(changed.drop, alice), signature);
    }

    /// @dev A listing and a seat offer have eight words each: only their types tell them apart.
    function test_WhenWhatWasSignedIsOfAnotherKind_ItRefusesAListingOfTheSameWords() public {
        Listing memory listing = Listing(
            seat, BID, offer.epoch, bob, offer.counter, 0, address(uint160(7)), offer.expiry
        );
        offer.nonce = 7;
        _refusedFor(offer, _sign("bob", listing));
    }

    function test_WhenWhatWasSignedIsOfAnotherKind_ItRefusesAnOfferAsAListing() public {
        SeatId own = _mint(bob);
        SeatOffer memory signed = _seatOffer(own, BID);
        Listing memory listing = _listing(own, BID);
        vm.assertEq(
            keccak256(abi.encode(signed)), keccak256(abi.encode(listing)), "the same eight words"
        );
        bytes memory signature = _signOffer("bob", signed);
        _buyRefused(carol, listing, signature, _invalid(bob, seats.digestOf(listing)));
    }

    function test_WhenWhatWasSignedIsOfAnotherKind_ItRefusesATierOfferForASeat() public {
        offer.nonce = tierOffer.nonce;
        _refusedFor(offer, _signOffer("bob", tierOffer));
    }

    function test_WhenWhatWasSignedIsOfAnotherKind_ItRefusesASeatOfferForATier() public {
        tierOffer.nonce = offer.nonce;
        _refusedFor(tierOffer, seat, _signOffer("bob", offer));
    }

    function test_WhenSIsHigh_ItIsRefused() public {
        _bothRefused(_high(_digest(offer)), _high(_digest(tierOffer)));
    }

    function test_WhenItIsTheCompactForm_ItIsRefused() public {
        _bothRefused(_compact(_digest(offer)), _compact(_digest(tierOffer)));
    }

    function test_WhenVIsNeither27Nor28_ItIsRefused() public {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(_keyOf("bob"), _digest(offer));
        (uint8 w, bytes32 q, bytes32 t) = vm.sign(_keyOf("bob"), _digest(tierOffer));
        uint8[5] memory others = [0, 1, 26, 29, 255];
        for (uint256 i; i < others.length; ++i) {
            _bothRefused(abi.encodePacked(r, s, others[i]), abi.encodePacked(q, t, others[i]));
        }
        _bothRefused(abi.encodePacked(r, s, v + 8), abi.encodePacked(q, t, w + 8));
    }

    /// @dev C-07: a bad signature recovers to the zero address, in whose name nobody offers.
    function test_WhenTheBuyerIsNobody_ItIsRefused() public {
        bytes memory nobody = abi.encodePacked(bytes32(0), bytes32(uint256(1)), uint8(27));
        _bothRefused(nobody, nobody);
        (offer.buyer, tierOffer.buyer) = (address(0), address(0));
        _bothRefused(nobody, nobody);
        _bothRefused("", "");
        _bothRefused(_signOffer("bob", offer), _signOffer("bob", tierOffer));
    }

    function test_WhenItHasAnotherLength_ItIsRefused() public {
        bytes memory whole = _signOffer("bob", offer);
        bytes memory wholeTier = _signOffer("bob", tierOffer);
        _bothRefused("", "");
        _bothRefused(hex"1b", hex"1c");
        _bothRefused(_cut(whole, 64), _cut(wholeTier, 64));
        _bothRefused(abi.encodePacked(whole, uint8(0)), abi.encodePacked(wholeTier, uint8(0)));
        _bothRefused(
            abi.encodePacked(whole, new bytes(10_000)), abi.encodePacked(wholeTier, new bytes(99))
        );
    }

    /// @dev Nothing that is stored for a seller speaks for a buyer.
    function test_GivenTheBuyerHasStoredAListing_ItNeedsASignatureAllTheSame() public {
        SeatId own = _mint(bob);
        Listing memory listing = _listing(own, BID);
        vm.prank(bob);
        seats.list(listing);
        _refusedFor(offer, "");
        _refusedFor(tierOffer, seat, "");
        _buy(alice, listing, "");
        _refusedFor(_seatOffer(own, BID), "");
    }

    /// @dev C-13: EIP-7702 code names the account that acts for the key, and the key still signs.
    function test_GivenTheKeysAccountHasGainedCode_ItIsStillAccepted() public {
        vm.etch(bob, abi.encodePacked(hex"ef0100", address(renderer)));
        vm.assertEq(bob.code.length, 23, "code");
        SeatId second = _mint(alice);
        _accept(offer);
        _accept(tierOffer, second);
        vm.assertEq(seats.balanceOf(bob), 2, "seats");
    }

    function testFuzz_WhenTheBytesAreRandom_ItIsRefused(bytes calldata signature) public {
        _bothRefused(signature, signature);
    }

    function _bothSignedFor(uint256 chainId, address verifier) private {
        bytes32 forSeat = TypedData.digestOn(chainId, verifier, TypedData.hashOf(offer));
        bytes32 forTier = TypedData.digestOn(chainId, verifier, TypedData.hashOf(tierOffer));
        _bothRefused(_signDigest("bob", forSeat), _signDigest("bob", forTier));
    }

    function _bothRefused(bytes memory signature, bytes memory tierSignature) private {
        _refusedFor(offer, signature);
        _refusedFor(tierOffer, seat, tierSignature);
    }

    function _refusedFor(SeatOffer memory refused, bytes memory signature) private {
        vm.prank(alice);
        vm.expectRevert(_invalid(refused.buyer, _digest(refused)));
        seats.acceptSeatOffer(refused, signature);
    }

    function _refusedFor(TierOffer memory refused, SeatId sold, bytes memory signature) private {
        vm.prank(alice);
        vm.expectRevert(_invalid(refused.buyer, _digest(refused)));
        seats.acceptTierOffer(refused, sold, signature);
    }

    function _high(bytes32 digest) private pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(_keyOf("bob"), digest);
        return
            abi.encodePacked(r, bytes32(CURVE_ORDER - uint256(s)), v == 27 ? uint8(28) : uint8(27));
    }

    function _compact(bytes32 digest) private pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(_keyOf("bob"), digest);
        return abi.encodePacked(r, bytes32(uint256(s) | uint256(v - 27) << 255));
    }

    function _cut(bytes memory whole, uint256 length) private pure returns (bytes memory part) {
        part = new bytes(length);
        for (uint256 i; i < length; ++i) {
            part[i] = whole[i];
        }
    }
}
