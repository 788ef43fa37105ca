// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatDrops} from "../../../contracts/interfaces/ISeatDrops.sol";
import {ISeatEscrow} from "../../../contracts/interfaces/ISeatEscrow.sol";
import {ISeatMarket} from "../../../contracts/interfaces/ISeatMarket.sol";
import {ISeatToken} from "../../../contracts/interfaces/ISeatToken.sol";
import {SeatId} from "../../../contracts/types/SeatId.sol";
import {Listing} from "../../../contracts/types/Terms.sol";
import {PRICE} from "../base/Plans.sol";
import {SeatsTest} from "../base/SeatsTest.sol";
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

/// @dev ERC-1271: C-09 to C-12.
contract WalletSignaturesTest is SeatsTest {
    function test_GivenTheWalletApproves_ItIsAccepted() public {
        ApprovingWallet wallet = new ApprovingWallet();
        Listing memory listing = _listingOf(address(wallet));
        wallet.approve(seats.digestOf(listing));
        _buy(bob, listing, "whatever the wallet reads");
        vm.assertEq(_ownerOf(listing.seat), bob, "owner");
    }

    function test_GivenTheWalletApprovesWithoutASignature_ItIsAccepted() public {
        ApprovingWallet wallet = new ApprovingWallet();
        Listing memory listing = _listingOf(address(wallet));
        wallet.approve(seats.digestOf(listing));
        _buy(bob, listing, "");
        vm.assertEq(_ownerOf(listing.seat), bob, "owner");
    }

    function test_GivenTheWalletHasRevoked_ItIsRefused() public {
        ApprovingWallet wallet = new ApprovingWallet();
        Listing memory listing = _listingOf(address(wallet));
        wallet.approve(seats.digestOf(listing));
        wallet.approve(0);
        _refused(listing);
    }

    function test_GivenTheWalletReenters_ItFindsEveryDoorClosed() public {
        ReenteringWallet wallet = new ReenteringWallet();
        Listing memory listing = _listingOf(address(wallet));
        SeatId other = _mint(address(wallet));
        bytes[] memory attempts = new bytes[](7);
        attempts[0] = abi.encodeCall(ISeatMarket.buy, (listing, ""));
        attempts[1] = abi.encodeCall(ISeatMarket.list, (listing));
        attempts[2] = abi.encodeCall(ISeatMarket.bumpCounter, ());
        attempts[3] = abi.encodeCall(ISeatToken.cancelListings, (other));
        attempts[4] = abi.encodeCall(ISeatDrops.mint, (_request(address(wallet), 1), ""));
        attempts[5] = abi.encodeCall(ISeatEscrow.withdraw, (address(0), address(wallet), 1));
        attempts[6] = abi.encodeWithSignature(
            "transferFrom(address,address,uint256)", wallet, bob, SeatId.unwrap(other)
        );
        wallet.prepare(address(seats), attempts);
        _buy(bob, listing, "");
        vm.assertEq(_ownerOf(listing.seat), bob, "sold");
        vm.assertEq(_ownerOf(other), address(wallet), "the other seat");
        vm.assertEq(seats.seatOf(other).epoch, 0, "epoch of the other seat");
        vm.assertEq(seats.counterOf(address(wallet)), 0, "counter");
    }

    function test_GivenTheWalletBurnsAllGas_ItIsRefusedWithinItsShare() public {
        Listing memory listing = _listingOf(address(new BurningWallet()));
        uint256 before = gasleft();
        _refused(listing);
        vm.assertLe(before - gasleft(), 500_000, "gas");
    }

    function test_GivenTheWalletReturnsABomb_ItCostsTheBuyerLittle() public {
        Listing memory listing = _listingOf(address(new BombingWallet()));
        uint256 before = gasleft();
        _refused(listing);
        vm.assertLe(before - gasleft(), 500_000, "gas");
    }

    function test_GivenTheWalletAnswersGarbage_ItIsRefused() public {
        _refusedAnswer("");
        _refusedAnswer(abi.encodePacked(MAGIC));
        _refusedAnswer(abi.encode(uint256(uint32(MAGIC))));
        _refusedAnswer(abi.encode(bytes32(MAGIC) | bytes32(uint256(1))));
        _refusedAnswer(abi.encode(true));
        _refusedAnswer(abi.encode(type(uint256).max));
        _refusedAnswer(abi.encodePacked(MAGIC, new bytes(27)));
    }

    function test_GivenTheWalletAnswersMoreThanAsked_ItReadsTheFirstWord() public {
        Listing memory listing =
            _listingOf(address(new AnsweringWallet(abi.encode(bytes32(MAGIC), bytes32("more")))));
        _buy(bob, listing, "");
        vm.assertEq(_ownerOf(listing.seat), bob, "owner");
    }

    function test_GivenTheWalletRevertsWithTheRightAnswer_ItIsRefused() public {
        _refused(_listingOf(address(new RevertingWallet())));
    }

    function test_GivenAContractThatIsNoWallet_ItIsRefused() public {
        _refused(_listingOf(address(renderer)));
    }

    /// @dev An account without code has nobody to ask: calling it would succeed with no answer.
    function test_GivenAnAccountWithoutCode_ItIsRefused() public {
        _refused(_listingOf(address(0xdead)));
    }

    function _listingOf(address wallet) private returns (Listing memory) {
        return _listing(_mint(wallet), PRICE);
    }

    function _refusedAnswer(bytes memory answer) private {
        _refused(_listingOf(address(new AnsweringWallet(answer))));
    }

    function _refused(Listing memory listing) private {
        _buyRefused(
            bob,
            listing,
            "",
            abi.encodeWithSelector(
                ISeatMarket.SeatMarket_SignatureInvalid.selector,
                listing.seller,
                seats.digestOf(listing)
            )
        );
    }
}
