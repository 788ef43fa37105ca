// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatMarket} from "../../../contracts/interfaces/ISeatMarket.sol";
import {ISeatToken} from "../../../contracts/interfaces/ISeatToken.sol";
import {SeatId} from "../../../contracts/types/SeatId.sol";
import {Listing} from "../../../contracts/types/Terms.sol";
import {COOLDOWN, NOW, TOLL} from "../base/Plans.sol";
import {SeatsTest} from "../base/SeatsTest.sol";
import {Storage} from "../base/Storage.sol";
import {vm} from "../base/Vm.sol";

/// @dev A stored listing dies by the same rules as a signed one (C-33).
contract ListTest is SeatsTest {
    SeatId internal seat;
    Listing internal listing;

    function setUp() public override {
        super.setUp();
        seat = _mint(alice);
        listing = _listing(seat, 0.04 ether);
    }

    function test_WhenTheCallerIsNotTheSeller_ItRevertsWithBoth() public {
        vm.prank(bob);
        vm.expectRevert(
            abi.encodeWithSelector(ISeatMarket.SeatMarket_NotTheSeller.selector, alice, bob)
        );
        seats.list(listing);
    }

    function test_WhenTheSellerIsNotTheOwner_ItRevertsWithBoth() public {
        listing.seller = bob;
        vm.prank(bob);
        vm.expectRevert(
            abi.encodeWithSelector(ISeatMarket.SeatMarket_SellerNotOwner.selector, seat, bob, alice)
        );
        seats.list(listing);
    }

    function test_GivenTheSeatDoesNotExist_ItRevertsWithTheSeat() public {
        listing.seat = _seat(2);
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(ISeatToken.SeatToken_Unknown.selector, _seat(2)));
        seats.list(listing);
    }

    function test_WhenTheEpochIsNotTheSeats_ItRevertsWithBothEpochs() public {
        listing.epoch = 1;
        vm.prank(alice);
        vm.expectRevert(_epochPassed(1, 0));
        seats.list(listing);
    }

    function test_WhenItExpiresLaterThan30Days_ItRevertsWithTheLatest() public {
        listing.expiry = NOW + 30 days + 1;
        vm.prank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(
                ISeatMarket.SeatMarket_ExpiryTooFar.selector, NOW + 30 days + 1, NOW + 30 days
            )
        );
        seats.list(listing);
        listing.expiry = NOW + 30 days;
        _list();
    }

    function test_WhenTheOwnerLists_ItPublishesTheWholeListing() public {
        listing.taker = carol;
        vm.expectEmit(address(seats));
        emit ISeatMarket.ListingStored(seat, alice, 0.04 ether, 0, 0, 0, carol, listing.expiry);
        _list();
    }

    function test_GivenAStoredListing_ItIsBoughtWithoutASignature() public {
        _list();
        _buy(bob, listing, "");
        vm.assertEq(_ownerOf(seat), bob, "owner");
    }

    function test_GivenAStoredListing_ItCoversNoOtherPrice() public {
        _list();
        listing.price = 0.03 ether;
        _refusedUnsigned();
    }

    function test_GivenAStoredListing_ItCoversNoOtherTaker() public {
        listing.taker = carol;
        _list();
        listing.taker = bob;
        _refusedUnsigned();
    }

    function test_GivenNothingIsStored_ItCannotBeBoughtWithoutASignature() public {
        _refusedUnsigned();
    }

    function test_GivenAStoredListing_ItIsNotReadWhereASignatureIsGiven() public {
        _list();
        Listing memory stored = listing;
        bytes memory signature = _sign("bob", stored);
        _buyRefused(
            bob,
            stored,
            signature,
            abi.encodeWithSelector(
                ISeatMarket.SeatMarket_SignatureInvalid.selector, alice, seats.digestOf(stored)
            )
        );
    }

    function test_GivenTheSeatMovedAndCameBack_ItRevertsWithBothEpochs() public {
        _list();
        vm.warp(NOW + COOLDOWN);
        vm.prank(alice);
        seats.transferFrom{value: TOLL}(alice, bob, SeatId.unwrap(seat));
        Listing memory back = _listing(seat, 0.04 ether);
        _buy(alice, back, _sign("bob", back));
        _buyRefused(carol, listing, "", _epochPassed(0, 2));
    }

    function test_GivenTheSeatsListingsWereCancelled_ItRevertsWithBothEpochs() public {
        _list();
        vm.prank(alice);
        seats.cancelListings(seat);
        _buyRefused(bob, listing, "", _epochPassed(0, 1));
    }

    function test_GivenTheCounterWasBumped_ItRevertsWithBothCounters() public {
        _list();
        vm.prank(alice);
        uint256 counter = seats.bumpCounter();
        _buyRefused(
            bob,
            listing,
            "",
            abi.encodeWithSelector(ISeatMarket.SeatMarket_CounterPassed.selector, alice, 0, counter)
        );
    }

    function test_GivenTheTermsHaveChanged_ItRevertsWithBothVersions() public {
        _list();
        Storage.setTermsVersion(seats, drop, 1);
        _buyRefused(
            bob,
            listing,
            "",
            abi.encodeWithSelector(ISeatMarket.SeatMarket_TermsChanged.selector, seat, 0, 1)
        );
    }

    function test_WhenItHasExpired_ItRevertsWithBothTimes() public {
        _list();
        vm.warp(listing.expiry + 1);
        _buyRefused(
            bob,
            listing,
            "",
            abi.encodeWithSelector(
                ISeatMarket.SeatMarket_ListingExpired.selector, listing.expiry, listing.expiry + 1
            )
        );
    }

    function _list() private {
        Listing memory stored = listing;
        vm.prank(alice);
        seats.list(stored);
    }

    function _refusedUnsigned() private {
        Listing memory unsigned = listing;
        _buyRefused(
            bob,
            unsigned,
            "",
            abi.encodeWithSelector(
                ISeatMarket.SeatMarket_SignatureInvalid.selector, alice, seats.digestOf(unsigned)
            )
        );
    }

    function _epochPassed(uint256 listed, uint256 current) private view returns (bytes memory) {
        return
            abi.encodeWithSelector(
                ISeatMarket.SeatMarket_EpochPassed.selector, seat, listed, current
            );
    }
}
