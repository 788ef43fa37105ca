// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatBaskets} from "../../../contracts/interfaces/ISeatBaskets.sol";
import {ISeatDelivery} from "../../../contracts/interfaces/ISeatDelivery.sol";
import {ISeatEscrow} from "../../../contracts/interfaces/ISeatEscrow.sol";
import {ISeatMarket} from "../../../contracts/interfaces/ISeatMarket.sol";
import {ISeatOffers} from "../../../contracts/interfaces/ISeatOffers.sol";
import {SeatId} from "../../../contracts/types/SeatId.sol";
import {Listing, SeatOffer, TierOffer} from "../../../contracts/types/Terms.sol";
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
import {OffersTest} from "./OffersTest.sol";

/// @dev ERC-1271: C-09 to C-12, for buyers.
contract OfferWalletSignaturesTest is OffersTest {
    function test_GivenTheWalletApproves_ItIsAccepted() public {
        ApprovingWallet wallet = new ApprovingWallet();
        SeatOffer memory offer = _offerOf(address(wallet));
        wallet.approve(_digest(offer));
        _take(offer, "whatever the wallet reads");
        TierOffer memory tierOffer = _tierOfferOf(address(wallet));
        wallet.approve(_digest(tierOffer));
        SeatId second = _mint(alice);
        vm.prank(alice);
        seats.acceptTierOffer(tierOffer, second, "whatever the wallet reads");
        vm.assertEq(seats.balanceOf(address(wallet)), 2, "seats");
    }

    function test_GivenTheWalletApprovesWithoutASignature_ItIsAccepted() public {
        ApprovingWallet wallet = new ApprovingWallet();
        SeatOffer memory offer = _offerOf(address(wallet));
        wallet.approve(_digest(offer));
        _take(offer, "");
        vm.assertEq(_ownerOf(seat), address(wallet), "owner");
    }

    function test_GivenTheWalletHasRevoked_ItIsRefused() public {
        ApprovingWallet wallet = new ApprovingWallet();
        SeatOffer memory offer = _offerOf(address(wallet));
        wallet.approve(_digest(offer));
        wallet.approve(0);
        _refusedBoth(address(wallet));
    }

    function test_GivenTheWalletApprovesAnotherOffer_ItIsRefused() public {
        ApprovingWallet wallet = new ApprovingWallet();
        SeatOffer memory offer = _offerOf(address(wallet));
        offer.price = BID - 1;
        wallet.approve(_digest(offer));
        _refusedBoth(address(wallet));
    }

    function test_GivenTheWalletReenters_ItFindsEveryDoorClosed() public {
        ReenteringWallet wallet = new ReenteringWallet();
        SeatOffer memory offer = _offerOf(address(wallet));
        SeatId own = _mint(address(wallet));
        bytes[] memory attempts = new bytes[](6);
        attempts[0] = abi.encodeCall(ISeatOffers.acceptSeatOffer, (offer, ""));
        attempts[1] = abi.encodeCall(ISeatOffers.cancelOffer, (0));
        attempts[2] = abi.encodeCall(ISeatMarket.bumpCounter, ());
        attempts[3] = abi.encodeCall(ISeatDelivery.refund, (own));
        attempts[4] = abi.encodeCall(ISeatEscrow.withdraw, (address(0), address(wallet), 1));
        attempts[5] = abi.encodeCall(ISeatBaskets.buyMany, (new Listing[](0), new bytes[](0)));
        wallet.prepare(address(seats), attempts);
        _take(offer, "");
        vm.assertEq(_ownerOf(seat), address(wallet), "sold");
        vm.assertEq(_ownerOf(own), address(wallet), "its own seat");
        vm.assertEq(seats.counterOf(address(wallet)), 0, "counter");
    }

    function test_GivenTheWalletBurnsAllGas_ItIsRefusedWithinItsShare() public {
        address wallet = address(new BurningWallet());
        uint256 before = gasleft();
        _refusedWallet(_offerOf(wallet));
        vm.assertLe(before - gasleft(), 600_000, "gas");
    }

    function test_GivenTheWalletReturnsABomb_ItCostsTheSellerLittle() public {
        address wallet = address(new BombingWallet());
        uint256 before = gasleft();
        _refusedWallet(_offerOf(wallet));
        vm.assertLe(before - gasleft(), 600_000, "gas");
    }

    function test_GivenTheWalletAnswersGarbage_ItIsRefused() public {
        _refusedAnswer("");
        _refusedAnswer(abi.encodePacked(MAGIC));
        _refusedAnswer(abi.encode(uint256(uint32(MAGIC))));
        _refusedAnswer(abi.encode(bytes32(MAGIC) | bytes32(uint256(1))));
        _refusedAnswer(abi.encode(true));
        _refusedAnswer(abi.encodePacked(MAGIC, new bytes(27)));
    }

    function test_GivenTheWalletRevertsWithTheRightAnswer_ItIsRefused() public {
        _refusedBoth(address(new RevertingWallet()));
    }

    function test_GivenAContractThatIsNoWallet_ItIsRefused() public {
        _refusedBoth(address(renderer));
    }

    /// @dev An account without code has nobody to ask: calling it would succeed with no answer.
    function test_GivenAnAccountWithoutCode_ItIsRefused() public {
        _refusedBoth(address(0xdead));
    }

    /// @dev The market holds everybody's money and answers no question about signatures.
    function test_GivenTheMarketItselfAsBuyer_ItIsRefused() public {
        _refusedBoth(address(seats));
    }

    function _offerOf(address wallet) private returns (SeatOffer memory offer) {
        _fundWallet(wallet);
        offer = _seatOffer(seat, BID);
        offer.buyer = wallet;
    }

    function _tierOfferOf(address wallet) private returns (TierOffer memory offer) {
        _fundWallet(wallet);
        offer = _tierOffer(drop, BID);
        (offer.buyer, offer.nonce) = (wallet, 1);
    }

    function _fundWallet(address wallet) private {
        vm.prank(bob);
        wrapped.transfer(wallet, BID);
        vm.prank(wallet);
        wrapped.approve(address(seats), BID);
    }

    function _take(SeatOffer memory offer, bytes memory signature) private {
        vm.prank(alice);
        seats.acceptSeatOffer(offer, signature);
    }

    function _refusedAnswer(bytes memory answer) private {
        _refusedBoth(address(new AnsweringWallet(answer)));
    }

    function _refusedBoth(address wallet) private {
        _refusedWallet(_offerOf(wallet));
        TierOffer memory offer = _tierOfferOf(wallet);
        vm.prank(alice);
        vm.expectRevert(_invalid(wallet, _digest(offer)));
        seats.acceptTierOffer(offer, seat, "");
    }

    function _refusedWallet(SeatOffer memory offer) private {
        vm.prank(alice);
        vm.expectRevert(_invalid(offer.buyer, _digest(offer)));
        seats.acceptSeatOffer(offer, "");
    }
}
