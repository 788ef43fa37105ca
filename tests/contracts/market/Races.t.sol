// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatMarket} from "../../../contracts/interfaces/ISeatMarket.sol";
import {ISeatToken} from "../../../contracts/interfaces/ISeatToken.sol";
import {SeatId} from "../../../contracts/types/SeatId.sol";
import {Listing} from "../../../contracts/types/Terms.sol";
import {PRICE} from "../base/Plans.sol";
import {SeatsTest} from "../base/SeatsTest.sol";
import {vm} from "../base/Vm.sol";

/// @dev Two transactions of one block, in either order: the first decides, and the second says why
/// it came too late.
contract RacesTest is SeatsTest {
    SeatId internal seat;
    Listing internal listing;
    bytes internal signature;

    function setUp() public override {
        super.setUp();
        seat = _mint(alice);
        listing = _listing(seat, PRICE);
        signature = _sign("alice", listing);
    }

    /// @dev C-22.
    function test_WhenTheCancellationComesFirst_ItKeepsTheSeat() public {
        vm.prank(alice);
        seats.cancelListings(seat);
        _buyRefused(bob, listing, signature, _epochPassed(0, 1));
    }

    /// @dev C-22.
    function test_WhenTheFillComesFirst_ItRefusesTheCancellation() public {
        _buy(bob, listing, signature);
        vm.prank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(ISeatToken.SeatToken_NotOwner.selector, seat, bob, alice)
        );
        seats.cancelListings(seat);
    }

    function test_WhenTwoBuyersFillOneListing_ItSellsOnce() public {
        _buy(bob, listing, signature);
        _buyRefused(
            carol,
            listing,
            signature,
            abi.encodeWithSelector(ISeatMarket.SeatMarket_SellerNotOwner.selector, seat, alice, bob)
        );
    }

    /// @dev Two listings of one seat at two prices: the fill of one is the end of the other.
    function test_GivenTwoListingsOfOneSeat_ItFillsOne() public {
        Listing memory cheaper = _listing(seat, PRICE / 2);
        bytes memory cheaperSignature = _sign("alice", cheaper);
        _buy(bob, cheaper, cheaperSignature);
        Listing memory back = _listing(seat, PRICE);
        _buy(alice, back, _sign("bob", back));
        _buyRefused(carol, listing, signature, _epochPassed(0, 2));
    }

    function _epochPassed(uint256 listed, uint256 current) private view returns (bytes memory) {
        return
            abi.encodeWithSelector(
                ISeatMarket.SeatMarket_EpochPassed.selector, seat, listed, current
            );
    }
}
