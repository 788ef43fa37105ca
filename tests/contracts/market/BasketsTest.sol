// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatMarket} from "../../../contracts/interfaces/ISeatMarket.sol";
import {SeatId} from "../../../contracts/types/SeatId.sol";
import {Listing} from "../../../contracts/types/Terms.sol";
import {PRICE} from "../base/Plans.sol";
import {SeatsTest} from "../base/SeatsTest.sol";
import {vm} from "../base/Vm.sol";

/// @title What every test of baskets begins with
/// @dev A basket is filled listing by listing, and bought by bob.
abstract contract BasketsTest is SeatsTest {
    Listing[] internal listings;
    bytes[] internal signatures;

    /// @dev Puts a new seat of alice's into the basket.
    function _add(uint256 price) internal returns (SeatId seat) {
        seat = _mint(alice);
        _put(_listing(seat, price));
    }

    /// @dev Puts a listing of alice's into the basket, signed as it stands.
    function _put(Listing memory listing) internal {
        _put(listing, _sign("alice", listing));
    }

    function _put(Listing memory listing, bytes memory signature) internal {
        listings.push(listing);
        signatures.push(signature);
    }

    function _empty() internal {
        delete listings;
        delete signatures;
    }

    function _buyAll(uint256 paid) internal returns (bool[] memory) {
        vm.prank(bob);
        return seats.buyMany{value: paid}(listings, signatures);
    }

    function _allRefused(uint256 paid, bytes memory expected) internal {
        vm.prank(bob);
        vm.expectRevert(expected);
        seats.buyMany{value: paid}(listings, signatures);
    }

    /// @dev What the seller of a seat gets, whose royalty is a tenth.
    function _net(uint256 price) internal pure returns (uint256) {
        return price - price / 10;
    }

    function _wrongPayment(uint256 total, uint256 paid) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(ISeatMarket.SeatMarket_WrongPayment.selector, total, paid);
    }

    function _nothing(uint256 count) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(ISeatMarket.SeatMarket_NothingBought.selector, count);
    }

    /// @dev The error of checked arithmetic.
    function _tooDear(uint256 price) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(
            ISeatMarket.SeatMarket_PriceOutOfBounds.selector,
            price,
            1,
            5 * uint256(type(uint80).max)
        );
    }

    /// @dev Seats of alice's in the drop, all at one price.
    function _addMany(uint256 count) internal {
        for (uint256 i; i < count; ++i) {
            _add(PRICE);
        }
    }
}
