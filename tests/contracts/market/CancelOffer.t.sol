// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatOffers} from "../../../contracts/interfaces/ISeatOffers.sol";
import {SeatId} from "../../../contracts/types/SeatId.sol";
import {Listing, SeatOffer, TierOffer} from "../../../contracts/types/Terms.sol";
import {vm} from "../base/Vm.sol";
import {OffersTest} from "./OffersTest.sol";

contract CancelOfferTest is OffersTest {
    function test_WhenTheBuyerCancels_ItKillsSeatOffersAndTierOffersOfTheNonce() public {
        SeatOffer memory forSeat = _seatOffer(seat, BID);
        TierOffer memory forTier = _tierOffer(drop, BID);
        _cancel(0);
        _refused(forSeat, _spent(bob, 0));
        _refused(forTier, seat, _spent(bob, 0));
        vm.assertTrue(seats.isOfferSpent(bob, 0), "spent");
    }

    function test_WhenTheBuyerCancels_ItPublishesTheCancellation() public {
        vm.expectEmit(address(seats));
        emit ISeatOffers.OfferCancelled(bob, 4711);
        _cancel(4711);
    }

    function test_WhenTheBuyerCancels_ItLeavesEveryOtherNonce() public {
        SeatOffer memory offer = _seatOffer(seat, BID);
        offer.nonce = 1;
        _cancel(0);
        _cancel(2);
        _accept(offer);
        vm.assertEq(_ownerOf(seat), bob, "owner");
    }

    function test_WhenTheBuyerCancels_ItLeavesEverybodyElsesOffers() public {
        SeatOffer memory offer = _seatOffer(seat, BID);
        vm.prank(carol);
        seats.cancelOffer(0);
        vm.prank(alice);
        seats.cancelOffer(0);
        vm.assertFalse(seats.isOfferSpent(bob, 0), "spent");
        _accept(offer);
        vm.assertEq(_ownerOf(seat), bob, "owner");
    }

    function test_WhenTheBuyerCancels_ItLeavesListingsAndCounter() public {
        SeatId own = _mint(bob);
        Listing memory listing = _listing(own, BID);
        _cancel(0);
        vm.assertEq(seats.counterOf(bob), 0, "counter");
        _buy(carol, listing, _sign("bob", listing));
        vm.assertEq(_ownerOf(own), carol, "owner");
    }

    function test_WhenTheNonceIsSpentAlready_ItSucceedsAllTheSame() public {
        _accept(_seatOffer(seat, BID));
        for (uint256 i; i < 2; ++i) {
            vm.expectEmit(address(seats));
            emit ISeatOffers.OfferCancelled(bob, 0);
            _cancel(0);
            vm.assertTrue(seats.isOfferSpent(bob, 0), "spent");
        }
    }

    function test_WhenTheNonceLiesAtTheEdgeOfAWord_ItIsSpentAlone() public {
        uint256[8] memory edges =
            [0, 255, 256, 511, 512, 1 << 255, type(uint256).max - 255, type(uint256).max];
        for (uint256 i; i < edges.length; ++i) {
            // By cancelling and by filling in turn: both write the same bit.
            if (i % 2 == 0) _cancel(edges[i]);
            else _fill(edges[i]);
            for (uint256 j; j < edges.length; ++j) {
                vm.assertEq(seats.isOfferSpent(bob, edges[j]), j <= i, "spent");
            }
        }
        vm.assertFalse(seats.isOfferSpent(bob, 1), "neighbour of 0");
        vm.assertFalse(seats.isOfferSpent(bob, 254), "neighbour of 255");
        vm.assertFalse(seats.isOfferSpent(bob, 257), "neighbour of 256");
        vm.assertFalse(seats.isOfferSpent(bob, type(uint256).max - 1), "neighbour of the last");
    }

    function testFuzz_WhenTheNonceIsAny_ItIsTheOnlyOneThatIsSpent(uint256 nonce, uint256 other)
        public
    {
        vm.assume(nonce != other);
        _cancel(nonce);
        vm.assertTrue(seats.isOfferSpent(bob, nonce), "spent");
        vm.assertFalse(seats.isOfferSpent(bob, other), "another");
        vm.assertFalse(seats.isOfferSpent(bob, nonce ^ 256), "the same bit of a neighbouring word");
        vm.assertFalse(seats.isOfferSpent(carol, nonce), "of another buyer");
    }

    function _cancel(uint256 nonce) private {
        vm.prank(bob);
        seats.cancelOffer(nonce);
    }

    function _fill(uint256 nonce) private {
        SeatOffer memory offer = _seatOffer(_mint(alice), BID);
        offer.nonce = nonce;
        _accept(offer);
    }
}
